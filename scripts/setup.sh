#!/bin/sh
# Installs what the build needs and a bare Debian machine lacks, and says so.
set -eu
. "$(dirname "$0")/install.sh"
# Without an assembler openh264 builds without its fast paths, silently.
need nasm nasm "the H.264 encoder's assembly"
need cc gcc "the codecs' C sources"
need c++ g++ "the H.264 encoder's C++ sources"
