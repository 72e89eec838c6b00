"""Item lists in the layout that AgentGym publishes.

AgentTraj-L and AgentEval (https://huggingface.co/AgentGym) hold one file per
environment and split, ``<prefix>_train.json`` and ``<prefix>_test.json``: a JSON array
(or JSON Lines) of records with an ``item_id`` such as ``"lmrlgym_maze_7"``, and with
``conversations`` where there are trajectories.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agentgym_envs.errors import DataError

_SUFFIXES = (".json", ".jsonl")


@dataclass(frozen=True, slots=True)
class Published:
    """The data indexes of both splits, ascending and without repetition."""

    train: tuple[int, ...]
    test: tuple[int, ...]


def read_items(
    path: Path,
    prefixes: Sequence[str],
    *,
    index_of: Callable[[dict[str, Any], int], int | None] | None = None,
) -> Published:
    """Read the items that published files list.

    Args:
        path: A folder with files named as above, or one such file.
        prefixes: What item ids and file names of the environment start with.
        index_of: Maps a record and the number in its id to a data index, None for
            an item that does not exist; by default the number is the index.

    Raises:
        DataError: if there is no such file, or a record is not as published; the
            message names file, record and field.
    """
    items = {
        split: _read_file(file, prefixes, index_of)
        for split, file in _find_files(path, prefixes).items()
    }
    return Published(items.get("train", ()), items.get("test", ()))


def _find_files(path: Path, prefixes: Sequence[str]) -> dict[str, Path]:
    if path.is_file():
        match = re.fullmatch(r".*_(train|test)", path.stem)
        if match is None:
            raise DataError(
                f"{path}: the name must end in _train or _test, as in "
                f"{prefixes[0]}_test.json"
            )
        return {match[1]: path}
    if not path.is_dir():
        raise DataError(f"{path}: there is no such file or folder")
    found = {}
    for split in ("train", "test"):
        for prefix in prefixes:
            for suffix in _SUFFIXES:
                file = path / f"{prefix}_{split}{suffix}"
                if split not in found and file.is_file():
                    found[split] = file
    if not found:
        names = " or ".join(f"{prefix}_train.json" for prefix in prefixes)
        raise DataError(f"{path}: the folder holds no {names}, nor a _test.json")
    return found


def _read_file(
    file: Path,
    prefixes: Sequence[str],
    index_of: Callable[[dict[str, Any], int], int | None] | None,
) -> tuple[int, ...]:
    pattern = re.compile(rf"(?:{'|'.join(map(re.escape, prefixes))})_([0-9]{{1,18}})")
    indexes = set()
    for number, record in enumerate(_records(file)):
        where = f"{file}: record {number}"
        if not isinstance(record, dict):
            raise DataError(f"{where} is no object")
        item_id = record.get("item_id")
        match = pattern.fullmatch(item_id) if isinstance(item_id, str) else None
        if match is None:
            raise DataError(
                f"{where}: the field 'item_id' is {item_id!r:.60}, "
                f"not like {prefixes[0]}_0"
            )
        index = int(match[1])
        mapped = index_of(record, index) if index_of else index
        if mapped is None:
            raise DataError(f"{where}: the field 'item_id' names no item: {item_id!r}")
        indexes.add(mapped)
    return tuple(sorted(indexes))


def _records(file: Path) -> list[Any]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file}: {error}") from error
    if text.lstrip().startswith("["):
        return list(_parse(text, str(file)))
    return [
        _parse(line, f"{file}: line {number}")
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip()
    ]


def _parse(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{where} is not JSON: {error}") from None
