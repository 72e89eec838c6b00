"""One worker process as its parent sees it."""

from __future__ import annotations

import pickle
import time
from collections import deque
from itertools import repeat
from typing import Any

from agentgym_wrappers.vector.lines import Line
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

    line: Line

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

    def begin(self, line: Line, task: bytes) -> None:
        """Take a new process.

        Raises:
            OSError: if the process is gone already.
        """
        self.line = line
        self.life += 1
        self.is_ready = self.is_spoilt = False
        self.waiting = {}
        self._outbox: deque[tuple[bytes, bool]] = deque()
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
        asked = zip(repeat(request.operation), request.arguments)
        self.waiting.update(zip(request.slots, asked, strict=False))
        if not self.is_busy:
            self.since = time.monotonic()
        data = pickle.dumps(tuple(request), PROTOCOL)
        self._outbox.append((data, request.patience is not None))
        self._flush()

    def _flush(self) -> None:
        while self._outbox:
            data, in_parts = self._outbox[0]
            size = len(data)
            is_idle = self.is_ready and not self._sizes
            if not is_idle and self._unread + size > WINDOW:
                return
            self._outbox.popleft()
            self._sizes.append(size)
            self._unread += size
            self._put(data, in_parts)

    def _put(self, data: bytes, in_parts: bool = False) -> None:
        try:
            self.line.send(data, in_parts=in_parts)
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
            data = self.line.receive()
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
                if len(part.slots) == len(self.waiting):
                    self.waiting.clear()
                for slot in self.waiting and part.slots:
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
