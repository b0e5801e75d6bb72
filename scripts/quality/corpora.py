"""The data that the models are fitted on, and what is set aside before anything is fitted."""

import collections
import csv
import gzip
import hashlib
import itertools
import json
import math
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "tests/data/quality"
GENERATED = ROOT / "shared/quality/src/generated"


def held_out(key):
    """A fifth of all keys, by their hash."""
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % 5 == 0


def emobank():
    """(id, text, valence, arousal, held out) for each rated sentence."""
    with gzip.open(DATA / "emobank-train-dev.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return [(r["id"], r["text"], float(r["V"]), float(r["A"]), held_out(r["id"])) for r in csv.DictReader(file)]


def onestop():
    """(article, level 0 to 2, text, held out): articles are held out with all their levels."""
    with gzip.open(DATA / "onestop-english-half.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [(r["article"], r["level"], r["text"], held_out(r["article"])) for r in rows]


def passages(text, words=150):
    """Stretches of whole paragraphs of about so many words: as long as the scripts that are judged."""
    stretch = []
    for paragraph in text.split("\n"):
        stretch.append(paragraph)
        if sum(len(p.split()) for p in stretch) >= words:
            yield "\n\n".join(stretch)
            stretch = []


def upworthy(least_z):
    """Pairs of headlines of one test with one picture whose click rates differ by at least so many standard errors.

    (test, first, second, z, held out): z > 0 where the first won. The last fifth of the weeks is held out.
    """
    groups, weeks = collections.defaultdict(dict), set()
    with gzip.open(DATA / "upworthy-headlines-to-2014w46.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            week = int(r["test_week"])
            weeks.add(week)
            arm = groups[r["clickability_test_id"], r["eyecatcher_id"], week].setdefault(r["headline"], [0, 0])
            arm[0] += int(r["impressions"])
            arm[1] += int(r["clicks"])
    cut = sorted(weeks)[int(len(weeks) * 0.8)]
    pairs = []
    for (test, _, week), arms in groups.items():
        for (first, (n1, c1)), (second, (n2, c2)) in itertools.combinations(arms.items(), 2):
            rate = (c1 + c2) / (n1 + n2)
            if not 0 < rate < 1:
                continue
            z = (c1 / n1 - c2 / n2) / math.sqrt(rate * (1 - rate) * (1 / n1 + 1 / n2))
            if abs(z) >= least_z:
                pairs.append((test, first, second, z, week >= cut))
    return pairs


def of_300_words():
    """Forty texts of 300 words: what speed is measured with."""
    texts = [row[2].split() for row in onestop()]
    return [" ".join(words[:300]) for words in texts if len(words) >= 300][:40]


def features(texts):
    """What the crate itself sees in each text, and the names of its figures. `QUALITY_FEATURES` names the built example, if it needn't be built."""
    built = os.environ.get("QUALITY_FEATURES")
    command = [built] if built else ["cargo", "run", "-q", "-p", "quality", "--example", "features"]
    lines = "\n".join(json.dumps({"id": str(at), "text": text}) for at, text in enumerate(texts))
    done = subprocess.run(command, cwd=ROOT, input=lines, capture_output=True, text=True, env=os.environ)
    if done.returncode:
        raise SystemExit(f"the crate's example `features` failed:\n{done.stderr}")
    names, *rows = done.stdout.splitlines()
    return json.loads(names), [json.loads(row) for row in rows]
