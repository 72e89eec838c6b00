"""Losses against values that were worked out by hand, and against a plain model."""

from __future__ import annotations

from math import exp, log

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from agentgym_envs.errors import BadOption  # noqa: E402
from agentgym_trainers import losses  # noqa: E402
from agentgym_trainers.losses import Clip  # noqa: E402


def t(*values):
    return torch.tensor(values, dtype=torch.float64)


def test_the_clip_stops_what_went_far_enough():
    ratio = t(1.5, 0.5, 1.5, 0.5, 1.1)
    good, bad = 2.0, -2.0
    advantages = t(good, good, bad, bad, good)
    found = losses.clipped(ratio.log(), t(0, 0, 0, 0, 0), advantages, Clip())
    # min(w A, clip(w) A): 2.4, 1.0, -3.0, -1.6, 2.2
    assert found.tolist() == pytest.approx([-2.4, -1.0, 3.0, 1.6, -2.2])


def test_the_upper_clip_may_be_higher():
    found = losses.clipped(t(log(1.25)), t(0), t(1), Clip(low=0.2, high=0.28))
    assert found.tolist() == pytest.approx([-1.25])


def test_the_bound_of_loop():
    ratio = t(1.5, 0.5, 1.5, 0.5)
    advantages = t(2, 2, -2, -2)
    clip = Clip(high=0.1, is_loop=True)
    found = losses.clipped(ratio.log(), t(0, 0, 0, 0), advantages, clip)
    # min(3, 2.2), min(1, 2.2), min(-3, -2 / 1.1), min(-1, -2 / 1.1)
    assert found.tolist() == pytest.approx([-2.2, -1.0, 3.0, 2 / 1.1])


def test_the_divergence_is_never_negative():
    # reference - logprob = log 2: 2 - log 2 - 1
    found = losses.divergence(t(-1.0, -1.0), t(-1.0 + log(2), -1.0))
    assert found.tolist() == pytest.approx([1 - log(2), 0.0])
    assert (losses.divergence(torch.randn(99), torch.randn(99)) >= 0).all()


def test_values_gain_nothing_beyond_the_clip():
    found = losses.value_loss(t(1.0, 0.4), t(0, 0), t(1.0, 1.0), 0.2)
    # The clipped values are 0.2: half of 0.8 squared, for both.
    assert found.tolist() == pytest.approx([0.32, 0.32])


def test_means_over_tokens_episodes_and_by_a_constant():
    found = torch.tensor([[1.0, 2.0, 9.0], [6.0, 9.0, 9.0]])
    mask = torch.tensor([[1, 1, 0], [1, 0, 0]])

    def mean(*how):
        return ((found * mask).sum(1) * losses.row_weights(mask, *how)).sum().item()

    assert mean("token") == pytest.approx(3.0)
    assert mean("episode") == pytest.approx((1.5 + 6) / 2)
    assert mean("constant", 10) == pytest.approx(0.45)
    with pytest.raises(BadOption, match="token, episode, constant"):
        mean("all")


def test_preferences_compare_sums_with_the_reference():
    loss, margin = losses.preference_loss(t(-1.0), t(-3.0), t(-2.0), t(-2.5), 0.5)
    # 0.5 * ((-1 + 2) - (-3 + 2.5)) = 0.75
    assert margin.item() == pytest.approx(0.75)
    assert loss.item() == pytest.approx(log(1 + exp(-0.75)))


def test_logprobs_are_those_of_each_row_alone(tiny_model):
    rows = [[5, 6, 7, 8, 9], [6, 7]]
    ids = torch.tensor([rows[0], [*rows[1], 0, 0, 0]])
    attention = torch.tensor([[1] * 5, [1, 1, 0, 0, 0]])
    with torch.no_grad():
        found, entropies, _ = losses.token_logprobs(tiny_model, ids, attention, 0.7)
        for place, row in enumerate(rows):
            logits = tiny_model(input_ids=torch.tensor([row])).logits[0] / 0.7
            all_of_them = logits.log_softmax(-1)
            for at, token in enumerate(row[1:], start=1):
                expected = all_of_them[at - 1, token].item()
                assert found[place, at].item() == pytest.approx(expected, abs=1e-5)
            spread = -(all_of_them[0].exp() * all_of_them[0]).sum().item()
            assert entropies[place, 1].item() == pytest.approx(spread, abs=1e-4)
    assert found[:, 0].tolist() == [0.0, 0.0]
