"""The items of BabyAI: 40 levels, each with every seed from 0 up.

Item ``N`` of the family is seed ``N // 40`` of level ``N % 40 + 1``, as on the
original server, so the ids ``babyai_N`` of published files name the same instances.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from agentgym_envs.babyai import NAMES, TEST_SEEDS, TRAIN_SEEDS
from agentgym_envs.babyai.engine import Scene
from agentgym_envs.babyai.levels import load
from agentgym_envs.errors import UnknownTask
from agentgym_envs.published import read_items
from agentgym_envs.tasks import Split, Task, TaskSet

LEVELS = len(NAMES)


class LevelTask(Task):
    """An item whose level is generated only when somebody asks for its goal."""

    __slots__ = ("_parity",)
    _parity: bool

    def __init__(
        self, id_: str, index: int, split: str, payload: Mapping[str, int], parity: bool
    ) -> None:
        values = {"id": id_, "index": index, "split": split, "payload": payload}
        for name, value in values.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_parity", parity)

    def scene(self) -> Scene:
        """Generate the level, or take it from the cache."""
        level, seed = self.payload["level"], self.payload["seed"]
        return load(level, seed, legacy=self._parity)

    @property
    def goal(self) -> str:
        """The mission; the original hides in which order its parts are due."""
        sentence = self.scene().sentence
        if self._parity:
            return sentence.replace("then", "and").replace("after you", "and")
        return sentence

    def __reduce__(self) -> tuple[Any, ...]:
        args = (self.id, self.index, self.split, self.payload, self._parity)
        return LevelTask, args


class FamilyTasks(TaskSet):
    """All levels: items 0..39999 are for training, 40000..40999 for testing.

    Args:
        split: Which items this sequence shows.
        parity: Whether instances and missions are to the letter of the original.
        data: A file or folder as published, to list its items instead.
    """

    def __init__(self, *, split: Split, parity: bool, data: Path | None = None) -> None:
        self._parity = parity
        train: Sequence[int] = range(
            LEVELS * TRAIN_SEEDS.start, LEVELS * TRAIN_SEEDS.stop
        )
        test: Sequence[int] = range(LEVELS * TEST_SEEDS.start, LEVELS * TEST_SEEDS.stop)
        if data is not None:
            items = read_items(data, ["babyai"])
            train, test = items.train, items.test
        super().__init__(prefix="babyai", train=train, test=test, split=split)

    def _exists(self, index: int) -> bool:
        return index >= 0

    def _range(self) -> str:
        return "every index from 0 up"

    def _build(self, index: int, split: str) -> Task:
        seed, level = divmod(index, LEVELS)
        payload = {"level": level + 1, "seed": seed}
        return LevelTask(self.id_of(index), index, split, payload, self._parity)


class LevelTasks(TaskSet):
    """One level: the index is the seed, while ids are those of the family."""

    def __init__(
        self, *, level: int, split: Split, parity: bool, data: Path | None = None
    ) -> None:
        self._level = level
        self._parity = parity
        train: Sequence[int] = TRAIN_SEEDS
        test: Sequence[int] = TEST_SEEDS
        if data is not None:
            items = read_items(data, ["babyai"])
            train, test = self._seeds(items.train), self._seeds(items.test)
        super().__init__(prefix="babyai", train=train, test=test, split=split)

    def _seeds(self, indexes: Sequence[int]) -> list[int]:
        """Pick this level's seeds out of items of the family."""
        return [i // LEVELS for i in indexes if i % LEVELS == self._level - 1]

    def id_of(self, index: int) -> str:
        """The item id of a seed."""
        return f"babyai_{index * LEVELS + self._level - 1}"

    def index_of(self, number: int) -> int:
        """The seed behind an item id, which must be of this level."""
        seed, level = divmod(number, LEVELS)
        if level != self._level - 1:
            raise UnknownTask(
                f"item babyai_{number} is of another task; those of "
                f"BabyAI.{NAMES[self._level - 1]} are babyai_N with "
                f"N % {LEVELS} == {self._level - 1}, for example {self.id_of(0)!r}"
            )
        return seed

    def _exists(self, index: int) -> bool:
        return index >= 0

    def _range(self) -> str:
        return "every seed from 0 up"

    def _build(self, index: int, split: str) -> Task:
        payload = {"level": self._level, "seed": index}
        return LevelTask(self.id_of(index), index, split, payload, self._parity)
