"""Measures for `scripts/bench.py` how large the clip is beside x264 at like quality: structural similarity (SSIM, Wang et al. 2004, by ffmpeg's
filter) of what each codes to the same frames before coding."""

import math
import re
import subprocess
import sys

FPS = 30


def rows(clip, child, row, built):
    if not clip.ffmpeg:
        return [row("the clip's picture at like quality", "", "apt-get install ffmpeg to compare", "1.5 of x264's or less", False)]
    frames = clip.folder / "frames.yuv"
    child(built / "examples/clip", "frames", clip.folder, frames)
    raw = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{clip.size[0]}x{clip.size[1]}", "-r", FPS, "-i", frames]

    def measured(film):
        """Bytes of the pictures alone, and how like the frames they are."""
        told = subprocess.run([str(part) for part in [clip.ffmpeg, "-v", "info", "-i", film, *raw, "-lavfi", "[0:v][1:v]ssim", "-f", "null", "-"]],
                              capture_output=True, text=True, check=True).stderr
        packets, _ = child("ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "packet=size", "-of", "csv=p=0", film)
        return sum(int(size) for size in packets.split()), float(re.search(r"All:([\d.]+)", told)[1])

    clip.render()
    ours, likeness = measured(clip.folder / "reelwright.mp4")
    beside = []
    # From worse than x264's default to better, until it is as good.
    for crf in range(27, 9, -1):
        film = clip.folder / "x264.mp4"
        child(clip.ffmpeg, "-v", "error", "-y", *raw, "-c:v", "libx264", "-preset", "veryfast", "-crf", crf, film)
        beside.append((*measured(film), crf))
        if beside[-1][1] >= likeness and crf <= 23:
            break
    frames.unlink()
    if len(beside) < 2 or beside[-1][1] < likeness:
        sys.exit(f"x264 at crf 27 to 10 isn't as like the frames as {likeness:.4f}: measure others in {__file__}")
    (worse, low, _), (better, high, crf) = beside[-2:]
    part = min(max((likeness - low) / (high - low), 0), 1)
    equal = math.exp(math.log(worse) + part * (math.log(better) - math.log(worse)))
    default, default_likeness = next(film[:2] for film in beside if film[2] == 23)
    return [row("the clip's pictures alone, as like their frames as x264's (SSIM)",
                f"{ours / 1e6:.2f} MB at {likeness:.4f}, {ours / equal:.2f} of x264's",
                f"ffmpeg x264 veryfast: {equal / 1e6:.2f} MB at {likeness:.4f} (crf {crf + 1 - part:.1f}); {default / 1e6:.2f} MB at {default_likeness:.4f} (crf 23)",
                "1.5 of x264's or less", ours / equal <= 1.5)]
