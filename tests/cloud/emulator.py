"""Runs MiniStack on loopback until standard input ends, however that comes about: then ends every process it started, and removes its
folder. The suite holds the other end of standard input, so nothing is left behind even if the suite is killed.

    emulator.py FOLDER

Everything is kept in FOLDER. The first line of standard output names the port.

Two things are mended here. This version's Parallel states leave out JSONata's `Arguments`, `Output` and `Assign`, which its other states
carry out, and let all branches write into one context object. And it asks for rights that IAM doesn't know where a queue is sent a batch.
"""

import copy
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


def mend_parallel_states() -> None:
    from ministack.services import stepfunctions as interpreter

    plain = interpreter._run_parallel_branches
    run_machine = interpreter._run_sub_machine

    def run_branches(state, given, execution, context):
        if interpreter._state_query_language(state, context) != "JSONata":
            return plain(state, given, execution, context)
        argument = interpreter._apply_jsonata_arguments(state, given, context)
        # What JSONPath states would do to the input and to the results is not written in a JSONata state.
        results, following = plain(state, argument, execution, context)
        output = interpreter._apply_jsonata_output(state, given, context, result=results, default=results)
        interpreter._apply_state_assign(state, given, context, result=results)
        return output, following

    def run_in_own_context(states, start, given, execution, context):
        return run_machine(states, start, given, execution, copy.deepcopy(context))

    interpreter._run_parallel_branches = run_branches
    interpreter._run_sub_machine = run_in_own_context


def mend_rights_to_batches() -> None:
    """In IAM the right to an operation of SQS is that to its batch, too."""
    from ministack.core import iam_actions

    plain = iam_actions.extract_iam_action

    def action(*request):
        asked = plain(*request)
        return asked.removesuffix("Batch") if asked and asked.startswith("sqs:") else asked

    iam_actions.extract_iam_action = action


def main() -> None:
    folder = sys.argv.pop(1)
    # A group of its own, which the functions' processes join.
    os.setpgid(0, 0)
    threading.Thread(target=end_with_standard_input, args=(folder,), daemon=True).start()
    port = free_port()
    os.environ.update(
        BIND_HOST="127.0.0.1",
        # Functions have their roles' rights and no others.
        AUTH="true",
        GATEWAY_PORT=str(port),
        # A name: an API's host, which goes before it, would be no host at all before an address.
        MINISTACK_HOST="localhost",
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

    mend_parallel_states()
    mend_rights_to_batches()
    serve()


main()
