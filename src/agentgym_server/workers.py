"""Lanes whose environments live in worker processes, which may die.

The processes are those of `agentgym_wrappers.vector`. A worker that dies, hangs or is
killed ends the episodes that ran in it and no others: each comes back truncated with
its next step, with the ``end_reason`` ``crash`` and the reason in ``failure``. A
new process takes the place of the old one, and environments are made in it when they
are wanted.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import pickle
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any

import cloudpickle  # type: ignore[import-untyped]  # it has no types

from agentgym_server.errors import EpisodeLost
from agentgym_server.lanes import PATIENCE, Job, Lane, Resident
from agentgym_server.seat import Answer, Host, Order
from agentgym_wrappers.vector import launch
from agentgym_wrappers.vector.makers import Make
from agentgym_wrappers.vector.messages import Mistake, carried, carry
from agentgym_wrappers.vector.worker import PROTOCOL

EPISODE = ("step", "reset")  # operations that give a row
MAX_TRIES = 3
CLOSE_SECONDS = 5.0

log = logging.getLogger("agentgym.server")


class Workplace:
    """What a worker of the server is told first; see `worker.main`."""

    def play(self, connection: Connection) -> None:
        """Do what is ordered until the parent says that it is enough."""
        host = Host()
        try:
            connection.send_bytes(b"ready")
            while data := connection.recv_bytes():
                _obey(connection, host, pickle.loads(data))
        finally:
            host.close()


def _obey(connection: Connection, host: Host, orders: Sequence[Any]) -> None:
    answers: list[Answer] = []
    since = time.monotonic()
    for number, order in enumerate(orders, start=1):
        answers.append(host.obey(Order(*order)))
        now = time.monotonic()
        if now - since > PATIENCE or number == len(orders):
            connection.send_bytes(_packed(answers))
            answers, since = [], now


def _packed(answers: Sequence[Answer]) -> bytes:
    try:
        return pickle.dumps([_portable(answer) for answer in answers], PROTOCOL)
    except Exception as error:
        refusal = TypeError(f"this can't be sent from a worker: {error}")
        kept = _portable(Answer(Mistake(refusal)))
        return pickle.dumps([kept] * len(answers), PROTOCOL)


def _portable(answer: Answer) -> tuple[str, Any, bytes | None]:
    value, snapshot = answer
    if type(value) is Mistake:
        return "mistake", carry(value.error), snapshot
    return "", value, snapshot


class Starter:
    """Starts worker processes for all lanes, one at a time.

    Args:
        loaded: What workers are likely to make, and therefore share.
    """

    def __init__(self, loaded: Sequence[Make]) -> None:
        self._launcher = launch.launcher(None, loaded)
        self._lock = threading.Lock()

    def start(self) -> tuple[Connection, launch.Process]:
        """Start one.

        Raises:
            WorkerLost: if it does not live long enough.
        """
        with self._lock:
            connection, process = self._launcher.start()
            connection.send_bytes(pickle.dumps(Workplace(), PROTOCOL))
        return connection, process

    def finish(self, process: launch.Process, *, kill: bool) -> str:
        """End a process, and say how it ended."""
        if kill:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        with self._lock:
            return launch.told(launch.finish(process, CLOSE_SECONDS))

    def close(self) -> None:
        """End what starts workers; these have ended before."""
        with self._lock:
            self._launcher.close()


class WorkerLane(Lane):
    """A lane that drives one worker process.

    Args:
        loop: Where the answers are awaited.
        name: Of the thread.
        starter: Starts the process.
        timeout: Seconds that one order may take; None: for ever.
        on_death: Called, in the lane's thread, with the reason of each death.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        name: str,
        starter: Starter,
        timeout: float | None,
        on_death: Callable[[str], None],
    ) -> None:
        self._starter = starter
        self._timeout = timeout
        self._on_death = on_death
        self._connection: Connection | None = None
        self._process: launch.Process | None = None
        self._open_here: set[int] = set()
        self._at_home: dict[int, Resident] = {}
        self.pid = 0
        """Of the process, once it runs; for tests and operators."""
        super().__init__(loop, name)

    def _open(self) -> None:
        with contextlib.suppress(launch.WorkerLost, OSError, EOFError):
            self._begin()  # a later one may do better, and who needs it is told

    def _begin(self) -> None:
        self._connection, self._process = self._starter.start()
        self._open_here.clear()
        self.pid = self._process.pid
        if not self._connection.poll(launch.END_SECONDS * 4):
            # What it says later must not be taken for an answer.
            self._let_go()
            raise EOFError("the worker does not begin")
        self._connection.recv_bytes()

    def _play(self, jobs: Sequence[Job]) -> None:
        waiting = deque(self._settled(jobs))
        while waiting:
            failure = ""
            try:
                self._do(waiting)
                return
            except TimeoutError:
                failure = f"there was no answer within {self._timeout:g} seconds"
            except launch.WorkerLost as error:
                failure = str(error)
            except (EOFError, OSError):
                pass  # how the process ended says more
            except Exception as error:
                # Answers that nobody has read must not be taken for later ones.
                log.exception("a worker said what can't be read")
                failure = f"its answer can't be read: {type(error).__name__}"
            failure = self._bury(failure)
            if self._is_closing:
                self._refuse(waiting)
                return
            waiting = deque(self._instead(waiting, failure))

    def _settled(self, jobs: Sequence[Job]) -> list[Job]:
        """Answer what concerns lost episodes; give the rest."""
        rest: list[Job] = []
        for job in jobs:
            resident = job.resident
            if resident.lost and job.operation == "step":
                failure, resident.lost = resident.lost, ""
                job.operation, job.argument = "crash", (failure, resident.latest, True)
            elif resident.lost and job.operation in ("snapshot", "call", "run"):
                self._answer(job, EpisodeLost(resident.lost))
                if job.operation == "run":
                    resident.lost = ""  # nobody steps this one in another way
                continue
            rest.append(job)
        return rest

    def _do(self, waiting: deque[Job]) -> None:
        """Send jobs, and take the answers until none is missing.

        Raises:
            EOFError, OSError: if the worker is gone.
            TimeoutError: if it hangs.
        """
        if self._connection is None:
            self._begin()
        connection = self._connection
        assert connection is not None
        orders: list[tuple[Any, ...]] = []
        owners: deque[Job | None] = deque()
        opened = set(self._open_here)
        for job in waiting:
            resident = job.resident
            if resident.number not in self._open_here and job.operation != "drop":
                self._open_here.add(resident.number)
                if job.operation != "open":
                    orders.append((resident.number, "open", resident.opening))
                    owners.append(None)
            orders.append(tuple(job.order))
            owners.append(job)
        try:
            data = _written(orders)
        except Exception as error:  # nothing was sent
            self._open_here = opened
            while waiting:
                self._answer(waiting.popleft(), error)
            return
        connection.send_bytes(data)
        while owners:
            if not connection.poll(self._timeout):
                raise TimeoutError
            for told in pickle.loads(connection.recv_bytes()):
                answer = _unpacked(told)
                owner = owners.popleft()
                if owner is None:
                    continue
                waiting.popleft()
                self._take(owner, answer)

    def _take(self, job: Job, answer: Answer) -> None:
        resident = job.resident
        value = answer.value
        failed = type(value) is Mistake
        if job.operation == "open":
            (self._open_here.discard if failed else self._open_here.add)(
                resident.number
            )
            if not failed:
                self._at_home[resident.number] = resident
        elif job.operation == "drop":
            self._open_here.discard(resident.number)
            self._at_home.pop(resident.number, None)
        elif not failed:
            self._remember(job, value)
        self._answer(job, answer)

    def _remember(self, job: Job, value: Any) -> None:
        resident = job.resident
        if job.operation in ("step", "reset", "crash", "lose"):
            observation, _, terminated, truncated, info, final = value
            resident.latest = observation, info
            resident.ended = (terminated or truncated) and final is None
            resident.has_begun, resident.lost = True, ""
            if job.operation == "reset" and job.argument[0] is not None:
                seed = job.argument[0]
                resident.opening = resident.opening._replace(seed=seed, life=0)
        elif job.operation == "restore":
            resident.latest, resident.ended = None, bool(value)
            resident.has_begun, resident.lost = True, ""

    def _bury(self, failure: str) -> str:
        """Take leave of a dead or hanging process; say how it ended."""
        self._open_here.clear()
        ended = self._let_go()
        failure = failure or ended or "the worker process could not be started"
        for resident in self._at_home.values():
            opening = resident.opening
            resident.opening = opening._replace(
                life=opening.life + 1, ended=resident.ended
            )
            if resident.has_begun and not resident.ended:
                resident.lost = failure
        self._on_death(failure)
        return failure

    def _let_go(self) -> str:
        """End the process, if there is one; say how it ended."""
        process, connection = self._process, self._connection
        self._process = self._connection = None
        if connection is not None:
            connection.close()
        return "" if process is None else self._starter.finish(process, kill=True)

    def _instead(self, waiting: Sequence[Job], failure: str) -> list[Job]:
        """What to do in a new process in the place of what died with the old one.

        Only the first may be to blame; the others had not begun.
        """
        rest: list[Job] = []
        for place, job in enumerate(waiting):
            job.tries += place == 0
            replaced = self._replaced(job, failure, is_first=place == 0)
            if replaced is not None:
                rest.append(replaced)
        return self._settled(rest)

    def _replaced(self, job: Job, failure: str, *, is_first: bool) -> Job | None:
        resident = job.resident
        if job.tries >= MAX_TRIES:
            self._answer(job, EpisodeLost(failure))
            return None
        if not is_first or job.operation in ("open", "drop"):
            if is_first and job.operation == "open" and job.tries > 1:
                self._answer(job, EpisodeLost(failure))
                return None
            return job
        if job.operation == "crash":
            job.argument = (*job.argument[:2], False)
        elif job.operation == "step" and not resident.ended:
            job.operation = "crash"
            job.argument = failure, resident.latest, job.tries == 1
            resident.lost = ""
        elif job.operation in EPISODE and job.tries > 1:
            job.operation, job.argument = "lose", failure
        elif job.operation not in (*EPISODE, "lose"):
            self._answer(job, EpisodeLost(failure))
            return None
        return job

    def abandon(self) -> None:
        """Kill the worker, whose lane then ends."""
        process = self._process
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))

    def _close(self) -> None:
        connection, process = self._connection, self._process
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.send_bytes(b"")
        if process is not None:
            self._starter.finish(process, kill=False)
        if connection is not None:
            connection.close()


def _written(orders: Sequence[tuple[Any, ...]]) -> bytes:
    try:
        return pickle.dumps(orders, PROTOCOL)
    except Exception:  # such as a maker that is no function of a module
        data: bytes = cloudpickle.dumps(orders, PROTOCOL)
        return data


def _unpacked(told: tuple[str, Any, bytes | None]) -> Answer:
    kind, value, snapshot = told
    return Answer(Mistake(carried(value)) if kind else value, snapshot)
