"""Minigrid itself, for comparison: its own classes, reset, step and pictures."""

from __future__ import annotations

import contextlib
import io
from typing import Any

import minigrid.envs.babyai as babyai_levels

from agentgym_envs.babyai.codes import CODES, EMPTY, UNSEEN, WALL
from agentgym_envs.babyai.levels import LEVELS

PLAIN = {UNSEEN: (0, 0, 0), EMPTY: (1, 0, 0), WALL: (2, 5, 0)}


def triple(code: int) -> tuple[int, int, int]:
    """Minigrid's type, colour and state of a code, worked out independently."""
    if code in PLAIN:
        return PLAIN[code]
    if code < 21:
        return (4, (code - 3) // 3, (code - 3) % 3)
    kind, colour = divmod(code - 21, 6)
    return (5 + kind, colour, 0)


TRIPLES = [triple(code) for code in range(CODES)]
CODE_OF = {three: code for code, three in enumerate(TRIPLES)}


def make(level: int) -> Any:
    row = LEVELS[level - 1]
    return getattr(babyai_levels, row.class_name)(**row.kwargs)


def reset(env: Any, seed: int) -> Any:
    with contextlib.redirect_stdout(io.StringIO()):
        return env.reset(seed=seed)[0]


def view_bytes(image: Any) -> bytes:
    """Minigrid's image in the order of our views."""
    return bytes(
        CODE_OF[tuple(int(n) for n in image[i, j])] for j in range(7) for i in range(7)
    )
