#!/usr/bin/env python3
"""Makes the films of examples/gallery, and from them the pictures and clips of docs/gallery: some scenes of each as they are at their end, and
six seconds of motion. Needs ffmpeg.

    scripts/gallery.py [--all FOLDER]

`--all` puts every scene's picture into a folder instead, to choose from.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILMS = ROOT / "examples/gallery"
SHOWN = ROOT / "docs/gallery"
# Which scenes are shown, from 0, and the scene that the clip begins with.
CHOSEN = {
    "01-battery-bold-tall": ([0, 2, 4], 1),
    "02-lighthouses-editorial-square": ([2, 4, 5], 2),
    "03-heating-calm-wide": ([0, 1, 2], 1),
}
CLIP_SECONDS = 6
# Long enough before a scene's end that nothing of the next is seen yet.
BEFORE_END = 0.45
WIDTHS = {"tall": 300, "square": 400, "wide": 560}


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, arguments)], check=True)


def main():
    parser = argparse.ArgumentParser(description="Makes the pictures and clips of docs/gallery.")
    parser.add_argument("--all", metavar="FOLDER", type=Path)
    everything = parser.parse_args().all
    out = everything or SHOWN
    out.mkdir(parents=True, exist_ok=True)
    for name, (scenes, clip) in CHOSEN.items():
        width = WIDTHS[name.rsplit("-", 1)[1]]
        with tempfile.TemporaryDirectory() as folder:
            made = subprocess.run([ROOT / "target/debug/reelwright", "make", FILMS / f"{name}.yaml", "--json", "--out", f"{folder}/out"],
                                  env=os.environ | {"REELWRIGHT_HOME": f"{folder}/home"}, capture_output=True, text=True, check=True, cwd=ROOT)
            told = json.loads(made.stdout)
            film, starts = Path(told["file"]), [start / 1000 for start in told["video"]["scene_starts_ms"]]
            ends = starts[1:] + [told["video"]["length_ms"] / 1000]
            for scene in range(len(ends)) if everything else scenes:
                ffmpeg("-ss", ends[scene] - BEFORE_END, "-i", film, "-frames:v", 1, "-vf", f"scale={width}:-1", out / f"{name}-{scene}.png")
            if not everything:
                ffmpeg("-ss", starts[clip], "-t", CLIP_SECONDS, "-i", film, "-vf", f"fps=12,scale={width}:-1", "-c:v", "libwebp_anim", "-q:v", 60,
                       "-loop", 0, out / f"{name}.webp")
        print(f"{name}: {len(ends)} scenes", file=sys.stderr)


if __name__ == "__main__":
    main()
