#!/usr/bin/env python3
"""Measures Reelwright beside what else does the same work, in one run, and prints one table.

    scripts/bench.py [--rounds N] [--write]

`make bench` builds what is measured first. Everything is measured once a round (A B C, A B C, ...) and the table tells the medians; child
processes' time and peak memory come from wait4. Nothing is written to the tree, but docs/benchmarks.md with --write.
"""

import argparse
import concurrent.futures
import datetime
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import bench_cache
import bench_coding
import bench_editing
import bench_experiments
import bench_functions
import bench_quality
import bench_webhooks

ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / "target/debug"
BRIEF = min((ROOT / "examples/briefs").glob("01-*.yaml"))
FONT = ROOT / "shared/typeset/fonts/Inter-ExtraBold.otf"
FPS, FADE = 30, 0.4
SIMULATED = ROOT / "statemachine/workflows/eighty-seconds.yaml"
SCALE = 0.05
SHAPES = [(10, 100), (1, 1000)]
WORKERS = 10


def child(*command, **settings):
    """Runs a program to its end: what it printed, and its seconds on the clock, CPU seconds and peak megabytes."""
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith("REELWRIGHT_") or name in ("REELWRIGHT_VOICE", "REELWRIGHT_VOICES")}
    environment.update(settings)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begun = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                   env=environment, cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode:
            sys.exit(f"{' '.join(map(str, command))} failed ({process.returncode}):\n{err.read().decode(errors='replace')[-2000:]}")
        # Linux counts kilobytes, macOS bytes. A peak under this program's own (some 20 MB) can't be told.
        peak = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1024)
        return out.read().decode(), {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "peak": peak}


# --- the clip

def ass(vtt, size):
    """Captions whose spoken word is marked, for ffmpeg's `ass` filter, from WebVTT with the time of every word."""
    def stamp(text):
        hours, minutes, seconds = text.split(":")
        return f"{int(hours)}:{minutes}:{float(seconds):05.2f}"

    lines = [f"[Script Info]\nPlayResX: {size[0]}\nPlayResY: {size[1]}\n\n[V4+ Styles]",
             "Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV",
             "Style: Default,Inter Extra Bold,84,&H00FFFFFF,&H00101010,1,6,0,2,80,80,420\n\n[Events]",
             "Format: Layer, Start, End, Style, Text"]
    for cue in re.finditer(r"([\d:.]+) --> ([\d:.]+)\n(.*)", vtt):
        words = re.findall(r"(?:<([\d:.]+)>)?([^<\s]+)", cue[3])
        starts = [cue[1]] + [at or cue[1] for at, _ in words][1:] + [cue[2]]
        for spoken in range(len(words)):
            text = " ".join(r"{\c&H4DC8FF&}" + word + r"{\r}" if at == spoken else word for at, (_, word) in enumerate(words))
            lines.append(f"Dialogue: 0,{stamp(starts[spoken])},{stamp(starts[spoken + 1])},Default,{text}")
    return "\n".join(lines) + "\n"


