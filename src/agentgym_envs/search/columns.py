"""The columns of an index: arrays, and sorted strings as two of them.

A sink takes columns piece by piece, into memory or into files; see `Sink`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

# Little-endian, so that a folder can be moved to any machine.
TYPES = {
    "ids": "u1",  # UTF-8, one after the other, in the order given
    "id_starts": "<u8",  # of each id in "ids", and the end of the last
    "ranks": "<u4",  # place of each id when sorted
    "terms": "u1",  # UTF-8, sorted
    "term_starts": "<u8",
    "posting_starts": "<u8",  # of each term in "rows" and "spreads"
    "rows": "<u4",  # documents with the term, ascending
    "spreads": "<f4",  # see bm25.spread
}
CHUNK = 1 << 16  # strings that are cut at once when all are read


def view(values: Array) -> memoryview:
    """Give an array in a form that hands out single numbers fast."""
    native = values.astype(values.dtype.newbyteorder("="), copy=False)
    return native.data


class Sink(Protocol):
    """Takes the columns of an index, each in order, piece by piece."""

    def write(self, column: str, values: Array) -> None:
        """Append values to a column."""


class MemorySink:
    """Keeps the columns in memory."""

    def __init__(self) -> None:
        self._parts: dict[str, list[Array]] = {name: [] for name in TYPES}

    def write(self, column: str, values: Array) -> None:
        """Append values to a column."""
        self._parts[column].append(values.astype(TYPES[column], copy=False))

    def columns(self) -> Mapping[str, Array]:
        """Give all columns."""
        return {
            name: np.concatenate([np.empty(0, TYPES[name]), *parts])
            if len(parts) != 1
            else parts[0]
            for name, parts in self._parts.items()
        }


class Strings(Sequence[bytes]):
    """Byte strings that lie one after the other in an array."""

    def __init__(self, content: Array, starts: Array) -> None:
        self._content = view(content)
        self._starts = view(starts)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, position: Any) -> Any:
        start, end = self._starts[position], self._starts[position + 1]
        return bytes(self._content[start:end])

    def __iter__(self) -> Iterator[bytes]:
        for first in range(0, len(self), CHUNK):
            starts = self._starts[first : first + CHUNK + 1].tolist()
            content = bytes(self._content[starts[0] : starts[-1]])
            base = starts[0]
            for start, end in pairwise(starts):
                yield content[start - base : end - base]

    def find(self, string: bytes) -> int | None:
        """Give the position of a string; the strings must be sorted."""
        position = bisect_left(self, string)
        if position < len(self) and self[position] == string:
            return position
        return None


class StringWriter:
    """Writes strings to two columns: their bytes, and where each starts."""

    def __init__(self, sink: Sink, content: str, starts: str) -> None:
        self._sink, self._content, self._starts = sink, content, starts
        self._end = 0
        sink.write(starts, np.zeros(1, np.uint64))

    def write(self, strings: Sequence[bytes]) -> None:
        """Append strings."""
        ends = self._end + np.cumsum([len(one) for one in strings], dtype=np.uint64)
        self._sink.write(self._content, np.frombuffer(b"".join(strings), np.uint8))
        self._sink.write(self._starts, ends)
        self._end += sum(len(one) for one in strings)
