"""Wordle with the forty words of the original, and a first guess that is made.

The words are few enough for a small model to learn, and the pairs of a secret and a
first guess many enough for items that nobody has seen.
"""

from __future__ import annotations

from functools import cache, lru_cache
from hashlib import sha256

from agentgym_envs.tasks import Split, Task, TaskSet
from agentgym_envs.wordle.engine import ATTEMPTS, State, feedback
from agentgym_envs.wordle.original import WORDS

TEST_PAIRS = 400
GOAL = "Find the hidden word of five letters in five more guesses."
KNOWN = dict.fromkeys(WORDS)

Told = tuple[tuple[str, str], ...]


@cache
def pairs() -> tuple[tuple[str, str], ...]:
    """Secrets with another word as the first guess, in the order of their hashes."""
    made = [(secret, word) for secret in WORDS for word in WORDS if word != secret]
    return tuple(sorted(made, key=lambda p: sha256(" ".join(p).encode()).digest()))


class PairTasks(TaskSet):
    """A secret and a first guess per item; the last 400 are the test split."""

    def __init__(self, *, split: Split) -> None:
        count = len(pairs())
        super().__init__(
            prefix="wordle",
            train=range(count - TEST_PAIRS),
            test=range(count - TEST_PAIRS, count),
            split=split,
        )

    def _build(self, index: int, split: str) -> Task:
        secret, opening = pairs()[index]
        payload = {"secret": secret, "opening": opening}
        return Task(self.id_of(index), index, split, GOAL, payload)


def fitting(told: Told) -> list[str]:
    """The words that fit all feedback."""
    marks = _marks()
    return [w for w in WORDS if all(marks[guess, w] == seen for guess, seen in told)]


@cache
def _marks() -> dict[tuple[str, str], str]:
    return {(guess, word): feedback(guess, word) for guess in WORDS for word in WORDS}


def best_guess(secret: str, state: State) -> str:
    """Ask what splits the remaining words best; on the last guess, know the word."""
    if state.attempts == ATTEMPTS - 1:
        return secret
    # Whatever else was guessed is none of the forty, and told nothing.
    guesses = dict.fromkeys(state.guesses)
    return _most_telling(tuple((guess, _marks()[guess, secret]) for guess in guesses))


@lru_cache(maxsize=20_000)
def _most_telling(told: Told) -> str:
    left = fitting(told)
    if len(left) <= 2:
        return left[0]

    def badness(guess: str) -> tuple[int, int, bool]:
        groups: dict[str, int] = {}
        for word in left:
            seen = _marks()[guess, word]
            groups[seen] = groups.get(seen, 0) + 1
        return -len(groups), sum(n * n for n in groups.values()), guess not in left

    return min(WORDS, key=badness)
