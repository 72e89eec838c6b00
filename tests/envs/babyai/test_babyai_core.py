"""Our core against Minigrid's: instances, steps, pictures, rewards, ends."""

from __future__ import annotations

import random

import pytest

pytest.importorskip("minigrid")

import babyai_stock as stock

from agentgym_envs.babyai.engine import Scene, World
from agentgym_envs.babyai.generator import scene_of
from agentgym_envs.babyai.levels import LEVELS, load
from agentgym_envs.babyai.mission import CONTINUE
from agentgym_envs.babyai.paths import DROP, FORWARD, LEFT, PICKUP, RIGHT, TOGGLE

ALL_LEVELS = range(1, len(LEVELS) + 1)
# Forward and hands more often than turns, so that things happen.
ACTIONS = (LEFT, RIGHT, FORWARD, FORWARD, FORWARD, PICKUP, PICKUP, DROP, TOGGLE, TOGGLE)


def compare_instances(level: int, seeds: range) -> None:
    env = stock.make(level)
    for seed in seeds:
        first = stock.reset(env, seed)
        if LEVELS[level - 1].name == "PutNextS7N4Carrying":
            # Reset has put it into the agent's hand already.
            env.grid.set(*env.obj_a.init_pos, env.obj_a)
        theirs, ours = scene_of(env, level, seed), load(level, seed)
        assert stock.view_bytes(first["image"]) == ours.first_view()
        for name in Scene.__slots__:
            assert getattr(theirs, name) == getattr(ours, name), (level, seed, name)


def compare_steps(level: int, seed: int, steps: int) -> None:
    env, scene = stock.make(level), load(level, seed)
    stock.reset(env, seed)
    world = World.start(scene, parity=True)
    draw = random.Random(f"{level} {seed}")
    for number in range(steps):
        action = draw.choice(ACTIONS)
        seen, reward, ended, _, _ = env.step(action)
        before = world.view
        changed = world.move(action)
        assert stock.view_bytes(seen["image"]) == world.view, (level, seed, number)
        assert changed == (before != world.view)
        assert (world.reward, world.status != CONTINUE) == (reward, ended)
        assert (world.steps, world.heading) == (env.step_count, env.agent_dir)
        assert scene.position(world.agent) == tuple(int(n) for n in env.agent_pos)


@pytest.mark.parametrize("level", ALL_LEVELS)
def test_instances_are_those_of_minigrid(level):
    compare_instances(level, range(4))


@pytest.mark.parametrize("level", ALL_LEVELS)
def test_random_steps_are_those_of_minigrid(level):
    compare_steps(level, seed=3, steps=150)


@pytest.mark.slow
@pytest.mark.parametrize("level", ALL_LEVELS)
def test_many_instances_are_those_of_minigrid(level):
    compare_instances(level, range(4, 60))


@pytest.mark.slow
@pytest.mark.parametrize("level", ALL_LEVELS)
def test_many_random_steps_are_those_of_minigrid(level):
    for seed in range(10, 18):
        compare_steps(level, seed, steps=500)
