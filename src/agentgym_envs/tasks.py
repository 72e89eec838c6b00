"""Items: what an episode is about, and the fixed splits that they come in."""

from __future__ import annotations

import operator
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self, SupportsIndex, overload

from agentgym_envs.errors import BadOption, DataError, UnknownTask

Split = Literal["train", "test", "all"]
SPLITS: tuple[Split, ...] = ("train", "test", "all")
UNLISTED = "unlisted"  # the split of items that exist but are in no list
LARGEST_INDEX = 10**18 - 1  # what fits an item id and every integer type

_ITEM_ID = re.compile(r"(?P<prefix>.+)_(?P<number>-?[0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Task:
    """One item: ``reset(options={"item": task.id})`` plays it."""

    id: str
    index: int
    split: str
    goal: str
    payload: Mapping[str, Any]

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self  # nothing of it ever changes, and a payload may be heavy


class TaskSet(Sequence[Task], ABC):
    """The items of one environment, seen through a split.

    ``len(tasks)`` and ``tasks[i]`` speak of the split; `at` and `find` reach
    every item of the data by its index or id. Items are built when asked for.

    Args:
        prefix: What item ids start with: ``"maze"`` gives ``maze_0``.
        train: Data indexes of the training items.
        test: Data indexes of the test items, disjoint from ``train``.
        split: Which of them this sequence shows.
        aliases: Other prefixes that published files use for the same items.
    """

    def __init__(
        self,
        *,
        prefix: str,
        train: Sequence[int],
        test: Sequence[int],
        split: Split,
        aliases: Sequence[str] = (),
    ) -> None:
        if split not in SPLITS:
            raise BadOption(f"split must be one of {', '.join(SPLITS)}, not {split!r}")
        self.prefix = prefix
        self.prefixes = (prefix, *aliases)
        self.train = train
        self.test = test
        self.split = split
        self._indexes = (
            joined(train, test)
            if split == "all"
            else train
            if split == "train"
            else test
        )
        if not self._indexes:
            raise DataError(f"this data has no items in the split {split!r}")

    @abstractmethod
    def _build(self, index: int, split: str) -> Task:
        """Make the item with this data index, which is known to exist."""

    def _exists(self, index: int) -> bool:
        """Whether the data has such an item; by default the listed ones."""
        return index in self.train or index in self.test

    def _range(self) -> str:
        """The valid indexes, for error messages."""
        listed = joined(self.train, self.test)
        return f"{min(listed)}..{max(listed)}"

    def id_of(self, index: int) -> str:
        """The item id of a data index."""
        return f"{self.prefix}_{index}"

    def index_of(self, number: int) -> int:
        """The data index behind the number in an item id."""
        return number

    def split_of(self, index: int) -> str:
        """The split that a data index belongs to."""
        if index in self.train:
            return "train"
        return "test" if index in self.test else UNLISTED

    def at(self, index: int) -> Task:
        """Give the item with this data index, whatever its split.

        Raises:
            UnknownTask: if the data has no such item.
        """
        if not (-LARGEST_INDEX <= index <= LARGEST_INDEX and self._exists(index)):
            raise UnknownTask(f"no item {index}; this data has {self._range()}")
        return self._build(index, self.split_of(index))

    def find(self, item: object) -> Task:
        """Give the item that a caller named by index (12) or id (``"maze_12"``).

        Raises:
            UnknownTask: if the data has no such item, or the value names none.
        """
        if type(item) is int:  # the usual case, without the slow look at a protocol
            return self.at(item)
        if isinstance(item, str):
            match = _ITEM_ID.fullmatch(item)
            if match is None or match["prefix"] not in self.prefixes:
                example = self.id_of(self._indexes[0])
                raise UnknownTask(f"no item {item!r}; ids here look like {example!r}")
            return self.at(self.index_of(int(match["number"])))
        if isinstance(item, SupportsIndex) and not isinstance(item, bool):
            return self.at(operator.index(item))
        raise UnknownTask(f"an item is an index or an id, not {item!r}")

    def __len__(self) -> int:
        return len(self._indexes)

    @overload
    def __getitem__(self, position: SupportsIndex) -> Task: ...
    @overload
    def __getitem__(self, position: slice) -> list[Task]: ...
    def __getitem__(self, position: SupportsIndex | slice) -> Task | list[Task]:
        if isinstance(position, slice):
            return [self._listed(index) for index in self._indexes[position]]
        return self._listed(self._indexes[operator.index(position)])

    def _listed(self, index: int) -> Task:
        # Published lists may overlap; an item seen through a split is of that split.
        split = self.split_of(index) if self.split == "all" else self.split
        return self._build(index, split)


def joined(train: Sequence[int], test: Sequence[int]) -> Sequence[int]:
    """Both splits in ascending order, as a range where they touch."""
    if isinstance(train, range) and isinstance(test, range):
        first, second = sorted((train, test), key=lambda part: part.start)
        if first.step == second.step and first.stop == second.start:
            return range(first.start, second.stop, first.step)
    return sorted({*train, *test})
