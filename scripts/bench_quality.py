"""Measures the quality system for `scripts/bench.py`: agreement with people on data set aside before fitting, and how long a score takes."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts/quality"))
import corpora  # noqa: E402
from bench_tools import python  # noqa: E402

REQUIREMENTS = ROOT / "scripts/quality/requirements.txt"

# What is aimed at; the goals for agreement are for data that isn't in this repository.
AIMS = {"EmoBank, valence": 0.62, "EmoBank, arousal": 0.45, "Upworthy, later weeks": 0.67}


def agreement(built):
    """The figures of scripts/quality/agreement.py; None where its baselines can't be had."""
    own = python("quality-tools", REQUIREMENTS)
    if own is None:
        return None
    done = subprocess.run([own, ROOT / "scripts/quality/agreement.py", "--json"], capture_output=True, text=True, check=False,
                          env=os.environ | {"QUALITY_FEATURES": str(built / "examples/features")})
    if done.returncode:
        sys.exit(f"scripts/quality/agreement.py failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)


def speed(built):
    """Milliseconds for 300 words, with grammar and without: medians over forty texts, warm, on one core."""
    texts = "\n".join(json.dumps(text) for text in corpora.of_300_words())
    done = subprocess.run([built / "examples/score_speed"], input=texts, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def first(built, child):
    """Seconds from process start to a scored text of 300 words, and the process's peak memory in megabytes."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as text:
        text.write(corpora.of_300_words()[0])
        text.flush()
        return child(built / "reelwright", "score", text.name, "--json")[1]


def rows(built, child, row, rounds):
    """The table's rows."""
    found = agreement(built)
    lines = []
    for figure in found["figures"] if found else ():
        sure = " (95%%: %.3f-%.3f)" % tuple(figure["interval"]) if figure["interval"] else ""
        beside = ", ".join(f"{name}: {value:.3f}" for name, value in figure["beside"].items())
        aim = next((aim for name, aim in AIMS.items() if figure["what"].startswith(name)), None)
        lines.append(row(f"{figure['what']}, n {figure['n']}", f"{figure['ours']:.3f}{sure}", beside, f"{aim}" if aim else "",
                         aim and round(figure["ours"], 3) >= aim))
    if not found:
        lines.append(row("agreement with people", "", f"pip install -r {REQUIREMENTS.relative_to(ROOT)} to compare", "", None))
    measured, starts = [speed(built) for _ in range(rounds)], [first(built, child) for _ in range(rounds)]
    other = f"Python textstat + vaderSentiment: {found['python_ms']:.1f} ms" if found else ""
    for of, what, goal in (("with_ms", "with grammar", 15), ("without_ms", "without grammar", 2)):
        times = [one[of] for one in measured]
        middle = statistics.median(times)
        lines.append(row(f"a score of 300 words, {what}: time", f"{middle:.2f} ms ({min(times):.2f}-{max(times):.2f})", other,
                         f"under {goal} ms", middle < goal))
    for of, what, unit, scale, goal in (("wall", "process start to first score", "ms", 1000, 700), ("peak", "peak memory", "MB", 1, 250)):
        values = [one[of] * scale for one in starts]
        middle = statistics.median(values)
        lines.append(row(f"reelwright score, 300 words: {what}", f"{middle:.0f} {unit} ({min(values):.0f}-{max(values):.0f})", "",
                         f"under {goal} {unit}", middle < goal))
    return lines
