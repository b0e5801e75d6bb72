"""What GrowthBook's SDK for Python gives to units: `python allocate.py HOST CLIENT UNITS plain|sticky`. It answers as allocate.mjs does."""

import json
import sys

from growthbook import GrowthBook, InMemoryStickyBucketService
from growthbook.growthbook import feature_repo

LETTERS = "0123456789ABCDEFGHIJ"

host, client, file, mode = sys.argv[1:]
with open(file) as lines:
    units = [json.loads(line) for line in lines]
service = InMemoryStickyBucketService() if mode == "sticky" else None

for _ in sys.stdin:
    feature_repo.clear_cache()
    growthbook = GrowthBook(api_host=host, client_key=client, sticky_bucket_service=service)
    growthbook.load_features()
    keys = sorted(growthbook.get_features())
    for unit in units:
        # The SDK empties at its end what it was given.
        growthbook.set_attributes(dict(unit))
        letters = []
        for key in keys:
            result = growthbook.eval_feature(key).experimentResult
            taken = result is not None and result.inExperiment
            letters.append(LETTERS[result.variationId] if taken else "-")
        print("".join(letters))
    print(".", flush=True)
    growthbook.destroy()
