"""Which of the actions that the engine lists it really takes.

The engine's own list names things that its parser can't reach: what lies in closed
containers, and the sewer. An action is taken if its things are; so each thing is read
once by the parser, on a copy of the game.
"""

from __future__ import annotations

from collections.abc import Iterable

from agentgym_envs.sciworld.engine import Game

UNREADABLE = "No known action matches that input."
LINKS = (" to ", " in ", " into ", " on ")


def possible_actions(game: Game) -> list[str]:
    """List what the engine takes now, in alphabetical order."""
    copy = game.fork()
    try:
        listed, lost = copy.menu()
    finally:
        copy.close()
    actions = sorted(set(listed))
    if not lost:
        return actions
    return [action for action in actions if not _names_one(action, lost)]


def _names_one(action: str, things: Iterable[str]) -> bool:
    """Whether a thing of these is what the action begins or ends with."""
    return any(
        action.endswith(f" {thing}")
        or any(f" {thing}{link}" in action for link in LINKS)
        for thing in things
    )
