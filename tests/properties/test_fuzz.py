"""Any string is an action: nothing raises, hangs, or leaves the game unplayable."""

from __future__ import annotations

import random

import gymnasium
import pytest
from fuzzing import actions, any_action, legal_actions
from hypothesis import given, settings
from hypothesis import strategies as st

import agentgym_envs
from agentgym_envs.testing import INFO_TYPES

FAMILIES = [
    spec.name for spec in agentgym_envs.SPECS if spec.entry and "." not in spec.name
]
MANY = 100_000  # steps per environment and mode


def check_reply(env, reply):
    text, reward, terminated, truncated, info = reply
    assert text in env.observation_space
    assert isinstance(float(reward), float)
    assert type(terminated) is type(truncated) is bool
    assert {key: type(info[key]) for key in INFO_TYPES} == INFO_TYPES


def check_playable(env):
    """The expert or any legal action goes on from here."""
    legal = legal_actions(env)
    assert legal
    kept = env.unwrapped.snapshot()
    *_, info = env.step(legal[0])
    assert not info["invalid_action"]
    env.unwrapped.restore(kept)


def fuzz(env, draw, steps):
    env.reset(seed=draw.getrandbits(30))
    for count in range(steps):
        legal = legal_actions(env)
        if env.unwrapped.is_over or not legal or count % 60 == 59:
            env.reset()
            legal = legal_actions(env)
        check_reply(env, env.step(any_action(draw, legal)))
        if count % 500 == 0 and not env.unwrapped.is_over:
            check_playable(env)


@pytest.mark.parametrize("parity", [False, True], ids=["default", "parity"])
@pytest.mark.parametrize("family", FAMILIES)
def test_two_thousand_fuzzed_actions_are_answered(family, parity):
    env = gymnasium.make(f"agentgym/{family}-v0", parity=parity, max_episode_steps=-1)
    fuzz(env, random.Random(1), 2000)


@pytest.mark.slow
@pytest.mark.parametrize("parity", [False, True], ids=["default", "parity"])
@pytest.mark.parametrize("family", FAMILIES)
def test_a_hundred_thousand_fuzzed_actions_are_answered(family, parity):
    env = gymnasium.make(f"agentgym/{family}-v0", parity=parity, max_episode_steps=-1)
    fuzz(env, random.Random(2), MANY)


@pytest.mark.parametrize("parity", [False, True], ids=["default", "parity"])
@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=60)
@given(data=st.data(), seed=st.integers(0, 2**30))
def test_any_sequence_of_strings_is_an_episode(family, parity, data, seed):
    env = gymnasium.make(f"agentgym/{family}-v0", parity=parity)
    env.reset(seed=seed)
    for _ in range(8):
        if env.unwrapped.is_over:
            break
        action = data.draw(actions(legal_actions(env)), "action")
        check_reply(env, env.step(action))
    env.reset()
    check_playable(env)
