#!/bin/sh
# Writes the generated files; with --check only tells whether they are up to date.
set -eu
cd "$(dirname "$0")/.."
# All in one build: an example by itself would be built with other features, and most of what it needs once more.
cargo build --quiet --workspace --bins --example catalogue
built=${CARGO_TARGET_DIR:-target}/debug
"$built/reelwright" schema >"$built/brief.schema.json"
"$built/reelwright" openapi >"$built/openapi.json"
"$built/examples/catalogue" >"$built/webhooks-events.json"
if [ "${1:-}" = --check ]; then
    for document in brief.schema.json openapi.json webhooks-events.json; do
        diff -u "docs/$document" "$built/$document" || {
            echo "docs/$document is out of date: run 'make generate' and commit it" >&2
            exit 1
        }
    done
    "$built/statemachine" check
else
    cp "$built/brief.schema.json" "$built/openapi.json" "$built/webhooks-events.json" docs/
    "$built/statemachine" generate
fi
