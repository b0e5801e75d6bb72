"""Measures a changed line and drafts for `scripts/bench.py`."""

import json
import statistics
import tempfile

LINES = [
    "Yeast eats the sugar in flour and breathes out carbon dioxide.",
    "Kneading builds gluten, which holds the gas in small bubbles.",
    "In the oven the bubbles grow by about a third before the crust sets.",
    "Salt slows the yeast down and makes the dough firmer.",
    "Steam keeps the crust soft, so the loaf can rise for longer.",
    "Rye has little gluten, so its bread stays dense.",
]
BRIEF = {"topic": "Why bread rises", "target_seconds": 30, "key_points": LINES,
         "brand": {"quality": {"approve": 0.1, "review": 0}}}


def told(times, digits=2):
    return f"{statistics.median(times):.{digits}f} s ({min(times):.{digits}f}-{max(times):.{digits}f})"


def rows(built, folder, child, row, rounds):
    results = [measure(built, folder, child) for _ in range(rounds)]
    last = results[-1]
    first, again, draft, cold = ([result[of] for result in results] for of in ("first", "again", "draft", "cold"))
    share = statistics.median(one / whole for one, whole in zip(again, first))
    what = f"{last['seconds']:.1f} s video of {last['scenes']} scenes"
    film = f"the film from an empty home: {told(first)}"
    return [
        row(f"{what}: one line changed (rerender)", f"{told(again)}, {share:.0%} of the film; {last['pieces']} pieces encoded again", film, "30% or less",
            share <= 0.3),
        row(f"{what}: a draft, its narration known", told(draft), film, "under 5 s", statistics.median(draft) < 5),
        row(f"{what}: a draft from an empty home", told(cold), film, "", None),
    ]


def measure(built, folder, child):
    """Seconds of the film, of it with a line changed, of a draft beside it, and of a draft alone."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        def reelwright(*arguments, home="home"):
            out = ("--out", f"{place}/out") if arguments[0] != "script" else ()
            printed, used = child(built / "reelwright", *arguments, "--json", *out, REELWRIGHT_HOME=f"{place}/{home}")
            return json.loads(printed), used["wall"]

        brief, changed = f"{place}/brief.json", f"{place}/script.json"
        with open(brief, "w", encoding="utf-8") as file:
            json.dump(BRIEF, file)
        film, first = reelwright("make", brief)
        script, _ = reelwright("script", film["run"]["id"])
        says = script["scenes"][3]["say"]
        says[0] = says[0].replace("the ", "all the ", 1)
        with open(changed, "w", encoding="utf-8") as file:
            json.dump(script, file)
        edited, again = reelwright("rerender", film["run"]["id"], changed)
        _, draft = reelwright("make", brief, "--draft")
        _, cold = reelwright("make", brief, "--draft", home="other")
        before = {piece["key"] for piece in film["video"]["segments"]}
        pieces = edited["video"]["segments"]
        anew = sum(piece["key"] not in before for piece in pieces)
        return {"first": first, "again": again, "draft": draft, "cold": cold, "seconds": film["video"]["length_ms"] / 1000,
                "scenes": len(script["scenes"]), "pieces": f"{anew} of {len(pieces)}"}
