# Sourced: need PROGRAM PACKAGE REASON installs a Debian package if the program isn't there.

need() {
    command -v "$1" >/dev/null 2>&1 && return 0
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "$1 is missing ($3) and there is no apt-get here: install $2 by hand, then try again" >&2
        exit 1
    fi
    as_root=
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null 2>&1 || {
            echo "$1 is missing ($3): install it as root with 'apt-get install $2', then try again" >&2
            exit 1
        }
        as_root=sudo
    fi
    echo "installing $2 ($3)"
    if [ -z "${APT_UPDATED:-}" ]; then
        $as_root apt-get update -qq
        APT_UPDATED=1
    fi
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2" >/dev/null
}
