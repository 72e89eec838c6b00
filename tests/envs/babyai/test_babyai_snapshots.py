"""Snapshots: what goes on from one is what would have gone on."""

from __future__ import annotations

import contextlib
import random
from dataclasses import replace

import gymnasium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("minigrid")

import agentgym_envs  # noqa: F401
from agentgym_envs.babyai.engine import World
from agentgym_envs.babyai.levels import load
from agentgym_envs.babyai.saving import load_saved, save
from agentgym_envs.errors import SnapshotError
from agentgym_envs.snapshot import pack, unpack

FIELDS = [
    name for name in World.__slots__ if name not in ("scene", "progress", "parity")
]


def same(one: World, other: World) -> bool:
    mine = [getattr(one, name) for name in FIELDS]
    yours = [getattr(other, name) for name in FIELDS]
    return mine == yours and (
        (one.progress.places, one.progress.held, one.progress.done)
        == (other.progress.places, other.progress.held, other.progress.done)
    )


def walked(level: int, seed: int, rounds: int, parity: bool) -> World:
    world = World.start(load(level, seed), parity=parity)
    draw = random.Random(f"{level} {seed} {rounds}")
    for _ in range(rounds):
        if world.is_over:
            break
        useful = world.look().useful
        rich = [a for a in useful if a[:4] in ("pick", "drop", "togg")]
        world.run(draw.choice(rich if rich and draw.random() < 0.6 else useful))
    return world


@settings(max_examples=150, deadline=None)
@given(
    level=st.integers(1, 40),
    seed=st.integers(0, 4),
    rounds=st.integers(0, 30),
    parity=st.booleans(),
)
def test_a_saved_world_comes_back_the_same(level, seed, rounds, parity):
    world = walked(level, seed, rounds, parity)
    assert same(load_saved(world.scene, save(world), parity=parity), world)


def test_a_key_from_a_box_can_be_saved_in_hand():
    for seed in range(5):
        world = walked(26, seed, 60, parity=False)
        assert same(load_saved(world.scene, save(world), parity=False), world)


@pytest.mark.parametrize("parity", [False, True])
def test_the_stale_first_view_survives(parity):
    env = gymnasium.make("agentgym/BabyAI-v0", parity=parity).unwrapped
    for seed in range(6):
        text, _ = env.reset(options={"item": 40 * seed + 22})
        kept = env.snapshot()
        forward = [env.step(a)[0] for a in ("turn left", "turn right")]
        env.restore(kept)
        assert text.endswith(env._state.world.look().suffix)
        assert env._state.world.view == load(23, seed).first_view()
        assert [env.step(a)[0] for a in ("turn left", "turn right")] == forward


def test_play_goes_on_alike_in_another_environment():
    draw = random.Random(5)
    for item in (5, 22, 25, 38, 155):
        one = gymnasium.make("agentgym/BabyAI-v0", parity=True).unwrapped
        two = gymnasium.make("agentgym/BabyAI-v0", parity=True).unwrapped
        one.reset(options={"item": item})
        for _ in range(8):
            if not one.is_over:
                one.step(draw.choice(one.admissible_actions()))
        two.restore(one.snapshot())
        while not one.is_over and one._steps < 20:
            action = draw.choice(one.admissible_actions())
            assert one.step(action) == two.step(action)
        assert one.snapshot() == two.snapshot()


WORLD = walked(39, 1, 12, parity=False)
SAVED = save(WORLD)


@pytest.mark.parametrize(
    "changes",
    [
        {"agent": -1},
        {"agent": 0},
        {"agent": 10**6},
        {"heading": 4},
        {"carried": 10**6},
        {"carried": -2},
        {"carried": next(n for n in WORLD.at.values() if n != WORLD.carried)},
        {"steps": -1},
        {"steps": 2**60},
        {"status": 3},
        {"places": []},
        {"held": [10**6] * len(SAVED.held)},
        {"done": [True] * 50},
        {"moved": {10**6: 500}},
        {"moved": {-1: 500}},
        {"moved": dict.fromkeys(WORLD.at.values(), -2)},
        {"moved": {n: 0 for n, c in enumerate(WORLD.scene.codes) if c >= 21}},
        {"doors": {0: 3}},
        {"doors": dict.fromkeys(WORLD.at, 30)},
        {"doors": {WORLD.agent: 3}},
    ],
)
def test_worlds_that_cannot_be_are_refused(changes):
    with pytest.raises(ValueError):
        load_saved(WORLD.scene, replace(SAVED, **changes), parity=False)


NUMBERS = st.integers(-3, 1300)


@settings(max_examples=300, deadline=None)
@given(
    changes=st.fixed_dictionaries(
        {},
        optional={
            "moved": st.dictionaries(st.integers(-2, 40), NUMBERS, max_size=4),
            "doors": st.dictionaries(NUMBERS, st.integers(-1, 45), max_size=4),
            "agent": NUMBERS,
            "heading": st.integers(-1, 4),
            "carried": st.integers(-2, 40),
            "steps": st.integers(-1, 2**54),
            "status": st.integers(-1, 3),
            "held": st.lists(st.integers(-2, 60), max_size=6),
            "done": st.lists(st.booleans(), max_size=6),
        },
    )
)
def test_what_is_not_refused_can_be_played(changes):
    try:
        world = load_saved(WORLD.scene, replace(SAVED, **changes), parity=True)
    except ValueError:
        return
    draw = random.Random(1)
    for _ in range(12):
        world.run(draw.choice(list(world.look().offers)))
    save(world)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_tampered_snapshots_are_refused_or_playable(data):
    env = gymnasium.make("agentgym/BabyAI-v0").unwrapped
    env.reset(options={"item": 38})
    content = unpack(env.snapshot())
    state = content[-1]
    place = data.draw(st.integers(0, len(state) - 1))
    state[place] = data.draw(
        st.one_of(
            st.none(), NUMBERS, st.text(max_size=3), st.lists(NUMBERS, max_size=3)
        )
    )
    with contextlib.suppress(SnapshotError):
        env.restore(pack(content))
    if not env.is_over:
        env.step("turn left")
