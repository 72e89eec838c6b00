"""One worker process as its parent sees it."""

from __future__ import annotations

import pickle
import time
from collections import deque
from multiprocessing.connection import Connection
from typing import Any

from agentgym_wrappers.vector.launch import Process
from agentgym_wrappers.vector.messages import (
    Batch,
    Mistakes,
    Part,
    Request,
    Values,
    carried,
)
from agentgym_wrappers.vector.worker import PROTOCOL

WINDOW = 2**15  # bytes that a busy worker's pipe surely takes without a wait
KINDS: dict[str, type] = {"Batch": Batch, "Values": Values}


class Member:
    """A worker, the requests it has, and what it has told last.

    Args:
        slots: The numbers of its slots, in order.
    """

    connection: Connection
    process: Process

    def __init__(self, slots: range) -> None:
        self.slots = slots
        self.life = -1
        self.deaths = 0  # in a row, without an answer in between
        self.lost: dict[int, str] = {}
        """Slots whose episode died while nobody waited for it, and why."""
        self.waiting: dict[int, tuple[str, Any]] = {}
        """Slots with a request: its operation and argument."""
        self.retried: set[int] = set()
        """Slots whose request has died once with the process."""
        self.is_spoilt = False
        """Whether an interrupt has cut a message in two."""

    def begin(self, connection: Connection, process: Process, task: bytes) -> None:
        """Take a new process."""
        self.connection, self.process = connection, process
        self.life += 1
        self.is_ready = self.is_spoilt = False
        self.waiting = {}
        self._outbox: deque[bytes] = deque()
        self._sizes: deque[int] = deque()  # of requests that were sent
        self._unread = 0  # bytes of them
        self.since = time.monotonic()
        self._put(task)

    @property
    def is_busy(self) -> bool:
        """Whether something is to be heard of it."""
        return bool(self._sizes or self._outbox) or not self.is_ready

    def send(self, request: Request) -> None:
        """Send a request, or keep it until the pipe surely takes it.

        Both sides would wait for ever if each wrote to a full pipe.

        Raises:
            OSError: if the process is gone.
        """
        for slot, argument in zip(request.slots, request.arguments, strict=True):
            self.waiting[slot] = request.operation, argument
        if not self.is_busy:
            self.since = time.monotonic()
        self._outbox.append(pickle.dumps(tuple(request), PROTOCOL))
        self._flush()

    def _flush(self) -> None:
        while self._outbox:
            size = len(self._outbox[0])
            is_idle = self.is_ready and not self._sizes
            if not is_idle and self._unread + size > WINDOW:
                return
            data = self._outbox.popleft()
            self._sizes.append(size)
            self._unread += size
            self._put(data)

    def _put(self, data: bytes) -> None:
        try:
            self.connection.send_bytes(data)
        except Exception:
            raise
        except BaseException:
            self.is_spoilt = True
            raise

    def receive(self) -> tuple[str, Any]:
        """Wait for the next message: its kind, and parts or what comes with a start.

        Raises:
            EOFError, OSError: if the process is gone.
        """
        try:
            data = self.connection.recv_bytes()
        except Exception:
            raise
        except BaseException:
            self.is_spoilt = True
            raise
        kind, content = pickle.loads(data)
        self.since = time.monotonic()
        if kind in ("some", "done"):
            self.deaths = 0
            content = [_part(*part) for part in content]
            for part in content:
                for slot in part.slots:
                    del self.waiting[slot]
                if self.retried:
                    self.retried.difference_update(part.slots)
        if kind == "done":
            self._unread -= self._sizes.popleft()
        self.is_ready = True
        return kind, content

    def go_on(self) -> None:
        """Send what was kept back, as far as the pipe takes it now.

        Raises:
            OSError: if the process is gone.
        """
        if self._outbox:
            self._flush()


def _part(kind: str, *content: Any) -> Part:
    if kind == "Mistakes":
        slots, errors = content
        return Mistakes(slots, [carried(error) for error in errors])
    part: Part = KINDS[kind](*content)
    return part
