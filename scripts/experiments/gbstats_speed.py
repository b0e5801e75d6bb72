"""Milliseconds that gbstats takes for what `experiment_speed` computes: 10 variations by 20 metrics, half of them proportions, a sequential
test and a chance to win for each but the control. Prints `{"results_ms", "sequential_ms"}`: both, and the sequential test alone; medians."""

import json
import statistics
import time

from gbstats.bayesian.tests import EffectBayesianABTest, EffectBayesianConfig
from gbstats.frequentist.tests import SequentialConfig, SequentialTwoSidedTTest
from gbstats.models.statistics import ProportionStatistic, SampleMeanStatistic

ROUNDS = 41


def totals(arm, metric):
    """The totals of one metric of one variation, as in shared/experiments/examples/experiment_speed.rs."""
    total = 1_000 + 13 * arm + metric
    if metric % 2 == 0:
        return ProportionStatistic(n=10_000, sum=total)
    return SampleMeanStatistic(n=10_000, sum=total, sum_squares=3 * total)


def sequential(control, treatment):
    SequentialTwoSidedTTest(control, treatment, SequentialConfig()).compute_result()


def belief(control, treatment):
    EffectBayesianABTest(control, treatment, EffectBayesianConfig()).compute_result()


def median_ms(*tests):
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for metric in range(20):
            control = totals(0, metric)
            for arm in range(1, 10):
                treatment = totals(arm, metric)
                for test in tests:
                    test(control, treatment)
        times.append((time.perf_counter() - begun) * 1e3)
    return statistics.median(times)


print(json.dumps({"results_ms": median_ms(sequential, belief), "sequential_ms": median_ms(sequential)}))
