from __future__ import annotations

import math

import pytest

from agentgym_envs.errors import BadOption

torch = pytest.importorskip("torch")

from agentgym_policies.sampling import Sampling  # noqa: E402

LOGITS = torch.tensor([[math.log(0.5), math.log(0.3), math.log(0.15), math.log(0.05)]])


def chosen(sampling, draw):
    tokens, _ = sampling.choose(LOGITS, [draw])
    return tokens[0]


@pytest.mark.parametrize(
    ("options", "reach"),
    [
        ({}, [0.0, 0.5, 0.8, 0.95]),
        ({"top_k": 2}, [0.0, 0.625]),
        ({"top_p": 0.7}, [0.0, 0.625]),
        ({"top_p": 0.81}, [0.0, 0.5 / 0.95, 0.8 / 0.95]),
        ({"min_p": 0.2}, [0.0, 0.5 / 0.95, 0.8 / 0.95]),
        ({"temperature": 0.5}, [0.0, 0.25 / 0.365, 0.34 / 0.365, 0.3625 / 0.365]),
    ],
)
def test_each_token_is_drawn_by_its_share(options, reach):
    sampling = Sampling(**{"temperature": 1.0, **options})

    for token, start in enumerate(reach):
        end = reach[token + 1] if token + 1 < len(reach) else 1.0
        assert chosen(sampling, start + 1e-6) == token
        assert chosen(sampling, end - 1e-6) == token
    assert chosen(sampling, math.nextafter(1.0, 0.0)) == len(reach) - 1


def test_at_temperature_0_the_likeliest_is_taken():
    assert chosen(Sampling(), 0.99) == 0


def test_log_probabilities_are_those_of_the_whole_distribution():
    _, plain = Sampling().choose(LOGITS, [0.0])
    _, cut = Sampling(temperature=1.0, top_k=1).choose(LOGITS, [0.9])
    _, warm = Sampling(temperature=0.5).choose(LOGITS, [0.0])

    assert plain == cut == pytest.approx([math.log(0.5)])
    assert warm == pytest.approx([math.log(0.25 / 0.365)])


def test_draws_depend_on_seed_episode_and_step():
    sampling = Sampling(seed=1)

    assert sampling.draws(5, 2, 4)[:3] == sampling.draws(5, 2, 3)
    others = [Sampling(seed=2).draws(5, 2, 3), sampling.draws(6, 2, 3)]
    for other in [*others, sampling.draws(5, 3, 3)]:
        assert other != sampling.draws(5, 2, 3)


@pytest.mark.parametrize(
    "wrong",
    [
        {"temperature": -1.0},
        {"temperature": math.nan},
        {"top_k": -1},
        {"top_p": 0.0},
        {"top_p": 1.1},
        {"min_p": 1.0},
    ],
)
def test_options_that_nothing_can_be_drawn_with_are_refused(wrong):
    with pytest.raises(BadOption, match=next(iter(wrong))):
        Sampling(**wrong)
