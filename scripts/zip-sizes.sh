#!/usr/bin/env bash
# Builds the functions that link neither media nor models as they are deployed (cargo's release profile, for this machine), packs each as
# `sam` does, and prints the sizes. Ends with 1 if one has more than 6 MB. The first time takes some 10 minutes: everything is built anew.
#
#   scripts/zip-sizes.sh
set -euo pipefail
cd "$(dirname "$0")/.."

functions=(story script hook score runs review intake authorize sweep subscribe dispatch deliver assign)

scripts/setup.sh
cargo build --quiet --release "${functions[@]/#/--package=}"
python3 - "${CARGO_TARGET_DIR:-target}/release" "${functions[@]}" <<'PACK'
import io
import sys
import zipfile

LIMIT_MB = 6

folder, *functions = sys.argv[1:]
too_large = False
for function in functions:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(f"{folder}/{function}", "bootstrap")
    megabytes = packed.tell() / 1e6
    too_large |= megabytes > LIMIT_MB
    print(f"{function:<10} {megabytes:5.2f} MB" + (f", more than {LIMIT_MB}" if megabytes > LIMIT_MB else ""))
sys.exit(too_large)
PACK
