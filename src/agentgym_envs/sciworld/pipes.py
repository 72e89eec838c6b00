"""Messages over the pipes of a process, each with a time limit."""

from __future__ import annotations

import os
import select
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

CHUNK = 1 << 16  # bytes, what a pipe of Linux holds
LARGEST = 1 << 27  # bytes of an answer
LENGTH_BYTES = 4


class Pipes:
    """The standard input and output of a process.

    Args:
        process: Started with both as unbuffered pipes.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None and process.stdout is not None
        self._process = process
        self._input = process.stdin
        self._output = process.stdout
        self._to = process.stdin.fileno()
        self._from = process.stdout.fileno()
        self._has_poll = hasattr(select, "poll")
        if self._has_poll:
            os.set_blocking(self._to, False)
            os.set_blocking(self._from, False)

    def write(self, message: bytes, seconds: float) -> None:
        """Write a message.

        Raises:
            TimeoutError: if the process does not take it in time.
            OSError: if the pipe is broken.
        """
        if not self._has_poll:
            with self._limit(seconds):
                self._input.write(message)
            return
        rest = memoryview(message)
        deadline = time.monotonic() + seconds
        while rest:
            try:
                rest = rest[os.write(self._to, rest) :]
            except BlockingIOError:
                self._wait(self._to, select.POLLOUT, deadline)

    def read(self, seconds: float) -> bytes:
        """Read a message, which begins with its length.

        Raises:
            TimeoutError: if it does not come in time.
            EOFError: if the pipe ends, or holds something else.
            OSError: if the pipe is broken.
        """
        if not self._has_poll:
            with self._limit(seconds):
                return self._gather(None)
        return self._gather(time.monotonic() + seconds)

    def _gather(self, deadline: float | None) -> bytes:
        answer = bytearray()
        wanted = LENGTH_BYTES
        while len(answer) < wanted:
            if deadline is not None:
                self._wait(self._from, select.POLLIN, deadline)
            part = os.read(self._from, CHUNK)
            if not part:
                raise EOFError
            answer += part
            if wanted == LENGTH_BYTES and len(answer) >= wanted:
                length = int.from_bytes(answer[:LENGTH_BYTES], "big")
                if length > LARGEST:
                    # The last words of a Java that dies are no message.
                    raise EOFError
                wanted += length
        return bytes(answer[LENGTH_BYTES:])

    def _wait(self, pipe: int, event: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(pipe, event)
        left = deadline - time.monotonic()
        if not poll.poll(max(0.0, 1000.0 * left)):
            raise TimeoutError

    @contextmanager
    def _limit(self, seconds: float) -> Iterator[None]:
        """Limit blocking calls by killing the process, where there is no poll."""
        expired = threading.Event()

        def kill() -> None:
            expired.set()
            self._process.kill()

        timer = threading.Timer(seconds, kill)
        timer.daemon = True
        timer.start()
        try:
            yield
        except (OSError, EOFError):
            if expired.is_set():
                raise TimeoutError from None
            raise
        finally:
            timer.cancel()

    def close(self) -> None:
        """Close both pipes; the process ends when it sees that."""
        for pipe in (self._input, self._output):
            try:
                pipe.close()
            except OSError:
                # Closing is all that is wanted.
                continue
