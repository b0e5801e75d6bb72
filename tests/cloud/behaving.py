#!/usr/bin/env python3
"""The code of a function that behaves as it is told, under Lambda's Runtime API: the file `behave.json` of the folder that $BEHAVING
names tells by run and task how. Each attempt is noted there in a file of the run, before anything comes of it.
"""

import json
import os
import urllib.request

FOLDER = os.environ["BEHAVING"]
INVOCATIONS = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"


def attempt(task: str, item: int | None, run: str, behave: dict) -> dict:
    """What comes of one attempt, as `Case::act` has it for the other interpreter."""
    noted = os.path.join(FOLDER, run)
    told = behave[run].get(task, {})
    told = told.get("items", {}).get(str(item), told)
    # The same task isn't tried twice at once.
    with open(noted, "a+", encoding="utf-8") as notes:
        notes.seek(0)
        before = [json.loads(line) for line in notes]
        number = 1 + sum((note["task"], note["item"]) == (task, item) for note in before)
        fails = number <= told.get("fails", 0)
        notes.write(json.dumps({"task": task, "item": item, "succeeded": not fails}) + "\n")
    if fails:
        return {"errorType": told.get("error") or "Permanent", "errorMessage": f"attempt {number} fails as it was told"}
    return {"facts": told.get("facts")}


def main() -> None:
    with open(os.path.join(FOLDER, "behave.json"), encoding="utf-8") as file:
        behave = json.load(file)
    while True:
        with urllib.request.urlopen(f"{INVOCATIONS}/next") as asked:
            invocation = asked.headers["Lambda-Runtime-Aws-Request-Id"]
            payload = json.load(asked)
        answer = attempt(payload["task"], payload.get("item"), payload["run"], behave)
        kind = "error" if "errorType" in answer else "response"
        told = urllib.request.Request(f"{INVOCATIONS}/{invocation}/{kind}", data=json.dumps(answer).encode())
        urllib.request.urlopen(told).close()


main()
