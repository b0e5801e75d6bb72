# Sourced: python_tools WANTED FOLDER installs the packages that the file WANTED pins into a virtual environment FOLDER/venv. Nothing
# happens if that was done before.

python_tools() {
    installed=$2/venv/installed-requirements.txt
    cmp -s "$1" "$installed" && return 0
    name=$(basename "$2")
    if ! command -v python3 >/dev/null; then
        echo "$name: python3 is not installed: install it (Debian: apt-get install python3 python3-venv) and run this again" >&2
        return 1
    fi
    if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))'; then
        echo "$name: python3 is older than 3.10, which the tools need: install a newer one and run this again" >&2
        return 1
    fi
    echo "$name: installing the packages of $1 into $2/venv"
    rm -rf "$2/venv"
    mkdir -p "$2"
    if ! python3 -m venv "$2/venv"; then
        echo "$name: python3 cannot make a virtual environment: install its venv module (Debian: apt-get install python3-venv) and run this again" >&2
        return 1
    fi
    if ! "$2/venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$1"; then
        echo "$name: the download failed (pip's message is above): check the network or pip's index settings and run this again" >&2
        return 1
    fi
    # Last, so that what was broken off is done again.
    cp "$1" "$installed"
}
