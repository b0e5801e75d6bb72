"""What the cache's levels take, what they hold of a real trace, and what the system does without and with it."""

import http.server
import json
import shutil
import statistics
import subprocess
import threading
import time
from pathlib import Path

from bench_functions import Server, percentile

ROOT = Path(__file__).resolve().parent.parent
TRACE = ROOT / "tests/data/cache/web07.keys.gz"
SOURCE_MS = 10
BRIEF = {"topic": "How solar lamps work", "target_seconds": 8, "key_points": ["A solar lamp has a panel of 2 watts.", "At night it gives light for 6 hours."]}


class Model(http.server.ThreadingHTTPServer):
    """An OpenAI-compatible server that thinks for 300 ms and writes word for word what it is told, at ten cents an answer."""

    daemon_threads = True
    asked = 0

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def do_POST(self):
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            self.server.asked += 1
            time.sleep(0.3)
            document = json.loads(request["messages"][1]["content"])
            answer = WRITE[request["response_format"]["json_schema"]["name"]](document)
            body = json.dumps({"choices": [{"message": {"content": json.dumps(answer)}, "finish_reason": "stop"}],
                               "usage": {"prompt_tokens": 0, "completion_tokens": 100}}).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def __init__(self):
        super().__init__(("127.0.0.1", 0), self.Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


def story(document):
    points = [source["id"] for source in document["sources"] if source["id"].startswith("k")]
    return {"title": document["topic"], "beats": [{"role": "hook", "sources": []}, {"role": "context", "sources": points}]}


def script(document):
    sources = [source for beat in document["beats"] for source in beat["sources"]]
    return {"scenes": [{"role": "context", "lines": [{"source": source["id"], "text": source["text"]}]} for source in sources]}


def hook(document):
    title = document["title"]
    return {"form": "statement", "lines": [{"source": "t", "text": title}], "on_screen": title, "alternatives": []}


WRITE = {"story": story, "script": script, "hook": hook}


def output(*command):
    return json.loads(subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True, cwd=ROOT).stdout)


def level_rows(built, row):
    micros = output(built / "examples/cache_speed", "--json")["micros"]

    def told(name):
        return f"p99 {micros[name]['p99']:.1f} us, median {micros[name]['p50']:.1f}"

    over = micros["miss, beyond its source"]["p50"] / (SOURCE_MS * 1000)
    return [
        row("cache: a hit in the process, 1 KiB", told("L1 hit"), f"moka: {told('moka get')}", "p99 under 5 us", micros["L1 hit"]["p99"] < 5),
        row("cache: a hit in Redis on loopback, 1 KiB", told("L2 hit"), f"raw GET: {told('raw redis GET')}", "p99 under 1 ms", micros["L2 hit"]["p99"] < 1000),
        row(f"cache: a miss beyond its source of {SOURCE_MS} ms", f"{over:.1%} of it (median)", f"GET, GET and SET: {told('raw GET, GET, SET about it')}", "under 5%", over < 0.05),
    ]


def trace_rows(built, row):
    hits = {line["name"]: line for line in output(built / "examples/trace", TRACE, "--json")["hits"]}
    others = {name: hits[name]["total"] for name in ("LRU", "moka", "quick_cache")}
    alone, most = hits["L1 alone"]["total"], hits["unlimited"]["total"]
    rows = [row("cache: web07, 1,000 items in one process: hits", f"{alone:.1f}%", ", ".join(f"{name} {share:.1f}%" for name, share in others.items()),
                "the best less 0.5", alone >= max(others.values()) - 0.5)]
    for name, line in hits.items():
        if "Redis" in name:
            rows.append(row(f"cache: web07, {name}: hits", f"{line['total']:.1f}% ({line['l1']:.1f} in the process)", f"unlimited: {most:.1f}%", "as unlimited",
                            round(line["total"], 1) == round(most, 1)))
    return rows


def reading(built, folder, seconds=10, rate=50):
    """Milliseconds of GET /v1/runs/{id} of a finished run by turns of two servers, without a cache and with one."""
    servers, paths, times = {}, {}, {"off": [], "on": []}
    try:
        for state in times:
            servers[state] = Server(built, folder / state, REELWRIGHT_CACHE=state)
            run, _ = servers[state].ask("POST", "/v1/runs", BRIEF)
            paths[state] = f"/v1/runs/{run['id']}"
        for state, server in servers.items():
            while server.ask("GET", paths[state])[0]["state"] == "running":
                time.sleep(0.2)
        begun = time.perf_counter()
        for number in range(seconds * rate):
            time.sleep(max(0.0, begun + number / rate - time.perf_counter()))
            for state, server in servers.items():
                times[state].append(server.ask("GET", paths[state])[1])
    finally:
        for server in servers.values():
            server.close()
    return times


def making_again(built, folder, child):
    """A brief made a second time where what tasks made is gone: seconds, dollars and what the model was asked, without a cache and with one."""
    model, results = Model(), {}
    brief = folder / "brief.json"
    brief.write_text(json.dumps(BRIEF))
    for state in ("off", "on"):
        home = folder / f"making-{state}"
        settings = {"REELWRIGHT_HOME": str(home), "REELWRIGHT_CACHE": state, "REELWRIGHT_SPEECH": "none", "REELWRIGHT_TEXT": "openai",
                    "REELWRIGHT_TEXT_URL": f"http://127.0.0.1:{model.server_address[1]}/v1", "REELWRIGHT_TEXT_MODEL": "small",
                    "REELWRIGHT_TEXT_USD_PER_MILLION_OUT": "1000"}
        for _ in range(2):
            shutil.rmtree(home / "artifacts/results", ignore_errors=True)
            model.asked = 0
            told, took = child(built / "reelwright", "make", brief, "--json", "--out", folder / "out", **settings)
        results[state] = {"asked": model.asked, "usd": json.loads(told)["cost_usd"], "seconds": took["wall"]}
    model.shutdown()
    return results


def rows(built, folder, child, row):
    """The table's rows."""
    lines = level_rows(built, row) + trace_rows(built, row)
    times = reading(built, folder)
    off, on = ([percentile(times[state], 95), statistics.median(times[state])] for state in ("off", "on"))
    lines.append(row("reelwright serve: GET /v1/runs/{id}, with the cache", f"p95 {on[0]:.1f} ms, median {on[1]:.2f} ms", f"without: p95 {off[0]:.1f} ms, median {off[1]:.2f} ms", "", None))
    again = making_again(built, folder, child)

    def told(state):
        of = again[state]
        return f"{of['asked']} questions, ${of['usd']:.2f}, {of['seconds']:.1f} s"

    lines.append(row("a brief made again by a model, tasks' results gone: with the cache", told("on"), f"without: {told('off')}", "no question", again["on"]["asked"] == 0))
    return lines
