#!/bin/sh
# Installs what the cloud suite needs into target/cloud-tools, as tests/cloud/requirements.txt pins it: MiniStack, the SAM CLI,
# cfn-lint, cargo-lambda with zig, schemathesis. Nothing happens if that was done before.
#
#   scripts/cloud-tools.sh
set -eu
cd "$(dirname "$0")/.."
. scripts/python.sh
python_tools tests/cloud/requirements.txt target/cloud-tools
