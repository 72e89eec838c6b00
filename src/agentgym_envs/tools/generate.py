"""How goals are made: a template plays its own solution and keeps what it did."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.resources import files
from random import Random
from typing import Any, TypeVar

from agentgym_envs.draws import choose
from agentgym_envs.tools.toolbox import Call, Toolbox

T = TypeVar("T")
ATTEMPTS = 1000  # draws of an item; far more than any template needs


def generator(family: str, split: str, number: int, attempt: int = 0) -> Random:
    """The random generator of an item."""
    return Random(f"{family} {split} {number} {attempt}")


class Unsuitable(Exception):
    """What was drawn makes no good goal; another draw will."""


def require(condition: object) -> None:
    """Give up a draw unless something holds of it.

    Raises:
        Unsuitable: if it doesn't.
    """
    if not condition:
        raise Unsuitable


class Session:
    """Calls of tools that are made on a backend and written down.

    Args:
        toolbox: The tools of the family.
        backend: What they act on.
        state: The episode's state, which the calls change.
        longest: The most calls, ``finish`` included.
    """

    def __init__(
        self, toolbox: Toolbox[Any, Any], backend: Any, state: Any, *, longest: int
    ) -> None:
        self._toolbox = toolbox
        self._backend = backend
        self._longest = longest
        self.state = state
        self.calls: list[Call] = []

    def call(self, name: str, /, **arguments: Any) -> Any:
        """Make a call, and give its result.

        Raises:
            Unsuitable: if there are too many calls.
            ToolFailure: if the tool can't, which no template should come to.
        """
        self.calls.append(Call(name, arguments))
        require(len(self.calls) <= self._longest)
        return self._toolbox.run(self._backend, self.state, name, arguments)

    def finish(self, answer: Any) -> tuple[Call, ...]:
        """Make the last call; give the whole path."""
        self.call("finish", answer=answer)
        return tuple(self.calls)


Template = Callable[[Random, str], T]


def draw(family: str, templates: Sequence[Template[T]], split: str, number: int) -> T:
    """Give what one of the templates makes, a pure function of the arguments.

    Args:
        family: The name of the family, from which the draws are seeded.
        templates: Functions of a random generator and the split, which give the
            item's content or raise `Unsuitable`.
        split: ``"train"`` or ``"test"``.
        number: Which item of the split.
    """
    known = known_attempts(family, split)
    first = known[number] if number < len(known) else 1
    return search(family, templates, split, number, first=first)[1]


def search(
    family: str,
    templates: Sequence[Template[T]],
    split: str,
    number: int,
    *,
    first: int = 1,
) -> tuple[int, T]:
    """Give the first attempt from ``first`` on that makes an item, and the item."""
    template = choose(generator(family, split, number), templates)
    for attempt in range(first, ATTEMPTS):
        try:
            rng = generator(family, split, number, attempt)
            return attempt, template(rng, split)
        except Unsuitable:
            continue
    raise AssertionError(f"{template.__name__} finds no item {number} of {split}")


@lru_cache(maxsize=16)
def known_attempts(family: str, split: str) -> Sequence[int]:
    """Which attempt makes each of the listed items, so that nobody searches again.

    ``python scripts/count_attempts.py`` writes them down.
    """
    found: Sequence[int] = _attempts().get(family, {}).get(split, ())
    return found


@lru_cache(maxsize=1)
def _attempts() -> dict[str, dict[str, list[int]]]:
    text = files(__package__).joinpath("data/attempts.json").read_text(encoding="utf-8")
    known: dict[str, dict[str, list[int]]] = json.loads(text)
    return known
