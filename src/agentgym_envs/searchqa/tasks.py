"""The items of SearchQA: questions about the embedded world, or those of a file."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from agentgym_envs.errors import UnknownTask
from agentgym_envs.searchqa.engine import normalize
from agentgym_envs.searchqa.questions import COUNTS, questions
from agentgym_envs.searchqa.records import (
    PUBLISHED,
    PUBLISHED_END,
    PUBLISHED_TRAIN,
    Part,
    read_parts,
)
from agentgym_envs.tasks import UNLISTED, Split, Task, TaskSet

PREFIX = "searchqa"
TEST = range(sum(COUNTS["test"].values()))
TRAIN = range(len(TEST), len(TEST) + sum(COUNTS["train"].values()))
PUBLISHED_SIZES = {"test": PUBLISHED_TRAIN, "train": PUBLISHED_END - PUBLISHED_TRAIN}


def make_task(
    index: int,
    split: str,
    question: str,
    targets: list[str],
    source: str,
    support: list[str],
) -> Task:
    """Make an item.

    Args:
        targets: Right answers.
        source: The data set that it is from.
        support: What the expert searches for, in this order.
    """
    payload: dict[str, Any] = {
        "targets": targets,
        "normalized": frozenset(normalize(target) for target in targets),
        "source": source,
        "support": support,
    }
    return Task(f"{PREFIX}_{index}", index, split, question, payload)


class SearchTasks(TaskSet):
    """Items that are refused in the words of the original."""

    def at(self, index: int) -> Task:
        """Give the item with this data index, whatever its split.

        Raises:
            UnknownTask: if the data has no such item.
        """
        if not self._exists(index):
            raise UnknownTask(f"Item id {index} is out of range ({self._range()}).")
        return super().at(index)


class EmbeddedTasks(SearchTasks):
    """The questions about the embedded world, the test items first."""

    def __init__(self, *, split: Split) -> None:
        super().__init__(prefix=PREFIX, train=TRAIN, test=TEST, split=split)

    def _build(self, index: int, split: str) -> Task:
        item = questions()[index]
        return make_task(
            index,
            split,
            item.text,
            list(item.targets),
            item.source,
            list(item.support),
        )


class PublishedTasks(SearchTasks):
    """The questions of published files, with AgentGym's numbers.

    Row N of the test file is item N; row N of the training file is item 51713 + N, or
    comes after the test items, if there are more of those.

    Raises:
        DataError: if there are no such files, or they are not as published.
    """

    def __init__(self, path: Path, *, split: Split) -> None:
        self._parts = read_parts(path)
        self._starts = [part.start for part in self._parts]
        self._is_whole = all(
            len(part.table) == PUBLISHED_SIZES[part.split] for part in self._parts
        )
        super().__init__(
            prefix=PREFIX,
            train=self._numbers("train"),
            test=self._numbers("test"),
            split=split,
        )

    def _numbers(self, split: str) -> Sequence[int]:
        spans = [_span(part) for part in self._parts if part.split == split]
        return spans[0] if len(spans) == 1 else tuple(chain.from_iterable(spans))

    def _part(self, index: int) -> Part | None:
        part = self._parts[max(0, bisect(self._starts, index) - 1)]
        return part if index in _span(part) else None

    def _exists(self, index: int) -> bool:
        return self._part(index) is not None

    def split_of(self, index: int) -> str:
        """The split that a data index belongs to."""
        part = self._part(index)
        return part.split if part else UNLISTED

    def _range(self) -> str:
        spans = map(_span, self._parts)
        return " and ".join(f"{span[0]}..{span[-1]}" for span in spans)

    def _build(self, index: int, split: str) -> Task:
        part = self._part(index)
        assert part is not None
        record = part.table[index - part.start]
        source = record.source or part.source or self._source(index)
        return make_task(
            index,
            split,
            record.question,
            record.targets,
            source or part.table.file.stem,
            record.support or [record.question],
        )

    def _source(self, index: int) -> str:
        """The data set by AgentGym's numbers, if the files are AgentGym's."""
        if not self._is_whole:
            return ""
        return max(entry for entry in PUBLISHED if entry[0] <= index)[1]


def _span(part: Part) -> range:
    return range(part.start, part.start + len(part.table))
