"""The items of TextCraft: its 544 goals, in the original's order."""

from __future__ import annotations

import difflib
from functools import cache, lru_cache
from hashlib import sha256

from agentgym_envs.errors import UnknownTask
from agentgym_envs.tasks import Split, Task, TaskSet
from agentgym_envs.textcraft.recipes import load, spoken

# Test goals of each depth, in proportion to all goals of that depth; 100 in all.
TEST_GOALS = {1: 23, 2: 53, 3: 22, 4: 2}
SUGGESTIONS = 3


@lru_cache(maxsize=1)
def held_out() -> frozenset[str]:
    """The goals of the test split: those whose names have the smallest SHA-256.

    There is no published split that holds everywhere, because the original's item
    numbers depend on the file system. This one depends on the names alone.
    """
    tree = load()
    chosen: list[str] = []
    for depth, count in TEST_GOALS.items():
        goals = [goal for goal in tree.goals if tree.depth[goal] == depth]
        goals.sort(key=lambda goal: sha256(goal.encode("ascii")).digest())
        chosen += goals[:count]
    return frozenset(chosen)


@cache
def _task(index: int) -> Task:
    tree = load()
    goal = tree.goals[index % len(tree.goals)]
    split = "test" if goal in held_out() else "train"
    payload = {"goal": goal, "depth": tree.depth[goal]}
    return Task(f"textcraft_{index}", index, split, f"craft {spoken(goal)}", payload)


class TextCraftTasks(TaskSet):
    """All goals; ``wraps`` also gives the goals of higher indexes, as the original."""

    def __init__(self, *, split: Split, wraps: bool = False) -> None:
        self._goals = load().goals
        self._wraps = wraps
        is_test = [goal in held_out() for goal in self._goals]
        super().__init__(
            prefix="textcraft",
            train=tuple(index for index, test in enumerate(is_test) if not test),
            test=tuple(index for index, test in enumerate(is_test) if test),
            split=split,
        )

    def _exists(self, index: int) -> bool:
        return index >= 0 and (self._wraps or index < len(self._goals))

    def _range(self) -> str:
        return "every index from 0 up" if self._wraps else super()._range()

    def split_of(self, index: int) -> str:
        """The split of the goal with this index."""
        return _task(index % len(self._goals)).split

    def _build(self, index: int, split: str) -> Task:
        if index < len(self._goals):
            return _task(index)
        goal = _task(index % len(self._goals))
        return Task(self.id_of(index), index, split, goal.goal, goal.payload)

    def with_goal(self, goal: object) -> Task:
        """Give the item for a goal, named as in the game or in its data files.

        Raises:
            UnknownTask: if it can't be crafted; with the names that come closest.
        """
        if not isinstance(goal, str):
            raise UnknownTask(f"a goal is the name of an item, not {goal!r:.80}")
        name = "_".join(
            goal.lower().removeprefix("minecraft:").replace("_", " ").split()
        )
        if name in self._goals:
            return self.at(self._goals.index(name))
        close = difflib.get_close_matches(name[:100], self._goals, SUGGESTIONS)
        hint = f"; did you mean {' or '.join(map(spoken, close))}?" if close else ""
        raise UnknownTask(
            f"no goal {goal!r:.80}; one of the {len(self._goals)} craftable items{hint}"
        )
