"""The rules of Wordle: a fixed secret, and feedback that counts letters right."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from agentgym_envs.outcome import Outcome

ATTEMPTS = 6
LETTERS = 5
WELCOME = "Let's start Wordle!"


@dataclass(slots=True)
class State:
    """The valid guesses so far, and the attempts, which invalid words use up too."""

    guesses: list[str] = field(default_factory=list)
    attempts: int = 0


@cache
def secrets() -> tuple[str, ...]:
    """The words that are riddles, in alphabetical order."""
    return _words("secrets.txt")


@cache
def accepted() -> dict[str, None]:
    """The words that count as guesses, in alphabetical order."""
    return dict.fromkeys(_words("guesses.txt"))


def _words(name: str) -> tuple[str, ...]:
    path = files("agentgym_envs.wordle") / "data" / name
    return tuple(path.read_text(encoding="utf-8").split())


def read_guess(action: str) -> str:
    """Give the word in an action: ``panic``, ``p a n i c`` and ``PANIC`` are one."""
    return "".join(action.split(" ")).strip().lower()


def feedback(guess: str, secret: str) -> str:
    """Compare letter by letter: g in place, y elsewhere, b not (or no more) there.

    >>> feedback("llama", "hello")
    'y y b b b'
    """
    marks = ["b"] * LETTERS
    unmatched: dict[str, int] = {}
    for i, (letter, hidden) in enumerate(zip(guess, secret, strict=True)):
        if letter == hidden:
            marks[i] = "g"
        else:
            unmatched[hidden] = unmatched.get(hidden, 0) + 1
    for i, letter in enumerate(guess):
        if marks[i] == "b" and unmatched.get(letter):
            marks[i] = "y"
            unmatched[letter] -= 1
    return " ".join(marks)


def guess(
    secret: str, state: State, action: str, words: Container[str] | None = None
) -> Outcome:
    """Try a word; it has to be one of ``words``, by default of all accepted ones."""
    word = read_guess(action)
    state.attempts += 1
    last = state.attempts >= ATTEMPTS
    if word not in (accepted() if words is None else words):
        text = f"invalid word: {_why_invalid(word)}\n"
        return Outcome(text + _farewell(secret) * last, done=last, invalid=True)
    state.guesses.append(word)
    text = feedback(word, secret) + "\n"
    if word == secret:
        return Outcome(text, 1.0, True, True)
    return Outcome(text + _farewell(secret) * last, done=last)


def _why_invalid(word: str) -> str:
    if len(word) != LETTERS:
        return f"a guess has {LETTERS} letters, this has {len(word)}"
    if not (word.isascii() and word.isalpha()):
        return "a guess has only the letters a to z"
    return f"{word!r} is not in the word list"


def _farewell(secret: str) -> str:
    return f"You have no guesses left. The word was {secret!r}.\n"
