"""Makes a function of one executable, which is told a folder in a variable, and a role without rights for it and for state machines.
Prints both ARNs as JSON.

    create_function.py NAME EXECUTABLE VARIABLE FOLDER
"""

import io
import json
import sys
import zipfile

import boto3

name, executable, variable, folder = sys.argv[1:]
packed = io.BytesIO()
with zipfile.ZipFile(packed, "w") as archive:
    archive.write(executable, "bootstrap")
services = ["lambda.amazonaws.com", "states.amazonaws.com"]
trust = {"Effect": "Allow", "Principal": {"Service": services}, "Action": "sts:AssumeRole"}
role = boto3.client("iam").create_role(
    RoleName=name,
    AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
)
functions = boto3.client("lambda")
made = functions.create_function(
    FunctionName=name,
    Runtime="provided.al2023",
    Handler="bootstrap",
    Role=role["Role"]["Arn"],
    Code={"ZipFile": packed.getvalue()},
    Environment={"Variables": {variable: folder}},
    Timeout=60,
)
functions.get_waiter("function_active_v2").wait(FunctionName=name)
print(json.dumps({"function": made["FunctionArn"], "role": made["Role"]}))
