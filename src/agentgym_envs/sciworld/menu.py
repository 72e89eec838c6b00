"""Which of the actions that the engine lists it really takes.

The engine's own list names things that its parser can't reach: what lies in closed
containers, and the sewer. An action is taken if its things are; so each thing is tried
once, on a copy of the game.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest

from agentgym_envs.sciworld.engine import Game

UNREADABLE = "No known action matches that input."
LOOK = "look at "  # listed for every thing
LINKS = (" to ", " in ", " into ", " on ")


def possible_actions(game: Game) -> list[str]:
    """List what the engine takes now, in alphabetical order."""
    listed = sorted(set(game.valid_actions()))
    things = [action.removeprefix(LOOK) for action in listed if action.startswith(LOOK)]
    lost = _out_of_reach(game, things)
    if not lost:
        return listed
    return [action for action in listed if not _names_one(action, lost)]


def _out_of_reach(game: Game, things: Iterable[str]) -> list[str]:
    copy = game.fork()
    try:
        # It tells some names of what is in reach; those need no trial.
        known = set(copy.step("objects").split("\n\t"))
    finally:
        copy.close()
    doubtful = [thing for thing in things if thing not in known]
    lost = []
    # Most are in reach, so two are tried at once, and apart only if that fails.
    for first, second in zip_longest(doubtful[::2], doubtful[1::2]):
        if second is None:
            pair = [first]
        elif _is_read(game, f"move {first} to {second}"):
            continue
        else:
            pair = [first, second]
        lost += [thing for thing in pair if not _is_read(game, LOOK + thing)]
    return lost


def _is_read(game: Game, action: str) -> bool:
    copy = game.fork()
    try:
        return copy.step(action) != UNREADABLE
    finally:
        copy.close()


def _names_one(action: str, things: Iterable[str]) -> bool:
    """Whether a thing of these is what the action begins or ends with."""
    return any(
        action.endswith(f" {thing}")
        or any(f" {thing}{link}" in action for link in LINKS)
        for thing in things
    )
