"""Parity mode against the plain reference: texts, rewards, scores, ends."""

from __future__ import annotations

import random

import gymnasium
import pytest

pytest.importorskip("minigrid")

from babyai_reference import Reference

import agentgym_envs  # noqa: F401
from agentgym_envs.babyai.levels import LEVELS, load

ALL_LEVELS = range(1, len(LEVELS) + 1)
NONSENSE = (
    "",
    "look",
    "drop",
    "toggle",
    "move forward",
    "pick up red ball 1",
    " Check ",
)


def parity_env():
    return gymnasium.make("agentgym/BabyAI-v0", parity=True, horizon=10**6).unwrapped


def compare(env, level: int, seed: int, rounds: int) -> None:
    """Walk through both with the same random valid, invalid and refused actions."""
    if load(level, seed, legacy=True).sentence != load(level, seed).sentence:
        return  # the original server's Minigrid had another mission here
    theirs = Reference(level, seed)
    text, info = env.reset(options={"item": seed * 40 + level - 1})
    assert text == theirs.first
    draw = random.Random(f"{level} {seed}")
    for number in range(rounds):
        kind = draw.random()
        if kind < 0.1:
            action = draw.choice(NONSENSE)
        elif kind < 0.3 and theirs.errors:
            action = draw.choice(list(theirs.errors))
        else:
            action = draw.choice(list(theirs.macros))
            # What moves things leads to more states than turns do.
            if kind < 0.7:
                rich = [a for a in theirs.macros if a[:4] in ("pick", "drop", "togg")]
                action = draw.choice(rich or [action])
        expected, reward, total, done = theirs.step(action)
        text, ours, terminated, truncated, info = env.step(action)
        where = (level, seed, number, action)
        assert text == expected, where
        assert (ours, terminated) == (reward, done), where
        assert info["original_score"] == total, where
        assert not truncated
        if done:
            break


@pytest.mark.parametrize("level", ALL_LEVELS)
def test_walks_are_those_of_the_reference(level):
    env = parity_env()
    for seed in range(2):
        compare(env, level, seed, rounds=12)


@pytest.mark.slow
@pytest.mark.parametrize("level", ALL_LEVELS)
def test_long_walks_are_those_of_the_reference(level):
    env = parity_env()
    for seed in range(2, 12):
        compare(env, level, seed, rounds=60)
