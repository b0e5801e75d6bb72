#!/bin/sh
# Word error rates of the embedded voice, by two recognisers of their own (scripts/speech/wer.py).
set -eu
cd "$(dirname "$0")/../.."
. scripts/python.sh
python_tools scripts/speech/requirements.txt target/speech-tools
# All in one build: an example by itself would be built with other features.
cargo build --quiet --workspace --bins --example speak
exec target/speech-tools/venv/bin/python scripts/speech/wer.py "$@"
