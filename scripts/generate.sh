#!/bin/sh
# Writes the generated files; with --check only tells whether they are up to date.
set -eu
cd "$(dirname "$0")/.."
cargo run --quiet --bin reelwright -- schema >target/brief.schema.json
if [ "${1:-}" = --check ]; then
    diff -u docs/brief.schema.json target/brief.schema.json || {
        echo "docs/brief.schema.json is out of date: run 'make generate' and commit it" >&2
        exit 1
    }
else
    cp target/brief.schema.json docs/brief.schema.json
fi
