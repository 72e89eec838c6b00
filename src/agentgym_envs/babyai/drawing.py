"""The whole level as characters or as Minigrid's picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from agentgym_envs.babyai.codes import (
    BALL,
    BOX,
    COLOURS,
    EMPTY,
    KEY,
    NAMES,
    WALL,
    colour_of,
    is_door,
    state_of,
)
from agentgym_envs.babyai.engine import Scene, World
from agentgym_envs.babyai.mission import NONE
from agentgym_envs.babyai.view import CELLS, SIZE

TILE = 32  # pixels, Minigrid's own
LEGEND = (
    "_ open door, D closed door, L locked door, K key, O ball, B box; "
    "r red, g green, b blue, p purple, y yellow, w grey"
)
_LETTERS = "rgbpyw"
_PAINT = (31, 32, 34, 35, 33, 37)  # terminal codes in the order of COLOURS
_GREY = 90
_ARROWS = (">>", "vv", "<<", "^^")


def characters(world: World, goal: str, *, colour: bool) -> str:
    """Draw with two characters a cell: what it is and its colour."""
    scene = world.scene
    lines = [goal]
    for y in range(scene.height):
        row = []
        for x in range(scene.width):
            cell = scene.index(x, y)
            if cell == world.agent:
                row.append(_painted(_ARROWS[world.heading], 31, colour))
            else:
                row.append(_mark(world.cells[cell], colour))
        lines.append("".join(row).rstrip())
    carried = "nothing" if world.carried == NONE else NAMES[scene.codes[world.carried]]
    return "\n".join([*lines, f"carrying {carried}", LEGEND])


def _mark(code: int, colour: bool) -> str:
    if code == EMPTY:
        return "  "
    if code == WALL:
        return _painted("##", _GREY, colour)
    if is_door(code):
        kind = "_DL"[state_of(code)]
    else:
        kind = "KOB"[(code - KEY) // len(COLOURS)]
    number = colour_of(code)
    return _painted(kind + _LETTERS[number], _PAINT[number], colour)


def _painted(text: str, code: int, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text


def picture(world: World) -> NDArray[np.uint8]:
    """Draw with Minigrid's tiles; what the agent sees is lighter."""
    # Minigrid is loaded already, for it has generated the level.
    from minigrid.core.grid import Grid

    scene = world.scene
    grid = Grid(scene.width, scene.height)
    grid.grid = [
        _thing(world.cells[scene.index(x, y)])
        for y in range(scene.height)
        for x in range(scene.width)
    ]
    agent = scene.position(world.agent)
    seen = _seen(scene, world)
    image = grid.render(TILE, agent, world.heading, highlight_mask=seen)
    return np.asarray(image, dtype=np.uint8)


def _seen(scene: Scene, world: World) -> NDArray[np.bool_]:
    mask = np.zeros((scene.width, scene.height), dtype=bool)
    ahead, right = (
        scene.steps_of(world.heading),
        scene.steps_of((world.heading + 1) % 4),
    )
    for k in range(CELLS):
        if world.view[k]:
            j, i = divmod(k, SIZE)
            cell = world.agent + (SIZE - 1 - j) * ahead + (i - SIZE // 2) * right
            mask[scene.position(cell)] = True
    return mask


def _thing(code: int) -> Any:
    """The Minigrid object of a code."""
    from minigrid.core import world_object

    make: Any = world_object  # without types
    if code == EMPTY:
        return None
    if code == WALL:
        return make.Wall()
    colour = COLOURS[colour_of(code)]
    if is_door(code):
        state = state_of(code)
        return make.Door(colour, is_open=state == 0, is_locked=state == 2)
    if code < BALL:
        return make.Key(colour)
    return make.Ball(colour) if code < BOX else make.Box(colour)
