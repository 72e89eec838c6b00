from __future__ import annotations

import pytest

from agentgym_policies.intervals import bootstrap, pass_at, wilson


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


def test_the_bootstrap_equals_hand_worked_values():
    # Resampling ten ones and ten zeros draws Binomial(20, 1/2) ones. P(X <= 5) is
    # 0.0207 and P(X <= 6) 0.0577, so the 2.5 % quantile is 6 of 20; likewise 14.
    items = [[1.0]] * 10 + [[0.0]] * 10

    assert bootstrap(items, seed=0) == pytest.approx((0.3, 0.7))
    # Of two items, a quarter of the resamples holds one twice, another the other.
    assert bootstrap([[2.0], [6.0]], seed=0) == (2.0, 6.0)


def test_the_bootstrap_draws_items_with_all_of_their_episodes():
    once = [[1.0]] * 10 + [[0.0]] * 10
    five_times = [[1.0] * 5] * 10 + [[0.0] * 5] * 10
    by_episode = [[value] for item in five_times for value in item]

    assert bootstrap(five_times, seed=1) == bootstrap(once, seed=1)
    low, high = bootstrap(by_episode, seed=1)
    assert high - low < 0.25  # of a hundred trials, which these are not


def test_items_count_by_their_episodes():
    # Drawn: twice the first (mean 0), both (1/4), twice the second (1).
    low, high = bootstrap([[0.0, 0.0, 0.0], [1.0]], seed=0)
    assert (low, high) == (0.0, 1.0)
    medians = bootstrap([[0.0, 0.0, 0.0], [1.0]] * 50, seed=0)
    assert medians[0] < 0.25 < medians[1]


def test_the_bootstrap_is_the_same_for_a_seed_however_much_is_drawn_at_once(
    monkeypatch,
):
    items = [[float(number)] for number in range(30)]
    whole = bootstrap(items, seed=3)
    monkeypatch.setattr("agentgym_policies.intervals.DRAWN_AT_ONCE", 30 * 7)

    assert bootstrap(items, seed=3) == whole
    assert bootstrap(items, seed=4) != whole
    assert bootstrap([], seed=3) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("k", "trials", "successes", "expected"),
    [
        # 1 - C(n - c, k) / C(n, k)
        (1, 4, 1, 1 / 4),
        (2, 4, 1, 1 / 2),  # 1 - 3/6
        (3, 10, 2, 1 - 56 / 120),
        (5, 10, 3, 1 - 21 / 252),
        (4, 5, 2, 1.0),  # at most three tries can fail
        (2, 5, 0, 0.0),
    ],
)
def test_pass_at_k_equals_hand_worked_values(k, trials, successes, expected):
    assert pass_at(k, trials, successes) == pytest.approx(expected, abs=1e-12)


def test_more_tries_than_there_were_are_refused():
    with pytest.raises(ValueError, match=r"1\.\.3"):
        pass_at(4, 3, 1)
