"""The items of TextCraft: its 544 goals, in the original's order."""

from __future__ import annotations

import difflib
import re
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from agentgym_envs.errors import UnknownTask
from agentgym_envs.published import read_items
from agentgym_envs.tasks import UNLISTED, Split, Task, TaskSet
from agentgym_envs.textcraft.recipes import load, spoken

# Test goals of each depth, in proportion to all goals of that depth; 100 in all.
TEST_GOALS = {1: 23, 2: 53, 3: 22, 4: 2}
SUGGESTIONS = 3

_GOAL = re.compile(r"^Goal: craft (.+)\.$", re.MULTILINE)


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


class TextCraftTasks(TaskSet):
    """All goals, or those that published files list.

    Args:
        split: Which items this sequence shows.
        data: A file or folder as AgentGym publishes them; see `published`.
        wraps: Whether every index from 0 up is an item, as in the original.
    """

    def __init__(
        self, *, split: Split, data: Path | None = None, wraps: bool = False
    ) -> None:
        self._goals = load().goals
        self._wraps = wraps
        if data is None:
            is_test = [goal in held_out() for goal in self._goals]
            test = tuple(index for index, held in enumerate(is_test) if held)
            train = tuple(index for index, held in enumerate(is_test) if not held)
        else:
            items = read_items(data, ("textcraft",), index_of=_published_index)
            test = items.test
            # Numbers without a goal's name may mean another goal than they did where
            # the files were made, so a goal could turn up in both.
            train = tuple(index for index in items.train if index not in set(test))
        self._split_of: dict[int, str] = dict.fromkeys(train, "train")
        self._split_of |= dict.fromkeys(test, "test")
        self._built: dict[int, Task] = {}
        super().__init__(prefix="textcraft", train=train, test=test, split=split)

    def _exists(self, index: int) -> bool:
        return index >= 0 and (self._wraps or index < len(self._goals))

    def _range(self) -> str:
        return "every index from 0 up" if self._wraps else f"0..{len(self._goals) - 1}"

    def split_of(self, index: int) -> str:
        """The split of the goal with this index."""
        return self._split_of.get(index % len(self._goals), UNLISTED)

    def at(self, index: int) -> Task:
        """Give the item with this data index, whatever its split.

        Raises:
            UnknownTask: if the data has no such item.
        """
        return self._built.get(index) or super().at(index)

    def _build(self, index: int, split: str) -> Task:
        goal = self._goals[index % len(self._goals)]
        payload = {"goal": goal, "depth": load().depth[goal]}
        task = Task(self.id_of(index), index, split, f"craft {spoken(goal)}", payload)
        if index < len(self._goals):
            self._built[index] = task
        return task

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


def _published_index(record: dict[str, Any], number: int) -> int | None:
    """The index of a published record.

    Its number depends on the machine that it was made on; so the goal counts that its
    trajectory names, and the number only where there is no trajectory.
    """
    goals = load().goals
    for message in record.get("conversations") or ():
        text = message.get("value") if isinstance(message, dict) else None
        match = _GOAL.search(text) if isinstance(text, str) else None
        if match is not None:
            name = match[1].replace(" ", "_")
            return goals.index(name) if name in goals else None
    return number % len(goals)
