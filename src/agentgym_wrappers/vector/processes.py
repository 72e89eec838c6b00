"""The backend with worker processes, each of which plays some slots."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Sequence
from itertools import pairwise, repeat
from typing import Any

import cloudpickle  # type: ignore[import-untyped]  # it has no types
from gymnasium.vector import AutoresetMode

from agentgym_wrappers.vector.launch import END_SECONDS, WorkerLost
from agentgym_wrappers.vector.lines import Lines
from agentgym_wrappers.vector.makers import Make
from agentgym_wrappers.vector.member import Member
from agentgym_wrappers.vector.messages import (
    Batch,
    Final,
    Mistakes,
    Part,
    Request,
    Values,
    carried,
    info_of,
)
from agentgym_wrappers.vector.worker import PROTOCOL, Task

EAGER = 0.0002  # seconds; a worker that is slower tells of each step at once
STEADY = 0.02  # seconds; so often a worker tells how far it is, if there is a deadline
BUSY_SECONDS = 0.5  # that a busy worker has when all is closed
MAX_DEATHS = 3  # of a worker in a row


class Processes:
    """Plays blocks of neighbouring slots in processes of their own.

    A process that dies is replaced. What it was asked to step comes back as a
    crash, and so do its other episodes when they are stepped next.

    Args:
        makers: One per slot.
        mode: What happens when an episode ends.
        workers: Number of processes.
        lines: Starts them, here or elsewhere.
        timeout: Seconds that one call of an environment may take; None: for ever.

    Raises:
        WorkerLost: if a worker does not start in the time that it has, or only dies.
        Exception: whatever making an environment raises.
    """

    def __init__(
        self,
        makers: Sequence[Make],
        mode: AutoresetMode,
        workers: int,
        lines: Lines,
        timeout: float | None = None,
    ) -> None:
        self._makers = makers
        self._mode = mode
        self._timeout = timeout
        count = len(makers)
        cuts = [count * i // workers for i in range(workers + 1)]
        # Neighbours are often of one family, whose data then is in few processes.
        self._members = [Member(range(*ends)) for ends in pairwise(cuts)]
        self._of = [member for member in self._members for _ in member.slots]
        self._seeds: dict[int, int] = {}
        self._last: dict[int, Batch | bool] = {}
        """Per slot the latest batch, or after `restore` whether its episode ended."""
        self._restoring: set[int] = set()
        self._parts: list[Part] = []
        self._answered = 0
        self.descriptions: list[dict[str, Any]] = [{}] * count
        self._lines = lines
        self._has_limits = (timeout, lines.start_seconds) != (None, None)
        try:
            for member in self._members:
                self._start(member)
            while starting := [m for m in self._members if not m.is_ready]:
                self._hear(starting)
        except BaseException:
            self.close()
            raise

    def post(self, request: Request) -> None:
        """Send each worker its share."""
        operation, slots, arguments, patience = request
        if patience is not None:
            patience = EAGER
        elif self._timeout is not None:
            patience = STEADY
        if operation == "restore":
            self._restoring.update(slots)
        elif operation == "reset":
            for slot, (seed, _) in zip(slots, arguments, strict=True):
                if seed is not None:
                    self._seeds[slot] = seed
        self._mend()
        try:
            for member, some, theirs in self._shares(slots, arguments):
                if member.lost:
                    some, theirs = self._tell_lost(member, operation, some, theirs)
                if some:
                    self._send(member, Request(operation, some, theirs, patience))
        except BaseException:
            unsent = [slot for slot in slots if slot not in self._of[slot].waiting]
            error = WorkerLost("this was interrupted before it was sent")
            self._keep([Mistakes([slot], [error]) for slot in unsent])
            raise

    def _shares(
        self, slots: Sequence[int], arguments: Sequence[Any]
    ) -> list[tuple[Member, Sequence[int], Sequence[Any]]]:
        if len(slots) == len(self._of) and isinstance(slots, range):
            return [
                (
                    member,
                    member.slots,
                    arguments[member.slots[0] : member.slots[-1] + 1],
                )
                for member in self._members
            ]
        shares: dict[int, tuple[Member, list[int], list[Any]]] = {}
        for slot, argument in zip(slots, arguments, strict=True):
            member = self._of[slot]
            share = shares.setdefault(member.slots[0], (member, [], []))
            share[1].append(slot)
            share[2].append(argument)
        return list(shares.values())

    def _tell_lost(
        self,
        member: Member,
        operation: str,
        slots: Sequence[int],
        arguments: Sequence[Any],
    ) -> tuple[Sequence[int], Sequence[Any]]:
        """Step lost episodes to their end; give the rest."""
        if operation not in ("step", "reset", "restore"):
            return slots, arguments
        lost = {s: member.lost.pop(s) for s in slots if s in member.lost}
        if operation != "step" or not lost:
            return slots, arguments
        crashes = [(failure, self._final(slot), True) for slot, failure in lost.items()]
        self._send(member, Request("crash", list(lost), crashes))
        pairs = zip(slots, arguments, strict=True)
        rest = [(slot, argument) for slot, argument in pairs if slot not in lost]
        return [slot for slot, _ in rest], [argument for _, argument in rest]

    def collect(self, count: int) -> list[Part]:
        """Wait until at least ``count`` slots have answered; give all that have."""
        self._mend()
        while busy := [member for member in self._members if member.is_busy]:
            is_enough = self._answered >= count
            self._hear(busy, 0.0 if is_enough else None)
            if is_enough:
                break
        parts, self._parts, self._answered = self._parts, [], 0
        return parts

    def _mend(self) -> None:
        """Replace workers to or from which half a message is under way."""
        for member in self._members:
            if member.is_spoilt:
                self._replace(member, "a message was interrupted half-way")

    def _hear(self, busy: list[Member], seconds: float | None = None) -> None:
        """Wait for messages, at most until a deadline passes, and take them."""
        if seconds is None and self._has_limits:
            left = min(map(self._deadline, busy)) - time.monotonic()
            seconds = None if left == math.inf else max(0.0, left)
        by_line = {member.line: member for member in busy}
        ready = self._lines.wait(list(by_line), seconds)
        for line in ready:
            self._receive(by_line[line])
        if not ready and self._has_limits:
            now = time.monotonic()
            for member in busy:
                if now >= self._deadline(member):
                    self._give_up(member)

    def _seconds(self, member: Member) -> float | None:
        return self._timeout if member.is_ready else self._lines.start_seconds

    def _deadline(self, member: Member) -> float:
        seconds = self._seconds(member)
        return math.inf if seconds is None else member.since + seconds + STEADY

    def _give_up(self, member: Member) -> None:
        """Replace a worker that hangs; of one that does not start another won't."""
        limit = f"within {self._seconds(member):g} seconds"
        if not member.is_ready:
            asked = self._lines.asked
            raise WorkerLost(f"a worker did not start {limit}{asked}")
        self._replace(member, f"there was no answer {limit}")

    def _send(self, member: Member, request: Request) -> None:
        try:
            member.send(request)
        except OSError:
            self._replace(member)

    def _receive(self, member: Member) -> None:
        try:
            kind, content = member.receive()
        except (EOFError, OSError):
            self._replace(member)
            return
        if kind == "mistake":
            raise carried(content)
        if kind == "ready":
            for slot, described in content.items():
                self.descriptions[slot] = described
        else:
            self._keep(content)
        try:
            member.go_on()
        except OSError:
            self._replace(member)

    def _keep(self, parts: list[Part]) -> None:
        self._parts += parts
        for part in parts:
            self._answered += len(part.slots)
            if type(part) is Batch:
                self._last.update(zip(part.slots, repeat(part)))
            elif type(part) is Values and part.slots[0] in self._restoring:
                self._last.update(zip(part.slots, part.values, strict=True))
            self._restoring.difference_update(part.slots)

    def _start(self, member: Member) -> None:
        slots = member.slots
        task = Task(
            makers={slot: self._makers[slot] for slot in slots},
            mode=self._mode,
            seeds={slot: self._seeds[slot] for slot in slots if slot in self._seeds},
            life=member.life + 1,
            ended=frozenset(slot for slot in slots if self._has_ended(slot)),
        )
        data = cloudpickle.dumps(task, PROTOCOL)
        line = self._lines.open()
        with contextlib.suppress(OSError):  # a reader will notice, and start another
            member.begin(line, data)

    def _replace(self, member: Member, failure: str = "") -> None:
        """Put another process in the place of one that died or must."""
        # What it told before it died counts.
        with contextlib.suppress(EOFError, OSError):
            while not member.is_spoilt and member.line.poll():
                kind, content = member.receive()
                if kind in ("some", "done"):
                    self._keep(content)
        end = member.line.finish(0.0 if failure else BUSY_SECONDS)
        member.line.close()
        failure = failure or end
        member.deaths += 1
        if member.deaths > MAX_DEATHS:
            raise WorkerLost(f"a worker died {member.deaths} times in a row: {failure}")
        waiting = member.waiting
        for slot in member.slots:
            if slot not in waiting and slot in self._last and not self._has_ended(slot):
                member.lost.setdefault(slot, failure)
        self._start(member)
        for slot, (operation, argument) in waiting.items():
            request = self._instead(member, slot, operation, argument, failure)
            if request is not None:
                self._send(member, request)

    def _instead(
        self, member: Member, slot: int, operation: str, argument: Any, failure: str
    ) -> Request | None:
        """What to ask of a new process in the place of what died with the old one."""
        is_first = slot not in member.retried
        member.retried.add(slot)
        if operation == "crash":
            return Request("crash", [slot], [(*argument[:2], False)])
        if operation == "step" and not self._has_ended(slot):
            crash = failure, self._final(slot), is_first
            return Request("crash", [slot], [crash])
        if operation in ("step", "reset") and is_first:
            # Nothing but a beginning was lost, and that can be had again.
            return Request(operation, [slot], [argument])
        if operation in ("step", "reset", "lose"):
            return Request("lose", [slot], [failure])
        self._keep([Mistakes([slot], [WorkerLost(failure)])])
        if slot in self._last and not self._has_ended(slot):
            member.lost[slot] = failure
        return None

    def _has_ended(self, slot: int) -> bool:
        """Whether the slot's latest episode has ended, and no other has begun."""
        last = self._last.get(slot)
        if not isinstance(last, Batch):
            return bool(last)
        row = last.slots.index(slot)
        is_over = last.terminations[row] or last.truncations[row]
        return is_over and self._mode is not AutoresetMode.SAME_STEP

    def _final(self, slot: int) -> Final | None:
        """The latest of the slot's episode that is known."""
        last = self._last.get(slot)
        if not isinstance(last, Batch):
            return None
        row = last.slots.index(slot)
        return last.observations[row], info_of(last, row)

    def close(self) -> None:
        """End all workers, and what started them."""
        members, self._members = self._members, []
        members = [member for member in members if hasattr(member, "line")]
        for member in members:
            if not member.is_spoilt:
                member.line.end()
        start = time.monotonic()
        try:
            for member in members:
                seconds = BUSY_SECONDS if member.is_busy else END_SECONDS
                left = start + seconds - time.monotonic()
                member.line.finish(max(0.0, left))
        finally:
            # After an interrupt, too: who still lives ends with its connection.
            for member in members:
                member.line.close()
            self._lines.close()
