"""Prints a deployed stack as JSON: its outputs, and the physical names of its resources by their logical ids.

    stack.py NAME
"""

import json
import sys

import boto3

name = sys.argv[1]
cloudformation = boto3.client("cloudformation")
stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
print(
    json.dumps(
        {
            "outputs": {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]},
            "resources": {
                resource["LogicalResourceId"]: resource["PhysicalResourceId"]
                for page in pages
                for resource in page["StackResourceSummaries"]
            },
        }
    )
)
