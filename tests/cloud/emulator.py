"""Runs MiniStack on loopback until standard input ends, however that comes about: then ends every process it started, and removes its
folder. The suite holds the other end of standard input, so nothing is left behind even if the suite is killed.

    emulator.py FOLDER

Everything is kept in FOLDER. The first line of standard output names the port.
"""

import os
import shutil
import signal
import socket
import sys
import threading


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def end_with_standard_input(folder: str) -> None:
    while sys.stdin.buffer.read(1):
        pass
    shutil.rmtree(folder, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


def main() -> None:
    folder = sys.argv.pop(1)
    # A group of its own, which the functions' processes join.
    os.setpgid(0, 0)
    threading.Thread(target=end_with_standard_input, args=(folder,), daemon=True).start()
    port = free_port()
    os.environ.update(
        BIND_HOST="127.0.0.1",
        GATEWAY_PORT=str(port),
        MINISTACK_HOST="127.0.0.1",
        MINISTACK_REGION="us-east-1",
        # Functions get it only if the emulator has it.
        AWS_ENDPOINT_URL=f"http://127.0.0.1:{port}",
        TMPDIR=folder,
        STATE_DIR=os.path.join(folder, "state"),
        S3_DATA_DIR=os.path.join(folder, "s3"),
        # These would open fixed ports.
        IOT_MTLS_ENABLED="0",
        SFTP_ENABLED="0",
    )
    print(port, flush=True)
    # What it logs goes where the suite finds it.
    log = os.open(os.path.join(folder, "emulator.log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    from ministack.app import main as serve

    serve()


main()
