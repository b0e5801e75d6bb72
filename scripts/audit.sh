#!/bin/sh
# Checks licences, sources and banned crates; builds cargo-deny under target/ if it isn't there.
set -eu
cd "$(dirname "$0")/.."
deny=$(command -v cargo-deny || true)
if [ -z "$deny" ]; then
    tools=target/audit-tools
    [ -x "$tools/bin/cargo-deny" ] || {
        echo "building cargo-deny into $tools, which takes some minutes"
        cargo install --quiet --locked --root "$tools" cargo-deny
    }
    deny="$tools/bin/cargo-deny"
fi
"$deny" check licenses bans sources
