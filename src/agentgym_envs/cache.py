"""The folder for what can be made again: generated data, indexes, solutions."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path


def cache_folder() -> Path:
    """Where this user's programs keep what they can make again.

    ``agentgym-envs`` below ``$XDG_CACHE_HOME`` or ``~/.cache``, or the place that macOS
    and Windows have for it. The folder need not exist yet.
    """
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "agentgym-envs"


def write_whole(file: Path, content: bytes) -> None:
    """Write a file that is whole whenever another process reads it.

    Folders on the way are made.

    Raises:
        OSError: if the disk is full, or the place can't be written; nothing is left.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
