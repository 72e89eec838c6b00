"""Trajectory records: one finished episode as a line of JSON.

The shape is that of the published AgentTraj files, so their loaders read it:

| Key | Value |
|---|---|
| `conversations` | messages with `from` (`human` or `gpt`), `loss`, `value` |
| `item_id` | the item, for example `maze_12` |
| `reward` | the episode's score in [0, 1], for every family |
| `success` | 1 if the task was solved, else 0 |
| `meta` | all that the published shape has no place for |

The first message holds the instructions (`loss` null), the second the model's
consent (`loss` false), the third the first observation; then replies (`loss`
true) and observations (`loss` null) take turns.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from typing import Any

from agentgym_envs import AgentEnv, __version__

CONSENT = "Understood. I will follow these rules and do my best to solve the task."
UNFINISHED = "unfinished"  # the end_reason of an episode that was cut by a reset

# Legal inside JSON, but line ends for `str.splitlines` and some readers.
_LINE_ENDS = {ord(c): f"\\u{ord(c):04x}" for c in "\x85\u2028\u2029"}
_CHUNK = 2**16  # bytes read at once when looking for the last line


@dataclass(slots=True)
class Episode:
    """What happened so far, step by step; every list has one entry per step."""

    observation: str
    """The first observation."""
    info: dict[str, Any]
    """The latest info."""
    replies: list[str] = field(default_factory=list)
    """What the agent said."""
    actions: list[str] = field(default_factory=list)
    """What the game was given; empty where it was given nothing."""
    reply_errors: list[str] = field(default_factory=list)
    """Why a reply held no action; empty texts where it held one."""
    observations: list[str] = field(default_factory=list)
    """What each step was answered with."""
    rewards: list[float] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    invalid: list[bool] = field(default_factory=list)
    terminated: bool = False
    truncated: bool = False

    def add(
        self, reply: str, error: str, step: tuple[Any, Any, bool, bool, dict[str, Any]]
    ) -> None:
        """Note a reply, why it held no action, and what the step gave as text."""
        observation, reward, terminated, truncated, info = step
        self.replies.append(reply)
        error = str(info.get("reply_error", error))
        self.actions.append("" if error else str(info.get("action", reply)))
        self.reply_errors.append(error)
        self.observations.append(observation)
        self.rewards.append(float(reward))
        self.scores.append(float(info["score"]))
        self.invalid.append(bool(info["invalid_action"]))
        self.info = info
        self.terminated, self.truncated = bool(terminated), bool(truncated)

    @property
    def is_over(self) -> bool:
        """Whether the latest step was the last."""
        return self.terminated or self.truncated

    def wanted(self, unfinished: bool) -> bool:
        """Whether it makes a record: has steps, and an end if that is asked for."""
        return bool(self.replies) and (self.is_over or unfinished)

    @property
    def end_reason(self) -> str:
        """Why the episode ended, named also where a wrapper outside cut it."""
        if reason := str(self.info.get("end_reason", "")):
            return reason
        return "horizon" if self.truncated else UNFINISHED


def message(sender: str, value: str, loss: bool | None) -> dict[str, Any]:
    """One message, with its keys in the published order."""
    return {"from": sender, "loss": loss, "value": _written(value)}


def conversation(
    instructions: str, episode: Episode, *, end_with_observation: bool = False
) -> list[dict[str, Any]]:
    """Tell an episode as messages.

    Published files end with the last reply; the evaluator that made them ends
    with the observation after it, which ``end_with_observation`` asks for.
    """
    messages = [
        message("human", instructions, None),
        message("gpt", CONSENT, False),
        message("human", episode.observation, None),
    ]
    for reply, answer in zip(episode.replies, episode.observations, strict=True):
        messages.append(message("gpt", reply, True))
        messages.append(message("human", answer, None))
    if episode.replies and not end_with_observation:
        messages.pop()
    return messages


def origin(agent: AgentEnv) -> dict[str, Any]:
    """Say where an episode is played, so that it can be played again."""
    spec = agent.spec
    return {
        "env_id": spec.id if spec else agent.family,
        "version": __version__,
        "kwargs": dict(spec.kwargs) if spec else {},
        "horizon": agent.horizon,
    }


def record(
    instructions: str,
    episode: Episode,
    meta: Mapping[str, Any],
    *,
    end_with_observation: bool = False,
) -> dict[str, Any]:
    """Make the record of an episode; ``meta`` says where it was played.

    `to_line` writes it; what comes back by ``json.loads`` is equal to it.
    """
    info = episode.info
    details: dict[str, Any] = {
        **meta,
        "task": str(info["task"]),
        "split": str(info["split"]),
        "terminated": episode.terminated,
        "truncated": episode.truncated,
        "end_reason": episode.end_reason,
    }
    if "original_score" in info:
        details["original_score"] = float(info["original_score"])
    steps = {
        "actions": [_written(text) for text in episode.actions],
        "reply_errors": [_written(text) for text in episode.reply_errors],
        "rewards": [*episode.rewards],
        "scores": [*episode.scores],
        "invalid": [*episode.invalid],
    }
    return {
        "conversations": conversation(
            instructions, episode, end_with_observation=end_with_observation
        ),
        "item_id": str(info["item_id"]),
        "reward": float(info["score"]),
        "success": int(bool(info["success"])),
        # Only what a caller gave can hold what JSON does not.
        "meta": json.loads(json.dumps(details, default=_plain)) | steps,
    }


def _written(text: str) -> str:
    """The text as a file gives it back: two halves of a surrogate pair become one."""
    if text.isascii():
        return text
    copied: str = json.loads(json.dumps(text))
    return copied


def to_line(record: Mapping[str, Any]) -> bytes:
    r"""Write a record as one line of UTF-8, newline included.

    Half a surrogate pair, which UTF-8 cannot hold, is written as its escape.

    >>> to_line({"value": "größe \ud800"})
    b'{"value": "gr\xc3\xb6\xc3\x9fe \\ud800"}\n'
    """
    text = json.dumps(record, ensure_ascii=False, allow_nan=False, default=_plain)
    return (text.translate(_LINE_ENDS) + "\n").encode("utf-8", "backslashreplace")


def append(path: str | os.PathLike[str], records: Iterable[Mapping[str, Any]]) -> None:
    """Add records to a JSON Lines file, each by one write of its whole line.

    A last line that a crash left half-written is removed first (or completed, if
    only its newline is missing). One process at a time may write a file.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    repair(path)
    with path.open("ab", buffering=0) as file:
        for made in records:
            _write(file, made)