class Clip:
    """10 s from three stills: this project's renderer, and ffmpeg on the same stills, sound and captions."""

    def __init__(self, folder):
        self.folder = folder
        told = json.loads(child(BUILT / "examples/clip", "export", folder)[0])
        self.seconds, self.size = told["length_ms"] / 1000, told["size"]
        self.starts = [start / 1000 for start in told["scene_starts_ms"]]
        (folder / "captions.ass").write_text(ass((folder / "captions.vtt").read_text(), self.size))
        (folder / "fonts").mkdir()
        shutil.copy(FONT, folder / "fonts")
        self.ffmpeg = shutil.which("ffmpeg")

    def render(self):
        out = self.folder / "reelwright.mp4"
        _, used = child(BUILT / "examples/clip", "render", self.folder, out)
        return used | {"size": out.stat().st_size / 1e6}

    def render_with_ffmpeg(self):
        if not self.ffmpeg:
            return None
        out, (width, height) = self.folder / "ffmpeg.mp4", self.size
        command, graph, joined = [self.ffmpeg, "-v", "error", "-y"], [], "[still0]"
        last = len(self.starts) - 1
        for at, start in enumerate(self.starts):
            # A scene lasts from the middle of the fade before it to the middle of the fade after it, and half a fade more on either side.
            end = self.seconds if at == last else self.starts[at + 1] + FADE / 2
            frames = round((end - max(start - FADE / 2, 0)) * FPS)
            command += ["-i", self.folder / f"still-{at}.png"]
            graph.append(f"[{at}:v]format=yuv420p,zoompan=z='1+0.08*on/{frames}':x='(iw-iw/zoom)/2':y='(ih-ih/zoom)/2':d={frames}"
                         f":s={width}x{height}:fps={FPS}[still{at}]")
            if at:
                graph.append(f"{joined}[still{at}]xfade=transition=fade:duration={FADE}:offset={start - FADE / 2:.4f}[joined{at}]")
                joined = f"[joined{at}]"
        graph.append(f"{joined}ass=f={self.folder}/captions.ass:fontsdir={self.folder}/fonts[film]")
        command += ["-i", self.folder / "narration.wav", "-filter_complex", ";".join(graph), "-map", "[film]", "-map", f"{last + 1}:a",
                    "-c:v", "libx264", "-preset", "veryfast", "-c:a", "aac", "-movflags", "+faststart", out]
        _, used = child(*command)
        return used | {"size": out.stat().st_size / 1e6}


# --- the other measurements

def make_video(folder):
    """The first example brief, end to end, from an empty home."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        told, used = child(BUILT / "reelwright", "make", BRIEF, "--json", "--out", f"{place}/out", REELWRIGHT_HOME=f"{place}/home")
    told = json.loads(told)
    return used | {"length": told["video"]["length_ms"] / 1000, "degraded": told["degraded"]}


def executor(folder, shape, with_store):
    """Microseconds a task of this project's executor."""
    with tempfile.TemporaryDirectory(dir=folder) as store:
        told, _ = child(BUILT / "examples/executor_bench", *shape, *([store] if with_store else []))
    return {"us": statistics.median(json.loads(told)["microseconds"])}


def pool(shape):
    """Microseconds a task of Python's thread pool, which can keep to an order only by waiting for a whole level."""
    levels, width = shape
    times = []
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as workers:
        for _ in range(4):
            begun = time.perf_counter()
            for _ in range(levels):
                for _ in workers.map(lambda _: None, range(width)):
                    pass
            times.append(time.perf_counter() - begun)
    return {"us": statistics.median(times[1:]) * 1e6 / (levels * width)}


def simulate():
    told = json.loads(child(BUILT / "reelwright", "simulate", SIMULATED, "--scale", SCALE, "--json")[0])
    return {"serial": told["serial_seconds"], "run": told["seconds"]}


def plans(strategy):
    """Predicted makespan over the critical path, a workflow each."""
    files = sorted((ROOT / "tests/data/workflows").glob("*.json"))
    return [json.loads(child(BUILT / "reelwright", "plan", file, "--strategy", strategy, "--format", "json")[0])["ratio"] for file in files]


# --- the table

def row(what, ours, other, goal, met):
    return (what, ours, other, goal, "" if met is None else "met" if met else "MISSED")


def span(results, of, unit, digits=2):
    """A median with its range."""
    values = [result[of] for result in results]
    low, middle, high = min(values), statistics.median(values), max(values)
    spread = f" ({low:.{digits}f}-{high:.{digits}f})" if len(values) > 1 else ""
    return middle, f"{middle:.{digits}f} {unit}{spread}"


