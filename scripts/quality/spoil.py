"""Poor texts, made of good ones: what the lower half of each scale is anchored to."""

import random
import re


def sentences(text):
    return [s for s in re.split(r"(?<=[.!?])\s+", text) if s]


def tangled(text, rare, seed):
    """Three sentences in one, and every eighth word replaced by one that few people know."""
    chance = random.Random(seed)
    parts = sentences(text)
    joined = [", which means that ".join(p.rstrip(".!?") for p in parts[at : at + 3]) + "." for at in range(0, len(parts), 3)]
    words = " ".join(joined).split(" ")
    return " ".join(chance.choice(rare) if chance.random() < 0.125 and w.isalpha() and w.islower() else w for w in words)


def flattened(text, strength):
    """The half of the sentences that move least, in their order."""
    parts = sentences(text)
    keep = sorted(sorted(range(len(parts)), key=lambda at: abs(strength(parts[at])))[: max(1, len(parts) // 2)])
    return " ".join(parts[at] for at in keep)


def blunted(headline):
    """The first half of a headline, without its marks: a label instead of an invitation."""
    words = re.sub(r"[?!…\"“”:]|\.\.+", "", headline).split()
    return " ".join(words[: max(3, len(words) // 2)])
