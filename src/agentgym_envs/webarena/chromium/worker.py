"""A thread that does what others ask for, one thing after another.

Playwright's driver belongs to the thread that started it, and can't be started where an
event loop runs already, as in a notebook. So it gets a thread of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class WorkerClosed(RuntimeError):
    """There is nobody any more to do it."""


class Worker:
    """Runs functions in a daemon thread until it is closed."""

    def __init__(self) -> None:
        self._closed = False
        self._closing = threading.Lock()
        self._jobs: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None]
        self._jobs = SimpleQueue()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            future, function = job
            try:
                future.set_result(function())
            except BaseException as error:
                future.set_exception(error)

    def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function in the thread; give its result, or raise what it raises.

        Raises:
            WorkerClosed: if the thread has ended.
        """
        if threading.current_thread() is self._thread:
            return function(*args, **kwargs)
        future: Future[T] = Future()
        with self._closing:  # nobody would wait for what comes behind the last job
            if self._closed:
                raise WorkerClosed("the thread has ended")
            self._jobs.put((future, lambda: function(*args, **kwargs)))
        return future.result()

    def close(self) -> None:
        """End the thread, once it has done what it was asked for."""
        with self._closing:
            self._closed = True
            self._jobs.put(None)
        self._thread.join()
