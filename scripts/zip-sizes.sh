#!/usr/bin/env bash
# Builds functions as they are deployed (cargo's release profile, for this machine), packs each as `sam` does, and prints the sizes. Ends with 1
# if one that links neither media nor a dictionary has more than 6 MB; `runs` and `intake` check pictures and music, `score` and `review`
# carry the dictionary of grammar. The first time takes some 10 minutes: everything is built anew.
#
#   scripts/zip-sizes.sh
set -euo pipefail
cd "$(dirname "$0")/.."

light=(story script hook authorize sweep subscribe dispatch deliver assign)
heavy=(runs intake review score)
functions=("${light[@]}" "${heavy[@]}")

scripts/setup.sh
cargo build --quiet --release "${functions[@]/#/--package=}"
python3 - "${CARGO_TARGET_DIR:-target}/release" "${#light[@]}" "${functions[@]}" <<'PACK'
import io
import sys
import zipfile

LIMIT_MB = 6

folder, light, *functions = sys.argv[1:]
too_large = False
for place, function in enumerate(functions):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(f"{folder}/{function}", "bootstrap")
    megabytes = packed.tell() / 1e6
    over = place < int(light) and megabytes > LIMIT_MB
    too_large |= over
    print(f"{function:<10} {megabytes:5.2f} MB" + (f", more than {LIMIT_MB}" if over else ""))
sys.exit(too_large)
PACK
