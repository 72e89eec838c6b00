"""The space of texts: any Unicode, cheap to make, right in every vector env.

`gymnasium.spaces.Text` holds the characters of a fixed alphabet and checks each
of them; an agent's world has no alphabet. `TextSpace` checks only the length. It
also brings its own shared memory functions, because Gymnasium's for ``Text``
decode the memory once, when an ``AsyncVectorEnv`` is made, and then show that
first text for ever.
"""

from __future__ import annotations

import copy
import multiprocessing
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, SupportsIndex

from gymnasium.spaces import Space, Text, Tuple
from gymnasium.vector.utils import (
    batch_differing_spaces,
    create_shared_memory,
    read_from_shared_memory,
    write_to_shared_memory,
)

MAX_OBSERVATION = 2**16  # characters
MAX_ACTION = 2**12  # characters
SAMPLE_LENGTH = 32  # characters; a sample is noise, and long noise helps nobody
SAMPLE_CHARSET = "".join(map(chr, range(32, 127)))

_HEADER = 4  # bytes of the little-endian length before each text
_BYTES_PER_CHARACTER = 4  # the most that UTF-8 needs


class TextSpace(Text):
    """Texts between two lengths, in characters.

    Contains any ``str`` of that length, compares by its bounds, and samples short
    printable ASCII strings. (Legal actions come from
    ``env.unwrapped.admissible_actions()``, not from the space.)

    >>> space = TextSpace(8, seed=1)
    >>> "größe ✓" in space, "much too long" in space
    (True, False)
    """

    def __init__(
        self, max_length: int, *, min_length: int = 0, seed: int | None = None
    ) -> None:
        if not 0 <= min_length <= max_length:
            raise ValueError(f"no text has {min_length} to {max_length} characters")
        # Text builds three tables of its alphabet, which costs more than the rest
        # of an environment; they never change, so every space shares one set.
        self.__dict__.update(_charset_tables())
        self.min_length = min_length
        self.max_length = max_length
        Space.__init__(self, dtype=str, seed=seed)

    def contains(self, x: Any) -> bool:
        """Tell whether ``x`` is a string of a length within the bounds."""
        return isinstance(x, str) and self.min_length <= len(x) <= self.max_length

    def sample(self, mask: Any = None, probability: Any = None) -> str:
        """Draw a short printable string; a mask is handled as ``Text`` does."""
        if probability is not None:  # Gymnasium 1.1 does not know this argument
            return str(super().sample(mask, probability))
        if mask is not None:
            return str(super().sample(mask))
        longest = max(self.min_length, min(self.max_length, SAMPLE_LENGTH))
        length = int(self.np_random.integers(self.min_length, longest + 1))
        drawn = self.np_random.integers(len(SAMPLE_CHARSET), size=length)
        return "".join(SAMPLE_CHARSET[i] for i in drawn)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, TextSpace)
            and self.min_length == other.min_length
            and self.max_length == other.max_length
        )

    def __hash__(self) -> int:
        return hash((TextSpace, self.min_length, self.max_length))

    def __repr__(self) -> str:
        return f"TextSpace({self.max_length}, min_length={self.min_length})"

    def __deepcopy__(self, memo: dict[int, Any]) -> TextSpace:
        # Vector envs deep-copy the space once per sub-environment; only the
        # generator is worth a copy.
        clone = TextSpace.__new__(TextSpace)
        clone.__dict__.update(self.__dict__)
        clone._np_random = copy.deepcopy(self._np_random, memo)
        return clone

    def __getstate__(self) -> dict[str, Any]:
        tables = _charset_tables()
        return {k: v for k, v in self.__dict__.items() if k not in tables}

    def __setstate__(self, state: Any) -> None:
        self.__dict__.update(_charset_tables())
        self.__dict__.update(state)


@cache
def _charset_tables() -> dict[str, Any]:
    """The private tables that ``Text`` derives from its alphabet."""
    tables = dict(Text(1, charset=SAMPLE_CHARSET).__dict__)
    own = ("_min_length", "_max_length", "min_length", "max_length")
    for name in (*own, *Space(dtype=str).__dict__):
        tables.pop(name, None)
    return tables


class SharedTexts(tuple[str, ...]):
    """A live view of the texts in a block of shared memory, one per slot.

    Each slot is the length of the text in bytes, then the text as UTF-8. A deep
    copy, which is what ``AsyncVectorEnv`` hands out by default, is a plain tuple.
    """

    _block: memoryview
    _slots: int

    def __new__(cls, block: Any, slots: int) -> SharedTexts:
        """View a ctypes array of bytes as ``slots`` texts."""
        self = super().__new__(cls)
        self._block = memoryview(block).cast("B")
        self._slots = slots
        return self

    def __len__(self) -> int:
        return self._slots

    def __iter__(self) -> Iterator[str]:
        return (self._text(slot) for slot in range(self._slots))

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, SupportsIndex):
            return self._text(range(self._slots)[index])
        return tuple(self._text(slot) for slot in range(self._slots)[index])

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, tuple) else False

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))

    def __deepcopy__(self, memo: dict[int, Any]) -> tuple[str, ...]:
        return tuple(self)

    def __reduce__(self) -> tuple[type[tuple[Any, ...]], tuple[list[str]]]:
        return tuple, (list(self),)

    def _text(self, slot: int) -> str:
        start = slot * (len(self._block) // self._slots) + _HEADER
        length = int.from_bytes(self._block[start - _HEADER : start], "little")
        return str(self._block[start : start + length], "utf-8", "surrogatepass")


@batch_differing_spaces.register(TextSpace)
def _batch_text_spaces(  # type: ignore[misc]  # Gymnasium dispatches on the first item
    spaces: Sequence[TextSpace],
) -> Space[tuple[str, ...]]:
    return Tuple([copy.deepcopy(space) for space in spaces])


@create_shared_memory.register(TextSpace)
def _create_shared_texts(
    space: TextSpace, n: int = 1, ctx: Any = multiprocessing
) -> Any:
    slot = _HEADER + _BYTES_PER_CHARACTER * space.max_length
    return ctx.RawArray("B", n * slot)


@write_to_shared_memory.register(TextSpace)
def _write_shared_text(
    space: TextSpace, index: int, value: str, shared_memory: Any
) -> None:
    data = value.encode("utf-8", "surrogatepass")
    slot = _HEADER + _BYTES_PER_CHARACTER * space.max_length
    if len(data) > slot - _HEADER:
        raise ValueError(f"a text of {len(value)} characters is not in {space}")
    start = index * slot
    block = memoryview(shared_memory).cast("B")
    block[start : start + _HEADER] = len(data).to_bytes(_HEADER, "little")
    block[start + _HEADER : start + _HEADER + len(data)] = data


@read_from_shared_memory.register(TextSpace)
def _read_shared_texts(space: TextSpace, shared_memory: Any, n: int = 1) -> SharedTexts:
    return SharedTexts(shared_memory, n)
