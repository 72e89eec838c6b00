"""What is kept of conversations between turns, found by the tokens themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from agentgym_policies.attention import KeyValues

Place = tuple[KeyValues, int]


class Memory:
    """Find what is kept of a conversation, by the tokens themselves."""

    def __init__(self, kept: Iterable[KeyValues]) -> None:
        self._places = {
            tuple(row): (states, number)
            for states in kept
            for number, row in enumerate(states.rows)
            if row
        }
        self._lengths = sorted({len(ids) for ids in self._places}, reverse=True)

    def find(self, ids: Sequence[int]) -> Place | None:
        """The longest kept row that a conversation begins with and goes beyond."""
        for length in self._lengths:
            if length < len(ids) and (place := self._places.get(tuple(ids[:length]))):
                return place
        return None


def read(
    model: Any, memory: Memory, contexts: Sequence[Sequence[int]]
) -> tuple[KeyValues, list[int]]:
    """Read each context but for its last token, or some more, where it is remembered.

    Returns:
        A row per context, and how many tokens of it were remembered.
    """
    found = [memory.find(ids) for ids in contexts]
    # Equal contexts, as of several episodes of one item, are read once.
    fresh = {tuple(i): None for i, f in zip(contexts, found, strict=True) if not f}
    new = KeyValues(model, len(fresh))
    if fresh:
        new.append([ids[:-1] for ids in fresh])
    rows = {ids: row for row, ids in enumerate(fresh)}
    sources = [
        place or (new, rows[tuple(ids)])
        for place, ids in zip(found, contexts, strict=True)
    ]
    known = [len(place[0].rows[place[1]]) if place else 0 for place in found]
    return _gather(model, sources), known


def _gather(model: Any, sources: Sequence[Place]) -> KeyValues:
    """Put rows of several states together, in this order."""
    groups: dict[int, tuple[KeyValues, list[int], list[int]]] = {}
    for place, (states, row) in enumerate(sources):
        _, rows, places = groups.setdefault(id(states), (states, [], []))
        rows.append(row)
        places.append(place)
    joined = KeyValues.join(model, [s.select(rows) for s, rows, _ in groups.values()])
    order = [place for _, _, places in groups.values() for place in places]
    if order == sorted(order):
        return joined
    return joined.select([order.index(place) for place in range(len(order))])