def clip_rows(clip, ours, theirs):
    what = f"{clip.seconds:.1f} s clip, {clip.size[0]}x{clip.size[1]}, {FPS} fps"
    absent = "apt-get install ffmpeg to compare" if not clip.ffmpeg else None
    goals = {"wall": "3x real time or more", "peak": "150 MB or less"}
    rows = []
    for of, label, unit, digits in [("wall", "time", "s", 2), ("cpu", "CPU", "s", 2), ("peak", "peak memory", "MB", 0), ("size", "file", "MB", 2)]:
        middle, figure = span(ours, of, unit, digits)
        other = absent
        if not absent:
            beside, other = span(theirs, of, unit, digits)
            other = f"ffmpeg x264 veryfast: {other}"
            if of == "wall":
                other += f", {clip.seconds / beside:.1f}x real time"
            figure += f", {middle / beside:.2f} of ffmpeg's"
        met = None
        if of == "wall":
            figure = f"{clip.seconds / middle:.1f}x real time: {figure}"
            met = clip.seconds / middle >= 3
        if of == "peak":
            met = middle <= 150
        rows.append(row(f"{what}: {label}", figure, other, goals.get(of, ""), met))
    return rows


def video_rows(results):
    seconds = results[0]["length"]
    what, rows = f"{seconds:.1f} s video from {BRIEF.name}, empty home", []
    for of, label, unit, digits, goal in [("wall", "time", "s", 1, 15), ("cpu", "CPU", "s", 1, None), ("peak", "peak memory", "MB", 0, 600)]:
        middle, figure = span(results, of, unit, digits)
        met = goal and middle < goal
        rows.append(row(f"{what}: {label}", figure, "", f"under {goal} {unit}" if goal else "", met))
    if degraded := results[0]["degraded"]:
        rows.append(row(f"{what}: degraded", "; ".join(degraded), "", "as asked for", False))
    return rows


def executor_rows(results):
    rows = []
    for shape in SHAPES:
        what = f"executor, {WORKERS} workers, {shape[0]} x {shape[1]} no-op tasks"
        ours, figure = span(results[shape, "executor"], "us", "us", 1)
        theirs, other = span(results[shape, "pool"], "us", "us", 1)
        other = f"Python ThreadPoolExecutor({WORKERS}), level by level: {other}"
        rows.append(row(f"{what}: a task", f"{figure}, {ours / theirs:.2f} of Python's", other, "less than Python's", ours < theirs))
        _, figure = span(results[shape, "store"], "us", "us", 0)
        rows.append(row(f"{what}: a task with its row in the store", figure, "", "", None))
    return rows


def simulation_rows(results):
    what, rows = f"{SIMULATED.name}, simulated at {SCALE}", []
    for of, label, goal in [("serial", "one after the other", 80), ("run", "run", 50)]:
        middle, figure = span(results, of, "s", 1)
        rows.append(row(f"{what}: {label}", figure, "", f"{goal} s (2%)", abs(middle / goal - 1) <= 0.02))
    return rows


def plan_rows():
    rows = []
    for strategy, goal in [("nested", 1.02), ("joins", 1.00), ("levels", None)]:
        ratios = plans(strategy)
        middle = statistics.median(ratios)
        figure = f"median {middle:.3f}, worst {max(ratios):.3f}"
        met = goal and round(middle, 3) <= goal
        what = f"plan {strategy}, {len(ratios)} real workflows: makespan / critical path"
        rows.append(row(what, figure, "", f"median {goal:.2f} or less" if goal else "", met))
    return rows


def function_rows(starts):
    empty = statistics.median(start["answered"] for start in starts["an empty function"])
    rows = []
    for name, results in starts.items():
        middle, figure = span(results, "answered", "ms", 1)
        asked = statistics.median(start["asked"] for start in results)
        if name == "an empty function":
            beside, figure = figure, ""
            continue
        figure += f", {middle / empty:.1f} of the empty one's; {asked:.1f} ms to its first question"
        rows.append(row(f"function {name}: process start to first answer", figure, f"an empty function: {beside}", "", None))
    return rows


def machine_rows():
    return [row(f"short-video by {strategy}, 8 items: a run", f"{transitions} transitions, {events} history events, {dollars} for 1,000", "", "", None)
            for strategy, transitions, events, dollars in bench_functions.machines(BUILT)]


