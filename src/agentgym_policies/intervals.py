"""Confidence intervals of success rates."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

Z_95 = NormalDist().inv_cdf(0.975)  # 1.96


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
