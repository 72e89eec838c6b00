"""Which of the actions that the engine lists it really takes.

The engine's own list names things that its parser can't reach: what lies in closed
containers, and the sewer. An action is taken if its things are; so each thing is tried
once, on a copy of the game.
"""

from __future__ import annotations

from collections.abc import Iterable

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
    lost = []
    copy = game.fork()
    # It tells some names of what is in reach; those need no trial.
    known = set(copy.step("objects").split("\n\t"))
    for thing in things:
        if thing in known:
            continue
        moves = copy.moves
        if copy.step(LOOK + thing) == UNREADABLE:
            lost.append(thing)
        elif copy.moves != moves or copy.score != game.score:
            copy.close()
            copy = game.fork()
        else:
            # A question, whose answer is due next.
            copy.step("")
    copy.close()
    return lost


def _names_one(action: str, things: Iterable[str]) -> bool:
    """Whether a thing of these is what the action begins or ends with."""
    return any(
        action.endswith(f" {thing}")
        or any(f" {thing}{link}" in action for link in LINKS)
        for thing in things
    )
