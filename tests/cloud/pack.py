"""Packs files as Lambda wants them: FILE becomes the executable `bootstrap` of FILE.zip, and is removed.

    pack.py FILE...

Nothing is compressed: for an emulator on the same machine this takes longer than the bytes do.
"""

import os
import sys
import zipfile

for file in sys.argv[1:]:
    with zipfile.ZipFile(f"{file}.zip", "w", zipfile.ZIP_STORED) as packed:
        packed.write(file, "bootstrap")
    os.remove(file)
