"""The items of SciWorld: 30 tasks with 7,207 variations, counted without the engine.

AgentGym's server numbers the variations of 23 tasks, in the engine's order, from 0 to
4,638. The other seven follow here, so that ``sciworld_N`` is the same instance in every
mode, in published files too.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from agentgym_envs.errors import UnknownTask
from agentgym_envs.published import read_items
from agentgym_envs.sciworld import quarter
from agentgym_envs.sciworld.items import VARIATIONS
from agentgym_envs.tasks import UNLISTED, Split, Task, TaskSet

NOT_SERVED = (
    "grow-plant",
    "grow-fruit",
    "inclined-plane-determine-angle",
    "inclined-plane-friction-named-surfaces",
    "inclined-plane-friction-unnamed-surfaces",
    "mendelian-genetics-known-plant",
    "mendelian-genetics-unknown-plant",
)
NUMBERED = (*(name for name in VARIATIONS if name not in NOT_SERVED), *NOT_SERVED)
_STARTS = (0, *accumulate(VARIATIONS[name] for name in NUMBERED))
ITEMS = _STARTS[-1]
SERVED = _STARTS[-1 - len(NOT_SERVED)]
PREFIX = "sciworld"


def split_of_variation(name: str, variation: int) -> str:
    """The engine's split of a variation; its development split is in no list."""
    q = quarter(VARIATIONS[name])
    if variation < 2 * q:
        return "train"
    return UNLISTED if variation < 3 * q else "test"


def locate(number: int) -> tuple[str, int]:
    """The task and variation behind the number of an item.

    >>> locate(101)
    ('change-the-state-of-matter-of', 11)
    """
    place = bisect_right(_STARTS, number) - 1
    return NUMBERED[place], number - _STARTS[place]


def number_of(name: str, variation: int) -> int:
    """The number of the item with this task and variation."""
    return _STARTS[NUMBERED.index(name)] + variation


@lru_cache(maxsize=1024)
def description(name: str, variation: int, java: str | None) -> str:
    """Ask the engine for a task's description."""
    from agentgym_envs.sciworld.engine import Game

    game = Game(name, variation, java=java)
    try:
        return game.description
    finally:
        game.close()


class Variation(Task):
    """An item that starts the engine only when somebody asks for its goal."""

    __slots__ = ("_java",)
    _java: str | None

    def __init__(
        self, number: int, index: int, split: str, *, java: str | None
    ) -> None:
        name, variation = locate(number)
        values = {
            "id": f"{PREFIX}_{number}",
            "index": index,
            "split": split,
            "payload": {"name": name, "variation": variation},
            "_java": java,
        }
        for key, value in values.items():
            object.__setattr__(self, key, value)

    @property
    def goal(self) -> str:
        """The task's description, as the engine words it."""
        return description(self.payload["name"], self.payload["variation"], self._java)

    def __reduce__(self) -> tuple[Any, ...]:
        number = number_of(self.payload["name"], self.payload["variation"])
        return _again, (number, self.index, self.split, self._java)


def _again(number: int, index: int, split: str, java: str | None) -> Variation:
    return Variation(number, index, split, java=java)


class FamilyTasks(TaskSet):
    """All tasks, or those that the original server has.

    Args:
        split: Which items this sequence shows.
        served: Whether only the server's items exist.
        data: A file or folder as published, to list its items instead.
        java: Which Java describes the goals; see `SciWorldEnv`.
    """

    def __init__(
        self,
        *,
        split: Split,
        served: bool = False,
        data: Path | None = None,
        java: str | None = None,
    ) -> None:
        self._count = SERVED if served else ITEMS
        self._java = java
        self._published: dict[int, str] | None = None
        if data is None:
            train, test = _engine_splits(self._count)
        else:
            items = read_items(data, [PREFIX], index_of=_served_number)
            train, test = items.train, items.test
            self._published = dict.fromkeys(train, "train") | dict.fromkeys(
                test, "test"
            )
        super().__init__(prefix=PREFIX, train=train, test=test, split=split)

    def _exists(self, index: int) -> bool:
        return 0 <= index < self._count

    def _range(self) -> str:
        return f"0..{self._count - 1}"

    def split_of(self, index: int) -> str:
        """The split of an item, without a search through the lists."""
        if self._published is not None:
            return self._published.get(index, UNLISTED)
        return split_of_variation(*locate(index))

    def _build(self, index: int, split: str) -> Task:
        return Variation(index, index, split, java=self._java)


class OneTask(TaskSet):
    """One task: the index is the variation, while ids are those of the family."""

    def __init__(
        self,
        name: str,
        *,
        split: Split,
        data: Path | None = None,
        java: str | None = None,
    ) -> None:
        self._name = name
        self._count = VARIATIONS[name]
        self._java = java
        q = quarter(self._count)
        train: Sequence[int] = range(2 * q)
        test: Sequence[int] = range(3 * q, self._count)
        if data is not None:
            items = read_items(data, [PREFIX], index_of=_served_number)
            train, test = self._own(items.train), self._own(items.test)
        super().__init__(prefix=PREFIX, train=train, test=test, split=split)

    def _own(self, numbers: Sequence[int]) -> list[int]:
        """The variations of this task among items of the family."""
        located = map(locate, numbers)
        return [variation for name, variation in located if name == self._name]

    def id_of(self, index: int) -> str:
        """The item id of a variation."""
        return f"{self.prefix}_{number_of(self._name, index)}"

    def index_of(self, number: int) -> int:
        """The variation behind an item id, which must be of this task."""
        first = number_of(self._name, 0)
        if not first <= number < first + self._count:
            raise UnknownTask(
                f"item {self.prefix}_{number} is not of {self._name}, which has "
                f"{self.id_of(0)}..{self.id_of(self._count - 1)}"
            )
        return number - first

    def _exists(self, index: int) -> bool:
        return 0 <= index < self._count

    def _range(self) -> str:
        return f"the variations 0..{self._count - 1}"

    def _build(self, index: int, split: str) -> Task:
        number = number_of(self._name, index)
        return Variation(number, index, split, java=self._java)


@lru_cache(maxsize=2)
def _engine_splits(count: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The numbers below a count that the engine trains on, and tests on."""
    splits = [split_of_variation(*locate(number)) for number in range(count)]
    train = tuple(n for n, split in enumerate(splits) if split == "train")
    return train, tuple(n for n, split in enumerate(splits) if split == "test")


def _served_number(record: dict[str, Any], number: int) -> int | None:
    return number if number < SERVED else None
