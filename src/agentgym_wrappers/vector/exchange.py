"""Who has been asked what, and whose answers wait for `recv`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from gymnasium.error import AlreadyPendingCallError, NoAsyncCallError

from agentgym_envs.errors import ResetNeeded
from agentgym_wrappers.vector.backend import Backend
from agentgym_wrappers.vector.messages import Batch, Mistakes, Part, Request, Values
from agentgym_wrappers.vector.results import merged, ordered

NOTHING = Batch([], [], [], [], [], [], [])


class Exchange:
    """Sees to it that each slot has one request at a time, and each answer a taker.

    Args:
        backend: Who answers.
        count: Number of slots.
    """

    def __init__(self, backend: Backend, count: int) -> None:
        self._backend = backend
        self._ready: list[Part] = []  # that `receive` has to give
        self.pending: set[int] = set()
        """Slots with a request, or with an answer that nobody has taken."""
        self.unready = set(range(count))
        """Slots that need a reset before a step."""

    def post(
        self,
        operation: str,
        slots: Sequence[int],
        arguments: Sequence[Any],
        *,
        eager: bool = False,
    ) -> None:
        """Ask something of some slots.

        Raises:
            AlreadyPendingCallError: if an answer of one has not been taken.
            ResetNeeded: if one can't be stepped yet.
        """
        if self.pending and not self.pending.isdisjoint(slots):
            busy = sorted(self.pending.intersection(slots))
            raise AlreadyPendingCallError(
                f"{operation} of slots {busy} has to wait until recv has given what "
                "is under way there",
                operation,
            )
        # An empty set would be compared with each slot, too.
        if operation == "step" and self.unready and self.unready.intersection(slots):
            late = sorted(self.unready.intersection(slots))
            raise ResetNeeded(f"slots {late} have no running episode; reset them first")
        self.pending.update(slots)
        patience = 0.0 if eager else None
        self._backend.post(Request(operation, slots, arguments, patience))

    def batch(self, slots: Sequence[int]) -> Batch:
        """Wait for steps or resets of these slots; give them in their order."""
        parts = self._wait(slots)
        batches = [part for part in parts if isinstance(part, Batch)]
        if len(batches) > 1:
            batches.sort(key=lambda batch: batch.slots[0])
        return ordered(merged(batches), slots) if batches else NOTHING

    def ask(
        self,
        operation: str,
        slots: Sequence[int],
        arguments: Sequence[Any] | None = None,
    ) -> list[Any]:
        """Call something in some slots; give what comes back, in their order."""
        self.post(operation, slots, arguments or [None] * len(slots))
        found: dict[int, Any] = {}
        for part in self._wait(slots):
            if isinstance(part, Values):
                found.update(zip(part.slots, part.values, strict=True))
        return [found[slot] for slot in slots]

    def receive(self, count: int) -> Batch:
        """Wait until so many slots have answered; give all that have.

        Raises:
            NoAsyncCallError: if fewer have been asked.
        """
        if count > len(self.pending):
            raise NoAsyncCallError(
                f"recv waits for {count} results, but only {len(self.pending)} are "
                "under way",
                "recv",
            )
        waiting = sum(len(part.slots) for part in self._ready)
        self._ready += self._backend.collect(max(0, count - waiting))
        batches = [part for part in self._ready if isinstance(part, Batch)]
        others = [part for part in self._ready if not isinstance(part, Batch)]
        # An error must not cost what others have done: the next call gives that.
        self._ready = list(batches)
        self._arrived(others)
        self._ready = []
        self._arrived(batches)
        return merged(batches) if batches else NOTHING

    def _wait(self, slots: Sequence[int]) -> list[Part]:
        """Wait for these slots; keep what belongs to others for `receive`."""
        parts: list[Part] = []
        if len(self.pending) == len(slots):
            parts = self._backend.collect(len(slots))
        else:
            wanted, missing = set(slots), len(slots)
            try:
                while missing > 0:
                    for part in self._backend.collect(1):
                        is_ours = part.slots[0] in wanted
                        (parts if is_ours else self._ready).append(part)
                        missing -= len(part.slots) * is_ours
            except BaseException:
                self._ready += parts
                raise
        self._arrived(parts)
        return parts

    def _arrived(self, parts: Iterable[Part]) -> None:
        wrong: BaseException | None = None
        for part in parts:
            self.pending.difference_update(part.slots)
            if isinstance(part, Batch):
                if self.unready:
                    self.unready.difference_update(part.slots)
            elif isinstance(part, Mistakes):
                wrong = wrong or part.errors[0]
        if wrong is not None:
            raise wrong
