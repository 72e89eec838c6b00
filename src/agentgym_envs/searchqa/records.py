"""Published questions: Parquet as AgentGym's SearchQA reads it, or JSON Lines.

A record has ``question`` and ``golden_answers``, a list of texts; AgentGym's Parquet
files, made from FlashRAG's data sets, have the answers in
``reward_model.ground_truth.target`` as well, and ``data_source``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from agentgym_envs.errors import DataError, MissingExtra

# AgentGym's items: the first of each data set; the last number is the end.
PUBLISHED = (
    (0, "nq"),
    (3610, "triviaqa"),
    (14923, "popqa"),
    (29190, "hotpotqa"),
    (36595, "2wikimultihopqa"),
    (49171, "musique"),
    (51588, "bamboogle"),
    (51713, "nq"),
    (130881, "hotpotqa"),
    (221328, ""),
)
PUBLISHED_TRAIN = 51713
PUBLISHED_END = PUBLISHED[-1][0]

COLUMNS = ("question", "golden_answers", "data_source", "reward_model")
# Where HotpotQA tells which passages answer a question. Of the rest of its metadata,
# which is most of the file, nothing is kept.
TITLES = ("metadata", "supporting_facts", "title")
FOLDERS = ("queries", ".")
SUFFIXES = (".parquet", ".jsonl")
# FlashRAG has no test file for some sets; AgentGym then takes the dev file.
NAMES = {"test": ("test", "dev"), "train": ("train",)}


class Record(NamedTuple):
    """One question."""

    question: str
    targets: list[str]
    source: str
    """Empty if the record doesn't tell."""
    support: list[str]
    """Titles of the passages that answer it, where the record tells them."""


class Table:
    """The records of one file; each is checked when it is asked for.

    Copies share them, and another process reads them anew.
    """

    def __init__(self, file: Path, rows: Any) -> None:
        self.file, self._rows = file, rows

    def __deepcopy__(self, memo: dict[int, Any]) -> Table:
        return self

    def __reduce__(self) -> tuple[Callable[[Path], Table], tuple[Path]]:
        return read_table, (self.file,)

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, row: int) -> Record:
        found = self._rows[row]
        where = f"{self.file}: record {row}"
        if not isinstance(found, dict):
            raise DataError(f"{where} is no object")
        question = found.get("question")
        if not isinstance(question, str) or not question.strip():
            raise DataError(f"{where}: the field 'question' is {question!r:.60}")
        question = question.strip()
        if not question.endswith("?"):
            question += "?"  # as AgentGym does when it makes its files
        source = found.get("data_source")
        return Record(
            question,
            _targets(found, where),
            source if isinstance(source, str) else "",
            _support(found),
        )


def _targets(found: dict[str, Any], where: str) -> list[str]:
    field = "golden_answers"
    targets: Any = found.get(field)
    if isinstance(found.get("reward_model"), dict):
        field = "reward_model.ground_truth.target"
        truth = found["reward_model"].get("ground_truth")
        targets = truth.get("target") if isinstance(truth, dict) else None
    if isinstance(targets, str):
        return [targets]
    if not isinstance(targets, list) or not targets:
        raise DataError(f"{where}: the field {field!r} is {targets!r:.60}, no list")
    if not all(isinstance(target, str) for target in targets):
        raise DataError(f"{where}: the field {field!r} holds more than texts")
    return targets


def _support(found: dict[str, Any]) -> list[str]:
    """Read the titles that are told; whatever else is there tells nothing."""
    titles: Any = found
    for key in TITLES:
        titles = titles.get(key) if isinstance(titles, dict) else None
    if not isinstance(titles, list):
        return []
    return list(dict.fromkeys(title for title in titles if isinstance(title, str)))


class _ParquetRows(Sequence[Any]):
    """Rows of an Arrow table, made into Python values one by one."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def __getitem__(self, row: Any) -> Any:
        return self._table.slice(row, 1).to_pylist()[0]


class Part(NamedTuple):
    """Items whose numbers follow each other: the rows of one file."""

    split: str
    start: int
    """The number of row 0."""
    table: Table
    source: str
    """The data set, where a record doesn't tell it; may be empty."""


