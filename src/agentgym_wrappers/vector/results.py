"""From what was told of slots to the arrays and dictionaries of Gymnasium."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, pairwise
from typing import Any, NamedTuple

import numpy as np
from gymnasium.vector import VectorEnv
from numpy.typing import NDArray

from agentgym_wrappers.vector.messages import Batch, Final, Info, Told

PLAIN: dict[type, Any] = {int: int, float: float, bool: bool, str: object}


class Results(NamedTuple):
    """What `TextVectorEnv.recv` gives; entry i belongs to slot ``env_ids[i]``."""

    env_ids: NDArray[np.int64]
    observations: Any
    rewards: NDArray[np.float64]
    terminations: NDArray[np.bool_]
    truncations: NDArray[np.bool_]
    infos: Any
    """As in ``step``: a dictionary of arrays, or a list of dictionaries."""


def merged(batches: Sequence[Batch]) -> Batch:
    """Put batches one after another."""
    if len(batches) == 1:
        return batches[0]
    starts = [0]
    for batch in batches:
        starts.append(starts[-1] + len(batch.slots))
    infos: list[Told] = []
    finals: list[tuple[int, Final]] = []
    for start, batch in zip(starts, batches, strict=False):
        for rows, keys, columns in batch.infos:
            infos.append(Told(_moved(rows, start), keys, columns))
        finals += [(start + row, final) for row, final in batch.finals]
    joined: list[list[Any]] = [
        list(chain.from_iterable(column))
        for column in zip(*(batch[:5] for batch in batches), strict=True)
    ]
    infos = _joined(infos)
    slots, observations, rewards, terminations, truncations = joined
    return Batch(slots, observations, rewards, terminations, truncations, infos, finals)


def ordered(batch: Batch, slots: Sequence[int]) -> Batch:
    """Give a batch in the order of its slots that is wanted."""
    if list(batch.slots) == list(slots):
        return batch._replace(slots=slots)
    row_of = {slot: row for row, slot in enumerate(batch.slots)}
    rows = [row_of[slot] for slot in slots]
    place = {row: i for i, row in enumerate(rows)}
    infos = [told._replace(rows=[place[r] for r in told.rows]) for told in batch.infos]
    finals = [(place[row], final) for row, final in batch.finals]
    return Batch(
        slots,
        [batch.observations[row] for row in rows],
        [batch.rewards[row] for row in rows],
        [batch.terminations[row] for row in rows],
        [batch.truncations[row] for row in rows],
        infos,
        finals,
    )


def as_list(batch: Batch) -> list[Info]:
    """Give the infos as dictionaries, one per row."""
    infos: list[Info] = [{} for _ in batch.slots]
    for rows, keys, columns in batch.infos:
        if not keys:  # there are no columns, then, which have as many entries as rows
            continue
        for row, values in zip(rows, zip(*columns, strict=True), strict=True):
            infos[row] = dict(zip(keys, values, strict=True))
    for row, (observation, info) in batch.finals:
        infos[row] |= {"final_obs": observation, "final_info": info}
    return infos


def as_arrays(batch: Batch, places: Sequence[int], size: int) -> Info:
    """Give the infos as Gymnasium does: an array per key, and a mask of who has it.

    Args:
        batch: What was told.
        places: The entry of the arrays that each row goes to.
        size: The length of the arrays.
    """
    found: dict[str, list[tuple[Sequence[int], Sequence[Any]]]] = {}
    for rows, keys, columns in batch.infos:
        if isinstance(rows, range) and isinstance(places, range):
            entries: Sequence[int] = places[rows.start : rows.stop]
        else:
            entries = [places[row] for row in rows]
        for key, column in zip(keys, columns, strict=True):
            found.setdefault(key, []).append((entries, column))
    infos: Info = {}
    everyone = np.ones(size, dtype=np.bool_)
    for row, (observation, info) in batch.finals:
        final = {"final_obs": observation, "final_info": info}
        infos = _added(infos, final, places[row], size)
    for key, parts in found.items():
        kinds = set(map(type, parts[0][1]))
        for _, column in parts[1:]:
            kinds.update(map(type, column))
        kind = kinds.pop() if len(kinds) == 1 else object
        if kind in PLAIN and key != "final_obs":
            if len(parts[0][1]) == size and isinstance(parts[0][0], range):
                infos[key] = filled(parts[0][1], PLAIN[kind])
                infos[f"_{key}"] = everyone.copy()
            else:
                infos[key], infos[f"_{key}"] = _array(parts, size, PLAIN[kind])
            continue
        pairs = [pair for part in parts for pair in zip(*part, strict=True)]
        for entry, value in sorted(pairs, key=lambda pair: pair[0]):
            infos = _added(infos, {key: value}, entry, size)
    return infos


def filled(column: Sequence[Any], dtype: Any) -> NDArray[Any]:
    """Give an array of plain values; a fifth faster than `numpy.array`."""
    return np.fromiter(column, dtype, len(column))


def _array(
    parts: list[tuple[Sequence[int], Sequence[Any]]], size: int, dtype: Any
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Give an array of plain values, and the mask of those that are there."""
    array = np.zeros(size, dtype=dtype)
    if dtype is object:
        array.fill(None)
    mask = np.zeros(size, dtype=np.bool_)
    for entries, column in parts:
        # A slice is ten times faster than a list of indices.
        is_range = isinstance(entries, range)
        where = slice(entries[0], entries[-1] + 1) if is_range else entries
        array[where] = column
        mask[where] = True
    return array, mask


def _joined(infos: list[Told]) -> list[Told]:
    """Put infos together that follow each other and have the same keys."""
    first = infos[0]
    rows = [told.rows for told in infos]
    is_one = all(told.keys == first.keys for told in infos) and all(
        isinstance(some, range) for some in rows
    )
    if not is_one or any(one[-1] + 1 != other[0] for one, other in pairwise(rows)):
        return infos
    columns = zip(*(told.columns for told in infos), strict=True)
    whole = [tuple(chain.from_iterable(parts)) for parts in columns]
    return [Told(range(rows[0][0], rows[-1][-1] + 1), first.keys, whole)]


def _moved(rows: Sequence[int], start: int) -> Sequence[int]:
    if isinstance(rows, range):
        return range(start + rows.start, start + rows.stop)
    return [start + row for row in rows]


def _added(infos: Info, info: Info, place: int, size: int) -> Info:
    """Add an info as Gymnasium does, for what is no plain value."""
    vector: VectorEnv[Any, Any, Any] = VectorEnv()
    vector.num_envs = size
    return vector._add_info(infos, info, place)
