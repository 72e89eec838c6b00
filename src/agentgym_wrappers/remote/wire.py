"""How values travel between a server and its clients: MessagePack, or JSON.

MessagePack keeps every type, tuples and integers of any size by extensions of our
own; JSON is for people and for clients in other languages: bytes are base64 in it,
and tuples are lists. Texts may hold lone surrogates in both.
"""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np

from agentgym_envs.errors import BadOption, MissingExtra

try:
    import msgpack
except ModuleNotFoundError:
    raise MissingExtra("remote", "msgpack") from None

MSGPACK, JSON = "application/msgpack", "application/json"
TUPLE, INTEGER = 1, 2  # codes of our extensions


def pack(value: Any) -> bytes:
    """Give a value as MessagePack."""
    packed: bytes = msgpack.packb(
        value, default=_extension, strict_types=True, unicode_errors="surrogatepass"
    )
    return packed


def pack_plain(value: Any) -> bytes:
    """Give a value as MessagePack for a server: no extensions, and tuples as lists.

    Raises:
        BadOption: if it holds what can't be sent.
    """
    try:
        packed: bytes = msgpack.packb(
            value, default=_plainly, strict_types=True, unicode_errors="surrogatepass"
        )
    except (TypeError, ValueError, OverflowError) as error:
        raise BadOption(f"this can't be sent to a server: {error}") from None
    return packed


def _plainly(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, int):
        if type(value) is int:
            raise ValueError("an integer is too large")
        return int(value)
    return plain(value)


def unpack(data: bytes) -> Any:
    """Give the value back that `pack` was given.

    Raises:
        ValueError: if these bytes are none.
    """
    return _unpack(data, msgpack_hook=_extended, any_keys=True)


def unpack_plain(data: bytes) -> Any:
    """Read MessagePack of a stranger: no extensions, and texts as keys.

    Raises:
        ValueError: if these bytes are none.
    """
    return _unpack(data, msgpack_hook=_refuse, any_keys=False)


def _unpack(data: bytes, *, msgpack_hook: Any, any_keys: bool) -> Any:
    try:
        return msgpack.unpackb(
            data,
            ext_hook=msgpack_hook,
            strict_map_key=not any_keys,
            unicode_errors="surrogatepass",
        )
    except ValueError:
        raise
    except Exception as error:  # there is no common class of what it raises
        raise ValueError(f"this is no MessagePack: {error}") from None


def _extension(value: Any) -> Any:
    if isinstance(value, tuple):
        return msgpack.ExtType(TUPLE, pack(list(value)))
    if isinstance(value, int):
        if type(value) is not int:
            return int(value)
        return msgpack.ExtType(INTEGER, str(value).encode())
    return plain(value)


def _extended(code: int, data: bytes) -> Any:
    if code == TUPLE:
        return tuple(unpack(data))
    if code == INTEGER:
        return int(data)
    return _refuse(code, data)


def _refuse(code: int, data: bytes) -> Any:
    raise ValueError(f"there is no extension {code}")


def to_json(value: Any) -> bytes:
    """Give a value as JSON, in ASCII."""
    return json.dumps(value, default=_for_json, separators=(",", ":")).encode()


def from_json(data: bytes | str) -> Any:
    """Read JSON.

    Raises:
        ValueError: if it is none, or nested too deeply.
    """
    try:
        return json.loads(data)
    except RecursionError:
        raise ValueError("this JSON is nested too deeply") from None


def _for_json(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return plain(value)


def plain(value: Any) -> Any:
    """Give the nearest plain value to one of NumPy or of a subclass.

    Raises:
        TypeError: if there is none.
    """
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, bytes):
        return bytes(value)
    for kind in (str, float):
        if isinstance(value, kind):
            return kind(value)
    if isinstance(value, dict):
        return dict(value)
    if isinstance(value, list | set | frozenset):
        return list(value)
    raise TypeError(f"a {type(value).__name__} can't be sent")
