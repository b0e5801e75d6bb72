// Time that passes only when there is nothing else to do, so that hours of waiting take milliseconds and come out the same each time.

const turn = setImmediate;

/** The clock's zero as a date: 2026-11-23T10:00:00Z. */
export const EPOCH = 1_795_428_000_000;

export class Clock {
  #now = 0;
  #sequence = 0;
  #timers = new Map();
  #asked = 0;
  #wake = () => {};

  /** Takes the place of the timers that the interpreter uses. */
  install() {
    globalThis.setTimeout = (then, ms = 0) => {
      const timer = ++this.#sequence;
      this.#timers.set(timer, { at: this.#now + Math.max(0, ms), then });
      return timer;
    };
    globalThis.clearTimeout = (timer) => void this.#timers.delete(timer);
  }

  /** Milliseconds since the execution began. */
  get now() {
    return this.#now;
  }

  sleep(ms) {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  /** Lets no time pass until the other side has answered. */
  async during(answer) {
    this.#asked += 1;
    try {
      return await answer;
    } finally {
      this.#asked -= 1;
      this.#wake();
    }
  }

  /** Back to the beginning: nothing of what was waited for before matters any more. */
  reset() {
    this.#now = 0;
    this.#timers.clear();
  }

  /** Passes the time until `ended` is settled. True if it was; false if everything waits for something that never comes. */
  async run(ended) {
    let over = false;
    const end = () => {
      over = true;
      this.#wake();
    };
    ended.then(end, end);
    for (;;) {
      await new Promise((resolve) => turn(resolve));
      if (over) return true;
      if (this.#asked > 0) {
        await new Promise((resolve) => (this.#wake = resolve));
        continue;
      }
      const next = this.#earliest();
      if (next === undefined) return false;
      const { at, then } = this.#timers.get(next);
      this.#timers.delete(next);
      this.#now = at;
      then();
    }
  }

  /** Of timers that are due at the same moment, the one set first. */
  #earliest() {
    let earliest;
    let at = Infinity;
    for (const [timer, { at: due }] of this.#timers) {
      if (due < at) [earliest, at] = [timer, due];
    }
    return earliest;
  }
}
