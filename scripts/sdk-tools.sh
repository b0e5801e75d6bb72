#!/usr/bin/env bash
# Installs what the suite of experiments compares allocation with: GrowthBook's SDKs for JavaScript and Python, as tests/experiments/sdk pins
# them, into target/sdk-tools. Nothing happens if that was done before.
#
#   scripts/sdk-tools.sh
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=tests/experiments/sdk
tools=target/sdk-tools
fail() { printf 'sdk-tools: %s\n' "$*" >&2; exit 1; }

if ! cmp --silent "$wanted/package-lock.json" "$tools/installed-package-lock.json"; then
    command -v npm >/dev/null || fail "npm is not installed: install it (Debian: apt-get install nodejs npm) and run this again"
    echo "sdk-tools: installing the SDK for JavaScript into $tools"
    mkdir -p "$tools"
    cp "$wanted/package.json" "$wanted/package-lock.json" "$tools/"
    npm ci --prefix "$tools" --loglevel=error --no-audit --no-fund ||
        fail "the download failed (npm's message is above): check the network or npm's registry and run this again"
    # Last, so that what was broken off is done again.
    cp "$wanted/package-lock.json" "$tools/installed-package-lock.json"
fi

if ! cmp --silent "$wanted/requirements.txt" "$tools/venv/installed-requirements.txt"; then
    command -v python3 >/dev/null || fail "python3 is not installed: install it (Debian: apt-get install python3 python3-venv) and run this again"
    echo "sdk-tools: installing the SDK for Python into $tools"
    rm -rf "$tools/venv"
    mkdir -p "$tools"
    python3 -m venv "$tools/venv" || fail "python3 cannot make a virtual environment: install its venv module (Debian: apt-get install python3-venv) and run this again"
    "$tools/venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$wanted/requirements.txt" ||
        fail "the download failed (pip's message is above): check the network or pip's index settings and run this again"
    cp "$wanted/requirements.txt" "$tools/venv/installed-requirements.txt"
fi
