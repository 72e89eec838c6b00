"""The items of BIRD: embedded questions, or those of the published data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agentgym_envs.bird import TEST_ITEMS, TRAIN_ITEMS, embedded
from agentgym_envs.bird.dataset import Question, read_dataset
from agentgym_envs.published import read_items
from agentgym_envs.tasks import Split, Task, TaskSet

FIRST_TEST = 9428  # where the original's items of dev begin, whatever train has
LAST = 10961
ENDINGS = (".json", ".jsonl")
PREFIXES = ("bird", "sqlgym")


class BIRDTasks(TaskSet):
    """One question per item, numbered as in the original: train, then from 9428 dev.

    Args:
        split: Which items this sequence shows; ``test`` is BIRD's dev.
        data: The folder of the published data; None means the embedded questions.
            Where AgentGym's item lists lie in it, as `published` reads them, the
            splits are theirs.

    Raises:
        DataError: if the data is not as published.
    """

    def __init__(self, *, split: Split, data: Path | None = None) -> None:
        self._data = data
        self._read = None if data is None else read_dataset(data)
        counts = (
            (TRAIN_ITEMS, TEST_ITEMS)
            if self._read is None
            else (len(self._read.get("train", ())), len(self._read.get("dev", ())))
        )
        self._known = (
            range(min(counts[0], FIRST_TEST)),
            range(FIRST_TEST, min(FIRST_TEST + counts[1], LAST + 1)),
        )
        train: Sequence[int]
        test: Sequence[int]
        train, test = self._known
        if data is not None and _has_lists(data):
            items = read_items(data, PREFIXES, index_of=self._published_index)
            train, test = items.train, items.test
        self._built: dict[int, Task] = {}
        super().__init__(
            prefix=PREFIXES[0],
            train=train,
            test=test,
            split=split,
            aliases=PREFIXES[1:],
        )

    def __reduce__(self) -> tuple[Any, ...]:
        # Copies in other processes read what they need by themselves.
        return _open, (self.split, self._data)

    def _published_index(self, record: dict[str, Any], number: int) -> int | None:
        return number if self._exists(number) else None

    def _exists(self, index: int) -> bool:
        return any(index in part for part in self._known)

    def _range(self) -> str:
        parts = [part for part in self._known if part]
        return " and ".join(f"{part[0]}..{part[-1]}" for part in parts)

    def at(self, index: int) -> Task:
        """Give the item with this data index, whatever its split.

        Raises:
            UnknownTask: if the data has no such item.
        """
        return self._built.get(index) or super().at(index)

    def _build(self, index: int, split: str) -> Task:
        built = self._built.get(index)
        if built is None or built.split != split:
            question = self.question(index)
            payload = {"question": question, "difficulty": question.difficulty}
            built = Task(self.id_of(index), index, split, question.text, payload)
            self._built[index] = built
        return built

    def question(self, index: int) -> Question:
        """The question with this data index, which is known to exist."""
        name, number = (
            ("train", index) if index < FIRST_TEST else ("dev", index - FIRST_TEST)
        )
        if self._read is None:
            return embedded.question(name, number)
        return self._read[name][number]


def _has_lists(data: Path) -> bool:
    names = [f"{prefix}_{split}" for prefix in PREFIXES for split in ("train", "test")]
    return any((data / f"{name}{end}").is_file() for name in names for end in ENDINGS)


def _open(split: Split, data: Path | None) -> BIRDTasks:
    return BIRDTasks(split=split, data=data)
