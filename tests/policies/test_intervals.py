from __future__ import annotations

import pytest

from agentgym_policies.intervals import wilson


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # By hand with z = 1.96: centre (p + z²/2n) / (1 + z²/n), reach
        # z √(p(1-p)/n + z²/4n²) / (1 + z²/n).
        (8, 10, 0.4902, 0.9433),  # centre 0.7167, reach 0.2266
        (50, 100, 0.4038, 0.5962),  # centre 0.5, reach 0.0962
        (1, 2, 0.0945, 0.9055),  # centre 0.5, reach 0.4055
        (10, 10, 0.7225, 1.0),  # n / (n + z²)
        (0, 10, 0.0, 0.2775),  # z² / (n + z²)
        (2.5, 10, 0.0809, 0.5578),  # centre 0.3194, reach 0.2384
    ],
)
def test_wilsons_interval_equals_hand_worked_values(successes, trials, low, high):
    assert wilson(successes, trials) == pytest.approx((low, high), abs=6e-5)


def test_no_trials_tell_nothing():
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_interval_holds_the_rate_and_stays_between_0_and_1():
    for trials in (1, 2, 7, 1000):
        for successes in range(trials + 1):
            low, high = wilson(successes, trials)
            assert 0 <= low <= successes / trials <= high <= 1


def test_more_trials_make_it_narrower():
    widths = [high - low for low, high in (wilson(n // 2, n) for n in (4, 40, 400))]

    assert widths == sorted(widths, reverse=True)
