"""How far the scores of shared/quality agree with people, on data set aside before fitting, beside the usual formulas in the same run.

    pip install -r scripts/quality/requirements.txt && python scripts/quality/agreement.py [--json]
"""

import collections
import json
import sys
import time

import numpy as np
from scipy.stats import pearsonr, spearmanr

import corpora


TOLD = []


def line(what, count, ours, baselines, ends=()):
    """Notes a figure with those beside it, by name."""
    TOLD.append({"what": what, "n": count, "ours": float(ours), "beside": {name: float(value) for name, value in baselines.items()},
                 "interval": [float(end) for end in ends]})


def told(figure):
    beside = "   ".join(f"{name} {value:.3f}" for name, value in figure["beside"].items())
    sure = "   (95%%: %.3f to %.3f)" % tuple(figure["interval"]) if figure["interval"] else ""
    return f"{figure['what']:<58} n {figure['n']:>5}   ours {figure['ours']:.3f}{sure}   {beside}"


def interval(right, groups):
    """95% of resamples of whole tests."""
    by_group = collections.defaultdict(list)
    for value, group in zip(right, groups):
        by_group[group].append(value)
    lists = list(by_group.values())
    chance = np.random.default_rng(0)
    means = []
    for _ in range(1000):
        drawn = [lists[at] for at in chance.integers(len(lists), size=len(lists))]
        means.append(np.mean(np.concatenate(drawn)))
    return np.quantile(means, [0.025, 0.975])


def emotion():
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    held = [row for row in corpora.emobank() if row[4]]
    _, rows = corpora.features([row[1] for row in held])
    valence, arousal = (np.array([row[at] for row in held]) for at in (2, 3))
    analyzer = SentimentIntensityAnalyzer()
    vader = np.array([analyzer.polarity_scores(row[1])["compound"] for row in held])
    r = lambda a, b: pearsonr(a, b)[0]
    ours = {name: np.array([row[name] for row in rows]) for name in ("valence", "arousal", "lexicon")}
    line("EmoBank, valence: Pearson r", len(held), r(ours["valence"], valence), {"VADER": r(vader, valence)})
    line("EmoBank, arousal: Pearson r", len(held), r(ours["arousal"], arousal), {"size of VADER's score": r(abs(vader), arousal)})
    line("our rules of the lexicon against VADER's: Pearson r", len(held), r(ours["lexicon"], vader), {"if they were the same": 1.0})


def hook():
    # Weeks share no headline: none of these was fitted on.
    held = [pair for pair in corpora.upworthy(1.96) if pair[4]]
    headlines = sorted({headline for pair in held for headline in pair[1:3]})
    _, rows = corpora.features(headlines)
    worth = {headline: row["worth"] for headline, row in zip(headlines, rows)}

    def right(score, pairs):
        return np.array([0.5 if score(a) == score(b) else float((score(a) > score(b)) == (z > 0)) for _, a, b, z, _ in pairs])

    def report(what, pairs):
        ours = right(worth.__getitem__, pairs)
        line(what, len(pairs), ours.mean(), {"longer headline wins": right(len, pairs).mean()}, interval(ours, [pair[0] for pair in pairs]))

    report("Upworthy, later weeks, pairs with z of 1.96 or more: right", held)


def clarity():
    import textstat

    held = [row for row in corpora.onestop() if row[3]]

    def report(what, texts, levels):
        _, rows = corpora.features(texts)
        rho = lambda values: abs(spearmanr(values, levels)[0])
        formulas = {
            "Dale-Chall": textstat.dale_chall_readability_score,
            "Flesch": textstat.flesch_reading_ease,
            "Flesch-Kincaid": textstat.flesch_kincaid_grade,
        }
        line(what, len(texts), rho([row["ease"] for row in rows]), {name: rho([formula(t) for t in texts]) for name, formula in formulas.items()})

    report("OneStopEnglish levels, articles: Spearman rho", [row[2] for row in held], [row[1] for row in held])
    parts = [(passage, level) for _, level, text, _ in held for passage in corpora.passages(text)]
    report("OneStopEnglish levels, passages of 150 words: Spearman rho", [p for p, _ in parts], [level for _, level in parts])
    by_article = collections.defaultdict(dict)
    _, rows = corpora.features([row[2] for row in held])
    for (article, level, _, _), row in zip(held, rows):
        by_article[article][level] = row["ease"]
    ordered = [levels[0] > levels[1] > levels[2] for levels in by_article.values() if len(levels) == 3]
    line("OneStopEnglish, articles whose three levels are in order", len(ordered), np.mean(ordered), {"by chance": 1 / 6})


def speed():
    """Milliseconds that Python takes for texts of 300 words; the crate's own are printed by its example `score_speed`."""
    import textstat
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer, times = SentimentIntensityAnalyzer(), []
    texts = corpora.of_300_words()
    textstat.flesch_reading_ease(texts[0])
    for text in texts:
        begin = time.perf_counter()
        analyzer.polarity_scores(text), textstat.flesch_reading_ease(text), textstat.dale_chall_readability_score(text)
        times.append((time.perf_counter() - begin) * 1000)
    return float(np.median(times))


def main():
    emotion()
    hook()
    clarity()
    python = speed()
    if "--json" in sys.argv[1:]:
        print(json.dumps({"figures": TOLD, "python_ms": python}))
        return
    for figure in TOLD:
        print(told(figure))
    print(f"Python textstat + vaderSentiment, 300 words: {python:.2f} ms")


if __name__ == "__main__":
    main()