def webhook_cost_rows():
    told, _ = child(BUILT / "examples/webhook_cost", "--json")
    told = json.loads(told)
    dollars = told["dollars_per_million"]
    figure = f"${dollars:.2f}: {told['table_requests']:.2f} requests to the table ({told['write_units']:.2f} units written, {told['read_units']:.2f} read), " \
             f"{told['queue_requests']:.2f} to the queue, {told['invocations']:.2f} invocations each"
    return [row(f"a million webhooks, {told['endpoints']} to an event: list price of the calls made", figure, "", "$2.50", dollars <= 2.5)]


def api_rows(api):
    rows = []
    for of, what, goal in [("get", "GET /v1/runs/{id}, 50 a second for 20 s", 10), ("post", "POST /v1/runs, each run cancelled at once", 25)]:
        times = api[of]
        tail = bench_functions.percentile(times, 95)
        figure = f"p95 {tail:.1f} ms, median {statistics.median(times):.1f} ms, most {max(times):.1f} ms"
        rows.append(row(f"reelwright serve: {what}", figure, "", f"p95 under {goal} ms", tail < goal))
    return rows


def render(rows):
    rows = [("what", "Reelwright", "beside it", "goal", ""), *rows]
    rows = [[cell or "" for cell in line] for line in rows]
    widths = [max(len(line[at]) for line in rows) for at in range(len(rows[0]))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def machine():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = ""
    if (cpuinfo := Path("/proc/cpuinfo")).exists() and (found := re.search(r"^model name\s*: (.*)", cpuinfo.read_text(), re.M)):
        model = f" ({found[1].strip()})"
    text = f"{os.cpu_count()} cores{model}, {memory:.0f} GB of memory, {platform.system()} on {platform.machine()}, Python {platform.python_version()}"
    if ffmpeg := shutil.which("ffmpeg"):
        version = re.match(r"ffmpeg version (\d[\d.]*)", subprocess.run([ffmpeg, "-version"], capture_output=True, text=True).stdout)
        text += f", ffmpeg {version[1]}" if version else ""
    return text


NOTES = """\
Medians of {rounds} rounds, in each of which everything is measured once; in brackets the lowest and the highest. Times of processes are
on the clock, start included; CPU and peak memory are the system's own count (wait4). Everything is built in cargo's dev profile, in
which `make run` builds, too. Load average when it began: {load:.1f}; on a machine that does other work, times on the clock come out too long.

- The clip: three stills with pan and zoom, two cross-fades, captions that mark the spoken word, sound. ffmpeg reads the same stills, each
  flattened into one picture, the sound at its final loudness and the captions as ASS; this project's renderer lays background and
  letters over each other in every frame, brings the sound to -14 LUFS and draws the thumbnail, too.
- A changed line: `reelwright rerender`; a draft: `make --draft`. Scenes are spoken, drawn and encoded by their content, so those that nobody touched are found.
- The executor: each task waits for two of the level above. With the store, a task takes its lease and completes its row, three requests to
  the embedded store in a file. Python waits for each level.
- The simulation's and the plans' figures are in the workflows' own seconds and don't depend on the machine.
- A run's transitions, events and dollars (Standard workflows, us-east-1) are `statemachine explain --items 8`; tests hold the transitions to an
  interpreter's count.
- Functions: median of 20 starts, each in turn with an empty `lambda_runtime` function, against a Runtime API on loopback. Each is given an event that it
  answers without asking anything of AWS, so this is its own part of a cold start: reading the binary, configuration, clients, the router.
  What they record goes to the table beside a later invocation, so no answer waits for it.
- What functions weigh in Lambda isn't in the table, as it takes a build of its own: `scripts/zip-sizes.sh` builds by cargo's release profile,
  and prints the sizes of the zips. On 2026-11-24, of those that link neither media nor a dictionary (6 MB was the goal): dispatch 3.38 MB, deliver 3.54,
  subscribe 3.84, authorize 4.25, assign 4.28, sweep 5.53, story 5.88, script 5.93, hook 5.95. Four carry more: intake 6.85 and runs 7.57 check
  pictures, fonts and music, score 10.05 and review 10.28 the dictionary of grammar.
- The API: one client on one connection; the server carries out runs meanwhile where there are any.
- The cache: `cargo run -p cache --example cache_speed` and `trace FILE` (any file of keys, a line each, as tests/data/cache has). web07 is described there. Without
  the cache is `REELWRIGHT_CACHE=off`; the servers are asked by turns.
- Webhooks: medians of five turns of 1,000 deliveries of 2 kB, in each of which the bare client (the same HTTP library, signing, too) has its
  turn; the worker keeps its deliveries in the embedded store, in a file, with three requests to it for each. The first attempt's time is that of
  the event, written with the run's change, to the request's arrival; a run is cancelled each 0.1 s.
- Agreement with people: on sentences, articles and weeks that were set aside before anything was fitted (`scripts/quality/agreement.py`;
  docs/quality.md tells what they are). The goals were set for other data than these. A score of 300 words: medians over forty texts, warm, on one core; Python
  computes VADER, Flesch and Dale-Chall for the same texts. `reelwright score` is a process of its own, which reads its dictionary first.
- Results of an experiment: gbstats, GrowthBook's engine in Python, computes a sequential test and a chance to win for each of the same 180 comparisons
  (`scripts/experiments/gbstats_speed.py`); most of its time is the distribution of the latter.
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="how often everything is measured (default 3)")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    asked = parser.parse_args()
    if asked.rounds < 1:
        parser.error("--rounds must be 1 or more")
    load = os.getloadavg()[0]
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="reelwright-bench-") as folder:
        folder = Path(folder)
        clip = Clip(folder / "clip")
        contestants = {"clip": clip.render, "ffmpeg": clip.render_with_ffmpeg, "video": lambda: make_video(folder), "simulation": simulate}
        for shape in SHAPES:
            contestants[shape, "executor"] = lambda shape=shape: executor(folder, shape, False)
            contestants[shape, "pool"] = lambda shape=shape: pool(shape)
            contestants[shape, "store"] = lambda shape=shape: executor(folder, shape, True)
        results = {name: [] for name in contestants}
        for turn in range(asked.rounds):
            print(f"round {turn + 1} of {asked.rounds} ({time.perf_counter() - begun:.0f} s)", file=sys.stderr)
            for name, measure in contestants.items():
                results[name].append(measure())
        rows = clip_rows(clip, results["clip"], results["ffmpeg"]) + bench_coding.rows(clip, child, row, BUILT) + video_rows(results["video"]) + executor_rows(results)
        rows += simulation_rows(results["simulation"]) + plan_rows() + machine_rows() + webhook_cost_rows()
        print(f"editing ({time.perf_counter() - begun:.0f} s)", file=sys.stderr)
        rows += bench_editing.rows(BUILT, folder, child, row, asked.rounds)
        print(f"functions ({time.perf_counter() - begun:.0f} s)", file=sys.stderr)
        rows += function_rows(bench_functions.starts(BUILT)) + api_rows(bench_functions.api(BUILT, folder))
        print(f"cache ({time.perf_counter() - begun:.0f} s)", file=sys.stderr)
        rows += bench_cache.rows(BUILT, folder, child, row)
        print(f"webhooks ({time.perf_counter() - begun:.0f} s)", file=sys.stderr)
        rows += bench_webhooks.rows(BUILT, child, row, folder, asked.rounds)
        print(f"quality ({time.perf_counter() - begun:.0f} s)", file=sys.stderr)
        rows += bench_quality.rows(BUILT, child, row, asked.rounds)
        print(f"experiments ({time.perf_counter() - begun:.0f} s)", file=sys.stderr)
        rows += bench_experiments.rows(BUILT, folder, row, asked.rounds)
    table, notes = render(rows), NOTES.format(rounds=asked.rounds, load=load)
    print(f"{machine()}; load {load:.1f}\n\n{table}")
    if asked.write:
        today = datetime.date.today().isoformat()
        text = f"# Benchmarks\n\n    make bench                  # prints this table\n    make bench ARGS=--write     # and writes this page\n\n" \
               f"{today}, {machine()}.\n\n{table}\n\n{notes}"
        (ROOT / "docs/benchmarks.md").write_text(text)


if __name__ == "__main__":
    main()
