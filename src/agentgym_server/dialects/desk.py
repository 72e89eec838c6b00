"""The environments of one family, by the integers that its clients know them by."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from agentgym_server.errors import NoSession
from agentgym_server.sessions import Sessions

KEPT_DELETED = 4096  # numbers; of older ones it is said that they are not valid
ROUNDS = 4

Record = dict[str, Any]


class Complaint(Exception):
    """What a family's server says instead of a reply."""


class Unknown(Complaint):
    """A number that no environment has."""

    def __init__(self, number: int) -> None:
        super().__init__(f"The id {number} is not valid.")


@dataclass(slots=True, eq=False)
class Seat:
    """One environment, as its clients see it."""

    number: int
    record: Record
    """What the original server remembers of it, in the order in which it is told."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held for a whole request, so that what is remembered is what has happened."""

    def recall(self, key: str) -> Any:
        """Give what is remembered.

        Raises:
            Complaint: in the words that the original has for what is not there.
        """
        if key not in self.record:
            raise Complaint(repr(key))
        return self.record[key]


class Desk:
    """Where a dialect asks for its environments.

    Args:
        sessions: The store of the server.
        prefix: Of the routes; names the series of numbers in the store.
        env_id: What is made, always with ``parity`` and with all items.
        spell: Gives the number that clients get for the count of environments before.
        forgets: Whether closed numbers are not told from those that never were.
        kwargs: Further keywords of the environment.
    """

    def __init__(
        self,
        sessions: Sessions,
        prefix: str,
        env_id: str,
        *,
        spell: Callable[[int], int] = int,
        forgets: bool = False,
        **kwargs: Any,
    ) -> None:
        self._sessions = sessions
        self._series = prefix
        self._env_id = env_id
        self._spell = spell
        self._forgets = forgets
        self._kwargs = {"parity": True, "split": "all", **kwargs}
        self._given = 0
        self._deleted: dict[int, None] = {}

    async def open(
        self, record: Record, function: Callable[..., Any] | None = None, *item: Any
    ) -> tuple[Seat, Any]:
        """Make an environment, and begin an episode if there is a function for it.

        Its number is not given again, whatever happens.

        Args:
            record: What is remembered of a new one.
            function: Called as by `run`.
            item: What the function takes.

        Raises:
            ServerFull: if there are too many.
            Exception: whatever making the environment or the function raises.
        """
        number, self._given = self._spell(self._given), self._given + 1
        make = self._sessions.offers.own_maker(self._env_id, **self._kwargs)
        id_ = (self._series, number)
        session = await self._sessions.create(self._env_id, make, id=id_)
        seat = session.notes["seat"] = Seat(number, record)
        if function is None:
            return seat, None
        try:
            return seat, await self.run(seat, function, *item)
        except BaseException:
            await self._sessions.discard(id_)
            raise

    @asynccontextmanager
    async def at(self, number: int) -> AsyncIterator[Seat]:
        """Have an environment for oneself.

        Raises:
            Unknown: if there is none of this number.
        """
        seat = self._find(number)
        async with seat.lock:
            yield self._find(number)

    def _find(self, number: int) -> Seat:
        try:
            session = self._sessions.touch((self._series, number))
        except NoSession:
            raise Unknown(number) from None
        seat: Seat = session.notes["seat"]
        return seat

    async def run(
        self, seat: Seat, function: Callable[..., Any], *arguments: Any
    ) -> Any:
        """Give what a function of `plays` makes of an environment.

        Raises:
            Unknown: if it is gone.
            Exception: what the function raises.
        """
        try:
            return await self._sessions.run(
                (self._series, seat.number), function, *arguments
            )
        except NoSession:
            raise Unknown(seat.number) from None

    async def close(self, number: int) -> bool:
        """Close an environment; tell whether there was one."""
        if not await self._sessions.discard((self._series, number)):
            return False
        if self._forgets:
            return True
        self._deleted[number] = None
        if len(self._deleted) > KEPT_DELETED:
            del self._deleted[next(iter(self._deleted))]
        return True

    def is_deleted(self, number: int) -> bool:
        """Whether an environment was closed by a client, not long ago."""
        return number in self._deleted

    def numbers(self) -> list[int]:
        """The numbers of the environments that there are, the oldest first."""
        ids = self._sessions.ids()
        return [
            id_[1] for id_ in ids if isinstance(id_, tuple) and id_[0] == self._series
        ]


def shuffled(count: int) -> Callable[[int], int]:
    """Give a secret order of the numbers below a count.

    It is a function from places to numbers, so that numbers are not repeated and
    nothing has to be remembered. Places from the count on are their own numbers.

    >>> order = shuffled(100)
    >>> sorted(map(order, range(100))) == list(range(100)), order(100)
    (True, 100)
    """
    bits = (count - 1).bit_length() + 1 >> 1
    mask = (1 << bits) - 1
    key = secrets.token_bytes(16)

    def mixed(number: int) -> int:
        # A Feistel network: a permutation, whatever its inner function is.
        left, right = number >> bits, number & mask
        for turn in range(ROUNDS):
            data = b"%d %d" % (turn, right)
            digest = blake2b(data, key=key, digest_size=8).digest()
            left, right = right, left ^ int.from_bytes(digest) & mask
        return left << bits | right

    def order(place: int) -> int:
        if place >= count:
            return place
        number = mixed(place)
        while number >= count:
            number = mixed(number)
        return number

    return order
