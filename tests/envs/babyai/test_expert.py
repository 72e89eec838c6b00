"""The expert wins what can be won, soon, from anywhere, and says why it can't."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys

import pytest

pytest.importorskip("minigrid")

import gymnasium

import agentgym_envs  # noqa: F401  # registers the ids
from agentgym_envs.babyai import HORIZON, hope
from agentgym_envs.babyai.codes import BALL, EMPTY, NAMES, WALL
from agentgym_envs.babyai.engine import World
from agentgym_envs.babyai.expert import best_macro
from agentgym_envs.babyai.levels import LEVELS, load
from agentgym_envs.babyai.mission import SUCCESS
from agentgym_envs.babyai.paths import LEFT
from agentgym_envs.babyai.routes import Fees, price_list, route, splits, spread
from agentgym_envs.errors import NoExpertAction

ALL_LEVELS = range(1, len(LEVELS) + 1)
SEEDS = range(25)

HOPELESS = {7: {6, 14}}
"""The only key lies inside the room that it opens."""

LONG = {
    35: {3},  # five things to carry out of narrow rooms, one after the other
    37: {0},  # four parts far apart, in an order that leads to and fro
    38: {1, 18, 22},  # three or four parts, with things in all the ways
    39: {0},  # the mission and the rooms of level 37
    40: {0},  # likewise
}
"""What takes more macros than the horizon allows."""


def finish(world: World) -> int:
    """Let the expert play to the end; give the number of macros."""
    macros = 0
    while not world.is_over:
        world.run(best_macro(world))
        macros += 1
    return macros


def stray(world: World, draw: random.Random, macros: int) -> None:
    """Play at random, and handle things more often than just walk."""
    for _ in range(macros):
        useful = world.look().useful
        deeds = [n for n in useful if n.startswith(("pickup", "drop", "toggle"))]
        world.run(draw.choice(deeds if deeds and draw.random() < 0.5 else useful))
        if world.is_over:
            break


@pytest.mark.parametrize("level", ALL_LEVELS)
def test_all_but_named_instances_are_won_within_the_horizon(level):
    hopeless, long = set(), set()
    for seed in SEEDS:
        world = World.start(load(level, seed))
        try:
            macros = finish(world)
        except NoExpertAction:
            hopeless.add(seed)
            continue
        assert world.status == SUCCESS, (level, seed)
        if macros > HORIZON:
            long.add(seed)
    assert hopeless == HOPELESS.get(level, set())
    assert long <= LONG.get(level, set())


def test_the_named_instances_are_few():
    count = len(ALL_LEVELS) * len(SEEDS)
    lost = sum(map(len, HOPELESS.values()))
    assert lost <= 0.01 * count
    assert lost + sum(map(len, LONG.values())) <= 0.01 * count


@pytest.mark.parametrize("seed", sorted(HOPELESS[7]))
def test_a_key_locked_into_its_own_room_is_hopeless_at_once(seed):
    world = World.start(load(7, seed))
    with pytest.raises(NoExpertAction, match="no key to it can be reached"):
        best_macro(world)


def check_from_strange_states(level: int, seeds: range, macros: int) -> None:
    """Whatever was done before, the expert wins, or knows that nobody can."""
    for seed in seeds:
        world = World.start(load(level, seed))
        draw = random.Random(f"{level} {seed}")
        stray(world, draw, draw.randint(1, macros))
        if world.is_over:
            continue
        try:
            finish(world)
        except NoExpertAction as error:
            left = world.scene.max_steps - world.steps
            assert str(error) in (hope.GONE, hope.LOCKED_AWAY) or left < 5, (
                level,
                seed,
                str(error),
            )
        else:
            assert world.status == SUCCESS, (level, seed)


@pytest.mark.parametrize("level", ALL_LEVELS)
def test_the_expert_wins_from_strange_states(level):
    check_from_strange_states(level, range(100, 103), macros=12)


@pytest.mark.slow
@pytest.mark.parametrize("level", ALL_LEVELS)
def test_the_expert_wins_from_many_strange_states(level):
    check_from_strange_states(level, range(300, 325), macros=30)


@pytest.mark.slow
@pytest.mark.parametrize("level", ALL_LEVELS)
def test_the_test_split_is_won(level):
    for seed in range(1000, 1025):
        world = World.start(load(level, seed))
        try:
            finish(world)
        except NoExpertAction as error:
            assert str(error) == hope.LOCKED_AWAY
        else:
            assert world.status == SUCCESS, (level, seed)


@pytest.mark.parametrize("level", [7, 26, 29, 34, 37])
def test_there_is_hope_on_every_way_to_success(level):
    for parity in (False, True):
        if parity and level == 26:
            continue
        world = World.start(load(level, 3), parity=parity)
        while world.status != SUCCESS:
            assert hope.why_hopeless(world) == ""
            world.run(best_macro(world))


def remove(world: World, thing: int) -> None:
    cell = next(cell for cell, n in world.at.items() if n == thing)
    world.cells[cell] = EMPTY
    del world.at[cell]


def test_a_box_that_was_opened_can_not_be_picked_up():
    world = World.start(load(28, 0))
    assert world.scene.sentence == "pick up the box"
    (box,) = world.scene.mission.objects
    remove(world, box)
    with pytest.raises(NoExpertAction, match="no longer exists"):
        best_macro(world)


def shut_in(*names: str) -> World:
    """The agent with the first thing in its hand and the others around it."""
    world = World.start(load(34, 0))
    codes = world.scene.codes
    for heading, name in enumerate(names, start=-1):
        thing = next(n for n in world.at.values() if NAMES[codes[n]] == name)
        remove(world, thing)
        if heading < 0:
            world.carried = thing
        else:
            cell = world.agent + world.scene.steps_of(heading)
            world.cells[cell], world.at[cell] = codes[thing], thing
    world.move(LEFT)
    return world


def test_who_is_shut_in_with_full_hands_gets_an_answer():
    world = shut_in("grey key", "yellow key", "purple key", "grey ball", "red ball")
    with pytest.raises(NoExpertAction, match="no way"):
        best_macro(world)


def test_who_is_shut_in_opens_a_box_to_get_out():
    world = shut_in("grey key", "yellow key", "purple key", "grey ball", "red box")
    finish(world)
    assert world.status == SUCCESS


def test_too_little_time_is_told():
    world = World.start(load(17, 2))
    world.steps = world.scene.max_steps - 1
    with pytest.raises(NoExpertAction, match="too little time"):
        best_macro(world)


def test_after_the_end_there_is_no_action():
    env = gymnasium.make("agentgym/BabyAI.GoToRedBall-v0", max_episode_steps=-1)
    env.reset(seed=0, options={"item": 0})
    while not env.unwrapped.is_over:
        env.step(env.unwrapped.expert_action())
    with pytest.raises(NoExpertAction, match="over"):
        env.unwrapped.expert_action()


def test_asking_changes_nothing():
    world = World.start(load(34, 1))
    twin = world.copy()
    best_macro(world)
    for name in World.__slots__:
        if name != "progress":
            assert getattr(world, name) == getattr(twin, name), name
    assert world.progress == twin.progress


CONTINUE_ELSEWHERE = """
import json, sys, gymnasium, agentgym_envs
env = gymnasium.make("agentgym/BabyAI-v0", max_episode_steps=-1)
answers = []
for kept in json.load(sys.stdin):
    env.unwrapped.restore(bytes.fromhex(kept))
    actions = []
    while not env.unwrapped.is_over:
        actions.append(env.unwrapped.expert_action())
        env.step(actions[-1])
    answers.append(actions)
