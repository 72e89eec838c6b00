"""Run `agentgym` in another process, from any folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import agentgym_envs

COMMAND = [sys.executable, "-m", "agentgym_envs"]


def environment(**more: str) -> dict[str, str]:
    """Variables under which the packages and the broken games are found."""
    source = Path(agentgym_envs.__file__).parents[1]
    paths = [str(source), str(Path(__file__).parent)]
    own = {"PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8", **more}
    return {**os.environ, **own}


def agentgym(
    *words: object, cwd: Path | None = None, stdin: str = "", **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*COMMAND, *map(str, words)],
        cwd=cwd,
        env=environment(**variables),
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def started(*words: object, **options: Any) -> subprocess.Popen[bytes]:
    """Start a command and let it run."""
    return subprocess.Popen([*COMMAND, *map(str, words)], env=environment(), **options)
