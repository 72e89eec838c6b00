"""The way to a worker and back, wherever the worker is."""

from __future__ import annotations

import contextlib
import math
import select
from collections.abc import Sequence
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol

from agentgym_wrappers.vector import launch

START_SECONDS = 120.0  # at least, for making environments, if there is a deadline


class Line(Protocol):
    """The way to one worker, which ends with it."""

    def send(self, data: bytes, *, in_parts: bool = False) -> None:
        """Send a task first, and requests then.

        Args:
            data: The pickle.
            in_parts: Whether the answer may come in several messages.

        Raises:
            OSError: if the worker is gone.
        """

    def receive(self) -> bytes:
        """Wait for the next message.

        Raises:
            EOFError, OSError: if the worker is gone.
        """

    def poll(self) -> bool:
        """Whether `receive` would not wait."""

    def end(self) -> None:
        """Ask the worker to close its environments and to end."""

    def finish(self, seconds: float) -> str:
        """Wait for the worker's end, and bring it about after so long.

        Returns:
            How it ended.
        """

    def close(self) -> None:
        """Want nothing more of it."""


class Lines(Protocol):
    """Starts workers."""

    start_seconds: float | None
    """What one may take until it has made its environments; None: for ever."""
    asked: str
    """What a start asks of others, to be told if it takes too long."""

    def open(self) -> Line:
        """Start a worker, which waits for its task.

        Raises:
            WorkerLost: if that can't be done.
        """

    def wait(self, lines: Sequence[Any], seconds: float | None) -> Sequence[Any]:
        """Give the lines that have a message, or whose worker is gone.

        Args:
            lines: Those of workers that have something to say.
            seconds: To wait for one of them; None: for ever.
        """

    def close(self) -> None:
        """End what starts workers; these have ended before."""


class Pipe:
    """The way to a process of this machine."""

    def __init__(
        self, connection: Connection, process: launch.Process, lines: Pipes
    ) -> None:
        self._connection = connection
        self._process = process
        self._lines = lines

    def fileno(self) -> int:
        """What the system knows it by."""
        return self._connection.fileno()

    def send(self, data: bytes, *, in_parts: bool = False) -> None:
        """Send something, whatever the answer will be."""
        self._connection.send_bytes(data)

    def receive(self) -> bytes:
        """Wait for the next message."""
        return self._connection.recv_bytes()

    def poll(self) -> bool:
        """Whether there is a message, or the process has ended."""
        return self._connection.poll()

    def end(self) -> None:
        """Ask the process to end, if it still listens."""
        with contextlib.suppress(OSError):
            self._connection.send_bytes(b"")

    def finish(self, seconds: float) -> str:
        """Wait for the process, and kill it after so long."""
        return launch.told(launch.finish(self._process, seconds))

    def close(self) -> None:
        """Close our end; a process that still runs sees it, and ends."""
        if not self._connection.closed:
            self._lines.forget(self.fileno())
            self._connection.close()


class Pipes:
    """Starts processes of this machine.

    Args:
        launcher: How.
        timeout: Seconds that one call of an environment may take; None: for ever.
    """

    asked = ""

    def __init__(self, launcher: launch.Launcher, timeout: float | None) -> None:
        self._launcher = launcher
        self.start_seconds = None if timeout is None else max(timeout, START_SECONDS)
        self._by_handle: dict[int, Pipe] = {}
        self._poller = select.poll() if hasattr(select, "poll") else None

    def open(self) -> Line:
        """Start a process."""
        line = Pipe(*self._launcher.start(), self)
        self._by_handle[line.fileno()] = line
        if self._poller is not None:
            self._poller.register(line.fileno(), select.POLLIN)
        return line

    def forget(self, handle: int) -> None:
        """Wait for this one no more."""
        if self._by_handle.pop(handle, None) and self._poller is not None:
            self._poller.unregister(handle)

    def wait(self, lines: Sequence[Any], seconds: float | None) -> Sequence[Any]:
        """Wait for pipes."""
        if self._poller is None:
            return wait(lines, seconds)
        # `wait` tells the system anew of each pipe, which takes longer than a step.
        limit = None if seconds is None else math.ceil(1000 * seconds)
        told = [self._by_handle[handle] for handle, _ in self._poller.poll(limit)]
        wanted = set(lines)
        found = [line for line in told if line in wanted]
        # One that has died unasked is told of again and again.
        return wait(lines, seconds) if told and not found else found

    def close(self) -> None:
        """End what has started the processes."""
        self._launcher.close()
