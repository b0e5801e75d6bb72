"""Pythons of their own for what `scripts/bench.py` compares with."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def python(name, requirements):
    """A Python with these packages, installed into target/NAME the first time; None where they can't be had."""
    tools = ROOT / "target" / name
    own, stamp = tools / "bin/python", tools / "installed.txt"
    wanted = requirements.read_text()
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"installing what is compared with ({requirements.relative_to(ROOT)})", file=sys.stderr)
        steps = ([sys.executable, "-m", "venv", tools], [own, "-m", "pip", "install", "--quiet", "-r", requirements])
        for step in steps:
            if subprocess.run([str(part) for part in step], stdout=sys.stderr, check=False).returncode:
                return None
        stamp.write_text(wanted)
    return own
