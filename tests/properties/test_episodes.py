"""An episode depends on its item and its actions, and on nothing else."""

from __future__ import annotations

import contextlib
import multiprocessing
import random

import gymnasium
import numpy as np
import pytest
from fuzzing import (
    actions,
    both_modes,
    every_family,
    every_family_in_depth,
    legal_actions,
)
from gymnasium.vector import AsyncVectorEnv
from hypothesis import given, settings
from hypothesis import strategies as st

from agentgym_envs.errors import NoExpertAction


def make(family, parity=False):
    return gymnasium.make(f"agentgym/{family}-v0", parity=parity, max_episode_steps=-1)


def draw_episode(env, data, most):
    """Step through drawn actions until the end; give actions and replies."""
    taken, replies = [], []
    for _ in range(most):
        if env.unwrapped.is_over:
            break
        legal = legal_actions(env)
        taken.append(data.draw(actions(legal) if legal else st.text(), "action"))
        replies.append(env.step(taken[-1]))
    return taken, replies


def go_on(family, parity, snapshot, taken):
    """Restore and replay; what another process runs."""
    import agentgym_envs  # noqa: F401  # registers the ids in a spawned process

    env = make(family, parity)
    env.unwrapped.restore(snapshot)
    replies = [env.step(action) for action in taken]
    return replies, env.reset(), env.unwrapped.snapshot()


@pytest.fixture(scope="module")
def other_process():
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        yield pool


@both_modes
@every_family_in_depth
@settings(max_examples=25)
@given(data=st.data(), seed=st.integers(0, 2**30))
def test_a_snapshot_goes_on_byte_for_byte_in_another_process(
    family, parity, other_process, data, seed
):
    env = make(family, parity)
    env.reset(seed=seed)
    draw_episode(env, data, data.draw(st.integers(0, 6), "steps before"))
    if env.unwrapped.is_over:
        return
    kept = env.unwrapped.snapshot()
    taken, replies = draw_episode(env, data, 6)
    here = replies, env.reset(), env.unwrapped.snapshot()
    assert here == other_process.apply(go_on, (family, parity, kept, taken))


@both_modes
@every_family_in_depth
@settings(max_examples=15)
@given(data=st.data(), seeds=st.tuples(st.integers(0, 2**30), st.integers(0, 2**30)))
def test_interleaved_episodes_equal_lone_ones(family, parity, data, seeds):
    alone = []
    for seed in seeds:
        env = make(family, parity)
        first = env.reset(seed=seed)
        alone.append((first, *draw_episode(env, data, 8)))
    envs = [make(family, parity) for _ in seeds]
    for env, seed, (first, _, _) in zip(envs, seeds, alone, strict=True):
        assert env.reset(seed=seed) == first
    turns = [i for i, (_, taken, _) in enumerate(alone) for _ in taken]
    data.draw(st.randoms(use_true_random=False), "order").shuffle(turns)
    positions = [0, 0]
    for i in turns:
        _, taken, replies = alone[i]
        assert envs[i].step(taken[positions[i]]) == replies[positions[i]]
        positions[i] += 1


@both_modes
@every_family_in_depth
@settings(max_examples=10)
@given(data=st.data(), seed=st.integers(0, 2**30))
def test_global_generators_stand_still(family, parity, data, seed):
    env = make(family, parity)
    data.draw(st.none())  # hypothesis seeds the global generators before this
    python, numpy = random.getstate(), np.random.get_state()[1:3]
    env.reset(seed=seed)
    legal = legal_actions(env)
    for action in [*legal[:3], "nonsense"]:
        if not env.unwrapped.is_over:
            with contextlib.suppress(NoExpertAction):  # some levels can't be won
                env.unwrapped.expert_action()
            env.step(action)
    env.reset()
    env.unwrapped.restore(env.unwrapped.snapshot())
    assert random.getstate() == python
    after = np.random.get_state()[1:3]
    assert after[1] == numpy[1] and (after[0] == numpy[0]).all()


@every_family
def test_spawned_processes_play_the_same(family):
    ids = [f"agentgym/{family}-v0"] * 2
    makers = [lambda id_=id_: gymnasium.make(f"agentgym_envs:{id_}") for id_ in ids]
    vector = AsyncVectorEnv(makers, context="spawn")
    try:
        texts, _ = vector.reset(seed=5)
        envs = [make(family) for _ in range(2)]
        firsts = tuple(env.reset(seed=5 + i)[0] for i, env in enumerate(envs))
        assert texts == firsts
        legal = [legal_actions(env)[0] for env in envs]
        texts, *_ = vector.step(legal)
        assert texts == tuple(e.step(a)[0] for e, a in zip(envs, legal, strict=True))
    finally:
        vector.close()
