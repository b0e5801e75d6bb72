"""Prints what a log group holds, oldest first.

    logs.py GROUP
"""

import sys

import boto3

pages = boto3.client("logs").get_paginator("filter_log_events").paginate(logGroupName=sys.argv[1])
for event in sorted((event for page in pages for event in page["events"]), key=lambda event: event["timestamp"]):
    print(event["timestamp"], event["logStreamName"], event["message"].rstrip())
