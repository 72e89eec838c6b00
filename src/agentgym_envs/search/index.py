"""A search index that ranks as Lucene's BM25 does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agentgym_envs.errors import BadOption, DataError
from agentgym_envs.search import bm25, folder
from agentgym_envs.search.analysis import analyze
from agentgym_envs.search.blocks import Block, Collector, Lengths, merge
from agentgym_envs.search.columns import Array, MemorySink, Strings, StringWriter, view
from agentgym_envs.search.scoring import Matches, Rows, scored

BLOCK_MEMORY = 1 << 28  # bytes


class Hit(NamedTuple):
    """A document that a search found."""

    id: str
    score: float
    row: int
    """Position in the ids that the index was built from."""


class Index:
    """Documents to be searched by their words.

    Made by `Index.build`, `Index.load` or `build_on_disk`. Many threads may search at
    the same time.

    The ranking is that of Anserini 0.14 (Lucene 8.11) with k1 = 0.9 and b = 0.4: see
    `analyze` for the terms, and `bm25` for the scores. Documents of equal score come
    in the order of their ids.
    """

    def __init__(
        self, columns: Mapping[str, Array], filled: int, source: Path | None = None
    ) -> None:
        """Take the columns of an index; `filled` documents have a term."""
        self._source = source
        self._columns = columns
        self._filled = filled
        self._ids = Strings(columns["ids"], columns["id_starts"])
        self._terms = Strings(columns["terms"], columns["term_starts"])
        self._starts = view(columns["posting_starts"])
        self._rows: Rows = columns["rows"]
        self._spreads: bm25.Floats = columns["spreads"]
        self._ranks: npt.NDArray[np.uint32] = columns["ranks"]

    def __len__(self) -> int:
        return len(self._ids)

    @classmethod
    def build(
        cls,
        ids: Sequence[str],
        texts: Iterable[str],
        *,
        report: Callable[[int], None] | None = None,
    ) -> Index:
        """Index documents in memory.

        Args:
            ids: One for each text, all different.
            texts: Read once, one after the other; none is kept.
            report: Called with the number of texts done so far, after each.

        Raises:
            BadOption: if there are more ids than texts or fewer, or an id is there
                twice.
        """
        sink = MemorySink()
        sink.write("ranks", _ranks(ids))
        StringWriter(sink, "ids", "id_starts").write([encoded(id_) for id_ in ids])
        lengths, blocks = Lengths(bytearray()), list[Block]()
        collector = Collector(0)
        done = 0

        def close() -> None:
            block, found = collector.block()
            blocks.append(block)
            lengths.add(found)

        for done, text in enumerate(texts, start=1):
            collector.add(text)
            if collector.memory() > BLOCK_MEMORY:
                close()
                collector = Collector(done)
            if report:
                report(done)
        close()
        if done != len(ids):
            raise BadOption(f"there are {len(ids)} ids, but {done} texts")
        postings = sum(len(block.rows) for block in blocks)
        merge(blocks, lengths.norms(), sink, at_once=postings)
        return cls(sink.columns(), lengths.filled)

    def search(self, query: str, limit: int = 50) -> list[Hit]:
        """Find the documents that hold a word of the query, best first.

        Any text is a query; nothing in it is an operator. A word that occurs twice
        counts twice.
        """
        if limit < 0:
            raise BadOption(
                f"a search has {limit} hits at most; that must be 0 or more"
            )
        try:
            return self._search(query, limit)
        except (ArithmeticError, IndexError, ValueError) as error:
            if self._source is None:
                raise
            # Opening an index does not read all of its files.
            raise DataError(
                f"{self._source}: a file is damaged ({error}); build the index again"
            ) from None

    def _search(self, query: str, limit: int) -> list[Hit]:
        found = self._postings(query)
        if not found or not limit:
            return []
        rows, scores = self._best(*scored(found, len(self), limit), limit)
        return [
            Hit(self._ids[row].decode("utf-8", "surrogatepass"), score, row)
            for row, score in zip(rows.tolist(), scores.tolist(), strict=True)
        ]

    def save(self, path: Path) -> None:
        """Write the index to a folder, whole or not at all.

        An index that is there already is replaced.

        Raises:
            DataError: if the folder holds something else.
        """
        with folder.FolderSink(path) as sink:
            for name, values in self._columns.items():
                sink.write(name, values)
            sink.finish(len(self), self._filled)

    @classmethod
    def load(cls, path: Path, *, mmap: bool = True) -> Index:
        """Open an index that was saved.

        Args:
            path: The folder.
            mmap: Whether to map the files, which takes milliseconds and shares their
                memory with other processes. Without, all is read and its checksums
                are compared.

        Raises:
            DataError: if the folder is no index, is damaged, or was written by
                another version; the message names the file.
        """
        columns, filled = folder.read(path, mmap=mmap)
        return cls(columns, filled, path)

    def _postings(self, query: str) -> list[Matches]:
        """Give the documents of each of the query's terms, by term."""
        found = []
        for term, count in sorted(Counter(analyze(query)).items()):
            number = self._terms.find(term.encode())
            if number is None:
                continue
            start, end = self._starts[number], self._starts[number + 1]
            weight = np.float32(count) * bm25.idf(self._filled, end - start)
            rows, spreads = self._rows[start:end], self._spreads[start:end]
            found.append(Matches(rows, spreads, weight))
        return found

    def _best(
        self, rows: Rows, scores: bm25.Floats, limit: int
    ) -> tuple[Rows, bm25.Floats]:
        """Order by score, then id, and keep so many."""
        if len(rows) > limit:
            cut = np.partition(scores, len(scores) - limit)[len(scores) - limit]
            above = np.flatnonzero(scores > cut)
            level = np.flatnonzero(scores == cut)
            free = limit - len(above)
            if free < len(level):
                first = np.argpartition(self._ranks[rows[level]], free - 1)[:free]
                level = level[first]
            kept = np.concatenate([above, level])
            rows, scores = rows[kept], scores[kept]
        order = np.lexsort((self._ranks[rows], -scores))
        return rows[order], scores[order]


def encoded(id_: str) -> bytes:
    """Write an id; byte order is then the order of ids, lone surrogates included."""
    return id_.encode("utf-8", "surrogatepass")


def _ranks(ids: Sequence[str]) -> npt.NDArray[np.uint32]:
    order = sorted(range(len(ids)), key=ids.__getitem__)
    for before, after in pairwise(order):
        if ids[before] == ids[after]:
            raise BadOption(f"the id {ids[after]!r} is there twice")
    ranks = np.empty(len(ids), np.uint32)
    ranks[order] = np.arange(len(ids), dtype=np.uint32)
    return ranks
