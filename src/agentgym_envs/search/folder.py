"""An index as a folder: one file for each column, and a header."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np

from agentgym_envs.errors import DataError
from agentgym_envs.search.columns import TYPES, Array

FORMAT = "agentgym-envs search index"
VERSION = 1
HEADER = "header.json"
ATTEMPTS = 10


class FolderSink:
    """Writes columns to a new folder that takes its name when all is there."""

    def __init__(self, path: Path) -> None:
        self._path = Path(path)
        self._new: Path | None = None
        self._files: dict[str, BinaryIO] = {}
        self._digests = {name: blake2b(digest_size=16) for name in TYPES}

    def __enter__(self) -> FolderSink:
        _refuse_strangers(self._path)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        name = f".{self._path.name}.new-"
        self._new = Path(tempfile.mkdtemp(prefix=name, dir=self._path.parent))
        # Other users may read an index, as they may any file that is written here.
        self._new.chmod(0o755)
        for name in TYPES:
            self._files[name] = (self._new / file_name(name)).open("wb")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for file in self._files.values():
            file.close()
        if self._new:
            shutil.rmtree(self._new, ignore_errors=True)

    def write(self, column: str, values: Array) -> None:
        """Append values to a column."""
        content = np.ascontiguousarray(values, TYPES[column]).view("u1").data
        self._files[column].write(content)
        self._digests[column].update(content)

    def finish(self, documents: int, filled: int) -> None:
        """Write the header and give the folder its name."""
        assert self._new is not None
        sizes = {name: file.tell() for name, file in self._files.items()}
        for file in self._files.values():
            file.close()
        content = {
            "format": FORMAT,
            "version": VERSION,
            "documents": documents,
            "documents_with_terms": filled,
            "files": {
                file_name(name): {"bytes": sizes[name], "blake2b": digest.hexdigest()}
                for name, digest in self._digests.items()
            },
        }
        header = {**content, "blake2b": _digest(content)}
        text = json.dumps(header, indent=1) + "\n"
        (self._new / HEADER).write_text(text, encoding="utf-8")
        _put(self._new, self._path)
        self._new = None


def file_name(column: str) -> str:
    """Name the file of a column."""
    return f"{column}.bin"


def read(path: Path, *, mmap: bool) -> tuple[Mapping[str, Array], int]:
    """Give the columns of an index, and how many documents have a term.

    Raises:
        DataError: if the folder is no index, is damaged, or was written by another
            version; the message names the file.
    """
    header = _read_header(Path(path) / HEADER)
    columns = {}
    for name in TYPES:
        file = Path(path) / file_name(name)
        columns[name] = _read_column(file, name, header["files"][file.name], mmap)
    _check_sizes(Path(path), columns, header["documents"])
    return columns, header["documents_with_terms"]


def _read_header(file: Path) -> dict[str, Any]:
    try:
        header = json.loads(file.read_bytes())
    except FileNotFoundError:
        raise DataError(f"{file}: there is no such file, so no search index") from None
    except (ValueError, RecursionError, OSError) as error:
        raise DataError(f"{file}: not the header of an index: {error}") from None
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise DataError(f"{file}: not the header of a search index")
    if header.get("version") != VERSION:
        raise DataError(
            f"{file}: the field 'version' is {header.get('version')!r:.20}, this "
            f"library reads {VERSION}; build the index again"
        )
    digest = header.pop("blake2b", None)
    if digest != _digest(header):
        raise DataError(f"{file}: damaged; build the index again")
    return header


def _read_column(file: Path, name: str, told: dict[str, Any], mmap: bool) -> Array:
    try:
        size = file.stat().st_size
        if size != told["bytes"] or size % np.dtype(TYPES[name]).itemsize:
            raise DataError(
                f"{file}: {size} bytes, not {told['bytes']}; build the index again"
            )
        if mmap and size:
            # A plain array: each slice of a memmap costs microseconds more.
            return np.asarray(np.memmap(file, TYPES[name], mode="r"))
        content = file.read_bytes()
    except OSError as error:
        raise DataError(f"{file}: can't be read: {error}") from None
    if blake2b(content, digest_size=16).hexdigest() != told["blake2b"]:
        raise DataError(f"{file}: damaged; build the index again")
    return np.frombuffer(content, TYPES[name])


def _check_sizes(path: Path, columns: Mapping[str, Array], documents: int) -> None:
    """Compare ends with sizes, so that no search can look past the end of a file."""
    postings = len(columns["rows"])
    expected = {
        "id_starts": (documents + 1, len(columns["ids"])),
        "term_starts": (len(columns["posting_starts"]), len(columns["terms"])),
        "posting_starts": (len(columns["term_starts"]), postings),
    }
    for name, (length, end) in expected.items():
        starts = columns[name]
        if len(starts) != length or not length or int(starts[-1]) != end:
            raise DataError(f"{path / file_name(name)}: damaged; build the index again")
    for name, length in {"ranks": documents, "spreads": postings}.items():
        if len(columns[name]) != length:
            raise DataError(f"{path / file_name(name)}: damaged; build the index again")


def _digest(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True)
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _refuse_strangers(path: Path) -> None:
    """Replace nothing that is not an index."""
    if path.is_dir():
        if (path / HEADER).exists() or not any(path.iterdir()):
            return
        raise DataError(f"{path}: the folder holds something that is no index")
    if path.exists():
        raise DataError(f"{path}: there is a file of that name")


def _put(new: Path, path: Path) -> None:
    """Give a folder its name; what has that name goes.

    Processes that do this at the same time do not disturb each other: one is last.
    """
    for _ in range(ATTEMPTS):
        try:
            new.replace(path)
        except OSError:
            if not path.is_dir():
                raise
        else:
            return
        old = Path(tempfile.mkdtemp(prefix=f".{path.name}.old-", dir=path.parent))
        try:
            path.replace(old / path.name)
        except FileNotFoundError:
            pass
        finally:
            shutil.rmtree(old, ignore_errors=True)
    raise DataError(f"{path}: other programs keep replacing this folder")
