"""The backend without workers: all environments live in this process."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

from gymnasium.vector import AutoresetMode

from agentgym_wrappers.vector.makers import Make
from agentgym_wrappers.vector.messages import Part, Request, parts_of
from agentgym_wrappers.vector.slot import Slot, description


class Inline:
    """Plays slot after slot, when the answers are asked for.

    Args:
        makers: One per slot.
        mode: What happens when an episode ends.
    """

    def __init__(self, makers: Sequence[Make], mode: AutoresetMode) -> None:
        self._slots: list[Slot] = []
        self._requests: deque[Request] = deque()
        self._parts: list[Part] = []
        self._answered = 0
        try:
            for maker in makers:
                self._slots.append(Slot(maker, mode))
        except BaseException:
            self.close()
            raise
        self.descriptions: list[dict[str, Any]] = list(map(description, self._slots))

    def post(self, request: Request) -> None:
        """Put the request at the end of the line."""
        self._requests.append(request)

    def collect(self, count: int) -> list[Part]:
        """Play until ``count`` slots have answered."""
        while self._requests and self._answered < count:
            request = self._requests.popleft()
            operation, slots, arguments, _ = request
            act = getattr(Slot, operation)
            mine = self._slots
            players = map(mine.__getitem__, slots)
            rows: list[Any] = []
            try:
                for row in map(act, players, arguments[: count - self._answered]):
                    rows.append(row)  # one by one: an interrupt must lose none
            except BaseException as error:
                rows.append(mine[slots[len(rows)]].interrupted(operation, error))
                raise
            finally:
                done = len(rows)
                self._parts += parts_of(operation, slots[:done], rows)
                self._answered += done
                if done < len(slots):
                    rest = Request(operation, slots[done:], arguments[done:])
                    self._requests.appendleft(rest)
        parts, self._parts, self._answered = self._parts, [], 0
        return parts

    def close(self) -> None:
        """Close the environments."""
        self._requests.clear()
        for slot in self._slots:
            slot.close()
        self._slots = []
