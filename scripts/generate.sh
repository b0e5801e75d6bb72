#!/bin/sh
# Writes the generated files; with --check only tells whether they are up to date.
set -eu
cd "$(dirname "$0")/.."
cargo build --quiet --workspace --bins
built=${CARGO_TARGET_DIR:-target}/debug
"$built/reelwright" schema >"$built/brief.schema.json"
if [ "${1:-}" = --check ]; then
    diff -u docs/brief.schema.json "$built/brief.schema.json" || {
        echo "docs/brief.schema.json is out of date: run 'make generate' and commit it" >&2
        exit 1
    }
    "$built/statemachine" check
else
    cp "$built/brief.schema.json" docs/brief.schema.json
    "$built/statemachine" generate
fi
