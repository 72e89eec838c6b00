"""Environments by number, in the thread or process that they live in."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from gymnasium.vector import AutoresetMode

from agentgym_envs.errors import ResetNeeded
from agentgym_wrappers.vector.makers import Env, Make
from agentgym_wrappers.vector.messages import Mistake
from agentgym_wrappers.vector.slot import Slot, description

NONE: Mapping[str, Any] = {}


class Opening(NamedTuple):
    """How an environment is made, for the first time or again after a death."""

    make: Make
    mode: AutoresetMode
    seed: int | None = None
    life: int = 0
    ended: bool = False


class Order(NamedTuple):
    """Something to be done with one environment."""

    number: int
    operation: str
    """A method of `Seat`, or ``open`` or ``drop``."""
    argument: Any = None
    keep: bool = False
    """Whether a snapshot of what has become of the episode is wanted, too."""


class Answer(NamedTuple):
    """What an order gave, and the snapshot if one was wanted and can be had."""

    value: Any
    snapshot: bytes | None = None


class Seat(Slot):
    """A slot whose order of calls nobody else watches."""

    def step(self, action: Any) -> Any:
        """Do an action; refuse it where an episode has to begin first."""
        if not self._failure and self._has_none():
            return Mistake(ResetNeeded("no episode is running here; reset it first"))
        return super().step(action)

    def _has_none(self) -> bool:
        if self._is_new:
            return not self._ended or self._mode is AutoresetMode.DISABLED
        if not self._ended or self._mode is not AutoresetMode.DISABLED:
            return False
        # The original servers play on after the end of some games.
        self._ended = bool(getattr(self.env.unwrapped, "is_over", True))
        return self._ended

    def run(self, argument: tuple[Callable[..., Any], tuple[Any, ...]]) -> Any:
        """Give what a function makes of the environment."""
        function, arguments = argument
        try:
            return function(self.env, *arguments)
        except Exception as error:
            return Mistake(error)

    @property
    def can_be_kept(self) -> bool:
        """Whether there is an episode that could be had again from a snapshot."""
        has_episode = not (self._failure or self._is_new)
        return has_episode and self.env.has_wrapper_attr("snapshot")


class Host:
    """All environments of one thread or process."""

    def __init__(self) -> None:
        self._seats: dict[int, Seat] = {}
        self._refused: dict[int, Exception] = {}

    def obey(self, order: Order) -> Answer:
        """Do what is ordered; errors come back as a `Mistake`."""
        number, operation, argument, keep = order
        if operation == "open":
            return Answer(self._open(number, argument))
        if operation == "drop":
            self._drop(number)
            return Answer(None)
        if number in self._refused:  # it could be made in another life only
            return Answer(Mistake(self._refused[number]))
        seat = self._seats[number]
        try:
            value = getattr(seat, operation)(argument)
        except (SystemExit, KeyboardInterrupt, GeneratorExit) as error:
            value = seat.interrupted(operation, error)
        if keep and type(value) is not Mistake and seat.can_be_kept:
            kept = seat.snapshot(None)
            return Answer(value, kept if type(kept) is bytes else None)
        return Answer(value)

    def _open(self, number: int, opening: Opening) -> Any:
        make, mode, seed, life, ended = opening
        try:
            seat = Seat(make, mode, seed=seed, life=life, ended=ended)
        except Exception as error:
            self._refused[number] = error
            return Mistake(error)
        except SystemExit as error:  # it must not end the thread of all the others
            left = RuntimeError(f"making the environment ended in SystemExit: {error}")
            self._refused[number] = left
            return Mistake(left)
        self._seats[number] = seat
        return description(seat)

    def _drop(self, number: int) -> None:
        self._refused.pop(number, None)
        seat = self._seats.pop(number, None)
        if seat is not None:
            with contextlib.suppress(SystemExit):
                seat.close()

    def close(self) -> None:
        """Close all environments."""
        seats, self._seats = self._seats, {}
        for seat in seats.values():
            with contextlib.suppress(SystemExit):
                seat.close()


def call(
    env: Env, name: str, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] = NONE
) -> Any:
    """Call a method of an environment, or read an attribute."""
    found = env.get_wrapper_attr(name)
    return found(*args, **kwargs) if callable(found) else found
