"""Gold paths: the engine's own solutions, kept on disk because they take seconds."""

from __future__ import annotations

import contextlib
import json
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from agentgym_envs.cache import cache_folder, write_whole
from agentgym_envs.sciworld.engine import gold_path


@lru_cache(maxsize=256)
def gold(
    task: str, variation: int, simplifications: str, java: str | None
) -> tuple[str, ...]:
    """Give the engine's solution of an item, from the disk if it is there.

    Raises:
        EngineError: if the engine has to make it, and dies.
    """
    file = _file(task, variation, simplifications)
    if (kept := _read(file)) is not None:
        return kept
    path = tuple(gold_path(task, variation, simplifications, java=java))
    # A cache that can't be written costs time, but is no error.
    with contextlib.suppress(OSError):
        write_whole(file, json.dumps(path).encode())
    return path


def _file(task: str, variation: int, simplifications: str) -> Path:
    # Another engine may have other rooms and texts, so other solutions.
    engine = f"scienceworld-{version('scienceworld')}"
    rules = simplifications.replace(",", "+") or "plain"
    return cache_folder() / "sciworld" / engine / rules / f"{task}-{variation}.json"


def _read(file: Path) -> tuple[str, ...] | None:
    """A path from the disk; None if there is none, or it makes no sense."""
    try:
        path = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if type(path) is list and path and all(type(action) is str for action in path):
        return tuple(path)
    return None