class Appender:
    """A JSON Lines file that is kept open to add records, as `append` does each time.

    Args:
        path: The file; one process at a time may write it.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        append(path, [])  # mends its end, and makes its folder
        self._file = FileIO(path, "ab")

    def append(self, record: Mapping[str, Any]) -> None:
        """Add a record by one write of its whole line."""
        _write(self._file, record)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _write(file: FileIO, record: Mapping[str, Any]) -> None:
    line = memoryview(to_line(record))
    # One write is the rule; the loop is for systems that take less.
    while line:
        line = line[file.write(line) :]


def repair(path: str | os.PathLike[str]) -> None:
    """Mend the last line of a JSON Lines file, if it does not end in a newline."""
    path = Path(path)
    if not path.exists() or not path.stat().st_size:
        return
    with path.open("r+b") as file:
        start = end = file.seek(0, os.SEEK_END)
        tail = b""
        while start and b"\n" not in tail:
            size = min(_CHUNK, start)
            start = file.seek(start - size)
            tail = file.read(size) + tail
            if tail.endswith(b"\n"):
                return
        last = tail[tail.rfind(b"\n") + 1 :]
        if _is_record(last):
            file.seek(end)
            file.write(b"\n")
        else:
            file.truncate(end - len(last))


def read(path: str | os.PathLike[str]) -> Iterator[dict[str, Any]]:
    """Give the records of a JSON Lines file, without a half-written last line."""
    with Path(path).open("rb") as file:
        for line in file:
            if line.endswith(b"\n") or _is_record(line):
                yield json.loads(line)


def _is_record(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _plain(value: object) -> Any:
    """Say in JSON what only Python has: paths, and NumPy's numbers."""
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    return str(value)
