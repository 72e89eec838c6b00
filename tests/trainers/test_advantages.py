"""Every estimator against values that were worked out by hand."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgym_trainers import advantages as adv

# The agent reads two tokens, writes three, reads one, writes two.
STEPS = [-1, -1, 0, 0, 0, -1, 1, 1]
WRITTEN = [0, 0, 1, 1, 1, 0, 1, 1]


def test_grpo_divides_by_the_deviation_of_the_sample():
    # Rewards 1, 0, 0, 1: mean 0.5, sum of squares 1, deviation sqrt(1 / 3).
    found = adv.of_groups("grpo", [1.0, 0.0, 0.0, 1.0], "aaaa")
    one = 0.5 / (sqrt(1 / 3) + 1e-6)
    assert found == pytest.approx([one, -one, -one, one])


def test_dr_grpo_only_subtracts_the_mean():
    assert adv.of_groups("dr_grpo", [1.0, 0.0, 0.5, 0.5], "aaaa") == [0.5, -0.5, 0, 0]


@pytest.mark.parametrize("kind", ["rloo", "loop"])
def test_rloo_subtracts_the_mean_of_the_others(kind):
    # 1 - (0 + 0.5) / 2, 0 - (1 + 0.5) / 2, 0.5 - (1 + 0) / 2
    assert adv.of_groups(kind, [1.0, 0.0, 0.5], "aaa") == [0.75, -0.75, 0.0]


@pytest.mark.parametrize("kind", adv.OF_GROUPS)
def test_groups_do_not_touch_each_other_and_one_alone_learns_nothing(kind):
    found = adv.of_groups(kind, [1.0, 5.0, 0.0, 5.0, 9.0], "ababc")
    assert found[1] == found[3] == found[4] == 0.0
    assert found[0] == -found[2] > 0


@given(st.lists(st.floats(0, 1), min_size=2, max_size=8))
def test_advantages_of_a_group_sum_to_nothing(rewards):
    for kind in adv.OF_GROUPS:
        assert sum(adv.of_groups(kind, rewards, "a" * len(rewards))) == pytest.approx(
            0, abs=1e-6 if kind == "grpo" else 1e-9
        )


def test_a_reward_stands_on_the_last_written_token_of_its_step():
    assert adv.token_rewards(STEPS, [0.25, 1.0]) == [0, 0, 0, 0, 0.25, 0, 0, 1.0]
    # Never on a token that was read, though that is the last of all.
    assert adv.token_rewards([0, -1], [1.0]) == [1.0, 0]


def test_returns_are_discounted_over_written_tokens_alone():
    # From the end: 1, 0.5, then the step before: 0.25 + 0.5 * 0.5, and so on.
    found = adv.returns(STEPS, [0.25, 1.0], discount=0.5)
    assert found == [0, 0, 0.125, 0.25, 0.5, 0, 0.5, 1.0]


def test_gae_skips_what_was_read():
    values = [9, 9, 0.1, 0.2, 0.3, 9, 0.4, 0.5]
    found, targets = adv.gae(STEPS, [0.0, 1.0], values, discount=0.5, decay=0.5)
    # The errors from the end, each with half of the value that follows.
    d = [0.5, -0.15, -0.1, -0.05, 0.0]
    a = [d[0]]
    for error in d[1:]:
        a.append(error + 0.25 * a[-1])
    assert found == pytest.approx([0, 0, a[4], a[3], a[2], 0, a[1], a[0]])
    assert targets == pytest.approx(
        [0, 0, a[4] + 0.1, a[3] + 0.2, a[2] + 0.3, 0, a[1] + 0.4, a[0] + 0.5]
    )


def test_an_episode_that_was_cut_expects_what_its_last_value_says():
    ended, _ = adv.gae([0], [0.0], [0.5])
    cut, _ = adv.gae([0], [0.0], [0.5], last=0.8)
    assert (ended, cut) == ([-0.5], pytest.approx([0.3]))


@given(
    st.lists(st.sampled_from([-1, 0]), min_size=1, max_size=12),
    st.lists(st.floats(-1, 1), min_size=12, max_size=12),
)
def test_without_decay_and_discount_targets_are_returns(pattern, values):
    step, steps = -1, []
    for place, kind in enumerate(pattern):
        # Each run of written tokens is a step of its own.
        step += kind == 0 and (place == 0 or pattern[place - 1] == -1)
        steps.append(step if kind == 0 else -1)
    rewards = [float(i) for i in range(step + 1)]
    _, targets = adv.gae(steps, rewards, values[: len(steps)])
    assert targets == pytest.approx(adv.returns(steps, rewards))


def test_whitening_counts_written_tokens_alone():
    # 1, 3 and 5: mean 3, deviation sqrt(8 / 3).
    rows, masks = [[7.0, 1.0, 3.0], [5.0]], [[0, 1, 1], [1]]
    spread = sqrt(8 / 3) + 1e-6
    first, second = adv.whitened(rows, masks)
    assert first == pytest.approx([0, -2 / spread, 0])
    assert second == pytest.approx([2 / spread])
    assert adv.whitened([[1.0]], [[0]]) == [[0.0]]
