"""Snapshots are data: checked JSON, typed on the way back, never a pickle.

A snapshot is a magic word, a digest of what follows, and one JSON array. The
digest catches damage; the type checks catch bytes made by someone else.
"""

from __future__ import annotations

import json
import math
import types
import typing
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from hashlib import blake2b
from operator import attrgetter
from typing import Any, get_args, get_origin

import numpy as np

from agentgym_envs.errors import SnapshotError

MAGIC = b"AGYM\x01"
DIGEST_BYTES = 8

_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
_decode = json.JSONDecoder().decode


def pack(content: list[Any]) -> bytes:
    """Turn JSON values into snapshot bytes."""
    body = _encode(content).encode("ascii")
    return MAGIC + _digest(body) + body


def unpack(snapshot: bytes) -> list[Any]:
    """Give back what `pack` was given.

    Raises:
        SnapshotError: if the bytes are damaged or were never a snapshot.
    """
    if not isinstance(snapshot, bytes | bytearray | memoryview):
        raise SnapshotError(f"a snapshot is bytes, not {type(snapshot).__name__}")
    data = bytes(snapshot)
    start = len(MAGIC) + DIGEST_BYTES
    if not data.startswith(MAGIC):
        raise SnapshotError("these bytes are not a snapshot of this library")
    if _digest(data[start:]) != data[len(MAGIC) : start]:
        raise SnapshotError("this snapshot is damaged or cut off")
    try:
        content = _decode(data[start:].decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise SnapshotError(f"this snapshot holds no readable data: {error}") from None
    if not isinstance(content, list):
        raise SnapshotError("this snapshot holds no episode")
    return content


def _digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=DIGEST_BYTES).digest()


class Codec(typing.NamedTuple):
    """How values of one type become JSON and come back, checked."""

    to_json: Callable[[Any], Any]
    from_json: Callable[[Any], Any]


@cache
def codec(kind: Any) -> Codec:
    """Derive the codec of a dataclass or a type hint.

    Handles int, float, str, bool, None, unions with None, homogeneous list and
    tuple, fixed tuples, dict with str or int keys, and dataclasses of those. The
    way back raises `SnapshotError` for anything of another type.
    """
    if is_dataclass(kind):
        return _dataclass_codec(typing.cast(type, kind))
    if kind in (int, float, str, bool, type(None)):
        return Codec(_same, _atom(kind))
    origin, args = get_origin(kind), get_args(kind)
    if origin in (types.UnionType, typing.Union) and type(None) in args:
        (inner,) = (codec(arg) for arg in args if arg is not type(None))
        return _optional_codec(inner)
    if origin is list or (origin is tuple and args[-1] is Ellipsis):
        return _sequence_codec(origin, codec(args[0]))
    if origin is tuple:
        return _fixed_tuple_codec([codec(arg) for arg in args])
    if origin is dict:
        return _dict_codec(codec(args[0]), codec(args[1]))
    raise TypeError(f"a snapshot cannot hold {kind!r}")


def _same(value: Any) -> Any:
    return value


def _wrong(value: Any, expected: str) -> SnapshotError:
    return SnapshotError(f"this snapshot holds {str(value)[:40]!r} for {expected}")


def _atom(kind: type) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if type(value) is not kind:
            if kind is not float or type(value) is not int:
                raise _wrong(value, kind.__name__)
            value = float(value)
        if kind is float and not math.isfinite(value):
            raise _wrong(value, "a finite float")
        return value

    return check


def _optional_codec(inner: Codec) -> Codec:
    return Codec(
        lambda value: None if value is None else inner.to_json(value),
        lambda value: None if value is None else inner.from_json(value),
    )


def _sequence_codec(make: type, item: Codec) -> Codec:
    to_json, from_json = item

    def back(value: Any) -> Any:
        return make([from_json(part) for part in _list_of(value)])

    if to_json is _same:
        return Codec(list, back)
    return Codec(lambda value: [to_json(part) for part in value], back)


def _fixed_tuple_codec(items: list[Codec]) -> Codec:
    def there(value: Any) -> Any:
        return [part.to_json(v) for part, v in zip(items, value, strict=True)]

    def back(value: Any) -> Any:
        values = _list_of(value, len(items))
        return tuple(part.from_json(v) for part, v in zip(items, values, strict=True))

    return Codec(there, back)


def _dict_codec(key: Codec, item: Codec) -> Codec:
    # A list of pairs keeps the order and the type of the keys; an object does not.
    def there(value: Any) -> Any:
        return [[key.to_json(k), item.to_json(v)] for k, v in value.items()]

    def back(value: Any) -> Any:
        pairs = [_list_of(pair, 2) for pair in _list_of(value)]
        return {key.from_json(k): item.from_json(v) for k, v in pairs}

    return Codec(there, back)


def _dataclass_codec(kind: type) -> Codec:
    hints = typing.get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    parts = [codec(hints[name]) for name in names]
    ways_back = [part.from_json for part in parts]
    read = attrgetter(*names) if len(names) > 1 else None

    def there(value: Any) -> Any:
        values = read(value) if read else (getattr(value, names[0]),)
        return [
            v if part.to_json is _same else part.to_json(v)
            for part, v in zip(parts, values, strict=True)
        ]

    def back(value: Any) -> Any:
        values = _list_of(value, len(names))
        return kind(
            *[way(v) for way, v in zip(ways_back, values, strict=True)],
        )

    return Codec(there, back)


def _list_of(value: Any, length: int | None = None) -> list[Any]:
    if type(value) is not list or (length is not None and len(value) != length):
        raise _wrong(value, "a list" if length is None else f"a list of {length}")
    return value


def generator_state(generator: np.random.Generator) -> list[int]:
    """Give the state of a PCG64 generator as four integers."""
    state: Any = generator.bit_generator.state
    inner = state["state"]
    return [inner["state"], inner["inc"], state["has_uint32"], state["uinteger"]]


def generator_from(numbers: Any) -> dict[str, Any]:
    """Give back the state that `generator_state` told, ready to be assigned.

    Raises:
        SnapshotError: if the numbers are not the state of a PCG64 generator.
    """
    position, increment, has_half, half = values = _list_of(numbers, 4)
    if (
        any(type(value) is not int for value in values)
        or not (0 <= position < 2**128 and 0 <= increment < 2**128 and increment % 2)
        or not (has_half in (0, 1) and 0 <= half < 2**32)
    ):
        raise _wrong(values, "the state of a random generator")
    return {
        "bit_generator": "PCG64",
        "state": {"state": position, "inc": increment},
        "has_uint32": has_half,
        "uinteger": half,
    }
