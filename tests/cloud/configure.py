"""Sets a variable of a function, or with an empty value takes it away.

    configure.py FUNCTION NAME VALUE
"""

import sys

import boto3

function, name, value = sys.argv[1:]
functions = boto3.client("lambda")
found = functions.get_function_configuration(FunctionName=function)
variables = {**found["Environment"]["Variables"], name: value}
if not value:
    del variables[name]
functions.update_function_configuration(FunctionName=function, Environment={"Variables": variables})
