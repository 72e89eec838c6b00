"""What is told of slots, between a worker and its parent or within one process."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from typing import Any, NamedTuple

Info = dict[str, Any]
Final = tuple[Any, Info]
"""The last observation and info of an episode, where the next has begun already."""
Row = tuple[Any, float, bool, bool, Info, Final | None]
"""What a step or a reset did; a reset's reward is 0, and it ends nothing."""


class Told(NamedTuple):
    """Infos that have the same keys, as columns: a third of the bytes, and faster."""

    rows: Sequence[int]
    keys: tuple[str, ...]
    columns: Sequence[Sequence[Any]]


class Batch(NamedTuple):
    """What steps or resets did in some slots."""

    slots: Sequence[int]
    observations: Sequence[Any]
    rewards: Sequence[float]
    terminations: Sequence[bool]
    truncations: Sequence[bool]
    infos: list[Told]
    finals: list[tuple[int, Final]]
    """Per row, where an episode ended and the next has begun."""


class Values(NamedTuple):
    """What calls gave in some slots."""

    slots: Sequence[int]
    values: Sequence[Any]


class Mistakes(NamedTuple):
    """What the caller did wrong in some slots, and what else can't be answered."""

    slots: Sequence[int]
    errors: Sequence[BaseException]


Part = Batch | Values | Mistakes


class Mistake(NamedTuple):
    """An error that belongs to the caller, in the place of an answer."""

    error: BaseException


class Request(NamedTuple):
    """An operation on some slots, with an argument each."""

    operation: str
    """A method of `Slot`."""
    slots: Sequence[int]
    arguments: Sequence[Any]
    patience: float | None = None
    """Seconds after which a worker tells what it has so far; None: all at once."""


def parts_of(operation: str, slots: Sequence[int], rows: Sequence[Any]) -> list[Part]:
    """Put the answers of some slots together."""
    if operation == "step":
        return [_batch(slots, rows)]
    wrong = [i for i, row in enumerate(rows) if type(row) is Mistake]
    parts: list[Part] = []
    if wrong:
        errors = [rows[i].error for i in wrong]
        parts.append(Mistakes([slots[i] for i in wrong], errors))
        right = [i for i in range(len(rows)) if i not in set(wrong)]
        slots, rows = [slots[i] for i in right], [rows[i] for i in right]
    if not rows:
        return parts
    if operation in ("reset", "crash", "lose"):
        return [*parts, _batch(slots, rows)]
    return [*parts, Values(slots, rows)]


def _batch(slots: Sequence[int], rows: Sequence[Row]) -> Batch:
    observations, rewards, terminations, truncations, infos, finals = zip(
        *rows, strict=True
    )
    ended = [(i, final) for i, final in enumerate(finals) if final is not None]
    told = columns(infos)
    return Batch(slots, observations, rewards, terminations, truncations, told, ended)


def columns(infos: Sequence[Info]) -> list[Told]:
    """Put infos with equal keys together."""
    keys = tuple(infos[0])
    if set(map(tuple, infos)) == {keys}:
        table = list(zip(*(info.values() for info in infos), strict=True))
        return [Told(range(len(infos)), keys, table)]
    groups: dict[tuple[str, ...], list[int]] = {}
    for row, info in enumerate(infos):
        groups.setdefault(tuple(info), []).append(row)
    return [
        Told(rows, keys, list(zip(*(infos[i].values() for i in rows), strict=True)))
        for keys, rows in groups.items()
    ]


def info_of(batch: Batch, row: int) -> Info:
    """Give one info back as it was."""
    for told in batch.infos:
        if row in told.rows:
            at = told.rows.index(row)
            values = (column[at] for column in told.columns)
            return dict(zip(told.keys, values, strict=True))
    return {}


def carry(error: BaseException) -> tuple[Any, ...]:
    """Make an error ready for a pickle, whatever its constructor takes."""
    content = type(error), error.args, vars(error)
    try:
        carried(pickle.loads(pickle.dumps(content)))
    except Exception:
        return RuntimeError, (f"{type(error).__name__}: {error}",), {}
    return content


def carried(content: tuple[Any, ...]) -> BaseException:
    """Give the error back that `carry` was given."""
    kind, arguments, attributes = content
    # Not through the constructor: it may take other things than it keeps.
    error: BaseException = kind.__new__(kind, *arguments)
    error.__dict__.update(attributes)
    return error
