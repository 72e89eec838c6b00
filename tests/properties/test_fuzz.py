"""Any string is an action: nothing raises, hangs, or leaves the game unplayable."""

from __future__ import annotations

import os
import random

import gymnasium
import pytest
from fuzzing import (
    SLOW_ENGINES,
    actions,
    any_action,
    both_modes,
    every_family,
    every_family_in_depth,
    legal_actions,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from agentgym_envs.testing import INFO_TYPES

FEW, MANY = 2_000, 100_000  # steps per environment and mode
# The same for slow engines; a long run takes as many steps as it is told.
FEW_SLOW, MANY_SLOW = 100, int(os.environ.get("FUZZ_STEPS", 2_000))


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


def fuzz(env, draw, steps, *, every=1):
    """Take steps; ask every so many of them anew what is legal."""
    env.reset(seed=draw.getrandbits(30))
    for count in range(steps):
        if not count % every:
            legal = legal_actions(env)
        if env.unwrapped.is_over or not legal or count % 60 == 59:
            env.reset()
            legal = legal_actions(env)
        check_reply(env, env.step(any_action(draw, legal)))
        if count % 500 == 0 and not env.unwrapped.is_over:
            check_playable(env)


@both_modes
@every_family
def test_fuzzed_actions_are_answered(family, parity):
    env = gymnasium.make(f"agentgym/{family}-v0", parity=parity, max_episode_steps=-1)
    fuzz(env, random.Random(1), FEW_SLOW if family in SLOW_ENGINES else FEW)


@pytest.mark.slow
@both_modes
@every_family
def test_many_fuzzed_actions_are_answered(family, parity):
    env = gymnasium.make(f"agentgym/{family}-v0", parity=parity, max_episode_steps=-1)
    if family in SLOW_ENGINES:
        fuzz(env, random.Random(2), MANY_SLOW, every=10)
    else:
        fuzz(env, random.Random(2), MANY)


@both_modes
@every_family_in_depth
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
