"""The backend of `TextVectorEnv` whose environments live on a server.

A step is sent with an idempotency key, so it is safe to send it again when nobody
knows whether it has arrived. Each reply brings a snapshot along, from which an
episode goes on when the server has been started anew, or has closed the environment.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode

from agentgym_envs import TextSpace
from agentgym_envs.errors import AgentGymError, BadOption
from agentgym_wrappers.remote.errors import (
    EPISODE_LOST,
    NO_SESSION,
    RemoteError,
    error_of,
)
from agentgym_wrappers.remote.link import Link
from agentgym_wrappers.vector.makers import Make, Maker
from agentgym_wrappers.vector.messages import (
    Final,
    Mistake,
    Part,
    Request,
    Row,
    parts_of,
)
from agentgym_wrappers.vector.slot import CRASH

CHUNK = 256  # entries of one message
RETRIES = 3  # of what needs an environment that the server has lost
CLOSE_SECONDS = 5.0
PARTING_SECONDS = 1.0  # to find a server again only to close environments
KEYED = ("step", "reset", "restore")
QUESTIONS = frozenset(
    "action_schema admissible_actions expert_action goal horizon instructions "
    "is_over render".split()
)
GONE = "the server has lost this episode"


@dataclass(slots=True)
class Remembered:
    """What a client knows of an environment on a server."""

    make: Maker
    session: str = ""
    seed: int | None = None
    life: int = 0
    kept: bytes | None = None
    """The latest snapshot."""
    latest: Final | None = None
    """The latest observation and info, once an episode has begun."""
    ended: bool = False
    is_unborn: bool = False
    """Whether the environment is a new one, and the next step has to begin in it."""


@dataclass(slots=True)
class Pending:
    """A message, and the slots that it has not been answered for."""

    operation: str
    slots: list[int]
    arguments: dict[int, Any]
    key: str
    eager: bool
    missing: set[int]
    tries: int = 0
    renewed: dict[int, str] = field(default_factory=dict)
    """Slots whose episode the server has lost, and why."""


class _Broken(Exception):
    """What was asked may have been lost with the connection."""


class Remote:
    """Plays on a server of `agentgym_server`.

    Args:
        makers: One per slot; each from an id and keywords.
        mode: What happens when an episode ends.
        address: Of the server, such as ``http://127.0.0.1:8000``.
        token: What the server demands; None for nothing.
        resume: Whether to keep a snapshot of each episode.
        patience: Seconds to wait for a server that has gone.

    Raises:
        BadOption: for a function, which can't travel, or what the server refuses.
        ServerUnreachable: if there is no server.
        RemoteError: if the server won't.
    """

    def __init__(
        self,
        makers: Sequence[Make],
        mode: AutoresetMode,
        address: str,
        *,
        token: str | None = None,
        resume: bool = True,
        patience: float = 60.0,
    ) -> None:
        self._slots = [Remembered(_named(make)) for make in makers]
        self._mode = mode
        self._resume = resume
        self._pending: dict[int, Pending] = {}
        self._numbers = 0
        self._prefix = secrets.token_hex(8)
        self._parts: list[Part] = []
        self._answered = 0
        self.descriptions: list[dict[str, Any]] = [{}] * len(self._slots)
        self._link = Link(address, token, patience, self._send_again)
        try:
            for slot, made in enumerate(self._create(range(len(self._slots)))):
                if isinstance(made, AgentGymError):
                    raise made
                self.descriptions[slot] = _described(made)
        except BaseException:
            self.close()
            raise

    # As a backend

    def post(self, request: Request) -> None:
        """Send a request, in messages that are not too long."""
        operation, slots, arguments, patience = request
        if (refusal := _refusal(operation, arguments)) is not None:
            self._keep(operation, dict.fromkeys(slots, Mistake(refusal)))
            return
        for start in range(0, len(slots), CHUNK):
            some = list(slots[start : start + CHUNK])
            theirs = dict(zip(some, arguments[start : start + CHUNK], strict=True))
            self._numbers += 1
            pending = Pending(
                operation,
                some,
                theirs,
                f"{self._prefix}-{self._numbers}",
                patience is not None,
                set(some),
            )
            self._pending[self._numbers] = pending
            self._send(self._numbers, pending)

    def collect(self, count: int) -> list[Part]:
        """Wait until at least ``count`` slots have answered; give all that have."""
        while self._pending:
            is_enough = self._answered >= count
            reply = self._link.receive(0 if is_enough else None)
            if reply is not None:
                self._take(reply)
            elif is_enough:
                break
        parts, self._parts, self._answered = self._parts, [], 0
        return parts

    def close(self) -> None:
        """Close the environments on the server, if it is there, and the connection."""
        sessions = [slot.session for slot in self._slots if slot.session]
        self._pending.clear()
        # A server that has gone has taken them along, or ends their leases.
        self._link.patience = min(self._link.patience, PARTING_SECONDS)
        with contextlib.suppress(Exception):
            for start in range(0, len(sessions), CHUNK):
                some = sessions[start : start + CHUNK]
                self._ask({"op": "close", "entries": _entries(some)}, CLOSE_SECONDS)
        self._link.close()

    # Messages

    def _send(self, number: int, pending: Pending) -> None:
        slots = [slot for slot in pending.slots if slot in pending.missing]
        groups: dict[str, list[int]] = {}
        for slot in slots:
            groups.setdefault(self._operation(pending, slot), []).append(slot)
        pending.slots = [slot for group in groups.values() for slot in group]
        # Steps and beginnings in the place of steps are different messages.
        for place, (operation, group) in enumerate(groups.items()):
            if place:
                self._numbers += 1
                number = self._numbers
                pending = Pending(
                    pending.operation,
                    group,
                    pending.arguments,
                    pending.key,
                    pending.eager,
                    set(group),
                    pending.tries,
                    pending.renewed,
                )
                self._pending[number] = pending
            else:
                pending.slots, pending.missing = group, set(group)
            try:
                self._link.send(self._message(number, operation, pending))
            except BadOption as error:
                del self._pending[number]
                self._refuse(pending, error)

    def _operation(self, pending: Pending, slot: int) -> str:
        is_step = pending.operation == "step"
        return "reset" if is_step and self._slots[slot].is_unborn else pending.operation

    def _message(self, number: int, operation: str, pending: Pending) -> dict[str, Any]:
        entries = [
            self._entry(operation, slot, pending.arguments[slot])
            for slot in pending.slots
        ]
        message = {"id": number, "op": operation, "entries": entries}
        if operation in KEYED:
            message["key"] = pending.key
        if operation in ("step", "reset") and self._resume:
            message["snapshots"] = True
        if pending.eager:
            message["eager"] = True
        return message

    def _entry(self, operation: str, slot: int, argument: Any) -> dict[str, Any]:
        mine = self._slots[slot]
        entry: dict[str, Any] = {"session": mine.session}
        if operation == "step":
            entry["action"] = argument
        elif operation == "reset":
            seed, options = (None, None) if isinstance(argument, str) else argument
            if seed is None and mine.life:
                seed = _seed(mine) if mine.kept is None and mine.is_unborn else None
            entry |= {"seed": seed, "options": options or None}
        elif operation == "restore":
            entry["snapshot"] = bytes(argument)
        elif operation == "call":
            entry["name"] = argument[0]
        return entry

    def _send_again(self, was_too_long: bool) -> None:
        if was_too_long:
            self._refuse_all(
                RemoteError("too_long", "this is longer than the server takes")
            )
        for number, pending in list(self._pending.items()):
            self._send(number, pending)

    def _refuse(self, pending: Pending, error: AgentGymError) -> None:
        self._keep(pending.operation, dict.fromkeys(pending.missing, Mistake(error)))

    def _refuse_all(self, error: AgentGymError) -> None:
        for pending in self._pending.values():
            self._refuse(pending, error)
        self._pending.clear()

    def _ask(
        self, message: dict[str, Any], seconds: float | None = None
    ) -> list[dict[str, Any]]:
        """Send a message, and wait for its reply; keep what else comes.

        Raises:
            AgentGymError: if it is refused as a whole.
            _Broken: if the connection breaks, or the time is over.
            ServerUnreachable: if the server has gone for too long.
        """
        self._numbers += 1
        number, life = self._numbers, self._link.lives
        self._link.send({**message, "id": number})
        if self._link.lives > life:
            raise _Broken
        while True:
            reply = self._link.receive(seconds)
            if self._link.lives > life or reply is None:
                raise _Broken
            if reply.get("id") in (number, None):  # None: what was sent is unreadable
                if "error" in reply:
                    raise error_of(reply["error"])
                results: list[dict[str, Any]] = reply["results"]
                return results
            self._take(reply)

    def _create(self, slots: Sequence[int]) -> list[dict[str, Any] | AgentGymError]:
        found: list[dict[str, Any] | AgentGymError] = []
        for start in range(0, len(slots), CHUNK):
            some = slots[start : start + CHUNK]
            self._numbers += 1
            message = {
                "op": "create",
                "key": f"{self._prefix}-{self._numbers}",
                "entries": [self._wanted(slot) for slot in some],
            }
            results = self._insist(message)
            for slot, result in zip(some, results, strict=True):
                if "error" in result:
                    found.append(error_of(result["error"]))
                else:
                    self._slots[slot].session = result["session"]
                    found.append(result)
        return found

    def _insist(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        """Ask again when the connection breaks: the key makes that safe."""
        while True:  # the patience of the link has an end
            with contextlib.suppress(_Broken):
                return self._ask(message)

    def _wanted(self, slot: int) -> dict[str, Any]:
        env_id, kwargs = _id_and_keywords(self._slots[slot].make)
        return {"env_id": env_id, "kwargs": kwargs, "autoreset": self._mode.value}

    # Replies

    def _take(self, reply: dict[str, Any]) -> None:
        if reply.get("id") is None and "error" in reply:
            # The server could not read a message, and does not know whose it was.
            self._refuse_all(error_of(reply["error"]))
            return
        pending = self._pending.get(reply.get("id", 0))
        if pending is None:
            return  # of a connection before this one
        if "error" in reply:
            results = [{"error": reply["error"]}] * len(pending.slots)
            places: Sequence[int] = range(len(results))
        else:
            results = reply["results"]
            places = reply.get("places", range(len(results)))
        rows: dict[int, Any] = {}
        lost: list[int] = []
        for place, result in zip(places, results, strict=True):
            slot = pending.slots[place]
            if slot not in pending.missing:
                continue  # the answer to a message that was sent twice
            code = result["error"]["code"] if "error" in result else ""
            if code == NO_SESSION and pending.tries < RETRIES:
                lost.append(slot)
                continue
            rows[slot] = self._told(pending, slot, result)
        pending.missing.difference_update(rows, lost)
        if reply.get("done"):
            del self._pending[reply["id"]]
        self._keep(pending.operation, rows)
        if lost:
            self._recover(pending, lost)

    def _keep(self, operation: str, rows: dict[int, Any]) -> None:
        if not rows:
            return
        # An error is no step; the way of resets has a place for both.
        kind = "reset" if operation == "step" else operation
        self._parts += parts_of(kind, list(rows), list(rows.values()))
        self._answered += len(rows)

    def _told(self, pending: Pending, slot: int, result: dict[str, Any]) -> Any:
        mine, operation = self._slots[slot], pending.operation
        if "error" in result:
            error = error_of(result["error"])
            is_lost = isinstance(error, RemoteError) and error.code == EPISODE_LOST
            if operation == "step" and is_lost:
                return self._crashed(slot, str(error), None)
            return Mistake(error)
        if operation in ("step", "reset"):
            row = _row(result)
            if operation == "step" and mine.is_unborn and slot in pending.renewed:
                row = self._crashed(slot, pending.renewed[slot], row)
            mine.is_unborn = False
            if operation == "reset" and pending.arguments[slot][0] is not None:
                mine.seed, mine.life = pending.arguments[slot][0], 0
            self._remember(mine, row, result.get("snapshot"))
            return row
        if operation == "restore":
            mine.kept, mine.latest = bytes(pending.arguments[slot]), ("", {})
            mine.ended, mine.is_unborn = result["over"], False
            return result["over"]
        if operation == "snapshot":
            return result["snapshot"]
        return result["value"]

    def _remember(self, mine: Remembered, row: Row, kept: bytes | None) -> None:
        observation, _, terminated, truncated, info, final = row
        mine.latest = observation, info
        mine.ended = (terminated or truncated) and final is None
        mine.kept = kept if self._resume else None

    def _crashed(self, slot: int, failure: str, begun: Row | None) -> Row:
        """End an episode that the server has lost, as `slot.Slot` would."""
        mine = self._slots[slot]
        observation, info = mine.latest or ("", {})
        info = {**info, "end_reason": CRASH, "failure": failure}
        if begun is not None:
            first, *_, beginning, _ = begun
            return first, 0.0, False, True, beginning, (observation, info)
        mine.latest, mine.ended, mine.kept = (observation, info), True, None
        return observation, 0.0, False, True, info, None

    # When the server has lost environments

    def _recover(self, pending: Pending, slots: list[int]) -> None:
        """Make environments anew, take up the episodes, and go on.

        Only what a snapshot can't keep is lost.
        """
        made = self._create(slots)
        restored = self._restore(
            [
                slot
                for slot, new in zip(slots, made, strict=True)
                if not isinstance(new, AgentGymError)
                and self._slots[slot].kept is not None
                and pending.operation != "restore"
            ]
        )
        again: list[int] = []
        rows: dict[int, Any] = {}
        for slot, new in zip(slots, made, strict=True):
            mine = self._slots[slot]
            mine.life += 1
            if isinstance(new, AgentGymError):
                rows[slot] = Mistake(new)
            elif slot in restored:
                again.append(slot)
            elif (row := self._without(pending, slot)) is not None:
                rows[slot] = row
            else:
                again.append(slot)
        self._keep(pending.operation, rows)
        if again:
            self._numbers += 1
            rest = Pending(
                pending.operation,
                again,
                pending.arguments,
                pending.key,
                pending.eager,
                set(again),
                pending.tries + 1,
                pending.renewed,
            )
            self._pending[self._numbers] = rest
            self._send(self._numbers, rest)

    def _restore(self, slots: list[int]) -> set[int]:
        if not slots:
            return set()
        entries = [
            {"session": self._slots[slot].session, "snapshot": self._slots[slot].kept}
            for slot in slots
        ]
        results = self._insist({"op": "restore", "entries": entries})
        pairs = zip(slots, results, strict=True)
        restored = {slot for slot, result in pairs if "error" not in result}
        for slot in set(slots) - restored:
            self._slots[slot].kept = None
        return restored

    def _without(self, pending: Pending, slot: int) -> Any:
        """Answer what can't be done without the episode; None if it can be."""
        mine, operation = self._slots[slot], pending.operation
        if operation in ("reset", "restore"):
            mine.is_unborn = operation == "reset"
            return None
        if mine.latest is None:
            return None  # no episode has ever begun
        if operation != "step":
            return Mistake(RemoteError(EPISODE_LOST, GONE))
        if mine.ended:
            mine.is_unborn = self._mode is not AutoresetMode.DISABLED
            return None
        mine.is_unborn = True
        if self._mode is AutoresetMode.SAME_STEP:
            pending.renewed[slot] = GONE
            return None  # the next episode begins, and its row tells of this end
        mine.is_unborn = self._mode is AutoresetMode.NEXT_STEP
        return self._crashed(slot, GONE, None)


