"""Takes a bucket's policy away, which refuses whoever speaks plain HTTP: the emulator speaks nothing else.

    allow_plain_http.py BUCKET
"""

import sys

import boto3

boto3.client("s3").delete_bucket_policy(Bucket=sys.argv[1])
