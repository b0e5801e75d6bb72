#!/usr/bin/env bash
# Proves how functions are built for AWS: cargo-lambda, as tests/cloud/requirements.txt pins it, builds one function for Amazon Linux 2023 on
# arm64 into a zip; what is in it has to be a program for aarch64 that asks for no newer glibc than Lambda has. The first time everything is
# built anew, so it stands apart from `make test`.
#
#   scripts/check-arm64.sh [FUNCTION]
set -euo pipefail
cd "$(dirname "$0")/.."

function=${1:-authorize}
target=aarch64-unknown-linux-gnu
tools=$PWD/target/cloud-tools/venv/bin

fail() { printf 'check-arm64: %s\n' "$*" >&2; exit 1; }

[ -d "functions/$function" ] || fail "there is no functions/$function"
command -v readelf >/dev/null || fail "readelf is not installed: install binutils (Debian: apt-get install binutils) and run this again"
scripts/setup.sh
scripts/cloud-tools.sh
[ -d "$(rustc --print target-libdir --target "$target")" ] || fail "Rust's library for $target is not installed: rustup target add $target"

PATH=$tools:$PATH cargo lambda build --quiet --release --arm64 --package "$function" --output-format zip
"$tools/python" - "${CARGO_TARGET_DIR:-target}/lambda/$function/bootstrap.zip" "$function" <<'CHECK'
import re
import subprocess
import sys
import tempfile
import zipfile

# Amazon Linux 2023's, on which `provided.al2023` runs.
GLIBC = (2, 34)

path, function = sys.argv[1:]
with zipfile.ZipFile(path) as archive:
    entry = archive.getinfo("bootstrap")
    program = archive.read(entry)
    weighs = sum(info.compress_size for info in archive.infolist()) / 1e6


def refuse(why):
    sys.exit(f"check-arm64: {function}: {why}")


if not entry.external_attr >> 16 & 0o111:
    refuse("bootstrap may not be executed: Lambda could not start it")
with tempfile.NamedTemporaryFile() as file:
    file.write(program)
    file.flush()
    read = subprocess.run(["readelf", "--wide", "--file-header", "--program-headers", "--version-info", file.name],
                          capture_output=True, text=True, check=True, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}).stdout

machine = re.search(r"Machine:\s+(.*)", read)[1]
if machine != "AArch64":
    refuse(f"bootstrap is for {machine}, not AArch64")
loader = re.search(r"Requesting program interpreter: (.*)\]", read)
if not loader or loader[1] != "/lib/ld-linux-aarch64.so.1":
    refuse(f"bootstrap asks for the loader {loader and loader[1]}, which Amazon Linux 2023 doesn't have")
versions = {(int(major), int(minor)) for major, minor in re.findall(r"\bGLIBC_(\d+)\.(\d+)", read)}
if not versions:
    refuse("bootstrap names no version of glibc, so it can't be told which it needs")
if (newest := max(versions)) > GLIBC:
    refuse("bootstrap needs glibc {}.{}; Lambda's provided.al2023 has {}.{}".format(*newest, *GLIBC))
print("{}: bootstrap is for {}, needs glibc {}.{} of {}.{}, zip {:.2f} MB".format(function, machine, *newest, *GLIBC, weighs))
CHECK
