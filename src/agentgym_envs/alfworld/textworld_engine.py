"""Plays a problem with TextWorld's planner-based engine, as the original does.

It is some thousand times slower than `engine` and says the same; that is what it is
for. TextWorld (Côté et al., arXiv 1806.11532) has to be installed.
"""

from __future__ import annotations

import importlib
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from agentgym_envs.alfworld.names import number
from agentgym_envs.alfworld.writing import game_file
from agentgym_envs.errors import MissingExtra

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentgym_envs.alfworld.problem import Problem

EXTRA = "alfworld-textworld"


class TextWorldGame:
    """One game in TextWorld, which begins with `reset`.

    Attributes:
        problem: What is played.
        commands: What can be done now, sorted.
        won: Whether the goal holds.

    Raises:
        MissingExtra: if TextWorld's planning engine is not installed.
    """

    def __init__(self, problem: Problem) -> None:
        module = _load()
        self.problem = problem
        with _kept_arguments():
            self._env = module.PddlEnv()
            self._env.load(game_file(problem))
        infos = self._env._entity_infos
        kept = {id for id in infos if "_bar_" in id}
        for id, name in number(kept).items():
            infos[id].name = name

    def reset(self) -> str:
        """Begin anew; give the intro as the server tells it."""
        with _kept_arguments():
            state = self._env.reset()
        paragraphs = self._read(state).split("\n\n")
        return "\n".join(paragraphs[1:])

    def step(self, command: str) -> str:
        """Do a command; give the answer."""
        state, _, _ = self._env.step(command)
        return self._read(state)

    def _read(self, state: Any) -> str:
        self.commands: list[str] = list(state["admissible_commands"])
        self.won = bool(state["won"])
        return str(state["feedback"])


def require() -> None:
    """Make sure that TextWorld is there.

    Raises:
        MissingExtra: if not.
    """
    _load()


def _load() -> Any:
    try:
        module = importlib.import_module("textworld.envs.pddl.pddl")
    except ImportError:
        raise MissingExtra(EXTRA, "textworld") from None
    if module.fast_downward_missing:
        raise MissingExtra(EXTRA, "fast-downward-textworld")
    return module


@contextmanager
def _kept_arguments() -> Iterator[None]:
    """Undo what the translation of a problem does to the program's arguments."""
    before = sys.argv
    try:
        yield
    finally:
        sys.argv = before
