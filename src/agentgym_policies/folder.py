"""The folder of a run: settings, one line per finished episode, the report.

A run may be killed at any moment. Each finished episode is one line, written by
one write; the same run, started again, reads the lines and plays what is missing.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from agentgym_envs.errors import BadOption, DataError
from agentgym_policies.evaluate import Settings, key_of, versions
from agentgym_policies.record import Record
from agentgym_policies.rollout import Job
from agentgym_wrappers import trajectory

SETTINGS, EPISODES = "settings.json", "episodes.jsonl"
TRAJECTORIES, CRASHES = "trajectories.jsonl", "crashes.jsonl"
REPORT, REPORT_TEXT, REPORT_PAGE = "report.json", "report.md", "report.html"
TRAJECTORIES_PAGE, MANIFEST = "trajectories.html", "manifest.json"
WRITTEN = (
    SETTINGS,  # first: without them, nothing that is left counts
    EPISODES,
    TRAJECTORIES,
    CRASHES,
    REPORT,
    REPORT_TEXT,
    REPORT_PAGE,
    TRAJECTORIES_PAGE,
    MANIFEST,
)
LONGEST_NAME = 60  # characters of a policy; folders cannot have any number
SHORT = 8  # characters of the settings' hash in the name of a folder


class RunFolder:
    """One run on disk, begun or taken up.

    Args:
        path: The folder; None means one under ``runs``, named after the settings.
        settings: What is run.
        fresh: Whether to throw away what an earlier run left.

    Raises:
        BadOption: if the folder holds a run with other settings.
        DataError: if its files are damaged beyond a last line cut short.
    """

    def __init__(
        self, path: Path | None, settings: Settings, *, fresh: bool = False
    ) -> None:
        self.path = path or default_path(settings)
        self._digest = settings.digest
        self.path.mkdir(parents=True, exist_ok=True)
        if fresh:
            self._clear()
        self._claim(settings.to_json())
        self.records = {record.key: record for record in self._read_episodes()}
        self._files: dict[str, trajectory.Appender] = {}

    def append(self, record: Record) -> None:
        """Keep a finished episode."""
        line = {**record.to_json(), "settings": self._digest}
        self.add(EPISODES, line)
        self.records[record.key] = record

    def add(self, name: str, line: Mapping[str, Any]) -> None:
        """Add a line to a file, which is kept open until `close`."""
        if name not in self._files:
            self._files[name] = trajectory.Appender(self.path / name)
        self._files[name].append(line)

    def close(self) -> None:
        """Close the files that lines were added to."""
        for file in self._files.values():
            file.close()
        self._files.clear()

    def missing(self, jobs: Iterable[Job]) -> list[Job]:
        """The jobs whose episodes are not in the folder yet."""
        return [job for job in jobs if key_of(job) not in self.records]

    def write(self, name: str, text: str) -> None:
        """Write a whole file, which is there either as before or complete."""
        write_atomically(self.path / name, text)

    def _clear(self) -> None:
        for name in WRITTEN:
            (self.path / name).unlink(missing_ok=True)

    def _claim(self, settings: dict[str, Any]) -> None:
        """Write down whose folder this is, or check that it is ours."""
        path = self.path / SETTINGS
        mine = {
            "settings": settings,
            "versions": dict(versions()),
            "hash": self._digest,
        }
        if not path.exists():
            if (self.path / EPISODES).exists():
                raise BadOption(f"{path} is missing; --fresh starts anew")
            self.write(SETTINGS, json.dumps(mine, indent=2) + "\n")
            return
        found = _read_json(path)
        if found == mine:
            return
        changed = [
            *_changes(found.get("settings"), mine["settings"]),
            *_changes(found.get("versions"), mine["versions"]),
        ]
        raise BadOption(
            f"{self.path} holds a run with {'; '.join(changed) or 'another hash'}; "
            "choose another --out, or start anew with --fresh"
        )

    def _read_episodes(self) -> Iterator[Record]:
        path = self.path / EPISODES
        if not path.exists():
            return
        trajectory.repair(path)
        for number, values in _read_lines(path):
            try:
                if values.get("settings") == self._digest:
                    yield Record.from_json(values)
            except TypeError as error:
                raise DataError(f"{path}, line {number}: {error}") from None


def default_path(settings: Settings) -> Path:
    """Name the folder of a run after its settings, so that it is found again."""
    policy = re.sub(r"[^\w.-]+", "-", settings.policy)[-LONGEST_NAME:].strip("-.")
    name = f"{settings.kind}-{policy}-{settings.split}"
    return Path("runs", f"{name}-{settings.digest[:SHORT]}")


def _changes(theirs: object, ours: object) -> list[str]:
    """Say in which keys two objects of JSON differ."""
    if not (isinstance(theirs, dict) and isinstance(ours, dict)):
        return ["unknown settings"]
    return [
        f"{key} {theirs.get(key)!r:.60} instead of {ours.get(key)!r:.60}"
        for key in {**ours, **theirs}
        if ours.get(key) != theirs.get(key)
    ]


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that no reader, and no kill, ever finds half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"{path}: {error}") from None
    if not isinstance(content, dict):
        raise DataError(f"{path}: no JSON object")
    return content


def _read_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    lines = trajectory.read(path)
    number = 0
    while True:
        number += 1
        try:
            values = next(lines)
        except StopIteration:
            return
        except ValueError as error:
            raise DataError(f"{path}, line {number}: {error}") from None
        if not isinstance(values, dict):
            raise DataError(f"{path}, line {number}: no JSON object")
        yield number, values
