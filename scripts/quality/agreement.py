"""How far the scores of shared/quality agree with people, on data set aside before fitting, beside the usual formulas in the same run.

    pip install -r scripts/quality/requirements.txt && python scripts/quality/agreement.py
"""

import collections
import time

import numpy as np
from scipy.stats import pearsonr, spearmanr

import corpora


def line(what, count, ours, baseline):
    print(f"{what:<44} n {count:>5}   ours {ours:.3f}   {baseline}")


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
    line("EmoBank, valence (Pearson r)", len(held), r(ours["valence"], valence), f"VADER {r(vader, valence):.3f}")
    line("EmoBank, arousal (Pearson r)", len(held), r(ours["arousal"], arousal), f"|VADER| {r(abs(vader), arousal):.3f}")
    line("the lexicon's rules against VADER's (r)", len(held), r(ours["lexicon"], vader), "1 if they were the same")


def hook():
    every = corpora.upworthy(1.96)
    held = [pair for pair in every if pair[4]]
    seen = {headline for pair in corpora.upworthy(1.0) if not pair[4] for headline in pair[1:3]}
    headlines = sorted({headline for pair in held for headline in pair[1:3]})
    _, rows = corpora.features(headlines)
    worth = {headline: row["worth"] for headline, row in zip(headlines, rows)}

    def right(score, pairs):
        return np.array([0.5 if score(a) == score(b) else float((score(a) > score(b)) == (z > 0)) for _, a, b, z, _ in pairs])

    def report(what, pairs):
        ours = right(worth.__getitem__, pairs)
        low, high = interval(ours, [pair[0] for pair in pairs])
        line(what, len(pairs), ours.mean(), f"longer wins {right(len, pairs).mean():.3f}   (ours, 95%: {low:.3f} to {high:.3f})")

    report("Upworthy, later weeks, pairs |z| >= 1.96", held)
    report("  of them with two headlines never seen", [pair for pair in held if not {pair[1], pair[2]} & seen])


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
        others = "   ".join(f"{name} {rho([formula(t) for t in texts]):.3f}" for name, formula in formulas.items())
        line(what, len(texts), rho([row["ease"] for row in rows]), others)

    report("OneStopEnglish, articles (|Spearman rho|)", [row[2] for row in held], [row[1] for row in held])
    parts = [(passage, level) for _, level, text, _ in held for passage in corpora.passages(text)]
    report("OneStopEnglish, passages of 150 words", [p for p, _ in parts], [level for _, level in parts])
    by_article = collections.defaultdict(dict)
    _, rows = corpora.features([row[2] for row in held])
    for (article, level, _, _), row in zip(held, rows):
        by_article[article][level] = row["ease"]
    ordered = [levels[0] > levels[1] > levels[2] for levels in by_article.values() if len(levels) == 3]
    line("  articles whose three levels are in order", len(ordered), float(np.mean(ordered)), "0.167 by chance")


def speed():
    """Python's time for the same 300 words; the crate's own is printed by its example `speed`."""
    import textstat
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    texts = [" ".join(row[2].split()[:300]) for row in corpora.onestop()[:40]]
    textstat.flesch_reading_ease(texts[0])
    begin = time.perf_counter()
    for text in texts:
        analyzer.polarity_scores(text), textstat.flesch_reading_ease(text), textstat.dale_chall_readability_score(text)
    print(f"Python textstat + vaderSentiment, 300 words: {(time.perf_counter() - begin) / len(texts) * 1000:.2f} ms")


if __name__ == "__main__":
    emotion()
    hook()
    clarity()
    speed()
