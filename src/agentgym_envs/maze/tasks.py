"""The items of Maze: generated maps, or the starts of the original's one map."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agentgym_envs.maze import TEST_ITEMS, TRAIN_ITEMS
from agentgym_envs.maze.engine import Maze, double_t, generate
from agentgym_envs.published import read_items
from agentgym_envs.tasks import Split, Task, TaskSet

ALIASES = ("lmrlgym_maze",)

# Start cells of the original, in its order; the 26th is the goal itself, and the
# original's reset fails on it.
STARTS: tuple[tuple[int, int], ...] = (
    *((1, c) for c in (1, 2, 3, 4, 5, 7, 8, 9, 10, 11)),
    *((r, 3) for r in (2, 3, 4, 5)),
    *((5, c) for c in (4, 5, 6)),
    *((6, 6), (7, 6)),
    *((5, c) for c in (7, 8, 9)),
    *((r, 9) for r in (4, 3, 2)),
)
# Every fifth start, for there is no published split of the 25.
TEST_STARTS = tuple(range(4, 25, 5))


class OriginalTasks(TaskSet):
    """The 25 starts in the original's map, or those that a published file lists."""

    def __init__(self, *, split: Split, data: Path | None = None) -> None:
        train: Sequence[int] = [i for i in range(len(STARTS)) if i not in TEST_STARTS]
        test: Sequence[int] = TEST_STARTS
        if data is not None:
            items = read_items(data, ("maze", *ALIASES), index_of=_known_start)
            train, test = items.train, items.test
        super().__init__(
            prefix="maze", train=train, test=test, split=split, aliases=ALIASES
        )

    def _exists(self, index: int) -> bool:
        return 0 <= index < len(STARTS)

    def _range(self) -> str:
        return f"0..{len(STARTS) - 1}"

    def _build(self, index: int, split: str) -> Task:
        maze = double_t()
        row, column = STARTS[index]
        return _task(self.id_of(index), index, split, maze, row * maze.width + column)


def _known_start(record: dict[str, Any], index: int) -> int | None:
    return index if index < len(STARTS) else None


class MazeTasks(TaskSet):
    """Generated mazes; every index from 0 up is one, 2,200 of them are listed."""

    def __init__(
        self, *, split: Split, size: int, loops: float, nearest: int, farthest: int
    ) -> None:
        self._shape = (size, loops, nearest, farthest)
        super().__init__(
            prefix="maze",
            train=range(TRAIN_ITEMS),
            test=range(TRAIN_ITEMS, TRAIN_ITEMS + TEST_ITEMS),
            split=split,
            aliases=ALIASES,
        )

    def _exists(self, index: int) -> bool:
        return index >= 0

    def _range(self) -> str:
        return "every index from 0 up"

    def _build(self, index: int, split: str) -> Task:
        maze, start = generate(index, *self._shape)
        return _task(self.id_of(index), index, split, maze, start)


def _task(id_: str, index: int, split: str, maze: Maze, start: int) -> Task:
    row, column = divmod(maze.goal, maze.width)
    goal = f"Reach the goal at position {row}, {column}."
    return Task(id_, index, split, goal, {"maze": maze, "start": start})
