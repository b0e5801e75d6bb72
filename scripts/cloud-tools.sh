#!/usr/bin/env bash
# Installs what the cloud suite needs into target/cloud-tools, as tests/cloud/requirements.txt pins it: MiniStack, the SAM CLI,
# cfn-lint, cargo-lambda with zig, schemathesis. Nothing happens if that was done before.
#
#   scripts/cloud-tools.sh
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=tests/cloud/requirements.txt
tools=target/cloud-tools/venv
done=$tools/installed-requirements.txt

cmp --silent "$wanted" "$done" && exit 0

fail() { printf 'cloud-tools: %s\n' "$*" >&2; exit 1; }

command -v python3 >/dev/null || fail "python3 is not installed: install it (Debian: apt-get install python3 python3-venv) and run this again"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' || fail "python3 is older than 3.10, which the tools need: install a newer one and run this again"

echo "cloud-tools: installing MiniStack, the SAM CLI, cfn-lint, cargo-lambda and schemathesis into $tools"
rm -rf "$tools"
mkdir -p "$(dirname "$tools")"
python3 -m venv "$tools" || fail "python3 cannot make a virtual environment: install its venv module (Debian: apt-get install python3-venv) and run this again"
"$tools/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$wanted" ||
    fail "the download failed (pip's message is above): check the network or pip's index settings and run this again"
# Last, so that what was broken off is done again.
cp "$wanted" "$done"
