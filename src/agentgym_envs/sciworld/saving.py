"""Saved games as bytes: a checked header, and the engine's objects.

The header alone is enough to play a game again from its start, which takes longer.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from agentgym_envs.errors import BadOption, SnapshotError
from agentgym_envs.sciworld.items import check_item, spell_out
from agentgym_envs.sciworld.java import engine_digest

MAGIC = b"SCIW\x01"
DIGEST_BYTES = 8
_LENGTH = struct.Struct(">I")
_START = len(MAGIC) + DIGEST_BYTES


@dataclass(slots=True)
class Record:
    """What a game was loaded from, and all that was done in it."""

    task: str
    variation: int
    simplifications: str
    actions: list[str]


def pack(record: Record, state: bytes) -> bytes:
    """Join what is needed for a replay, and the engine's objects if there are any."""
    values = [
        engine_digest(),
        record.task,
        record.variation,
        record.simplifications,
        record.actions,
    ]
    header = json.dumps(values, separators=(",", ":")).encode("ascii")
    body = _LENGTH.pack(len(header)) + header + state
    return MAGIC + _digest(body) + body


def unpack(data: bytes) -> tuple[Record, bytes]:
    """Give back what `pack` was given.

    Raises:
        SnapshotError: if the bytes are damaged, or come from another engine.
    """
    body = data[_START:]
    if not data.startswith(MAGIC) or len(body) < _LENGTH.size:
        raise SnapshotError("these bytes are no saved game of ScienceWorld")
    if _digest(body) != data[len(MAGIC) : _START]:
        raise SnapshotError("this saved game of ScienceWorld is damaged or cut off")
    (length,) = _LENGTH.unpack_from(body)
    end = _LENGTH.size + length
    try:
        values = json.loads(body[_LENGTH.size : end])
    except (ValueError, RecursionError):
        raise SnapshotError("this saved game of ScienceWorld has no header") from None
    return _record(values), body[end:]


def _record(values: Any) -> Record:
    if type(values) is not list or len(values) != 5:
        raise SnapshotError("this saved game of ScienceWorld has no header")
    digest, task, variation, simplifications, actions = values
    if digest != engine_digest():
        raise SnapshotError("this game was saved by another version of ScienceWorld")
    if (
        type(task) is not str
        or type(simplifications) is not str
        or type(actions) is not list
        or any(type(action) is not str for action in actions)
    ):
        raise SnapshotError("this saved game of ScienceWorld names no item")
    try:
        check_item(task, variation)
        simplifications = spell_out(task, simplifications)
    except BadOption as error:
        raise SnapshotError(f"this saved game can't be loaded: {error}") from None
    return Record(task, variation, simplifications, actions)


def _digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=DIGEST_BYTES).digest()