print(json.dumps(answers))
"""


def test_a_fresh_process_continues_with_the_same_actions():
    env = gymnasium.make("agentgym/BabyAI-v0", max_episode_steps=-1)
    kept, expected = [], []
    for level in (29, 34, 37, 38):
        env.reset(seed=0, options={"item": 40 * 4 + level - 1})
        for _ in range(3):
            env.step(env.unwrapped.expert_action())
        kept.append(env.unwrapped.snapshot().hex())
        actions = []
        while not env.unwrapped.is_over:
            actions.append(env.unwrapped.expert_action())
            env.step(actions[-1])
        expected.append(actions)
    answer = subprocess.run(
        [sys.executable, "-c", CONTINUE_ELSEWHERE],
        input=json.dumps(kept),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    assert json.loads(answer.stdout) == expected


@pytest.mark.parametrize("level", [level for level in ALL_LEVELS if level != 26])
def test_parity_episodes_are_won(level):
    env = gymnasium.make(
        "agentgym/BabyAI-v0", parity=True, max_episode_steps=-1
    ).unwrapped
    for seed in range(2):
        env.reset(seed=0, options={"item": 40 * seed + level - 1})
        done = False
        while not done:
            _, reward, done, _, info = env.step(env.expert_action())
        assert info["success"] and reward > 0.5


def test_parity_can_not_open_the_box_with_the_key():
    world = World.start(load(26, 0), parity=True)
    with pytest.raises(NoExpertAction, match="no key to it can be reached"):
        best_macro(world)


def test_parity_can_not_close_a_door_to_open_it():
    world = World.start(load(13, 0), parity=True)
    world.run("toggle and go through red closed door 1")
    with pytest.raises(NoExpertAction, match="stands open"):
        best_macro(world)


STRIDE = 7


def grid(*rows: str) -> bytes:
    """A small grid: ``.`` free, ``o`` a ball, anything else a wall."""
    kinds = {".": EMPTY, "o": BALL}
    return bytes(kinds.get(sign, WALL) for row in rows for sign in row)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (("#######", "#.....#", "#.....#", "#.....#", "#######"), False),
        (("#######", "#..#..#", "#.....#", "#..#..#", "#######"), True),
        (("#######", "###.###", "#.....#", "#######", "#######"), True),
        (("#######", "#..####", "#...###", "#######", "#######"), False),
        (("#######", "#.ooo.#", "#.....#", "#######", "#######"), False),
    ],
)
def test_a_thing_in_a_narrow_place_splits_the_ways(rows, expected):
    assert splits(grid(*rows), STRIDE, 2 * STRIDE + 3) is expected


def test_ways_prefer_a_short_detour_to_an_obstacle():
    cells = grid("#######", "#.o...#", "#.....#", "#######")
    prices = cells.translate(price_list(Fees(thing=14, lock=60), EMPTY))
    way = route(spread(prices, STRIDE, (8,)), STRIDE, [11])
    assert way is not None
    assert (way.path, way.cost) == ([15, 16, 17, 10], 4)
