"""The 40 levels: names, limits, and what follows from Minigrid's generator."""

from __future__ import annotations

import builtins
import subprocess
import sys

import pytest

pytest.importorskip("minigrid")

from agentgym_envs.babyai import NAMES, generator, levels
from agentgym_envs.babyai.codes import (
    CLOSED,
    EMPTY,
    KEY,
    LOCKED,
    OPEN,
    colour_of,
    is_door,
    is_key,
    state_of,
)
from agentgym_envs.babyai.levels import LEVELS, load
from agentgym_envs.babyai.mission import Joint
from agentgym_envs.errors import MissingExtra

# Width, height and the limits at seeds 0 to 2 and beyond.
ONE_ROOM, MAZE_7, MAZE_8 = (8, 8, {64}), (19, 19, {441}), (22, 22, {576})
MIXED = (22, 22, {1152, 1728, 2304, 2880, 576, 3456, 4032, 4608})
FACTS = {
    1: ONE_ROOM,
    2: ONE_ROOM,
    3: ONE_ROOM,
    4: (4, 4, {16}),
    5: ONE_ROOM,
    6: MAZE_7,
    7: MAZE_8,
    8: (9, 9, {100, 200, 300, 400}),
    9: ONE_ROOM,
    10: MAZE_7,
    11: MAZE_8,
    12: MAZE_8,
    13: (9, 5, {50}),
    14: MAZE_8,
    15: (16, 16, {720}),
    16: (16, 16, {720}),
    17: MAZE_8,
    18: MAZE_8,
    19: ONE_ROOM,
    20: (7, 7, {49}),
    21: (16, 16, {288}),
    22: (6, 6, {72}),
    23: (13, 7, {392}),
    24: MAZE_8,
    25: MAZE_8,
    26: MAZE_8,
    27: (11, 6, {72}),
    28: (11, 6, {576}),
    29: (16, 6, {1080}),
    30: MAZE_7,
    31: (19, 19, {980}),
    32: (16, 16, {1080}),
    33: (20, 20, {400}),
    34: (15, 8, {1024}),
    35: (13, 9, {150, 300}),
    36: (22, 22, {576, 1152}),
    37: MIXED,
    38: (9, 9, {100 * n for n in range(1, 9)}),
    39: MIXED,
    40: MIXED,
}
FIRST_MISSIONS = {
    1: "go to the red ball",
    4: "go to the blue key",
    5: "go to a green key",
    10: "go to a grey door",
    15: "open the red door, then open the blue door",
    16: "open the purple door after you open the red door",
    23: "put the yellow box next to the green ball",
    25: "open the door",
    31: "pick up the box",
    36: "put a red box next to a door on your right",
}


def test_names_are_those_of_the_table():
    assert tuple(level.name for level in LEVELS) == NAMES
    assert len(set(NAMES)) == 40


@pytest.mark.parametrize("level", FACTS)
def test_sizes_and_limits(level):
    width, height, limits = FACTS[level]
    for seed in range(3):
        scene = load(level, seed)
        assert (scene.width, scene.height) == (width, height)
        assert scene.max_steps in limits


@pytest.mark.parametrize("level", FIRST_MISSIONS)
def test_missions_at_the_first_seed(level):
    shown = load(level, 0).sentence.replace("then", "and").replace("after you", "and")
    hidden = FIRST_MISSIONS[level].replace("then", "and").replace("after you", "and")
    assert shown == hidden


def test_levels_37_39_and_40_share_the_first_mission():
    assert len({load(level, 0).sentence for level in (37, 39, 40)}) == 1


def test_the_leaked_room_changes_items_155_and_156_only():
    differ = [
        item
        for item in range(400)
        if LEVELS[item % 40].leaks
        and load(item % 40 + 1, item // 40).sentence
        != load(item % 40 + 1, item // 40, legacy=True).sentence
    ]
    assert differ == [155, 156]


def test_a_legacy_instance_does_not_depend_on_what_came_before():
    maker = generator._maker(37, True)
    maker.generate(5)
    first = maker.mission
    for seed in (0, 3, 8):
        maker.generate(seed)
    maker.generate(5)
    assert maker.mission == first


def test_the_first_view_of_the_carrying_level_is_older_than_its_start():
    scene = load(23, 0)
    assert scene.carried >= 0
    assert scene.cells[scene.ghost] == EMPTY
    assert scene.codes[scene.carried] in scene.first_view()


def test_order_levels_have_strict_doors():
    orders = set()
    for seed in range(10):
        mission = load(16, seed).mission
        if isinstance(mission, Joint):
            orders.add(mission.order)
            assert mission.first.strict and mission.second.strict
    assert orders == {"before", "after"}


def reachable(scene, locked_too: bool) -> set[int]:
    """Cells that can be walked to, or faced, when objects may be moved away."""
    seen, stack = set(), [scene.agent]
    while stack:
        cell = stack.pop()
        if cell in seen:
            continue
        seen.add(cell)
        code = scene.cells[cell]
        is_locked = is_door(code) and state_of(code) == LOCKED
        if code >= EMPTY and code != 2 and (locked_too or not is_locked):
            stack += (cell + scene.steps_of(heading) for heading in range(4))
    return seen


def test_which_imp_unlock_instances_cannot_be_won():
    hopeless = []
    for seed in range(25):
        scene = load(7, seed)
        near = reachable(scene, locked_too=False)
        if scene.places[0] & near:
            continue
        (colour,) = {
            colour_of(code)
            for code in scene.cells
            if is_door(code) and state_of(code) == LOCKED
        }
        keys = {
            cell
            for cell in near
            if is_key(code := scene.cells[cell]) and colour_of(code) == colour
        }
        if not keys:
            hopeless.append(seed)
    assert hopeless == [6, 14]


def test_a_level_without_minigrid_names_the_extra(monkeypatch):
    real = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name.split(".")[0] == "minigrid":
            raise ModuleNotFoundError("gone", name="minigrid")
        return real(name, *args, **kwargs)

    for name in list(sys.modules):
        if name.split(".")[0] == "minigrid" or name == generator.__name__:
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr("agentgym_envs.babyai.generator")
    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingExtra, match=r"agentgym-envs\[babyai\]"):
        levels._load.__wrapped__(1, 0, False)


def test_importing_the_environment_does_not_load_minigrid():
    program = (
        "import sys, agentgym_envs.babyai.env as env; "
        "env.BabyAIEnv(); "
        "sys.exit('minigrid' in sys.modules or 'pygame' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_generating_prints_nothing(capfd):
    generator.generate(24, 12345, False)
    assert capfd.readouterr().out == ""


def test_doors_start_closed_or_locked():
    for level in (6, 24, 39):
        states = {state_of(code) for code in load(level, 1).codes if code < KEY}
        assert states <= {CLOSED, LOCKED}
        assert OPEN not in states
