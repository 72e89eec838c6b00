"""Small scenes drawn by hand, for tests of single rules."""

from __future__ import annotations

from dataclasses import replace

from agentgym_envs.babyai.codes import COLOURS, EMPTY, KEY, WALL, door
from agentgym_envs.babyai.engine import Scene, World
from agentgym_envs.babyai.mission import NONE, Part
from agentgym_envs.babyai.text import NOWHERE
from agentgym_envs.babyai.view import BORDER

ARROWS = ">v<^"
KINDS = "KOB"
DOORS = "_DL"
LETTERS = "rgbpyw"


def scene(*rows: str, mission=None, inside=None, max_steps: int = 100) -> Scene:
    """Read a map of two characters a cell: ``##``, ``..``, ``> ``, ``Kr``, ``Db``.

    Objects are numbered in reading order; doors are ``_`` open, ``D`` closed, ``L``
    locked. The mission is to go to object 0 unless one is given.
    """
    width, height = len(rows[0]) // 2, len(rows)
    stride = width + 2 * BORDER
    cells = bytearray([WALL]) * (stride * (height + 2 * BORDER))
    at, codes = {}, []
    agent = heading = 0
    for y, row in enumerate(rows):
        for x in range(width):
            kind, letter = row[2 * x : 2 * x + 2]
            cell = (y + BORDER) * stride + x + BORDER
            if kind == "#":
                continue
            cells[cell] = EMPTY
            if kind in ARROWS:
                agent, heading = cell, ARROWS.index(kind)
            elif kind != ".":
                colour = LETTERS.index(letter)
                if kind in DOORS:
                    code = door(colour, DOORS.index(kind))
                else:
                    code = KEY + 6 * KINDS.index(kind) + colour
                at[cell] = len(codes)
                cells[cell] = code
                codes.append(code)
    mission = mission or Part("go to", 0, frozenset({0}))
    hidden = {}
    for box, code in (inside or {}).items():
        hidden[box] = len(codes)
        codes.append(code)
    result = Scene(
        level=1,
        seed=0,
        width=width,
        height=height,
        cells=bytes(cells),
        at=at,
        codes=tuple(codes),
        inside=hidden,
        agent=agent,
        heading=heading,
        carried=NONE,
        ghost=NOWHERE,
        mission=mission,
        places=(),
        sentence="a mission",
        max_steps=max_steps,
    )
    return with_places(result)


def with_places(scene: Scene) -> Scene:
    """Fill in where the objects of the mission are."""
    found = {}

    def visit(node):
        found[node.index] = frozenset()
        if isinstance(node, Part):
            found[node.index] = frozenset(
                cell for cell, n in scene.at.items() if n in node.followed
            )
        else:
            visit(node.first)
            visit(node.second)

    visit(scene.mission)
    return replace(scene, places=tuple(found[n] for n in sorted(found)))


def world(*rows: str, parity: bool = False, **rest) -> World:
    """Start an episode in a drawn scene."""
    return World.start(scene(*rows, **rest), parity=parity)


assert len(COLOURS) == len(LETTERS)
