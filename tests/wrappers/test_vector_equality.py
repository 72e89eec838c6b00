"""Wherever the environments of a family live, they say the same, bit for bit."""

from __future__ import annotations

import functools
import random
from contextlib import closing
from itertools import chain

import gymnasium
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from test_vector import same

import agentgym_envs
from agentgym_envs.errors import NoExpertAction
from agentgym_wrappers import TextVectorEnv
from agentgym_wrappers.vector import launch

FAMILIES = sorted(
    {spec.name.split(".")[0] for spec in agentgym_envs.SPECS if spec.entry}
)
STEPS = 200  # of each slot
SLOTS, SEED, HORIZON = 2, 11, 8
EXPERT, LISTED = 0.4, 0.8  # of the actions are the expert's, and at most listed ones
NONSENSE = ("", "look around", "\n", "Löwe 獅子 🦁", "click[", "x" * 2000, "\x00{}")
BACKENDS = {
    "in process": {},
    "workers": {"workers": 2},
    "ray": {"backend": "ray", "workers": 1},
}


@pytest.fixture(
    params=["in process", "workers", pytest.param("ray", marks=pytest.mark.slow)]
)
def backend(request, monkeypatch):
    """Keywords for a vector that plays somewhere."""
    if request.param == "ray":
        request.getfixturevalue("ray_cluster")
    # Starts workers in milliseconds: test_vector_close.py starts them otherwise.
    monkeypatch.setattr(launch, "PREFERRED", ("fork",))
    return BACKENDS[request.param]


@pytest.fixture(
    params=[
        pytest.param(name, marks=[pytest.mark.slow] if name == "SciWorld" else [])
        for name in FAMILIES
    ]
)
def name(request):
    return f"agentgym/{request.param}-v0"


def make(name):
    return gymnasium.make(name, horizon=HORIZON)


def chosen(env, dice, *, asks=True):
    """An expert's action, any admissible one, or none that makes sense."""
    luck = dice.random()
    if luck < EXPERT and asks:
        try:
            return env.unwrapped.expert_action()
        except NoExpertAction:
            return "look around"
    listed = env.unwrapped.admissible_actions() if luck < LISTED else None
    return dice.choice(listed or NONSENSE)


@functools.cache
def plain_loop(name):
    """What a policy does in one environment after another, and what it sees there."""
    envs = [make(name) for _ in range(SLOTS)]
    dice = random.Random(3)
    begun = [env.reset(seed=SEED + slot) for slot, env in enumerate(envs)]
    played = []
    # SciWorld's expert thinks for seconds about each new item, so one slot asks it.
    asks = ["SciWorld" not in name or slot == 0 for slot in range(SLOTS)]
    for _ in range(STEPS):
        actions = [
            chosen(env, dice, asks=asking)
            for env, asking in zip(envs, asks, strict=True)
        ]
        rows = [env.step(action) for env, action in zip(envs, actions, strict=True)]
        for slot, (final, reward, terminated, truncated, info) in enumerate(rows):
            if terminated or truncated:
                first, beginning = envs[slot].reset()
                beginning |= {"final_obs": final, "final_info": info}
                rows[slot] = first, reward, terminated, truncated, beginning
        played.append((actions, rows))
    for env in envs:
        env.close()
    return begun, played


def rows_of(result):
    """What `step` gives, slot by slot, in plain Python."""
    columns = (
        column.tolist() if isinstance(column, np.ndarray) else column
        for column in result
    )
    return list(zip(*columns, strict=True))


def test_a_vector_says_what_a_plain_loop_says(name, backend):
    begun, played = plain_loop(name)
    envs = TextVectorEnv(
        name,
        SLOTS,
        kwargs={"horizon": HORIZON},
        autoreset_mode="SameStep",
        infos="list",
        **backend,
    )
    with closing(envs):
        same(rows_of(envs.reset(seed=SEED)), begun)
        for actions, rows in played:
            same(rows_of(envs.step(actions)), rows)


def test_a_vector_of_several_families_says_what_their_loops_say(backend):
    names = [f"agentgym/{name}-v0" for name in ("Maze", "TextCraft", "Wordle")]
    loops = [plain_loop(name) for name in names]
    mixed = backend | {"workers": 2 * backend.get("workers", 0)}
    envs = TextVectorEnv(
        names,
        SLOTS * len(names),
        kwargs={"horizon": HORIZON},
        autoreset_mode="SameStep",
        infos="list",
        **mixed,
    )
    # The slots go through the families again and again.
    begun = list(chain(*zip(*(loop[0] for loop in loops), strict=True)))
    seeds = [SEED + slot for slot in range(SLOTS) for _ in names]
    with closing(envs):
        same(rows_of(envs.reset(seed=seeds)), begun)
        for turn in zip(*(loop[1] for loop in loops), strict=True):
            actions, rows = (
                list(chain(*zip(*parts, strict=True)))
                for parts in zip(*turn, strict=True)
            )
            same(rows_of(envs.step(actions)), rows)


def test_infos_as_arrays_are_those_of_gymnasiums_vector(name):
    _, played = plain_loop(name)
    mode = AutoresetMode.SAME_STEP
    theirs = SyncVectorEnv([lambda: make(name)] * SLOTS, autoreset_mode=mode)
    kwargs = {"horizon": HORIZON}
    ours = TextVectorEnv(name, SLOTS, kwargs=kwargs, autoreset_mode=mode)
    with closing(theirs), closing(ours):
        same(ours.reset(seed=SEED), theirs.reset(seed=SEED))
        for actions, _ in played[:60]:
            same(ours.step(actions), theirs.step(actions))


def test_the_loop_plays_many_episodes_with_sense_and_without(name):
    _, played = plain_loop(name)
    rows = [row for _, rows in played for row in rows]
    infos = [row[4].get("final_info", row[4]) for row in rows]
    assert len(rows) == SLOTS * STEPS
    assert sum("final_info" in row[4] for row in rows) >= len(rows) / HORIZON
    assert {info["invalid_action"] for info in infos} == {False, True}
    assert {info["success"] for info in infos} == {False, True}
