"""The networks as a backend."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from agentgym_envs.academia import generator
from agentgym_envs.academia.graph import AcademiaGraph
from agentgym_envs.academia.pickles import read_pickles
from agentgym_envs.academia.state import AcademiaState
from agentgym_envs.errors import DataError
from agentgym_envs.tasks import Task


class Library:
    """Two networks; which of them are loaded is in the state.

    Args:
        path: A JSON file, or a folder with the pickle files of AgentBoard; None for
            the embedded networks.

    Raises:
        DataError: if there is nothing of the kind.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.graph = generator.graph() if path is None else _read(path)

    def __reduce__(self) -> tuple[type[Library], tuple[Path | None]]:
        # The networks are heavy, and the same in every process.
        return Library, (self._path,)

    def start(self, task: Task) -> AcademiaState:
        """Give the state in which an item begins: nothing is loaded."""
        return AcademiaState()

    def resume(self, task: Task, state: AcademiaState) -> None:
        """Take up a state; every one makes sense."""

    def close(self) -> None:
        """There is nothing to let go of."""


@lru_cache(maxsize=2)
def _read(path: Path) -> AcademiaGraph:
    if path.is_dir():
        return read_pickles(path)
    if path.is_file():
        return AcademiaGraph.from_json(path)
    raise DataError(f"{path}: there is no such file or folder")
