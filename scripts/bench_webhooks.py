"""Measures webhooks for `scripts/bench.py`: signing, delivering beside a bare client, and how soon a change of state is told."""

import calendar
import http.server
import json
import queue
import statistics
import sys
import tempfile
import threading
import time

import bench_functions

# How long receivers take to answer, in milliseconds: at once, and as one across a network does.
DELAYS = [0, 20]


def rows(built, child, row, folder, rounds):
    return signing_rows(built, child, row, rounds) + deliver_rows(built, child, row, folder) + told_rows(built, row, folder)


def signing_rows(built, child, row, rounds):
    results = [json.loads(child(built / "examples/signing")[0]) for _ in range(rounds)]
    one, two = (statistics.median(result[of] for result in results) for of in ("sign_us", "two_secrets_us"))
    figure = f"{one:.2f} us; {two:.2f} us with two secrets"
    return [row(f"webhooks: signing {results[0]['body_bytes']} bytes", figure, "", "under 5 us", one < 5)]


def deliver_rows(built, child, row, folder):
    made = []
    for delay in DELAYS:
        with tempfile.TemporaryDirectory(dir=folder) as store:
            told = json.loads(child(built / "examples/deliver_bench", store, delay)[0])
        ours, bare = (statistics.median(told[of]) for of in ("deliver_per_s", "bare_per_s"))
        what = "at once" if delay == 0 else f"after {delay} ms"
        goal = "0.7 of the bare client or more"
        figure = f"{ours:.0f} a second, {ours / bare:.2f} of the bare client's"
        made.append(row(f"webhooks: delivering, 16 at once, to a receiver that answers {what}", figure, f"bare client: {bare:.0f} a second", goal, ours / bare >= 0.7))
    return made


class Receiver(http.server.BaseHTTPRequestHandler):
    """Notes when each message comes, with the time at which what it tells of happened."""

    protocol_version = "HTTP/1.1"
    came = queue.Queue()

    def log_message(self, *_):
        pass

    def do_POST(self):
        now = time.time()
        told = json.loads(self.rfile.read(int(self.headers["content-length"])))
        seconds, millis = told["timestamp"].removesuffix("Z").split(".")
        at = calendar.timegm(time.strptime(seconds, "%Y-%m-%dT%H:%M:%S")) + int(millis) / 1000
        self.came.put((told["type"], (now - at) * 1000))
        self.send_response(204)
        self.end_headers()


def told_rows(built, row, folder, runs=100, each=0.1):
    """Runs are started and cancelled at a steady rate; each cancelled run is an event."""
    receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(dir=folder) as home:
        server = bench_functions.Server(built, home, scopes="read,submit,admin", REELWRIGHT_WEBHOOKS_LOCAL="1")
        try:
            url = f"http://127.0.0.1:{receiver.server_port}/hook"
            server.ask("POST", "/v1/webhooks/endpoints", {"url": url, "types": ["workflow.cancelled"]})
            Receiver.came.get(timeout=20)  # the test that a new endpoint is sent
            brief = {"topic": "How solar lamps work", "target_seconds": 8, "source_text": "A solar lamp has a panel of 2 watts. It charges a battery by day."}
            begun = time.perf_counter()
            for number in range(runs):
                # Each at another time within a second, whatever is done each second.
                time.sleep(max(0.0, begun + number * each * 1.037 - time.perf_counter()))
                run, _ = server.ask("POST", "/v1/runs", brief | {"topic": f"Solar lamps, part {number}"})
                server.ask("POST", f"/v1/runs/{run['id']}/cancel")
            times = [Receiver.came.get(timeout=20)[1] for _ in range(runs)]
        except queue.Empty:
            sys.exit("a webhook did not come within 20 s")
        finally:
            server.close()
            receiver.shutdown()
            receiver.server_close()
    tail = bench_functions.percentile(times, 95)
    figure = f"p95 {tail:.0f} ms, median {statistics.median(times):.0f} ms, most {max(times):.0f} ms"
    return [row("reelwright serve: a run cancelled, to the webhook's first attempt", figure, "", "p95 under 250 ms", tail < 250)]
