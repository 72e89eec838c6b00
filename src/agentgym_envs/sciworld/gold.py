"""Gold paths: the engine's own solutions, kept on disk because they take seconds."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from agentgym_envs.sciworld.engine import gold_path


def cache_folder() -> Path:
    """Where this user's programs keep what they can make again."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "agentgym-envs"


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
        _write(file, path)
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


def _write(file: Path, path: tuple[str, ...]) -> None:
    """Write a file that is whole whenever another process reads it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(path, out)
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
