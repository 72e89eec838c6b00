"""The items of Wordle: a secret word each, or a seed of the original's game."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random

from agentgym_envs.published import read_items
from agentgym_envs.tasks import Split, Task, TaskSet
from agentgym_envs.wordle import TEST_ITEMS
from agentgym_envs.wordle.engine import secrets
from agentgym_envs.wordle.original import WORDS

ALIASES = ("lmrlgym_wordle",)
GOAL = "Find the hidden word of five letters in at most six guesses."

# The published sets hold 955 training and 25 evaluation items.
ORIGINAL_TRAIN = range(955)
ORIGINAL_TEST = range(955, 980)


@cache
def ordered_secrets() -> tuple[str, ...]:
    """The secrets in the order of their items, which is that of their hashes."""
    return tuple(sorted(secrets(), key=lambda w: sha256(w.encode()).hexdigest()))


class WordleTasks(TaskSet):
    """One fixed secret per item; the last 400 are the test split."""

    def __init__(self, *, split: Split) -> None:
        self._words = ordered_secrets()
        first_test = len(self._words) - TEST_ITEMS
        super().__init__(
            prefix="wordle",
            train=range(first_test),
            test=range(first_test, len(self._words)),
            split=split,
            aliases=ALIASES,
        )

    def _build(self, index: int, split: str) -> Task:
        payload = {"secret": self._words[index]}
        return Task(self.id_of(index), index, split, GOAL, payload)


class OriginalTasks(TaskSet):
    """The item is the seed; any integer is one.

    Args:
        split: Which items this sequence shows.
        data: A file or folder as published, to list its items; else 980 are listed.
    """

    def __init__(self, *, split: Split, data: Path | None = None) -> None:
        train: Sequence[int] = ORIGINAL_TRAIN
        test: Sequence[int] = ORIGINAL_TEST
        if data is not None:
            items = read_items(data, ("wordle", *ALIASES))
            train, test = items.train, items.test
        super().__init__(
            prefix="wordle", train=train, test=test, split=split, aliases=ALIASES
        )

    def _exists(self, index: int) -> bool:
        return True

    def _range(self) -> str:
        return "every integer"

    def _build(self, index: int, split: str) -> Task:
        # Where the game is played with a fixed secret, it is the original's first.
        payload = {"seed": index, "secret": Random(index).choice(WORDS)}
        return Task(self.id_of(index), index, split, GOAL, payload)
