"""A small kitchen with everything that is rare: the form is that of published games.

Cabinet and toaster share a location, the sink is a basin, the bowl holds an egg, the
bread is sliced, and the torch is a toggleable thing that can be carried.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from agentgym_envs.alfworld.game import Game, State
from agentgym_envs.alfworld.problem import PICK, Goal, Problem, Receptacle, Thing
from agentgym_envs.alfworld.writing import game_file


def place(kind: str, number: int, location: int, *, basin: str = "", **rest: Any):
    id = f"{kind}_bar__plus_0{number}_dot_45_bar__plus_00_dot_90_bar__minus_01_dot_78"
    type = basin or kind
    if basin:
        id += f"_bar_{basin}"
    return Receptacle(id, f"{type}Type", spot(location), **rest)


def spot(number: int) -> str:
    return f"loc_bar__minus_{number}_bar_4_bar_2_bar_30"


def thing(kind: str, number: int, where: Receptacle, **rest: Any) -> Thing:
    id = f"{kind}_bar__minus_00_dot_{number}_bar__plus_00_dot_91_bar__plus_01_dot_10"
    return Thing(id, f"{kind}Type", where.id, **rest)


START = 9
CABINET_1 = place("Cabinet", 2, 1, openable=True)
CABINET_2 = place("Cabinet", 1, 2, openable=True)
COUNTER = place("CounterTop", 1, 3)
FRIDGE = place("Fridge", 1, 4, openable=True, opened=True)
MICROWAVE = place("Microwave", 1, 5, openable=True)
SINK = place("Sink", 1, 6, basin="SinkBasin")
TABLE = place("SideTable", 1, 7)
TOASTER = place("Toaster", 1, 1)
PLACES = (CABINET_1, CABINET_2, COUNTER, FRIDGE, MICROWAVE, SINK, TABLE, TOASTER)

FOOD = {"cleanable": True, "heatable": True, "coolable": True, "sliceable": True}
APPLE_2 = thing("Apple", 10, COUNTER, **FOOD)
APPLE_1 = thing("Apple", 20, FRIDGE, **FOOD)
BREAD = thing("BreadSliced", 10, COUNTER, heatable=True, sliceable=True, is_sliced=True)
BOWL = thing("Bowl", 10, COUNTER, coolable=True, is_receptacle=True)
EGG = thing("Egg", 10, COUNTER, heatable=True, inside=BOWL.id)
KNIFE = thing("Knife", 10, COUNTER, cleanable=True)
LAMP = thing("DeskLamp", 10, TABLE, pickupable=False, toggleable=True)
MUG_2 = thing("Mug", 10, CABINET_1, cleanable=True, heatable=True, coolable=True)
MUG_1 = thing("Mug", 20, TABLE, cleanable=True, heatable=True, coolable=True)
TORCH = thing("Torch", 10, TABLE, toggleable=True)
THINGS = (APPLE_2, APPLE_1, BREAD, BOWL, EGG, KNIFE, LAMP, MUG_2, MUG_1, TORCH)

EVERYTHING = sorted({t.type for t in THINGS})
CAN_CONTAIN = frozenset(
    (p.type, kind)
    for p in PLACES
    for kind in EVERYTHING
    if p is not TOASTER or kind == "BreadSlicedType"
)

KITCHEN = Problem(
    start=spot(START),
    locations=tuple(spot(number) for number in (*range(1, 8), START, 8)),
    receptacles=PLACES,
    things=THINGS,
    can_contain=CAN_CONTAIN,
    goal=Goal(PICK, "MugType", "CounterTopType", text="put a mug in countertop"),
    text_version="v1",
)


def kitchen(**changes: Any) -> Problem:
    return replace(KITCHEN, **changes)


def with_goal(kind: str, object_type: str, **rest: str) -> Problem:
    goal = Goal(kind, f"{object_type}Type", text="do the chore", **rest)
    return replace(KITCHEN, goal=goal)


def changed(problem: Problem, id: str, **changes: Any) -> Problem:
    """A problem in which one thing or place is different."""
    return replace(
        problem,
        things=tuple(
            replace(t, **changes) if t.id == id else t for t in problem.things
        ),
        receptacles=tuple(
            replace(r, **changes) if r.id == id else r for r in problem.receptacles
        ),
    )


class Player:
    """Says commands to the engine."""

    def __init__(self, problem: Problem = KITCHEN, version: Any = None) -> None:
        from agentgym_envs.alfworld import engine

        self._engine = engine
        self.game = Game(problem, version)
        self.state: State = self.game.start()

    def say(self, *commands: str) -> str | None:
        """Do commands, of which all but the last must work; give the last answer."""
        *before, last = commands
        for command in before:
            answer = self._engine.do(self.game, self.state, command)
            assert answer is not None, command
        return self._engine.do(self.game, self.state, last)

    @property
    def can(self) -> list[str]:
        return self._engine.admissible(self.game, self.state)

    @property
    def won(self) -> bool:
        return self._engine.is_won(self.game, self.state)


def write_game(problem: Problem, folder: Path, *, task_type: str = "") -> Path:
    """Write a game and the file beside it, as they are published."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "game.tw-pddl"
    path.write_text(json.dumps(game_file(problem)), encoding="utf-8")
    trajectory = {"task_type": task_type or problem.goal.kind, "pddl_params": {}}
    (folder / "traj_data.json").write_text(json.dumps(trajectory), encoding="utf-8")
    return path
