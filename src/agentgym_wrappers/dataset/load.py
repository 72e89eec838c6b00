"""Read trajectories from files of any of the shapes they are published in."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from agentgym_envs.errors import DataError
from agentgym_wrappers import trajectory
from agentgym_wrappers.dataset.check import check
from agentgym_wrappers.dataset.messages import conversations_of

Record = dict[str, Any]

IN_A_RUN = "trajectories.jsonl"  # what `agentgym collect` and `agentgym eval` write


def load(path: str | os.PathLike[str]) -> list[Record]:
    """Read all trajectories of a file or of the folder of a run; see `iterate`.

    Raises:
        DataError: naming file, record and field.
    """
    return list(iterate(path))


def iterate(path: str | os.PathLike[str]) -> Iterator[Record]:
    """Read trajectories one after the other, and check each.

    JSON Lines as this library writes them, arrays of JSON as AgentTraj is published,
    and what AgentGym's evaluators write, with chat messages (``role``, ``content``)
    or without, are all read. A last line that a crash cut short is left out.

    Args:
        path: A file, or a folder that ``agentgym collect`` or ``eval`` wrote.

    Raises:
        DataError: naming file, record and field.
    """
    file = file_of(path)
    for number, content in enumerate(contents_of(file)):
        where = f"{file}: record {number}"
        record = in_our_words(content, where)
        check(record, where)
        yield record


def save(path: str | os.PathLike[str], records: Iterable[Mapping[str, Any]]) -> int:
    """Write records as JSON Lines; the file is there whole, or as before.

    Returns:
        How many were written.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    written = 0
    try:
        with draft.open("wb") as file:
            for record in records:
                file.write(trajectory.to_line(record))
                written += 1
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return written


def file_of(path: str | os.PathLike[str]) -> Path:
    """The file of trajectories that a path means.

    Raises:
        DataError: if there is none.
    """
    file = Path(path)
    if file.is_dir():
        file = file / IN_A_RUN
    if not file.is_file():
        raise DataError(f"{file}: there is no such file")
    return file


def contents_of(file: Path) -> Iterator[Any]:
    """Give what a file holds, whether an array or a line per record."""
    try:
        with file.open("rb") as opened:
            start = opened.read(64).lstrip()
        if start.startswith(b"["):
            yield from json.loads(file.read_text(encoding="utf-8"))
        else:
            yield from trajectory.read(file)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{file} is not JSON: {error}") from None


def in_our_words(content: Any, where: str) -> Any:
    """Turn chat messages into those with ``from``, ``loss`` and ``value``."""
    if not isinstance(content, dict):
        return content
    found = content.get("conversations")
    chat = found if found is not None else content.get("messages")
    if isinstance(chat, list) and chat and _is_chat(chat[0]):
        content = {**content, "conversations": conversations_of(chat, where)}
        content.pop("messages", None)
    return content


def _is_chat(message: Any) -> bool:
    return isinstance(message, dict) and "role" in message and "from" not in message
