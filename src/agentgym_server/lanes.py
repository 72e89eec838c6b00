"""Threads that environments live in, so that nothing blocks the event loop.

An environment stays in one lane for its life, and a lane does one thing after
another: that is the lock of the environment, and libraries that want to be called by
one thread only, as SQLite and browsers do, get what they want.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from agentgym_server.errors import Closing
from agentgym_server.seat import Answer, Host, Opening, Order
from agentgym_wrappers.vector.messages import Final

PATIENCE = 0.002  # seconds; answers that are ready wait no longer for others


@dataclass(slots=True, eq=False)
class Resident:
    """An environment, as its lane knows it."""

    number: int
    opening: Opening
    latest: Final | None = None
    """The latest observation and info of a running episode."""
    has_begun: bool = False
    """Whether it has ever had an episode."""
    ended: bool = False
    """Whether the latest one is over, and no other has begun."""
    lost: str = ""
    """Why the episode is lost, if nobody has been told yet."""


@dataclass(slots=True, eq=False)
class Job:
    """An order for a resident, and who waits for the answer."""

    resident: Resident
    operation: str
    argument: Any
    future: asyncio.Future[Answer]
    keep: bool = False
    tries: int = field(default=0, compare=False)

    @property
    def order(self) -> Order:
        """What a host is told."""
        return Order(self.resident.number, self.operation, self.argument, self.keep)


class Lane:
    """A thread with environments of its own.

    Args:
        loop: Where the answers are awaited.
        name: Of the thread.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, name: str) -> None:
        self.residents = 0  # counted by who puts them here
        self._loop = loop
        self._jobs: SimpleQueue[Sequence[Job] | None] = SimpleQueue()
        self._done: list[tuple[asyncio.Future[Answer], Answer | BaseException]] = []
        self._told = 0.0
        self._is_closing = False
        self._thread = threading.Thread(target=self._main, name=name, daemon=True)
        self._thread.start()

    def put(self, jobs: Sequence[Job]) -> None:
        """Take jobs, to be done in their order."""
        self._jobs.put(jobs)

    def end(self) -> None:
        """Ask the lane to end after the job that it is doing."""
        self._is_closing = True
        self._jobs.put(None)

    def join(self, seconds: float) -> bool:
        """Wait for the end; tell whether it has come."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def abandon(self) -> None:
        """Do what can be done about a lane that does not end."""

    def _main(self) -> None:
        try:
            self._open()
            while True:
                jobs = self._next()
                if self._is_closing:
                    self._refuse(jobs)
                    break
                try:
                    self._play(jobs)
                except Exception as error:
                    self._fail(jobs, error)
                self._tell()
        finally:
            self._close()

    def _next(self) -> list[Job]:
        """Wait for jobs; give all that are there."""
        jobs = list(self._jobs.get() or ())
        with contextlib.suppress(Empty):
            while True:
                jobs += self._jobs.get_nowait() or ()
        return jobs

    def _refuse(self, jobs: Sequence[Job]) -> None:
        self._fail(jobs, Closing("the server is about to end"))
        self._tell()

    def _fail(self, jobs: Sequence[Job], error: Exception) -> None:
        answered = {future for future, _ in self._done}
        self._done += [
            (job.future, error) for job in jobs if job.future not in answered
        ]

    def _answer(self, job: Job, answer: Answer | BaseException) -> None:
        """Keep an answer for a moment: waking the loop costs more than a step."""
        self._done.append((job.future, answer))
        if time.monotonic() - self._told > PATIENCE:
            self._tell()

    def _tell(self) -> None:
        done, self._done = self._done, []
        self._told = time.monotonic()
        if done:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(_deliver, done)

    # What the kinds of lanes do differently; all is called in the lane's thread

    def _open(self) -> None:
        """Prepare."""

    def _play(self, jobs: Sequence[Job]) -> None:
        """Do jobs, and answer each."""
        raise NotImplementedError

    def _close(self) -> None:
        """Close the environments."""


class ThreadLane(Lane):
    """A lane whose environments live in its thread."""

    def _open(self) -> None:
        self._host = Host()

    def _play(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            try:
                answer: Answer | BaseException = self._host.obey(job.order)
            except Exception as error:
                answer = error
            self._answer(job, answer)

    def _close(self) -> None:
        self._host.close()


def _deliver(
    done: Sequence[tuple[asyncio.Future[Answer], Answer | BaseException]],
) -> None:
    for future, answer in done:
        if future.done():  # whoever waited has gone
            continue
        if isinstance(answer, BaseException):
            future.set_exception(answer)
        else:
            future.set_result(answer)
