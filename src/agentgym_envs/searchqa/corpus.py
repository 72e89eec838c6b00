"""Passages by row: the embedded ones, or those of a file that memory can't hold."""

from __future__ import annotations

import json
import mmap
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from agentgym_envs.cache import cache_folder, write_whole
from agentgym_envs.errors import DataError
from agentgym_envs.once import once
from agentgym_envs.searchqa import world
from agentgym_envs.searchqa.progress import progress

CHUNK = 2**24  # bytes read at a time
NEWLINE = 10


class Corpus(Protocol):
    """Passages with ids, by row number."""

    @property
    def key(self) -> str:
        """Names the passages in the cache; others have another name."""

    def __len__(self) -> int: ...

    def __getitem__(self, row: int) -> str:
        """Give the contents of a passage: title, line break, text."""

    def id_of(self, row: int) -> str:
        """Give the id of a passage."""


class EmbeddedCorpus:
    """The passages of the embedded world; a passage's id is its row."""

    def __init__(self) -> None:
        self._passages = [thing.passage for thing in world.load()]

    @property
    def key(self) -> str:
        """The digest of all passages."""
        digest = sha256("\n\n".join(self._passages).encode("utf-8"))
        return f"embedded-{digest.hexdigest()[:16]}"

    def __len__(self) -> int:
        return len(self._passages)

    def __getitem__(self, row: int) -> str:
        return self._passages[row]

    def id_of(self, row: int) -> str:
        """Give the id of a passage."""
        return str(row)


class FileCorpus:
    """Passages in a JSON Lines file such as ``wiki-18.jsonl``, which stays there.

    A record has ``id`` and ``contents``: the title in double quotes, a line break, the
    text. Where each line begins is found out once and kept in the user's cache.

    Raises:
        DataError: if the file can't be read, or a record is not as it should be; the
            message names file, record and field.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            with file.open("rb") as opened:
                self._bytes = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
            state = file.stat()
        except (OSError, ValueError) as error:  # an empty file can't be mapped
            raise DataError(f"{file}: {error}") from None
        mark = f"{file.resolve()}\n{state.st_size}\n{state.st_mtime_ns}"
        self._key = f"file-{sha256(mark.encode('utf-8')).hexdigest()[:16]}"
        self._starts = self._find_lines()

    @property
    def key(self) -> str:
        """The digest of the file's path, size and time."""
        return self._key

    def _find_lines(self) -> npt.NDArray[np.uint64]:
        """Give the byte where each line begins, and the end of the last one."""
        kept = cache_folder() / "searchqa" / self._key / "lines.npy"
        if not kept.exists():
            size = len(self._bytes)
            found = [np.zeros(1, np.uint64)]
            with progress(f"Looking through {self.file.name}", size) as advance:
                for start in range(0, size, CHUNK):
                    chunk = self._bytes[start : start + CHUNK]
                    ends = np.flatnonzero(np.frombuffer(chunk, np.uint8) == NEWLINE)
                    found.append(ends.astype(np.uint64) + np.uint64(start + 1))
                    advance(len(chunk))
            starts = np.concatenate(found)
            if int(starts[-1]) != size:
                starts = np.append(starts, np.uint64(size))
            written = BytesIO()
            np.save(written, starts)
            write_whole(kept, written.getvalue())
        mapped: npt.NDArray[np.uint64] = np.load(kept, mmap_mode="r")
        return mapped

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, row: int) -> str:
        return self.record(row)[1]

    def id_of(self, row: int) -> str:
        """Give the id of a passage."""
        return self.record(row)[0]

    def record(self, row: int) -> tuple[str, str]:
        """Give the id and the contents of a passage."""
        line = self._bytes[int(self._starts[row]) : int(self._starts[row + 1])]
        where = f"{self.file}: record {row}"
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise DataError(f"{where} is not JSON: {error}") from None
        if not isinstance(record, dict):
            raise DataError(f"{where} is no object")
        id_, contents = record.get("id"), record.get("contents")
        if not isinstance(id_, str | int) or isinstance(id_, bool):
            raise DataError(f"{where}: the field 'id' is {id_!r:.60}, no text")
        if not isinstance(contents, str):
            raise DataError(f"{where}: the field 'contents' is {contents!r:.60}")
        return str(id_), contents


@once
def embedded() -> EmbeddedCorpus:
    """Give the embedded passages, made once per process."""
    return EmbeddedCorpus()


@lru_cache(maxsize=4)
def file_corpus(file: Path) -> FileCorpus:
    """Give the passages of a file, opened once per process."""
    return FileCorpus(file)
