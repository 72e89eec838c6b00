"""What the requests of `/v1` do, whichever way they came."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from gymnasium.spaces import Text
from gymnasium.vector import AutoresetMode

from agentgym_envs.errors import (
    AgentGymError,
    BadOption,
    DataError,
    MissingExtra,
    NoExpertAction,
    NotReady,
    ResetNeeded,
    SnapshotError,
    UnknownTask,
)
from agentgym_server.errors import BadRequest, KeyReused, Refusal, ServerFull
from agentgym_server.seat import Answer
from agentgym_server.sessions import Session, Sessions
from agentgym_server.v1 import models
from agentgym_server.v1.gathering import Gathering, Result
from agentgym_wrappers.vector.messages import Mistake

CODES: tuple[tuple[type[Exception], str], ...] = (
    (UnknownTask, "unknown_task"),
    (SnapshotError, "bad_snapshot"),
    (ResetNeeded, "reset_needed"),
    (NoExpertAction, "no_expert_action"),
    (MissingExtra, "missing_extra"),
    (NotReady, "not_ready"),
    (BadOption, "bad_option"),
)
Order = tuple[str, str, Any]
"""A session, an operation and its argument."""
REPLIES = 2  # with an idempotency key that are kept per environment
MAKINGS = 1024  # of environments with an idempotency key that are kept
REPLIES_NOTE = "v1"

log = logging.getLogger("agentgym.server")


class Work:
    """Begins what is asked for; each entry fails alone.

    Args:
        sessions: The store.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._makings: OrderedDict[str, tuple[Any, list[asyncio.Task[Result]]]]
        self._makings = OrderedDict()
        self._begin: dict[type[models.Message], Callable[[Any], Gathering]] = {
            models.CreateRequest: self._create,
            models.ResetRequest: self._reset,
            models.StepRequest: self._step,
            models.SnapshotRequest: self._snapshot,
            models.RestoreRequest: self._restore,
            models.ForkRequest: self._fork,
            models.CloseRequest: self._close,
            models.CallRequest: self._call,
        }

    def begin(self, request: models.Message) -> Gathering:
        """Order what a request wants, in the order of its entries.

        Raises:
            BadRequest: if it has too many entries.
        """
        count = len(request.entries)  # type: ignore[attr-defined]  # all have some
        most = self._sessions.settings.max_batch
        if count > most:
            raise BadRequest(f"a request has at most {most} entries, not {count}")
        return self._begin[type(request)](request)

    # With a lane's answer

    def _reset(self, request: models.ResetRequest) -> Gathering:
        calls = [
            (entry.session, "reset", (entry.seed, entry.options))
            for entry in request.entries
        ]
        return self._order(calls, self._row, request.key, keep=request.snapshots)

    def _step(self, request: models.StepRequest) -> Gathering:
        calls = [(entry.session, "step", entry.action) for entry in request.entries]
        return self._order(calls, self._row, request.key, keep=request.snapshots)

    def _snapshot(self, request: models.SnapshotRequest) -> Gathering:
        calls: list[Order] = [
            (entry.session, "snapshot", None) for entry in request.entries
        ]
        return self._order(calls, partial(_value, "snapshot"))

    def _restore(self, request: models.RestoreRequest) -> Gathering:
        calls = [
            (entry.session, "restore", entry.snapshot) for entry in request.entries
        ]
        return self._order(calls, partial(_value, "over"), request.key)

    def _call(self, request: models.CallRequest) -> Gathering:
        calls: list[Order] = [
            (entry.session, "call", (entry.name, (), {})) for entry in request.entries
        ]
        return self._order(calls, partial(_value, "value"))

    def _order(
        self,
        calls: Sequence[Order],
        tell: Callable[[Answer], Result],
        key: str | None = None,
        *,
        keep: bool = False,
    ) -> Gathering:
        gathering = Gathering(len(calls))
        wanted: list[tuple[Session, str, Any]] = []
        places: list[int] = []
        named: set[str] = set()
        told = partial(_result, tell)
        for place, (id, operation, argument) in enumerate(calls):
            try:
                session = self._sessions.find(id)
                if key is not None and id in named:
                    raise BadRequest("a request with a key names an environment once")
                named.add(id)
                stored = _stored(session, key, (operation, argument))
            except Refusal as error:
                gathering.put(place, failed(error))
                continue
            if stored is not None:
                gathering.expect(place, stored, told)
                continue
            wanted.append((session, operation, argument))
            places.append(place)
        futures = self._sessions.submit_all(wanted, keep=keep)
        for place, future, (session, *what) in zip(
            places, futures, wanted, strict=True
        ):
            if key is not None:
                _store(session, key, tuple(what), future)
            gathering.expect(place, future, told)
        return gathering

    def _row(self, answer: Answer) -> Result:
        observation, reward, terminated, truncated, info, final = answer.value
        result: Result = {
            "observation": observation,
            "reward": reward,
            "terminated": terminated,
            "truncated": truncated,
            "info": info,
        }
        if final is not None:
            result["final"] = {"observation": final[0], "info": final[1]}
        if answer.snapshot is not None:
            result["snapshot"] = answer.snapshot
        if "failure" in info or (final is not None and "failure" in final[1]):
            self._sessions.failures += 1
        return result

    # With tasks of their own

    def _create(self, request: models.CreateRequest) -> Gathering:
        makers = [partial(self._new, entry) for entry in request.entries]
        return self._made(request.key, request, makers)

    def _fork(self, request: models.ForkRequest) -> Gathering:
        makers = [partial(self._forked, entry) for entry in request.entries]
        return self._made(request.key, request, makers)

    def _close(self, request: models.CloseRequest) -> Gathering:
        makers = [partial(self._closed, entry) for entry in request.entries]
        return self._made(None, request, makers)

    def _made(
        self,
        key: str | None,
        request: models.Message,
        makers: Sequence[Callable[[], Coroutine[Any, Any, Result]]],
    ) -> Gathering:
        if key is not None and key in self._makings:
            before, tasks = self._makings[key]
            if before != request:
                raise KeyReused(f"the key {key!r:.40} was used for something else")
            # What nothing was done for may be done now.
            for place, make in enumerate(makers):
                if _had_no_room(tasks[place]):
                    tasks[place] = asyncio.create_task(make())
        else:
            tasks = [asyncio.create_task(make()) for make in makers]
            if key is not None:
                self._makings[key] = request, tasks
                if len(self._makings) > MAKINGS:
                    self._makings.popitem(last=False)
        gathering = Gathering(len(tasks))
        for place, task in enumerate(tasks):
            gathering.expect(place, task, _task_result)
        return gathering

    async def _new(self, entry: models.NewEnv) -> Result:
        make = self._sessions.offers.maker(entry.env_id, entry.kwargs)
        mode = AutoresetMode(entry.autoreset)
        session = await self._sessions.create(entry.env_id, make, mode=mode)
        described = session.description
        try:
            return {
                "session": session.id,
                "env_id": session.env_id,
                "observation_space": _space(described["observation_space"]),
                "action_space": _space(described["action_space"]),
                "metadata": _names(described["metadata"]),
                "render_mode": described["render_mode"],
            }
        except BadRequest:
            await self._sessions.discard(session.id)
            raise

    async def _forked(self, entry: models.ForkEntry) -> Result:
        source = self._sessions.find(entry.session)
        snapshot = (await self._sessions.call(source.id, "snapshot")).value
        made: list[Session] = []
        try:
            for _ in range(entry.count):
                made.append(
                    await self._sessions.create(
                        source.env_id, source.make, mode=source.mode
                    )
                )
            await asyncio.gather(
                *(self._sessions.call(new.id, "restore", snapshot) for new in made)
            )
        except BaseException:
            for new in made:
                await self._sessions.discard(new.id)
            raise
        return {"sessions": [new.id for new in made]}

    async def _closed(self, entry: models.SessionEntry) -> Result:
        return {"closed": await self._sessions.discard(entry.session)}