def _row(result: dict[str, Any]) -> Row:
    final = result.get("final")
    return (
        result["observation"],
        result["reward"],
        result["terminated"],
        result["truncated"],
        result["info"],
        (final["observation"], final["info"]) if final is not None else None,
    )


def _refusal(operation: str, arguments: Sequence[Any]) -> BadOption | None:
    """Say what a server won't do."""
    if operation == "set":
        return BadOption("attributes of an environment on a server can't be set")
    if operation != "call":
        return None
    for name, given, keywords in arguments:
        if name not in QUESTIONS or given or keywords:
            known = ", ".join(sorted(QUESTIONS))
            return BadOption(f"a server answers {known}, not {name!r:.40}")
    return None


def _named(make: Make) -> Maker:
    if not isinstance(make, Maker):
        raise BadOption('backend="http" takes ids; a function can\'t travel')
    return make


def _id_and_keywords(make: Maker) -> tuple[str, dict[str, Any]]:
    source = make.source
    if isinstance(source, str):
        return source.rpartition(":")[2], dict(make.kwargs)
    return source.id, dict(make.kwargs)


def _described(made: dict[str, Any]) -> dict[str, Any]:
    return {
        "observation_space": TextSpace(**made["observation_space"]),
        "action_space": TextSpace(**made["action_space"]),
        "metadata": made["metadata"],
        "render_mode": made["render_mode"],
    }


def _entries(sessions: Sequence[str]) -> list[dict[str, Any]]:
    return [{"session": session} for session in sessions]


def _seed(mine: Remembered) -> int | None:
    """A seed for an environment that takes the place of a lost one."""
    if mine.seed is None:
        return None
    return int(np.random.SeedSequence([mine.seed, mine.life]).generate_state(1)[0])
