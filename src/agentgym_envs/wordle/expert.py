"""The expert of Wordle: ask what tells most; on the last guess, know the word.

The expert reasons from the feedback alone, as a good player does, so that its games
are worth learning from. Only when a single guess is left does it look at the secret,
because from there a player who doesn't may lose. All criteria are integers, so that
no rounding can change a choice.
"""

from __future__ import annotations

from copy import copy
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from agentgym_envs.wordle import engine, original
from agentgym_envs.wordle.engine import ATTEMPTS, LETTERS, State

PATTERNS = 3**LETTERS


def best_guess(secret: str, state: State) -> str:
    """Give the next guess of the game with a fixed secret."""
    if state.attempts == ATTEMPTS - 1:
        return secret
    history = tuple(
        (word, engine.feedback(word, secret)) for word in dict.fromkeys(state.guesses)
    )
    return _most_telling(history)


@lru_cache(maxsize=20_000)
def _most_telling(history: tuple[tuple[str, str], ...]) -> str:
    """Choose the guess that splits the remaining words into most groups."""
    words = engine.secrets()
    left = np.array(
        [
            i
            for i, word in enumerate(words)
            if all(engine.feedback(guess, word) == told for guess, told in history)
        ]
    )
    if len(left) <= 2:
        return words[int(left[0])]
    table = _patterns()[:, left].astype(np.int64)
    table += PATTERNS * np.arange(len(words))[:, None]
    sizes = np.bincount(table.ravel(), minlength=PATTERNS * len(words))
    sizes = sizes.reshape(len(words), PATTERNS)
    groups = (sizes > 0).sum(axis=1)
    spread = (sizes**2).sum(axis=1)
    is_candidate = np.isin(np.arange(len(words)), left)
    # Most groups first; among equals the evener split, then a word that may win.
    order = np.lexsort((~is_candidate, spread, -groups))
    return words[int(order[0])]


@cache
def _patterns() -> NDArray[np.uint8]:
    """Feedback of every word on every word as a number in base 3."""
    letters = np.array([list(map(ord, word)) for word in engine.secrets()], np.uint8)
    guess, hidden = letters[:, None, :], letters[None, :, :]
    green = guess == hidden
    # A hidden letter serves one yellow; the leftmost copy in the guess takes it.
    free = ~green
    digits = np.where(green, np.uint8(2), np.uint8(0))
    for i in range(LETTERS):
        open_ = ~green[:, :, i]
        for j in range(LETTERS):
            match = open_ & free[:, :, j] & (guess[:, :, i] == hidden[:, :, j])
            digits[:, :, i][match] = 1
            free[:, :, j] &= ~match
            open_ &= ~match
    weights = (3 ** np.arange(LETTERS)).astype(np.uint8)
    numbers: NDArray[np.uint8] = (digits * weights).sum(axis=2, dtype=np.uint8)
    return numbers


def best_original_guess(game: original.Game, state: State) -> str:
    """Give the next guess of the original's game, whose secret is drawn anew."""
    if state.attempts == ATTEMPTS - 1:
        # The draw comes before the guess is looked at, so it can be foreseen.
        random = copy(game.random)
        random.setstate(game.random.getstate())
        return original.WORDS[random.choice(original.bits(game.candidates))]
    return original.WORDS[_most_telling_original(game.candidates)]


@lru_cache(maxsize=20_000)
def _most_telling_original(candidates: int) -> int:
    left = original.bits(candidates)
    if len(left) <= 2:
        return left[0]

    def badness(guess: int) -> tuple[int, int, bool, int]:
        groups = original.split_by_feedback(guess, candidates)
        spread = sum(group.bit_count() ** 2 for group in groups)
        return -len(groups), spread, not candidates >> guess & 1, guess

    return min(range(len(original.WORDS)), key=badness)
