"""The environments of a server: made, called, leased, closed."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import secrets
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from gymnasium.vector import AutoresetMode

from agentgym_server.errors import Closing, NoSession, ServerFull
from agentgym_server.lanes import Job, Lane, Resident, ThreadLane
from agentgym_server.offers import Offers
from agentgym_server.seat import Answer, Opening, call
from agentgym_server.settings import Settings
from agentgym_server.workers import Starter, WorkerLane
from agentgym_wrappers.vector.makers import Make
from agentgym_wrappers.vector.messages import Mistake

ID_BYTES = 16  # of randomness: nobody guesses one
LOOKS_PER_LEASE = 4
LONGEST_LOOK = 5.0  # seconds between two looks for leases that are over
END_SECONDS = 10.0  # for all environments to close

log = logging.getLogger("agentgym.server")

Id = str | tuple[str, int]
"""Of an environment: unguessable, or a number in the series of a dialect."""


@dataclass(slots=True, eq=False)
class Session:
    """One environment of the server."""

    id: Id
    env_id: str
    family: str
    make: Make
    mode: AutoresetMode
    lane: Lane
    resident: Resident
    used: float
    """When it was called last, by the clock of the store."""
    description: dict[str, Any] = field(default_factory=dict)
    calls: int = 0
    """Calls that are under way; while there are any, no lease ends."""
    notes: dict[str, Any] = field(default_factory=dict)
    """What a protocol wants to remember of it."""


class Sessions:
    """The store of all environments; to be used in one event loop.

    Nothing here blocks: environments live in lanes, each environment in one, where
    its calls are done one after another in the order in which they came.

    Args:
        settings: How many there may be, where they live, and for how long.
        clock: Gives seconds, for leases.
    """

    def __init__(
        self, settings: Settings, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.settings = settings
        self.offers = Offers(settings)
        self.tally: Counter[tuple[str, str]] = Counter()
        """Number of calls per family and operation."""
        self.failures = 0
        """Number of episodes that a failure has ended."""
        self.worker_deaths = 0
        self.expired = 0
        """Number of environments whose lease has ended."""
        self._clock = clock
        self._sessions: dict[Id, Session] = {}
        self._series: dict[str, Series] = {}
        self._opening = 0
        self._numbers = itertools.count()
        self._lanes: list[Lane] = []
        self._starter: Starter | None = None
        self._reaper: asyncio.Task[None] | None = None
        self._is_closing = False

    async def open(self, *, loaded: Sequence[Make] = ()) -> None:
        """Start the lanes.

        Args:
            loaded: What workers are likely to make, and therefore share.
        """
        loop = asyncio.get_running_loop()
        settings = self.settings
        if settings.workers:
            starter = self._starter = Starter(loaded)
            self._lanes = [
                WorkerLane(
                    loop, f"worker-{i}", starter, settings.timeout, self._on_death
                )
                for i in range(settings.workers)
            ]
        else:
            self._lanes = [
                ThreadLane(loop, f"lane-{i}") for i in range(settings.threads)
            ]
        if settings.lease is not None:
            self._reaper = asyncio.create_task(self._reap(settings.lease))

    async def close(self) -> None:
        """Close all environments, and end the lanes."""
        self._is_closing = True
        if self._reaper is not None:
            self._reaper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reaper
        self._sessions.clear()
        for lane in self._lanes:
            lane.end()
        await asyncio.to_thread(self._join)
        self._lanes = []

    def _join(self) -> None:
        end = time.monotonic() + END_SECONDS
        for lane in self._lanes:
            if not lane.join(max(0.0, end - time.monotonic())):
                lane.abandon()
        for lane in self._lanes:
            lane.join(1.0)
        if self._starter is not None:
            self._starter.close()

    def __len__(self) -> int:
        """Number of environments."""
        return len(self._sessions)

    def ids(self) -> list[Id]:
        """The ids of all environments."""
        return list(self._sessions)

    def counts(self) -> dict[str, int]:
        """Number of environments per family."""
        found: dict[str, int] = {}
        for session in self._sessions.values():
            found[session.family] = found.get(session.family, 0) + 1
        return found

    def pids(self) -> list[int]:
        """The worker processes that run."""
        return [lane.pid for lane in self._lanes if isinstance(lane, WorkerLane)]

    def series(self, name: str) -> Series:
        """Environments with plain numbers as ids, as the original servers have them."""
        return self._series.setdefault(name, Series(self, name))

    async def create(
        self,
        env_id: str,
        make: Make,
        *,
        mode: AutoresetMode = AutoresetMode.DISABLED,
        id: Id | None = None,
    ) -> Session:
        """Make an environment.

        Args:
            env_id: What it is, for those who ask.
            make: How it is made; `Offers` says it.
            mode: What happens when an episode ends.
            id: Its id; None for one that nobody can guess.

        Raises:
            ServerFull: if there are too many.
            Exception: whatever making the environment raises.
        """
        if self._is_closing:
            raise Closing("the server is about to end")
        if len(self._sessions) + self._opening >= self.settings.max_envs:
            raise ServerFull(
                f"this server holds at most {self.settings.max_envs} environments; "
                "close some, or try again later"
            )
        lane = min(self._lanes, key=lambda lane: lane.residents)
        resident = Resident(next(self._numbers), Opening(make, mode))
        session = Session(
            id=secrets.token_urlsafe(ID_BYTES) if id is None else id,
            env_id=env_id,
            family=env_id.rpartition("/")[2].partition(".")[0].partition("-v")[0],
            make=make,
            mode=mode,
            lane=lane,
            resident=resident,
            used=self._clock(),
        )
        self._opening += 1
        lane.residents += 1
        try:
            opened = await self.submit(session, "open", resident.opening)
            session.description = _right(opened).value
        except BaseException:
            self._drop(session)
            raise
        finally:
            self._opening -= 1
        self._sessions[session.id] = session
        return session

    def find(self, id: Id) -> Session:
        """Give the session of an id.

        Raises:
            NoSession: if there is none.
        """
        try:
            return self._sessions[id]
        except KeyError:
            raise NoSession(
                f"there is no environment {_name(id)}; it may have been closed, or "
                "its lease have ended"
            ) from None

    def touch(self, id: Id) -> Session:
        """Give the session of an id, whose lease begins anew.

        Raises:
            NoSession: if there is none.
        """
        session = self.find(id)
        session.used = self._clock()
        return session

    async def call(
        self, id: Id, operation: str, argument: Any = None, *, keep: bool = False
    ) -> Answer:
        """Have a method of `Seat` called, and give what comes back.

        Args:
            id: Of the environment.
            operation: Its name: ``step``, ``reset``, ``snapshot``, ``restore``, ...
            argument: As the method takes it.
            keep: Whether a snapshot of what has become of the episode is wanted, too.

        Raises:
            NoSession: for an id that there is not.
            EpisodeLost: if the episode has died with its worker.
            Exception: what the caller did wrong.
        """
        return _right(await self.submit(self.find(id), operation, argument, keep=keep))

    async def run(self, id: Id, function: Callable[..., Any], *arguments: Any) -> Any:
        """Give what a function makes of an environment, where that lives.

        The function must be one of a module, since it may have to travel.

        Raises:
            NoSession, EpisodeLost: as `call`.
            Exception: what the function raises.
        """
        return (await self.call(id, "run", (function, arguments))).value

    def submit(
        self, session: Session, operation: str, argument: Any, *, keep: bool = False
    ) -> asyncio.Future[Answer]:
        """Order something; the future gives the answer, mistakes included."""
        return self.submit_all([(session, operation, argument)], keep=keep)[0]

    def submit_all(
        self, calls: Sequence[tuple[Session, str, Any]], *, keep: bool = False
    ) -> list[asyncio.Future[Answer]]:
        """Order several things; each lane is woken once."""
        now = self._clock()
        futures: list[asyncio.Future[Answer]] = []
        shares: dict[Lane, list[Job]] = {}
        loop = asyncio.get_running_loop()
        for session, operation, argument in calls:
            future: asyncio.Future[Answer] = loop.create_future()
            session.used = now
            session.calls += 1
            name = argument[0].__name__ if operation == "run" else operation
            self.tally[session.family, name] += 1
            future.add_done_callback(partial(self._has_answered, session))
            job = Job(session.resident, operation, argument, future, keep)
            shares.setdefault(session.lane, []).append(job)
            futures.append(future)
        for lane, jobs in shares.items():
            lane.put(jobs)
        return futures

    def _has_answered(self, session: Session, _: asyncio.Future[Answer]) -> None:
        session.calls -= 1
        session.used = self._clock()

    async def discard(self, id: Id) -> bool:
        """Close an environment; tell whether there was one."""
        session = self._sessions.pop(id, None)
        if session is None:
            return False
        # It counts until it is closed indeed.
        self._opening += 1
        try:
            await self._drop(session)
        finally:
            self._opening -= 1
        return True

    def _drop(self, session: Session) -> asyncio.Future[Answer]:
        session.lane.residents -= 1
        return self.submit(session, "drop", None)

    async def _reap(self, lease: float) -> None:
        while True:
            await asyncio.sleep(min(lease / LOOKS_PER_LEASE, LONGEST_LOOK))
            await self.expire()

    async def expire(self) -> int:
        """Close the environments that nobody has called for too long; count them."""
        lease = self.settings.lease
        if lease is None:
            return 0
        now = self._clock()
        late = [
            session.id
            for session in self._sessions.values()
            if not session.calls and now - session.used > lease
        ]
        self.expired += len(late)
        await asyncio.gather(*(self.discard(id) for id in late))
        return len(late)

    def _on_death(self, failure: str) -> None:
        self.worker_deaths += 1
        log.warning("a worker died: %s", failure)


class Series:
    """Environments with the numbers 0, 1, 2, ... as ids; none is given out twice.

    Args:
        sessions: The store, whose `Sessions.series` is the way to one.
        name: Of the series.
    """

    def __init__(self, sessions: Sessions, name: str) -> None:
        self._sessions = sessions
        self._name = name
        self.given = 0
        """How many numbers have been given."""

    async def create(self, env_id: str, **kwargs: Any) -> int:
        """Make an environment of ours with any keywords; give its number.

        Raises:
            ServerFull: if there are too many.
            Exception: whatever making the environment raises.
        """
        number, self.given = self.given, self.given + 1
        make = self._sessions.offers.own_maker(env_id, **kwargs)
        await self._sessions.create(env_id, make, id=(self._name, number))
        return number

    async def run(
        self, number: int, function: Callable[..., Any], *arguments: Any
    ) -> Any:
        """Give what a function makes of an environment; see `Sessions.run`."""
        return await self._sessions.run((self._name, number), function, *arguments)

    async def call(self, number: int, name: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method of an environment, or read an attribute."""
        session = self._sessions.find((self._name, number))
        self._sessions.tally[session.family, name] += 1
        return await self.run(number, call, name, args, kwargs)

    async def close(self, number: int) -> bool:
        """Close an environment; tell whether there was one."""
        return await self._sessions.discard((self._name, number))

    def notes(self, number: int) -> dict[str, Any]:
        """What is remembered of an environment for as long as it lives.

        Raises:
            NoSession: for a number that has none.
        """
        return self._sessions.find((self._name, number)).notes

    def numbers(self) -> list[int]:
        """The numbers of the environments that there are, in order."""
        ids = self._sessions.ids()
        mine = (id for id in ids if isinstance(id, tuple) and id[0] == self._name)
        return sorted(number for _, number in mine)


def _right(answer: Answer) -> Answer:
    if type(answer.value) is Mistake:
        raise answer.value.error
    return answer


def _name(id: Id) -> str:
    return f"{id!r:.40}" if isinstance(id, str) else f"{id[1]} in {id[0]}"
