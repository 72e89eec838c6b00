"""When a model has learnt all that its data teach it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Check:
    """The success on validation items at one time of training.

    Args:
        rates: The success rate of each family.
        counts: How many items each was measured on.
    """

    rates: tuple[float, ...]
    counts: tuple[int, ...]

    @property
    def mean(self) -> float:
        """The average over the families."""
        return sum(self.rates) / len(self.rates)

    @property
    def noise(self) -> float:
        """The standard error of that average.

        >>> round(Check((0.5, 0.2), (100, 100)).noise, 4)
        0.032
        """
        pairs = zip(self.rates, self.counts, strict=True)
        variances = [rate * (1 - rate) / max(1, count) for rate, count in pairs]
        return sqrt(sum(variances)) / len(self.rates)


def has_levelled(checks: Sequence[Check]) -> bool:
    """Tell whether the last two checks rose by no more than noise.

    Each is compared with the best of those before the two, so that a slow rise over
    several checks is none of noise.
    """
    if len(checks) < 3:
        return False
    best = max(checks[:-2], key=lambda check: check.mean)
    return all(check.mean <= best.mean + best.noise for check in checks[-2:])
