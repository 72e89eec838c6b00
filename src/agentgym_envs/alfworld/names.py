"""How ids of the game files become the names that the agent reads."""

from __future__ import annotations

from collections.abc import Iterable


def class_of(id: str) -> str:
    """Give the class in an id, in lower case.

    >>> class_of("Sink_bar__minus_01_dot_90_bar_SinkBasin")
    'sinkbasin'
    """
    id = id.lower()
    # The original asks for "basin" anywhere, so a class that has it gets it twice.
    return id.partition("_bar_")[0] + ("basin" if "basin" in id else "")


def number(ids: Iterable[str]) -> dict[str, str]:
    """Name each id by its class and a number; the numbers run down as ids ascend.

    >>> number(["Mug_bar_1", "Mug_bar_2", "Fridge_bar_1"])
    {'Mug_bar_2': 'mug 1', 'Mug_bar_1': 'mug 2', 'Fridge_bar_1': 'fridge 1'}
    """
    counts: dict[str, int] = {}
    names = {}
    for id in sorted(ids, key=str.lower, reverse=True):
        kind = class_of(id)
        counts[kind] = counts.get(kind, 0) + 1
        names[id] = f"{kind} {counts[kind]}"
    return names
