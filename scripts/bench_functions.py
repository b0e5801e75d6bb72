"""Measures deployed functions and the API for `scripts/bench.py`: starts, machines, answers at a steady rate."""

import http.client
import http.server
import json
import os
import queue
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# One event for each function that it answers without asking anything of AWS, so that what is measured is its own start.
API_EVENT = {
    "version": "2.0", "routeKey": "GET /healthz", "rawPath": "/healthz", "rawQueryString": "", "headers": {"host": "localhost"},
    "requestContext": {"accountId": "0", "apiId": "bench", "domainName": "localhost", "stage": "$default", "requestId": "bench", "time": "",
                       "timeEpoch": 0, "http": {"method": "GET", "path": "/healthz", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": ""}},
    "isBase64Encoded": False,
}
FUNCTIONS = {name: {} for name in ("story", "script", "hook", "audio", "images", "video", "compose", "score")} | {
    "runs": API_EVENT, "review": API_EVENT, "subscribe": API_EVENT, "dispatch": {"Records": []}, "deliver": {},
    "authorize": json.loads((ROOT / "examples/events/authorize.json").read_text()) | {"headers": {}, "identitySource": None},
    "intake": {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "bench"}, "sweep": {},
}


class RuntimeApi:
    """Lambda's Runtime API for one process and one event: notes when the process first asks, and when it first answers."""

    def __init__(self, event):
        self.asked, self.answered = queue.Queue(), queue.Queue()
        api, body = self, json.dumps(event).encode()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                if not api.asked.empty():
                    threading.Event().wait()  # no second event comes
                api.asked.put(time.perf_counter())
                self.send_response(200)
                for name, value in {"lambda-runtime-aws-request-id": "8476a536-e9f4-11e8-9739-2dfe598c3fcd", "content-type": "application/json",
                                    "lambda-runtime-deadline-ms": str(int(time.time() * 1000) + 60_000), "content-length": str(len(body)),
                                    "lambda-runtime-invoked-function-arn": "arn:aws:lambda:eu-central-1:000000000000:function:bench"}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                api.answered.put(time.perf_counter())
                self.rfile.read(int(self.headers.get("content-length") or 0))
                self.send_response(202)
                self.send_header("content-length", "0")
                self.end_headers()

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # the process measured is killed while it waits for a second event

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def start(program, event):
    """Starts a function: milliseconds from its process's start to its first question, and to its first answer."""
    api = RuntimeApi(event)
    environment = {
        "PATH": os.environ["PATH"], "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.server.server_port}", "AWS_LAMBDA_FUNCTION_NAME": program.name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024", "AWS_LAMBDA_FUNCTION_VERSION": "1", "AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench", "REELWRIGHT_BUCKET": "bench", "REELWRIGHT_STATE_TABLE": "bench-state", "REELWRIGHT_CACHE_TABLE": "bench-cache",
        "REELWRIGHT_STATE_MACHINE": "arn:aws:states:eu-central-1:000000000000:stateMachine:bench", "REELWRIGHT_SPEECH": "piper", "HOME": os.environ["HOME"],
        "REELWRIGHT_LINK_SECRET": "b" * 64, "REELWRIGHT_WEBHOOK_SECRET": "b" * 64,
        **{f"REELWRIGHT_{name}": f"https://sqs.eu-central-1.amazonaws.com/000000000000/{name.lower()}"
           for name in ("INTAKE_FAILURES", "DELIVERY_QUEUE", "DELIVERY_QUEUE_ASIDE")},
    }
    with tempfile.TemporaryFile() as log:
        begun = time.perf_counter()
        process = subprocess.Popen([program], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            asked, answered = api.asked.get(timeout=20), api.answered.get(timeout=20)
        except queue.Empty:
            log.seek(0)
            sys.exit(f"{program.name} gave no answer:\n{log.read().decode(errors='replace')[-2000:]}")
        finally:
            process.kill()
            process.wait()
            api.close()
    return {"asked": (asked - begun) * 1000, "answered": (answered - begun) * 1000}


def starts(built, times=20):
    """Every function's start and that of an empty one, in turn, so that all meet the same machine."""
    programs = {"an empty function": (built / "examples/empty_function", {})} | {name: (built / name, event) for name, event in FUNCTIONS.items()}
    results = {name: [] for name in programs}
    for _ in range(times):
        for name, (program, event) in programs.items():
            results[name].append(start(program, event))
    return results


def machines(built):
    """What short-video takes under each strategy, as `statemachine explain --items 8` tells: transitions, history events, dollars."""
    told = subprocess.run([built / "statemachine", "explain", "--items", "8"], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    pattern = r"^short-video by (\w+)$.*?^transitions +(\d+).*?^history events +(\d+).*?^cost +(\$[\d.]+)"
    return re.findall(pattern, told, re.MULTILINE | re.DOTALL)


class Server:
    """`reelwright serve` in an empty home, with a key."""

    def __init__(self, built, folder, scopes="read,submit,admin", **settings):
        self.environment = {**{name: value for name, value in os.environ.items() if not name.startswith("REELWRIGHT_")},
                            "REELWRIGHT_HOME": str(Path(folder) / "home"), "REELWRIGHT_SPEECH": "none", **settings}
        program = str(built / "reelwright")
        added = subprocess.run([program, "keys", "add", "bench", "--scopes", scopes], env=self.environment, capture_output=True, text=True, check=True)
        self.secret = added.stdout.strip()
        self.process = subprocess.Popen([program, "serve", "--addr", "127.0.0.1:0"], env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        self.address = re.search(r"http://([\d.]+:\d+)", line)[1]
        self.connection = http.client.HTTPConnection(self.address, timeout=10)

    def ask(self, method, path, body=None):
        """One request on the kept connection: the answer, and its milliseconds."""
        headers = {"authorization": f"Bearer {self.secret}"} | ({"content-type": "application/json"} if body else {})
        begun = time.perf_counter()
        self.connection.request(method, path, json.dumps(body) if body else None, headers)
        response = self.connection.getresponse()
        text = response.read()
        took = (time.perf_counter() - begun) * 1000
        if response.status >= 400:
            sys.exit(f"{method} {path} was answered with {response.status}: {text[:500]!r}")
        return json.loads(text), took

    def close(self):
        self.connection.close()
        self.process.terminate()
        self.process.wait()


def percentile(values, percent):
    """By nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def api(built, folder, seconds=20, rate=50, posts=40):
    """GET /v1/runs/{id} of a finished run at a steady rate, and POST /v1/runs, each run cancelled at once."""
    server = Server(built, folder)
    try:
        brief = {"topic": "How solar lamps work", "target_seconds": 8,
                 "source_text": "A solar lamp has a panel of 2 watts. It charges a battery by day. At night it gives light for 6 hours. It costs 15 dollars."}
        run, _ = server.ask("POST", "/v1/runs", brief)
        path = f"/v1/runs/{run['id']}"
        while run["state"] == "running":
            time.sleep(0.2)
            run, _ = server.ask("GET", path)
        if run["state"] not in ("approved", "in_review"):
            sys.exit(f"the run that was to be read {run['state']}: {run.get('failure')}")
        gets, begun = [], time.perf_counter()
        for number in range(seconds * rate):
            time.sleep(max(0.0, begun + number / rate - time.perf_counter()))
            gets.append(server.ask("GET", path)[1])
        made = []
        for number in range(posts):
            run, took = server.ask("POST", "/v1/runs", brief | {"topic": f"Solar lamps, part {number}"})
            made.append(took)
            server.ask("POST", f"/v1/runs/{run['id']}/cancel")
        return {"get": gets, "post": made}
    finally:
        server.close()
