"""Views put into words: the observation, the macro actions, and why not others.

The sentences and the order of the actions are those of AgentBoard's text layer over
Minigrid, which AgentGym serves (arXiv 2406.04151). They depend on the view, the
heading and the carried object only, so looks are kept and shared.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from agentgym_envs.babyai.codes import (
    CLOSED,
    EMPTY,
    KEY,
    NAMES,
    OPEN,
    WALL,
    colour_of,
    is_box,
    is_door,
    is_key,
    state_of,
)
from agentgym_envs.babyai.paths import (
    AHEAD,
    DROP,
    FORWARD,
    LEFT,
    PICKUP,
    RIGHT,
    TOGGLE,
    find_path,
    flood,
    free_area,
    neighbourhood,
    square,
)
from agentgym_envs.babyai.view import CELLS, FRONT, OWN, SIZE

CHECK = "check available actions"
UNKNOWN = "The action is not recognized. Please check valid actions."
NO_CHANGE = "No change in state."
NOWHERE = -1  # the target of a macro without a path

_NOTHING_SEEN = "You cannot see any objects within sight."
_SEEN = "In front of you in this room, you can see several objects: "


class Macro(NamedTuple):
    """An offered action: a path to a cell, then a fixed ending."""

    target: int
    """The board bit of the cell to face or enter, or `NOWHERE`."""
    arrive: bool
    """Whether to enter the cell instead of facing it."""
    ending: tuple[int, ...]


class Look(NamedTuple):
    """What a view says and offers."""

    text: str
    offers: dict[str, Macro]
    suffix: str
    """The line that lists the offers."""
    useful: tuple[str, ...]
    """The offers that change something beyond the clock."""
    area: int
    """Where the path search may go."""

    def moves(self, name: str) -> tuple[int, ...]:
        """The low-level actions of an offered macro."""
        target, arrive, ending = self.offers[name]
        if target == NOWHERE:
            return ending
        path = find_path(self.area, target, arrive)
        assert path is not None, f"{name!r} is offered, so it has a path"
        return path + ending


def _where(k: int) -> str:
    j, i = divmod(k, SIZE)
    front, right = SIZE - 1 - j, i - SIZE // 2
    if right == 0:
        return f"right in front of you {front} steps away.  "
    side = "right" if right > 0 else "left"
    return f"{front} steps in front of you and {abs(right)} steps to your {side}.  "


def _distance(k: int) -> int:
    j, i = divmod(k, SIZE)
    return SIZE - 1 - j + abs(i - SIZE // 2)


# All cells but the agent's own, nearest first, in the original's stable order.
_NEAREST = sorted((k for k in range(CELLS) if k != OWN), key=_distance)
_SQUARES = [square(k) for k in range(CELLS)]
_WHERE = [_where(k) for k in range(CELLS)]
_AHEAD = range(FRONT, -1, -SIZE)


_TURNS = {
    "turn left": Macro(NOWHERE, False, (LEFT,)),
    "turn right": Macro(NOWHERE, False, (RIGHT,)),
}
_STEP = Macro(NOWHERE, False, (FORWARD,))
_TOGGLE = Macro(NOWHERE, False, (TOGGLE,))
_DROP = Macro(NOWHERE, False, (DROP,))
_CHECK = Macro(NOWHERE, False, ())
_PICK_UP = [Macro(spot, False, (PICKUP,)) for spot in _SQUARES]
_GO_TO = [Macro(spot, False, ()) for spot in _SQUARES]


@lru_cache(maxsize=8192)
def look(view: bytes, heading: int, carried: int, boxes: bool) -> Look:
    """Describe a view.

    Args:
        view: The 49 cells.
        heading: The agent's heading, which decides the area of the path search.
        carried: The code of what is carried, or `EMPTY`.
        boxes: Whether to offer ``toggle`` for a box or an open door right ahead.
    """
    things = [k for k in _NEAREST if view[k] > WALL]
    barrier = _barrier(view)
    area = free_area(view, heading)
    offers = _offers(view, things, barrier, area, carried, boxes)
    listed = ", ".join([f'"{name}"' for name in offers])
    idle = _idle(view, offers)
    return Look(
        _describe(view, things, barrier, carried),
        offers,
        f"\nAvailable actions: [{listed}]",
        tuple([name for name in offers if name not in idle]),
        area,
    )


def _barrier(view: bytes) -> int:
    """Distance of the nearest wall or box straight ahead; 0 if none is seen."""
    for distance, k in enumerate(_AHEAD, 1):
        if view[k] == WALL or is_box(view[k]):
            return distance
    return 0


def _describe(view: bytes, things: list[int], barrier: int, carried: int) -> str:
    counts: dict[int, int] = {}
    parts = []
    for k in things:
        code = view[k]
        counts[code] = count = counts.get(code, 0) + 1
        parts.append(f"There is a {NAMES[code]} {count} {_WHERE[k]}")
    objects = "".join(parts)
    objects = _SEEN + objects if things or WALL in view else _NOTHING_SEEN
    walls = "The room has walls around you. "
    if barrier:
        what = "wall" if view[_AHEAD[barrier - 1]] == WALL else "box"
        walls += f"You are facing a {what} {barrier} steps away. "
    if carried == EMPTY:
        return f"{objects}{walls}You are not carrying anything."
    return f"{objects}{walls}You are carrying a {NAMES[carried]}."


def _offers(
    view: bytes,
    things: list[int],
    barrier: int,
    area: int,
    carried: int,
    boxes: bool,
) -> dict[str, Macro]:
    entered = flood(area)
    faced = neighbourhood(entered)
    near = [k for k in things if faced >> _SQUARES[k] & 1]
    offers = _TURNS.copy()
    if barrier != 1:
        offers["move forward"] = _STEP
    if carried == EMPTY:
        counts: dict[int, int] = {}
        for k in near:
            code = view[k]
            if code >= KEY:
                counts[code] = count = counts.get(code, 0) + 1
                offers[f"pickup {NAMES[code]} {count}"] = _PICK_UP[k]
    elif _can_drop(view):
        offers["drop"] = _DROP
    _offer_doors(offers, view, things, entered, faced, carried)
    counts = {}
    for k in near:
        code = view[k]
        counts[code] = count = counts.get(code, 0) + 1
        offers[f"go to {NAMES[code]} {count}"] = _GO_TO[k]
    front = view[FRONT]
    if boxes and (is_box(front) or (is_door(front) and state_of(front) == OPEN)):
        offers["toggle"] = _TOGGLE
    offers[CHECK] = _CHECK
    return offers


def _offer_doors(
    offers: dict[str, Macro],
    view: bytes,
    things: list[int],
    entered: int,
    faced: int,
    carried: int,
) -> None:
    counts: dict[int, int] = {}
    for k in things:
        code = view[k]
        if code >= KEY:
            continue
        counts[code] = count = counts.get(code, 0) + 1
        spot, state = _SQUARES[k], state_of(code)
        if state == OPEN:
            if entered >> spot & 1:
                offers[f"go through {NAMES[code]} {count}"] = Macro(spot, True, ())
        elif faced >> spot & 1 and (state == CLOSED or _fits(carried, code)):
            offers[f"toggle and go through {NAMES[code]} {count}"] = Macro(
                spot, False, (TOGGLE, FORWARD)
            )
            if spot == AHEAD:
                offers["toggle"] = _TOGGLE


def _fits(carried: int, door: int) -> bool:
    """Whether what is carried is the key to a door."""
    return is_key(carried) and colour_of(carried) == colour_of(door)


def _can_drop(view: bytes) -> bool:
    """Whether the original offers to drop: also in front of a door, in vain."""
    return view[FRONT] != WALL and view[FRONT] < KEY


def _idle(view: bytes, offers: dict[str, Macro]) -> set[str]:
    """The offers that do nothing: they only tell, or meet an obstacle at once."""
    idle = {CHECK}
    for name, (target, arrive, ending) in offers.items():
        if target == AHEAD and not arrive and not ending:
            idle.add(name)
    front = view[FRONT]
    if front != EMPTY:
        idle.add("drop")
        if not (is_door(front) and state_of(front) == OPEN):
            idle.add("move forward")
    return idle


def complaint(view: bytes, heading: int, carried: int, name: str) -> str:
    """Say why a macro that is not offered can't be done."""
    return _complaints(view, heading, carried).get(name, UNKNOWN)


