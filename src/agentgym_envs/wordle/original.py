"""Wordle by the letter of the original, whose secret is not fixed.

At each valid guess AgentGym's game (from LMRL-Gym, Abdulhai et al., arXiv
2311.18232) draws a new secret among the words that fit all feedback so far. As the
drawn word fits, the knowledge of the whole game is the intersection of what each
guess tells, so a table of all pairs of the 40 words replaces the letter records, and
the candidates are the bits of one integer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

from agentgym_envs.outcome import Outcome
from agentgym_envs.wordle.engine import ATTEMPTS, State

WORDS: tuple[str, ...] = tuple(
    """
    panic solar shire proxy point robot prick wince crimp knoll sugar whack mount
    perky could wrung light those moist shard pleat aloft skill elder frame humor
    pause ulcer ultra robin cynic aroma caulk shake dodge swill tacit other thorn
    trove
    """.split()
)
INDEX = {word: i for i, word in enumerate(WORDS)}
ALL = 2 ** len(WORDS) - 1  # the bits of all words


@dataclass(slots=True)
class Game:
    """What a game of the original keeps besides the guesses."""

    random: Random
    candidates: int = ALL


def fresh(seed: int) -> Game:
    """Begin the game of a seed."""
    return Game(Random(seed))


def replay(seed: int, guesses: list[str]) -> Game:
    """Bring a game to where these guesses led it.

    Raises:
        ValueError: if one of them is no word of the game.
    """
    game = fresh(seed)
    for word in guesses:
        if word not in INDEX:
            raise ValueError(f"{word!r:.20} is not in the word list")
        _draw(game, INDEX[word])
    return game


def marks(guess: str, secret: str) -> str:
    """Compare as the original does: a surplus copy of a letter is y, not b.

    >>> marks("skill", "light")
    'b b y y y'
    """
    return " ".join(
        "g" if letter == hidden else "y" if letter in secret else "b"
        for letter, hidden in zip(guess, secret, strict=True)
    )


@cache
def _tables() -> tuple[list[list[str]], list[list[int]]]:
    """Feedback of guess i on secret j, and the words that give the same."""
    told = [[marks(guess, secret) for secret in WORDS] for guess in WORDS]
    fits = [
        [
            sum(1 << k for k, other in enumerate(row) if other == told_j)
            for told_j in row
        ]
        for row in told
    ]
    return told, fits


@cache
def feedback_texts() -> list[list[str]]:
    """The observation for guess i on secret j."""
    return [[text + "\n" for text in row] for row in _tables()[0]]


def bits(mask: int) -> list[int]:
    """Give the word numbers in a set of candidates, ascending."""
    numbers = []
    while mask:
        low = mask & -mask
        numbers.append(low.bit_length() - 1)
        mask ^= low
    return numbers


def _draw(game: Game, guess: int) -> int:
    """Draw the secret that this guess meets, and keep what fits its feedback."""
    secret = game.random.choice(bits(game.candidates))
    game.candidates &= _tables()[1][guess][secret]
    return secret


def split_by_feedback(guess: int, candidates: int) -> list[int]:
    """Give the sets of candidates that a guess may leave."""
    groups = []
    fits = _tables()[1][guess]
    while candidates:
        secret = (candidates & -candidates).bit_length() - 1
        group = candidates & fits[secret]
        groups.append(group)
        candidates ^= group
    return groups


def guess(game: Game, state: State, action: str) -> Outcome:
    """Try a word; solved once a single candidate is left that was guessed."""
    word = action.strip().replace(" ", "")
    state.attempts += 1
    number = INDEX.get(word)
    if number is None:
        return Outcome("invalid word", done=state.attempts >= ATTEMPTS, invalid=True)
    secret = _draw(game, number)
    state.guesses.append(word)
    text = feedback_texts()[number][secret]
    left = game.candidates
    if left & (left - 1) == 0 and WORDS[left.bit_length() - 1] in state.guesses:
        return Outcome(text, 1.0, True, True)
    return Outcome(text, done=state.attempts >= ATTEMPTS)
