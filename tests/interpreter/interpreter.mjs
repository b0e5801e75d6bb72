// Validates and runs state machines for the test suite. One JSON document a line, both ways:
//
//   in   {"validate": machine}
//   out  {"validated": null, or what is wrong}
//   in   {"run": {"machine", "name", "input"}}
//   out  {"asks": number, "at": ms, "state", "resource", "arguments"}         for each service call that a Task makes
//   in   {"answers": number, "after": ms, and "result", or "error": {"name", "cause"}, or "hangs": true}
//   out  {"ended": {"status", "error", "cause", "output", "entered": [states]}}
//
// The other side is every service but one: it is where functions and tables are. Waking a task by its token is done here, where the token is from.

import { register } from 'node:module';
import { createInterface } from 'node:readline';

import { Clock } from './clock.mjs';
import { lend } from './jsonata-states.mjs';

// Node has it from version 22 on.
Promise.withResolvers ??= () => {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
};
register('./exports.mjs', import.meta.url);
const { StateMachine, StateExecutor } = await import('aws-local-stepfunctions');
const { default: validate } = await import('asl-validator');

const WAITS = '.waitForTaskToken';
const WAKE = 'arn:aws:states:::aws-sdk:sfn:sendTaskSuccess';

const clock = new Clock();
const lines = createInterface({ input: process.stdin });
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
clock.install();

/** The execution under way; calls of one that is over are of no interest to anybody. */
let current;
let asked = 0;
const answers = new Map();

class ServiceError extends Error {
  constructor({ name, cause }) {
    super(cause);
    this.name = name;
  }
}

async function ask(state, resource, request) {
  const asks = ++asked;
  const { promise, resolve } = Promise.withResolvers();
  answers.set(asks, resolve);
  say({ asks, at: clock.now, state, resource, arguments: request });
  const { after = 0, result, error, hangs } = await clock.during(promise);
  if (hangs) return new Promise(() => {});
  if (after > 0) await clock.sleep(after);
  if (error) throw new ServiceError(error);
  return result;
}

/** The waiting of a task for somebody to wake it. */
function waiting(tokens, token) {
  if (!tokens.has(token)) tokens.set(token, Promise.withResolvers());
  return tokens.get(token);
}

async function call({ name, token, request, resource }) {
  const { tokens } = current;
  if (resource === WAKE) {
    const { TaskToken, Output } = request;
    if (!tokens.has(TaskToken)) throw new ServiceError({ name: 'Sfn.TaskDoesNotExistException', cause: 'no task has this token' });
    tokens.get(TaskToken).resolve(JSON.parse(Output));
    return {};
  }
  if (!resource.endsWith(WAITS)) return ask(name, resource, request);
  // Whoever finds the token in the table may use it before the answer to its writing is here.
  const woken = waiting(tokens, token);
  try {
    await ask(name, resource.slice(0, -WAITS.length), request);
  } catch (error) {
    tokens.delete(token);
    throw error;
  }
  return woken.promise;
}

lend(StateExecutor, clock, () => current, call);

async function run({ machine, name, input }) {
  clock.reset();
  let tokens = 0;
  current = { name, input, tokens: new Map(), token: () => `${name} ${++tokens}` };
  const execution = new StateMachine(machine, { validationOptions: { noValidate: true } }).run(input);
  const entered = [];
  const logged = (async () => {
    for await (const event of execution.eventLogs) if (event.type === 'StateEntered') entered.push(event.state.name);
  })();
  const outcome = execution.result.then(
    (output) => ({ status: 'SUCCEEDED', output }),
    ({ name: kind, cause }) => ({ status: 'FAILED', error: cause?.name ?? kind, cause: cause?.message ?? '' }),
  );
  const over = await clock.run(Promise.all([outcome, logged]));
  const ended = over ? await outcome : { status: 'STUCK' };
  say({ ended: { ...ended, entered } });
}

for await (const line of lines) {
  const { validate: definition, run: asked_for, answers: number, ...answer } = JSON.parse(line);
  if (definition !== undefined) {
    const { isValid, errorsText } = validate(definition, { checkArn: true, checkPaths: true });
    say({ validated: isValid ? null : errorsText() });
  } else if (asked_for !== undefined) {
    // Not awaited: the answers to what it asks come in by the lines that follow.
    run(asked_for).catch((error) => say({ broken: String(error.stack) }));
  } else {
    answers.get(number)?.(answer);
    answers.delete(number);
  }
}
