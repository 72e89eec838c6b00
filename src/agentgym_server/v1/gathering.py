"""Answers of several environments, as they come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

Result = dict[str, Any]
Tell = Callable[[Any], Result]


class Gathering:
    """Collects the results of the entries of a request.

    Args:
        size: Number of entries.
    """

    def __init__(self, size: int) -> None:
        self.results: list[Result | None] = [None] * size
        self._missing = size
        self._fresh: list[int] = []
        self._is_fresh = asyncio.Event()

    def put(self, place: int, result: Result) -> None:
        """Take the result of an entry."""
        self.results[place] = result
        self._missing -= 1
        self._fresh.append(place)
        self._is_fresh.set()

    def expect(self, place: int, future: asyncio.Future[Any], tell: Tell) -> None:
        """Take the result of an entry from a future, when that is done.

        Args:
            place: Of the entry.
            future: Is never cancelled from here; others may wait for it, too.
            tell: Makes a result of a done future.
        """
        future.add_done_callback(partial(self._done, place, tell))

    def _done(self, place: int, tell: Tell, future: asyncio.Future[Any]) -> None:
        self.put(place, tell(future))

    async def ready(self) -> list[int]:
        """Wait for results; give the places of the new ones, or of none at the end."""
        if not self._missing and not self._fresh:
            return []
        await self._is_fresh.wait()
        self._is_fresh.clear()
        fresh, self._fresh = self._fresh, []
        return fresh

    async def all(self) -> list[Result | None]:
        """Wait for all results."""
        while await self.ready():
            pass
        return self.results
