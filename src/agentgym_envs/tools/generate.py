"""How goals are made: a template plays its own solution and keeps what it did."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


def draw(
    family: str,
    templates: Sequence[Callable[[Random, str], T]],
    split: str,
    number: int,
) -> T:
    """Give what one of the templates makes, a pure function of the arguments.

    Args:
        family: The name of the family, from which the draws are seeded.
        templates: Functions of a random generator and the split, which give the
            item's content or raise `Unsuitable`.
        split: ``"train"`` or ``"test"``.
        number: Which item of the split.
    """
    template = choose(generator(family, split, number), templates)
    for attempt in range(1, ATTEMPTS):
        try:
            return template(generator(family, split, number, attempt), split)
        except Unsuitable:
            continue
    raise AssertionError(f"{template.__name__} finds no item {number} of {split}")
