"""Measures experiments for `scripts/bench.py`: an allocation beside GrowthBook's SDK, results, and events sent to the served API."""

import copy
import http.client
import json
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

from bench_functions import Server, percentile
from bench_tools import python

ROOT = Path(__file__).resolve().parent.parent
SDK = ROOT / "target/sdk-tools/node_modules/@growthbook/growthbook"
REQUIREMENTS = ROOT / "scripts/experiments/requirements.txt"
SENDERS, BATCHES, BATCH = 4, 10, 100


def sdk(built):
    """Nanoseconds an allocation by the SDK for JavaScript; None where it isn't installed."""
    if not SDK.exists():
        return None
    payload = subprocess.run([built / "examples/experiment_speed", "payload"], capture_output=True, text=True, check=True).stdout
    done = subprocess.run(["node", ROOT / "tests/experiments/sdk/speed.mjs"], input=payload, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"tests/experiments/sdk/speed.mjs failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)["ns"]


def gbstats(rounds):
    """What gbstats takes for the same results, in words."""
    own = python("gbstats-tools", REQUIREMENTS)
    if own is None:
        return "gbstats can't be installed here"
    script = ROOT / "scripts/experiments/gbstats_speed.py"
    times = [json.loads(subprocess.run([own, script], capture_output=True, text=True, check=True).stdout) for _ in range(rounds)]
    whole, alone = (statistics.median(one[what] for one in times) for what in ("results_ms", "sequential_ms"))
    return f"gbstats: {whole:.0f} ms, the sequential tests alone {alone:.1f}"


def ingest(built, folder):
    """Events a second that the served API counts, and the milliseconds of each request: single events, then batches from several senders."""
    server = Server(built, folder)
    try:
        server.ask("POST", "/v1/experiments", {
            "key": "bench", "variations": [{"key": "a"}, {"key": "b"}], "metrics": [{"key": "clicked", "kind": "proportion"}]})
        server.ask("POST", "/v1/experiments/bench/start", {})

        def event(number):
            return {"id": f"e{number}", "type": "exposure", "unit": f"u{number}", "variation": "ab"[number % 2]}

        single = [server.ask("POST", "/v1/experiments/bench/events", event(number))[1] for number in range(200)]
        batches = []

        def send(sender):
            mine = copy.copy(server)
            mine.connection = http.client.HTTPConnection(server.address, timeout=60)
            for turn in range(BATCHES):
                first = 1_000 + (sender * BATCHES + turn) * BATCH
                events = [event(number) for number in range(first, first + BATCH)]
                batches.append(mine.ask("POST", "/v1/experiments/bench/events", {"events": events})[1])

        senders = [threading.Thread(target=send, args=[sender]) for sender in range(SENDERS)]
        begun = time.perf_counter()
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        took = time.perf_counter() - begun
        return {"single": single, "batches": batches, "rate": SENDERS * BATCHES * BATCH / took}
    finally:
        server.close()


def rows(built, folder, row, rounds):
    """The table's rows."""
    ours = [json.loads(subprocess.run([built / "examples/experiment_speed"], capture_output=True, text=True, check=True).stdout)
            for _ in range(rounds)]
    theirs = [sdk(built) for _ in range(rounds)]
    allocation = statistics.median(one["allocation_ns"] for one in ours)
    other = f"GrowthBook's SDK for JavaScript: {statistics.median(theirs):.0f} ns" if theirs[0] else "scripts/sdk-tools.sh to compare"
    results = statistics.median(one["results_ms"] for one in ours)
    sent = ingest(built, folder)
    return [
        row("an allocation: hash, targeting, choice", f"{allocation:.0f} ns", other, "300 ns or less", allocation <= 300),
        row("results of 10 variations by 20 metrics", f"{results:.3f} ms", gbstats(rounds), "2 ms or less", results <= 2),
        row("an event sent alone: p50, p95", f"{percentile(sent['single'], 50):.1f}, {percentile(sent['single'], 95):.1f} ms", "", "", None),
        row(f"events in batches of {BATCH} from {SENDERS} senders", f"{sent['rate']:.0f} a second; "
            f"p95 of a batch {percentile(sent['batches'], 95):.0f} ms", "", "", None),
    ]