def _stored(
    session: Session, key: str | None, what: tuple[str, Any]
) -> asyncio.Future[Answer] | None:
    if key is None:
        return None
    replies = session.notes.get(REPLIES_NOTE, {})
    if key not in replies:
        return None
    before, future = replies[key]
    if before != what:
        raise KeyReused(f"the key {key!r:.40} was used for something else")
    kept: asyncio.Future[Answer] = future
    return kept


def _store(
    session: Session, key: str, what: tuple[Any, ...], future: asyncio.Future[Answer]
) -> None:
    replies = session.notes.setdefault(REPLIES_NOTE, {})
    replies[key] = what, future
    if len(replies) > REPLIES:
        del replies[next(iter(replies))]


def _value(name: str, answer: Answer) -> Result:
    return {name: answer.value}


def _result(tell: Callable[[Answer], Result], future: asyncio.Future[Answer]) -> Result:
    error = future.exception()
    if error is not None:
        return failed(error)
    answer = future.result()
    if type(answer.value) is Mistake:
        return failed(answer.value.error)
    return tell(answer)


def _had_no_room(task: asyncio.Future[Result]) -> bool:
    is_over = task.done() and not task.cancelled()
    return is_over and isinstance(task.exception(), ServerFull)


def _task_result(task: asyncio.Future[Result]) -> Result:
    if task.cancelled():
        return failed(Refusal("this was given up"))
    error = task.exception()
    return task.result() if error is None else failed(error)


def failed(error: BaseException) -> Result:
    """Give the result of an entry that could not be done."""
    return {"error": described(error)}


def described(error: BaseException) -> dict[str, str]:
    """Say what went wrong, and nothing of the server's insides."""
    if isinstance(error, Refusal):
        return {"code": error.code, "message": str(error)}
    if isinstance(error, DataError):
        log.error("%s", error)  # it names files of this machine
        return {"code": "data_error", "message": "the server's data can't be read"}
    for kind, code in CODES:
        if isinstance(error, kind):
            return {"code": code, "message": str(error)}
    if isinstance(error, AgentGymError):
        return {"code": "refused", "message": str(error)}
    log.error("an environment failed", exc_info=error)
    return {"code": "failed", "message": f"the environment raised {_name(error)}"}


def _name(error: BaseException) -> str:
    return type(error).__name__


def _space(space: object) -> dict[str, int]:
    if not isinstance(space, Text):
        raise BadRequest("this environment has other things than texts to tell")
    return {"max_length": space.max_length, "min_length": space.min_length}


def _names(metadata: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in metadata.items() if isinstance(key, str)}
