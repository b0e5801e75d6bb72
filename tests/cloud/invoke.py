"""Invokes a function with the event on standard input, and prints its answer.

    invoke.py FUNCTION
"""

import sys

import boto3

answer = boto3.client("lambda").invoke(FunctionName=sys.argv[1], Payload=sys.stdin.buffer.read())
print(answer["Payload"].read().decode())
sys.exit("FunctionError" in answer)
