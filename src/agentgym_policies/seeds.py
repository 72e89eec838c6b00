"""Seeds that are the same in every process, on every machine."""

from __future__ import annotations

import json
from hashlib import blake2b

SEED_BITS = 48  # small enough to survive a reader of JSON that knows only doubles


def derive(*parts: int | str, bits: int = SEED_BITS) -> int:
    """Hash numbers and names to a number; Python's own hash differs per process.

    >>> derive(0, "agentgym/Maze-v0", "maze_12", 0)
    264651291096512
    """
    text = json.dumps(parts).encode("ascii")
    size = -(-bits // 8)  # whole bytes, of which the last bits are left out
    number = int.from_bytes(blake2b(text, digest_size=size).digest(), "big")
    return number >> (8 * size - bits)
