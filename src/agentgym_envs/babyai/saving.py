"""Episodes as plain data, checked on the way back."""

from __future__ import annotations

from dataclasses import dataclass

from agentgym_envs.babyai.codes import EMPTY, KEY, OPEN, colour_of, is_door, state_of
from agentgym_envs.babyai.engine import Scene, World
from agentgym_envs.babyai.mission import CONTINUE, FAILURE, NONE, Progress
from agentgym_envs.babyai.text import NOWHERE
from agentgym_envs.babyai.view import see


@dataclass(slots=True)
class Saved:
    """What distinguishes a `World` from the start of its scene."""

    moved: dict[int, int]
    """The cells of objects that are not where they were; `NOWHERE` if in no cell."""
    doors: dict[int, int]
    """The codes of cells with doors that are not as they were."""
    agent: int
    heading: int
    carried: int
    steps: int
    reward: float
    status: int
    places: list[list[int]]
    held: list[int]
    done: list[bool]


def save(world: World) -> Saved:
    """Give a world as plain data."""
    scene, progress = world.scene, world.progress
    before, now = scene.at, world.at
    moved = {}
    if before != now:
        moved = {n: NOWHERE for cell, n in before.items() if now.get(cell) != n}
        moved |= {n: cell for cell, n in now.items() if before.get(cell) != n}
    cells, codes = world.cells, scene.codes
    return Saved(
        moved=dict(sorted(moved.items())),
        doors={
            cell: cells[cell]
            for cell, n in before.items()
            if codes[n] < KEY and cells[cell] != codes[n]
        },
        agent=world.agent,
        heading=world.heading,
        carried=world.carried,
        steps=world.steps,
        reward=world.reward,
        status=world.status,
        places=[sorted(places) for places in progress.places],
        held=progress.held[:],
        done=progress.done[:],
    )


def load_saved(scene: Scene, saved: Saved, *, parity: bool) -> World:
    """Build the world of an episode in this scene.

    Raises:
        ValueError: if there can be no such world.
    """
    at = _objects(scene, saved)
    cells = _cells(scene, saved, at)
    _check(scene, saved, cells)
    if scene.ghost != NOWHERE and saved.steps == 0:
        view = scene.first_view()
    else:
        in_hand = scene.code_of(saved.carried)
        view = see(cells, scene.stride, saved.agent, saved.heading, in_hand)
    return World(
        scene=scene,
        parity=parity,
        cells=cells,
        at=at,
        agent=saved.agent,
        heading=saved.heading,
        carried=saved.carried,
        progress=Progress(
            [frozenset(places) for places in saved.places],
            list(saved.held),
            list(saved.done),
        ),
        view=view,
        front=saved.agent + scene.steps_of(saved.heading),
        steps=saved.steps,
        reward=saved.reward,
        status=saved.status,
    )


def _objects(scene: Scene, saved: Saved) -> dict[int, int]:
    """Put the objects where they are now."""
    moved = saved.moved
    if not moved:
        return dict(scene.at)
    at = {cell: n for cell, n in scene.at.items() if n not in moved}
    for n, cell in moved.items():
        _require(_is_movable(scene, n), f"nobody can have moved object {n}")
        if cell != NOWHERE:
            _require(cell not in at, "two objects share a cell")
            at[cell] = n
    return at


def _cells(scene: Scene, saved: Saved, at: dict[int, int]) -> bytearray:
    """Paint the objects onto the floor, and the doors as they are now."""
    cells = bytearray(scene.cells)
    for n in saved.moved:
        for cell, thing in scene.at.items():
            if thing == n:
                cells[cell] = EMPTY
    for n, cell in saved.moved.items():
        if cell != NOWHERE:
            _require(
                0 <= cell < len(cells) and cells[cell] == EMPTY, "no room for an object"
            )
            cells[cell] = scene.codes[n]
    for cell, code in saved.doors.items():
        _require(
            cell in at and is_door(cells[cell]) and is_door(code), "there is no door"
        )
        _require(colour_of(code) == colour_of(cells[cell]), "doors keep their colours")
        cells[cell] = code
    return cells


def _is_movable(scene: Scene, n: int) -> bool:
    return 0 <= n < len(scene.codes) and scene.codes[n] >= KEY


def _check(scene: Scene, saved: Saved, cells: bytearray) -> None:
    carried = saved.carried
    if carried != NONE:
        _require(_is_movable(scene, carried), f"nobody can carry object {carried}")
        place = saved.moved.get(carried, NOWHERE)
        is_free = place == NOWHERE and (
            carried in saved.moved or carried not in scene.at.values()
        )
        _require(is_free, "what is carried lies elsewhere")
    _require(0 <= saved.agent < len(cells), "the agent is outside")
    here = cells[saved.agent]
    _require(
        here == EMPTY or (is_door(here) and state_of(here) == OPEN),
        "the agent is inside something",
    )
    _require(0 <= saved.heading < 4, "there are four headings")
    _require(0 <= saved.steps < 2**53, "nobody can have taken that many steps")
    _require(CONTINUE <= saved.status <= FAILURE, "there is no such status")
    count = len(scene.places)
    _require(
        len(saved.places) == len(saved.held) == len(saved.done) == count,
        "the mission has other parts",
    )
    _require(
        all(NONE <= n < len(scene.codes) for n in saved.held),
        "it remembers objects that do not exist",
    )


def _require(claim: bool, complaint: str) -> None:
    if not claim:
        raise ValueError(complaint)
