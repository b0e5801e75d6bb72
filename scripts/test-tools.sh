#!/bin/sh
# Installs what only the tests need, and says so.
set -eu
. "$(dirname "$0")/install.sh"
need ffprobe ffmpeg "an independent reader of the videos made"
"$(dirname "$0")/cloud-tools.sh"
