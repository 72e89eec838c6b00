"""Confidence intervals of means and success rates, and pass@k."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, sqrt
from statistics import NormalDist

import numpy as np

Z_95 = NormalDist().inv_cdf(0.975)  # 1.96
RESAMPLES = 5_000
TAILS = (2.5, 97.5)  # percent
DRAWN_AT_ONCE = 2**22  # items; bounds the memory


def wilson(successes: float, trials: int, *, z: float = Z_95) -> tuple[float, float]:
    """Wilson's score interval of a rate; sane at 0 %, at 100 % and for few trials.

    Args:
        successes: How many trials succeeded; a mean over repetitions need not be
            whole.
        trials: How many independent trials there were.
        z: Quantile of the normal distribution; the default gives 95 %.

    >>> low, high = wilson(8, 10)
    >>> round(low, 3), round(high, 3)
    (0.49, 0.943)
    """
    if not trials:
        return 0.0, 1.0
    rate = successes / trials
    spread = z * z / trials
    centre = rate + spread / 2
    reach = z * sqrt(rate * (1 - rate) / trials + spread / (4 * trials))
    low, high = centre - reach, centre + reach
    # The exact bounds at the ends are 0 and 1; rounding must not miss them.
    return (
        max(0.0, low / (1 + spread)) if successes > 0 else 0.0,
        min(1.0, high / (1 + spread)) if successes < trials else 1.0,
    )


def bootstrap(
    items: Sequence[Sequence[float]], seed: int, *, resamples: int = RESAMPLES
) -> tuple[float, float]:
    """Percentile bootstrap of a mean over episodes (Efron 1979), 95 %.

    Whole items are drawn, with all of their episodes: those of one item are alike, and
    drawing each by itself would make the interval too narrow.

    Args:
        items: The values of each item's episodes, at least one each.
        seed: Of the drawing.
        resamples: How often as many items as there are are drawn.

    >>> bootstrap([[0.0, 1.0], [0.5]], seed=0)
    (0.5, 0.5)
    """
    if not items:
        return 0.0, 1.0
    sums = np.array([sum(values) for values in items])
    counts = np.array([len(values) for values in items])
    rng = np.random.default_rng(seed)
    rows = max(1, DRAWN_AT_ONCE // len(items))
    means = []
    for start in range(0, resamples, rows):
        shape = min(rows, resamples - start), len(items)
        drawn = rng.integers(len(items), size=shape)
        means.append(sums[drawn].sum(1) / counts[drawn].sum(1))
    low, high = np.percentile(np.concatenate(means), TAILS)
    return float(low), float(high)


def pass_at(k: int, trials: int, successes: int) -> float:
    """Estimate how likely one of k tries succeeds; unbiased (Chen et al. 2021).

    Args:
        k: How many tries.
        trials: How many there were, at least k.
        successes: How many of them succeeded.

    >>> pass_at(2, 4, 1)
    0.5
    """
    if not 1 <= k <= trials:
        raise ValueError(f"k must be in 1..{trials}, not {k}")
    return 1.0 - comb(trials - successes, k) / comb(trials, k)