def read_parts(path: Path) -> list[Part]:
    """Read the questions of a folder, or of one file, in the order of their numbers.

    A folder has one file per split, as AgentGym makes them; or it is FlashRAG's, with
    a folder per data set, whose items get the numbers that they have in AgentGym's.

    Raises:
        DataError: if there are none, or a file is damaged.
        MissingExtra: if a file needs pyarrow, which is not installed.
    """
    files = find_files(path)
    if not files:
        return _read_sets(path)
    tables = {split: read_table(file) for split, file in files.items()}
    test = len(tables["test"]) if "test" in tables else 0
    starts = {"test": 0, "train": max(PUBLISHED_TRAIN, test)}
    return [
        Part(split, starts[split], tables[split], "")
        for split in ("test", "train")
        if split in tables and len(tables[split])
    ]


def _read_sets(path: Path) -> list[Part]:
    """Read FlashRAG's folders; a set that isn't there leaves its numbers out."""
    parts = []
    for (start, name), (end, _) in pairwise(PUBLISHED):
        split = "test" if start < PUBLISHED_TRAIN else "train"
        # Of its splits AgentGym tests with the first one that a set has.
        choices = ("test", "dev") if split == "test" else ("train",)
        files = [path / name / f"{choice}.jsonl" for choice in choices]
        file = next((file for file in files if file.is_file()), None)
        if file is None:
            continue
        table = read_table(file)
        if len(table) > end - start:
            raise DataError(
                f"{file}: {len(table)} records; AgentGym has numbers for {end - start}"
            )
        if len(table):
            parts.append(Part(split, start, table, name))
    if not parts:
        raise DataError(
            f"{path}: the folder holds no test.parquet, train.parquet, test.jsonl or "
            "train.jsonl, nor does its folder queries; and no data set of FlashRAG, "
            "such as nq/test.jsonl"
        )
    return parts


def find_files(path: Path) -> dict[str, Path]:
    """Find the file of each split; a single file without "train" in its name is test.

    Raises:
        DataError: if there is no such path.
    """
    if path.is_file():
        return {"train" if "train" in path.stem else "test": path}
    if not path.is_dir():
        raise DataError(f"{path}: there is no such file or folder")
    candidates = [
        (split, path / folder / f"{name}{suffix}")
        for split, names in NAMES.items()
        for name in names
        for folder in FOLDERS
        for suffix in SUFFIXES
    ]
    found: dict[str, Path] = {}
    for split, file in candidates:
        if file.is_file():
            found.setdefault(split, file)
    return found


def read_table(file: Path) -> Table:
    """Read one file.

    Raises:
        DataError: if it is damaged.
        MissingExtra: if it needs pyarrow, which is not installed.
    """
    return _read(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read(file: Path, changed: int) -> Table:
    """Read a file once per process, and again when it has changed."""
    if file.suffix == ".parquet":
        return Table(file, _ParquetRows(_read_parquet(file)))
    return Table(file, _read_lines(file))


def _read_parquet(file: Path) -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError:
        raise MissingExtra("searchqa-parquet", "pyarrow") from None
    try:
        with pyarrow.parquet.ParquetFile(file) as opened:
            known = [name for name in COLUMNS if name in opened.schema_arrow.names]
            # A part of a column; files without it are read all the same.
            table = opened.read(columns=[*known, ".".join(TITLES)])
    except (OSError, pyarrow.ArrowException) as error:
        raise DataError(f"{file}: {error}") from None
    if "question" not in known:
        raise DataError(f"{file}: there is no column 'question'")
    if not {"golden_answers", "reward_model"} & set(known):
        raise DataError(f"{file}: there is no column 'golden_answers'")
    return table


def _read_lines(file: Path) -> list[Any]:
    rows = []
    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                if not line.strip():
                    continue
                try:
                    rows.append(_kept(json.loads(line)))
                except (ValueError, RecursionError) as error:
                    raise DataError(f"{file}: record {number}: {error}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file}: {error}") from None
    return rows


def _kept(record: Any) -> Any:
    """Leave out of a record what no item needs."""
    if not isinstance(record, dict):
        return record
    kept = {name: record[name] for name in COLUMNS if name in record}
    if titles := _support(record):
        kept["metadata"] = {"supporting_facts": {"title": titles}}
    return kept
