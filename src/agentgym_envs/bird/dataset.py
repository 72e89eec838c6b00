"""The published BIRD data: questions, table descriptions and SQLite files.

BIRD (Li et al., arXiv 2305.03111) unpacks to ``train/`` and ``dev/``, each with
``<split>.json``, ``<split>_tables.json`` and
``<split>_databases/<db_id>/<db_id>.sqlite``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from agentgym_envs.bird.sandbox import Source
from agentgym_envs.bird.schema import Schema
from agentgym_envs.errors import DataError

SPLITS = ("train", "dev")
MAGIC = b"SQLite format 3\0"


@dataclass(frozen=True, slots=True)
class Question:
    """A question, its database, and the gold statement that answers it."""

    source: Source
    schema: Schema
    text: str
    evidence: str
    sql: str
    difficulty: str = ""


@lru_cache(maxsize=8)
def read_dataset(root: Path) -> dict[str, tuple[Question, ...]]:
    """Read the questions of the splits that a folder holds; either may be missing.

    A dated folder such as ``dev_20240627`` stands for ``dev``.

    Raises:
        DataError: if there is no such data, or it is not as published; the message
            names file, record and field.
    """
    if not root.is_dir():
        raise DataError(f"{root}: there is no such folder")
    found = {split: _folder(root, split) for split in SPLITS}
    questions = {
        split: _read_split(folder, split)
        for split, folder in found.items()
        if folder is not None
    }
    if not questions:
        raise DataError(f"{root}: the folder holds no train/train.json or dev/dev.json")
    return questions


def _folder(root: Path, split: str) -> Path | None:
    exact = root / split
    if exact.is_dir():
        return exact
    # The newest of dated ones.
    return max((f for f in root.glob(f"{split}_*") if f.is_dir()), default=None)


def _read_split(folder: Path, split: str) -> tuple[Question, ...]:
    tables = folder / f"{split}_tables.json"
    schemas = {}
    for number, record in enumerate(_array(tables)):
        schema = _schema(_Record(record, f"{tables}: record {number}"))
        schemas[schema.db_id] = schema
    file = folder / f"{split}.json"
    sources: dict[str, Source] = {}
    questions = []
    for number, content in enumerate(_array(file)):
        record = _Record(content, f"{file}: record {number}")
        name = record.get("db_id", _is_text)
        if name not in schemas:
            record.refuse("db_id", f"has no entry in {tables.name}")
        if name not in sources:
            sources[name] = _database(folder / f"{split}_databases", record, name)
        question = Question(
            sources[name],
            schemas[name],
            record.get("question", _is_text),
            record.get("evidence", _is_text),
            record.get("SQL", _is_text),
            record.get("difficulty", _is_text, default=""),
        )
        questions.append(question)
    return tuple(questions)


def _database(folder: Path, record: _Record, name: str) -> Source:
    # It becomes part of a path, which must stay below the data folder.
    if name in ("", ".", "..") or Path(name).name != name:
        record.refuse("db_id", "is no folder's name")
    file = folder / name / f"{name}.sqlite"
    if not file.is_file():
        record.refuse("db_id", f"needs {file}, which is not there")
    with file.open("rb") as content:
        if content.read(len(MAGIC)) != MAGIC:
            record.refuse("db_id", f"needs {file}, which is no SQLite database")
    return Source(file.resolve().as_posix())


class _Record:
    """One object of a data file, and where it stands."""

    def __init__(self, content: Any, where: str) -> None:
        if not isinstance(content, dict):
            raise DataError(f"{where} is no object")
        self._content = content
        self._where = where

    def get(
        self, field: str, fits: Callable[[Any], bool], *, default: Any = None
    ) -> Any:
        value = self._content.get(field, default)
        if field not in self._content and default is None:
            raise DataError(f"{self._where}: the field {field!r} is missing")
        if not fits(value):
            self.refuse(field, "is not as published")
        return value

    def refuse(self, field: str, why: str) -> None:
        value = self._content.get(field)
        raise DataError(f"{self._where}: the field {field!r} {why}: {value!r:.80}")


def _schema(record: _Record) -> Schema:
    tables = record.get("table_names", _are_texts)
    columns = record.get("column_names", lambda v: _are_columns(v, len(tables)))
    last = len(columns) - 1
    keys = record.get("primary_keys", lambda v: _are_keys(v, last))
    return Schema(
        record.get("db_id", _is_text),
        tuple(tables),
        tuple((of, name) for of, name in columns),
        tuple(
            record.get(
                "table_names_original",
                lambda v: _are_texts(v) and len(v) == len(tables),
                default=tables,
            )
        ),
        tuple(
            name
            for _, name in record.get(
                "column_names_original",
                lambda v: _are_columns(v, len(tables)) and len(v) == len(columns),
                default=columns,
            )
        ),
        tuple(tuple(key) if isinstance(key, list) else (key,) for key in keys),
        tuple(
            (here, there)
            for here, there in record.get("foreign_keys", lambda v: _are_pairs(v, last))
        ),
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) for v in value)


def _are_columns(value: Any, tables: int) -> bool:
    """Whether it is a list of [table index, name] that begins with [-1, "*"]."""
    return (
        isinstance(value, list)
        and all(isinstance(v, list) and len(v) == 2 for v in value)
        and all(type(v[0]) is int and isinstance(v[1], str) for v in value)
        and bool(value)
        and value[0][0] == -1
        and all(0 <= v[0] < tables for v in value[1:])
    )


def _is_column(value: Any, last: int) -> bool:
    return type(value) is int and 1 <= value <= last


def _are_keys(value: Any, last: int) -> bool:
    return isinstance(value, list) and all(
        _is_column(key, last)
        or (isinstance(key, list) and all(_is_column(k, last) for k in key))
        for key in value
    )


def _are_pairs(value: Any, last: int) -> bool:
    return isinstance(value, list) and all(
        isinstance(pair, list)
        and len(pair) == 2
        and all(_is_column(column, last) for column in pair)
        for pair in value
    )


def _array(file: Path) -> list[Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file}: {error}") from None
    except (ValueError, RecursionError) as error:
        raise DataError(f"{file} is not JSON: {error}") from None
    if not isinstance(content, list):
        raise DataError(f"{file} holds no JSON array")
    return content
