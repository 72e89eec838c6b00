"""The items of SearchQA: questions about the embedded world, or those of a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from agentgym_envs.errors import UnknownTask
from agentgym_envs.searchqa.engine import normalize
from agentgym_envs.searchqa.questions import COUNTS, questions
from agentgym_envs.searchqa.records import read_tables
from agentgym_envs.tasks import Split, Task, TaskSet

PREFIX = "searchqa"
TEST = range(sum(COUNTS["test"].values()))
TRAIN = range(len(TEST), len(TEST) + sum(COUNTS["train"].values()))

# AgentGym's items: the first of each data set; the last number is the end.
PUBLISHED = (
    (0, "nq"),
    (3610, "triviaqa"),
    (14923, "popqa"),
    (29190, "hotpotqa"),
    (36595, "2wikimultihopqa"),
    (49171, "musique"),
    (51588, "bamboogle"),
    (51713, "nq"),
    (130881, "hotpotqa"),
    (221328, ""),
)
PUBLISHED_TRAIN = 51713
PUBLISHED_END = PUBLISHED[-1][0]


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


class EmbeddedTasks(TaskSet):
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


class PublishedTasks(TaskSet):
    """The questions of published files, with AgentGym's numbers.

    Row N of the test file is item N; row N of the training file is item 51713 + N, or
    comes after the test items, if there are more of those.

    Raises:
        DataError: if there are no such files, or they are not as published.
    """

    def __init__(self, path: Path, *, split: Split) -> None:
        self._tables = read_tables(path)
        test, train = (len(self._tables.get(part, ())) for part in ("test", "train"))
        self._first_train = max(PUBLISHED_TRAIN, test)
        self._is_whole = test in (0, PUBLISHED_TRAIN) and (
            train in (0, PUBLISHED_END - PUBLISHED_TRAIN)
        )
        super().__init__(
            prefix=PREFIX,
            train=range(self._first_train, self._first_train + train),
            test=range(test),
            split=split,
        )

    def at(self, index: int) -> Task:
        """Give the item with this data index, whatever its split.

        Raises:
            UnknownTask: if the data has no such item.
        """
        if not self._exists(index):
            raise UnknownTask(f"Item id {index} is out of range ({self._range()}).")
        return super().at(index)

    def _range(self) -> str:
        spans = [span for span in (self.test, self.train) if span]
        return " and ".join(f"{span[0]}..{span[-1]}" for span in spans)

    def _build(self, index: int, split: str) -> Task:
        part = "test" if index < self._first_train else "train"
        row = index - (self._first_train if part == "train" else 0)
        table = self._tables[part]
        record = table[row]
        source = record.source or (self._source(index) or table.file.stem)
        support = record.support or [record.question]
        return make_task(index, split, record.question, record.targets, source, support)

    def _source(self, index: int) -> str:
        """The data set by AgentGym's numbers, if the files are AgentGym's."""
        if not self._is_whole:
            return ""
        return max(entry for entry in PUBLISHED if entry[0] <= index)[1]