def _complaints(view: bytes, heading: int, carried: int) -> dict[str, str]:
    things = [k for k in _NEAREST if view[k] > WALL]
    entered = flood(free_area(view, heading))
    faced = neighbourhood(entered)
    reasons = {
        "move forward": "There is a barrier in front of you, you can't move forward.",
        "drop": "You cannot drop the object, as "
        + (
            "you are not carrying anything."
            if carried == EMPTY
            else "there is already an object in front of you."
        ),
    }
    # The number is one more than the reachable ones so far, so it may well be that
    # of another object further away, which then is offered.
    for verb in ("pickup", "go to"):
        counts: dict[int, int] = {}
        for k in things:
            code = view[k]
            if verb == "pickup" and (carried != EMPTY or code < KEY):
                continue
            if faced >> _SQUARES[k] & 1:
                counts[code] = counts.get(code, 0) + 1
            else:
                what = f"{verb} {NAMES[code]} {counts.get(code, 0) + 1}"
                reasons[what] = f"You cannot {what}, as there is no path leading to it."
    _complain_of_doors(reasons, view, things, entered, faced, carried)
    return reasons


def _complain_of_doors(
    reasons: dict[str, str],
    view: bytes,
    things: list[int],
    entered: int,
    faced: int,
    carried: int,
) -> None:
    counts: dict[str, int] = {}
    for k in things:
        code = view[k]
        if code >= KEY:
            continue
        door = NAMES[code]
        counts[door] = counts.get(door, 0) + 1
        through = f"go through {door} {counts[door]}"
        toggle = f"toggle and {through}"
        state = state_of(code)
        if state == OPEN:
            if not entered >> _SQUARES[k] & 1:
                reasons[through] = (
                    f"You cannot {through}, as there is no path leading to it."
                )
            continue
        if state == CLOSED:
            reasons[through] = (
                f"You cannot {through}, as it is closed. You should toggle it first."
            )
        elif not is_key(carried):
            reasons[toggle] = f"You cannot {toggle}, as you are not carrying a key."
            continue
        elif not _fits(carried, code):
            reasons[toggle] = (
                f"You cannot {toggle}, as the color of the key you are carrying "
                "does not match the color of door."
            )
            continue
        if not faced >> _SQUARES[k] & 1:
            # The original prints its whole table of counts in place of the number.
            reasons[toggle] = (
                f"You cannot toggle and go through {door} {counts}, "
                "as there is no path leading to it."
            )
