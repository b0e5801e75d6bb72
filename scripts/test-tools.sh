#!/bin/sh
# Installs what only the tests need, and says so.
set -eu
. "$(dirname "$0")/install.sh"
need ffprobe ffmpeg "an independent reader of the videos made"
need redis-server redis-server "the level that processes share, in the tests of the cache"
need chromium chromium "the browser that the page of a review is tried in"
need chromedriver chromium-driver "what drives it"
"$(dirname "$0")/cloud-tools.sh"
"$(dirname "$0")/sdk-tools.sh"
need openssl openssl "an authority that signs certificates of servers of webhooks"
need node nodejs "the interpreter of state machines, a receiver of webhooks"
need npm npm "their packages"
if ! node -e 'const [major, minor] = process.versions.node.split("."); process.exit(major > 20 || (major == 20 && minor >= 3) ? 0 : 1)'; then
    echo "node $(node --version) is too old for the interpreter of state machines: install version 20.3 or newer, then try again" >&2
    exit 1
fi
cd "$(dirname "$0")/.."
. scripts/python.sh
python_tools tests/hooks/receivers/requirements.txt target/hook-tools
# npm_tools FOLDER WHAT
npm_tools() {
    # npm writes the second file last, so a broken installation is made again.
    if [ ! "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ]; then
        echo "installing the packages of $1 ($2)"
        npm ci --prefix "$1" --loglevel=error --no-audit --no-fund
    fi
}
npm_tools tests/interpreter "what runs and validates state machines in the tests"
npm_tools tests/hooks/receivers "what verifies webhooks in the tests"
