"""The ways to start worker processes."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
import weakref
from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import Any, Protocol

import cloudpickle  # type: ignore[import-untyped]  # it has no types

from agentgym_envs.errors import BadOption
from agentgym_wrappers.vector import nursery, worker
from agentgym_wrappers.vector.makers import Env, Make

CODE = (
    "import sys; sys.path[:] = {path!r}; "
    "from agentgym_wrappers.vector.nursery import main; main({handle})"
)
PREFERRED = ("forkserver", "spawn")  # a fork of this process may catch threads
END_SECONDS = 5.0  # for a process that was asked to end
_parents_ends: weakref.WeakSet[Connection] = weakref.WeakSet()


class WorkerLost(RuntimeError):
    """A worker dies again and again, or died with what it was asked for."""


class Process(Protocol):
    """A worker process, from outside."""

    pid: int

    def status(self) -> int | None:
        """Its exit status, negative for a signal; None while it runs."""


class Launcher(Protocol):
    """Starts workers."""

    def start(self) -> tuple[Connection, Process]:
        """Start one, which waits for its task."""

    def close(self) -> None:
        """End what starts workers; the workers have ended before."""


def launcher(method: str | None, makers: Sequence[Make]) -> Launcher:
    """Choose by the name of a start method.

    Raises:
        BadOption: if there is none of that name here.
    """
    known = multiprocessing.get_all_start_methods()
    if method is None:
        method = next(name for name in PREFERRED if name in known)
    if method not in known:
        raise BadOption(
            f"start_method must be one of {', '.join(sorted(known))}, not {method!r}"
        )
    if method == "forkserver":
        return Nursery(makers)
    return Direct(method, makers)


def finish(process: Process, seconds: float = END_SECONDS) -> int:
    """Wait for the end of a process, and bring it about if need be."""
    end = time.monotonic() + seconds
    pause = 0.0005
    while (status := process.status()) is None:
        if time.monotonic() > end:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
            end = float("inf")
        time.sleep(pause)
        pause = min(2 * pause, 0.05)
    return status


def told(status: int) -> str:
    """Say how a process ended."""
    if status >= 0:
        return f"the worker process ended with status {status}"
    with contextlib.suppress(ValueError):
        name = signal.Signals(-status).name
        return f"the worker process was ended by signal {-status} ({name})"
    return f"the worker process was ended by signal {-status}"


class Direct:
    """Starts workers by `multiprocessing`: ``fork`` or ``spawn``."""

    def __init__(self, method: str, makers: Sequence[Make]) -> None:
        self._context: Any = multiprocessing.get_context(method)
        self._forks = method == "fork"
        # Forked workers share what these have loaded.
        self._loaded: list[Env] = [make() for make in makers] if self._forks else []

    def start(self) -> tuple[Connection, Process]:
        """Start one."""
        ours, theirs = multiprocessing.Pipe()
        _parents_ends.add(ours)
        # As long as anyone holds our end, the worker does not see that we are gone.
        inherited = list(_parents_ends) if self._forks else []
        process = self._context.Process(
            target=_run, args=(theirs, inherited), daemon=True
        )
        process.start()
        theirs.close()
        return ours, _Child(process)

    def close(self) -> None:
        """Close the environments that were forked along."""
        for env in self._loaded:
            with contextlib.suppress(Exception):
                env.close()
        self._loaded = []


def _run(connection: Connection, inherited: list[Connection]) -> None:
    for other in inherited:
        other.close()
    worker.main(connection)


class _Child:
    def __init__(self, process: Any) -> None:
        self._process = process
        self.pid: int = process.pid
        self._status: int | None = None

    def status(self) -> int | None:
        """Ask `multiprocessing`, which keeps pipes until it is told that we know."""
        if self._status is None:
            self._status = self._process.exitcode
            if self._status is not None:
                self._process.close()
        return self._status


class Nursery:
    """Starts workers by forks of a fresh process; see `nursery`."""

    def __init__(self, makers: Sequence[Make]) -> None:
        self._makers = cloudpickle.dumps(list(makers), worker.PROTOCOL)
        self._process: subprocess.Popen[bytes] | None = None

    def _open(self) -> None:
        ours, theirs = socket.socketpair()
        code = CODE.format(path=sys.path, handle=theirs.fileno())
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-c", code],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        finally:
            theirs.close()
        self._passing = socket.socket(fileno=os.dup(ours.fileno()))
        self._control = Connection(ours.detach())
        _parents_ends.add(self._control)
        self._control.send_bytes(self._makers)

    def start(self) -> tuple[Connection, Process]:
        """Start one; where the nursery is lost, in another one.

        Raises:
            WorkerLost: if it does not live long enough to start one.
        """
        if self._process is not None:
            with contextlib.suppress(EOFError, OSError):
                return self._fork()
            self.close()
        self._open()
        try:
            return self._fork()
        except (EOFError, OSError):
            status = self._process.wait() if self._process else 0
            raise WorkerLost(f"while environments were made, {told(status)}") from None

    def _fork(self) -> tuple[Connection, Process]:
        process = self._process
        assert process is not None
        ours, theirs = multiprocessing.Pipe()
        try:
            self._control.send_bytes(nursery.FORK)
            socket.send_fds(self._passing, [b"."], [theirs.fileno()])
            pid = self._answer()
        except BaseException as error:
            ours.close()
            if not isinstance(error, Exception):
                self.close()  # an interrupt may have cut a message in two
            raise
        finally:
            theirs.close()
        _parents_ends.add(ours)
        return ours, _Grandchild(pid, process, self)

    def reap(self, pid: int, forked_by: subprocess.Popen[bytes]) -> int | None:
        """Give the exit status of a worker; None while it runs."""
        try:
            if forked_by is not self._process:
                raise EOFError
            self._control.send_bytes(nursery.REAP + nursery.NUMBER.pack(pid))
            status = self._answer()
        except KeyboardInterrupt:
            self.close()  # half a message may be under way
            raise
        except (EOFError, OSError):
            # With the nursery all its workers end, but not at once.
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            return -signal.SIGKILL
        return None if status == nursery.RUNNING else os.waitstatus_to_exitcode(status)

    def _answer(self) -> int:
        (number,) = nursery.NUMBER.unpack(self._control.recv_bytes())
        return int(number)

    def close(self) -> None:
        """End the nursery."""
        process, self._process = self._process, None
        if process is None:
            return
        # Where a fork of this process holds the pipe, too, closing it tells nothing.
        with contextlib.suppress(OSError):
            self._control.send_bytes(nursery.END)
        self._passing.close()
        self._control.close()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class _Grandchild:
    def __init__(
        self, pid: int, forked_by: subprocess.Popen[bytes], nursery: Nursery
    ) -> None:
        self.pid = pid
        self._forked_by = forked_by
        self._nursery = nursery
        self._status: int | None = None

    def status(self) -> int | None:
        """Ask the nursery, which keeps the number until then."""
        if self._status is None:
            self._status = self._nursery.reap(self.pid, self._forked_by)
        return self._status
