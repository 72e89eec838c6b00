"""Index a corpus that is larger than the memory."""

from __future__ import annotations

import heapq
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import repeat
from pathlib import Path

import numpy as np

from agentgym_envs.errors import BadOption
from agentgym_envs.search.blocks import Block, Collector, Lengths, merge
from agentgym_envs.search.columns import Array, Strings, StringWriter
from agentgym_envs.search.folder import FolderSink
from agentgym_envs.search.index import Index, encoded

MEMORY = 1 << 30  # bytes
BYTES_PER_ID = 200  # while the ids of a block are sorted
BYTES_PER_POSTING = 40  # while the postings of some terms are merged


def build_on_disk(
    folder: Path,
    records: Iterable[tuple[str, str]],
    *,
    report: Callable[[int], None] | None = None,
    memory: int = MEMORY,
) -> Index:
    """Index documents in a folder, with the same files as `Index.build` and `save`.

    Texts become postings in memory; when that is full, they go to a block on the disk,
    and in the end the blocks are merged.

    Args:
        folder: Where the index will be, whole or not at all; one that is there is
            replaced. The blocks need as much room beside it while it is made.
        records: Pairs of an id and a text, read once. Ids must differ.
        report: Called with the number of records done so far, after each.
        memory: About how many bytes to use. Another 10 bytes for each document come
            on top, and what the most frequent term needs.

    Raises:
        BadOption: if an id is there twice.
        DataError: if the folder holds something else.
    """
    folder = Path(folder)
    with FolderSink(folder) as sink:
        name = f".{folder.name}.blocks-"
        with tempfile.TemporaryDirectory(prefix=name, dir=folder.parent) as blocks:
            _build(sink, Path(blocks), records, report, memory)
    return Index.load(folder)


def _build(
    sink: FolderSink,
    place: Path,
    records: Iterable[tuple[str, str]],
    report: Callable[[int], None] | None,
    memory: int,
) -> None:
    lengths, blocks, sorted_ids = Lengths(bytearray()), list[Block](), list[_Ids]()
    id_writer = StringWriter(sink, "ids", "id_starts")
    collector, ids, done = Collector(0), list[bytes](), 0

    def close() -> None:
        block, found = collector.block()
        blocks.append(_spilled(block, place / str(len(blocks))))
        lengths.add(found)
        id_writer.write(ids)
        sorted_ids.append(_Ids(ids, done - len(ids), place / f"{len(blocks)}-ids"))
        ids.clear()

    for done, (id_, text) in enumerate(records, start=1):
        ids.append(encoded(id_))
        collector.add(text)
        if collector.memory() + BYTES_PER_ID * len(ids) > memory:
            close()
            collector = Collector(done)
        if report:
            report(done)
    close()
    sink.write("ranks", _ranks(sorted_ids, done))
    merge(blocks, lengths.norms(), sink, at_once=memory // BYTES_PER_POSTING)
    sink.finish(done, lengths.filled)


def _spilled(block: Block, file: Path) -> Block:
    """Write a block to files and give it as they show it."""
    counts, rows, times = (
        _mapped(values, file.with_suffix(suffix))
        for values, suffix in (
            (block.counts, ".counts"),
            (block.rows, ".rows"),
            (block.times, ".times"),
        )
    )
    return Block(_spilled_strings(block.terms, file), counts, rows, times)


def _spilled_strings(strings: Sequence[bytes], file: Path) -> Strings:
    starts = np.cumsum([0, *map(len, strings)], dtype=np.uint64)
    content = np.frombuffer(b"".join(strings), np.uint8)
    return Strings(
        _mapped(content, file.with_suffix(".strings")),
        _mapped(starts, file.with_suffix(".starts")),
    )


def _mapped(values: Array, file: Path) -> Array:
    values.tofile(file)
    return (
        np.asarray(np.memmap(file, values.dtype, mode="r")) if values.size else values
    )


class _Ids:
    """The ids of a block in order, each with its row; on the disk."""

    def __init__(self, ids: Sequence[bytes], first_row: int, file: Path) -> None:
        order = sorted(range(len(ids)), key=ids.__getitem__)
        self._ids = _spilled_strings([ids[i] for i in order], file)
        rows = np.array(order, np.int64) + first_row
        self._rows = _mapped(rows, file.with_suffix(".rows"))

    def __iter__(self) -> Iterator[tuple[bytes, int]]:
        return zip(self._ids, map(int, self._rows), strict=True)


def _ranks(blocks: Sequence[_Ids], documents: int) -> Array:
    """Give each document its place in the order of all ids."""
    order = array("I", repeat(0, documents))
    last = None
    for rank, (id_, row) in enumerate(heapq.merge(*blocks)):
        if id_ == last:
            shown = id_.decode("utf-8", "surrogatepass")
            raise BadOption(f"the id {shown!r} is there twice")
        order[row] = rank
        last = id_
    return np.frombuffer(order, np.uint32)
