"""Postings, block by block: collected in memory, then merged into one index.

A block holds the postings of some documents in a row. Blocks may lie on a disk: merging
reads each of them once, from its first term to its last.
"""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat

import numpy as np
import numpy.typing as npt

from agentgym_envs.search import bm25
from agentgym_envs.search.analysis import term
from agentgym_envs.search.columns import CHUNK, Sink, StringWriter
from agentgym_envs.search.words import words

UNUSED = -1  # the number of a word that is no term
BYTES_PER_TOKEN = 40  # while a block is sorted
BYTES_PER_WORD = 400  # of the words met in a block, with their terms

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Block:
    """The postings of some documents, by term and then by document."""

    terms: Sequence[bytes]
    """Sorted, each once."""
    counts: npt.NDArray[np.uint32]
    """How many documents of the block hold each term."""
    rows: npt.NDArray[np.uint32]
    times: npt.NDArray[np.uint32]
    """How often the term occurs in that document."""


class Collector:
    """Takes texts and gives a block of their postings."""

    def __init__(self, first_row: int) -> None:
        self._first_row = first_row
        self._numbers = _Numbers()
        self._tokens = array("i")
        self._ends = array("q", [0])

    def add(self, text: str) -> None:
        """Take the text of the next document."""
        self._tokens.extend(map(self._numbers.__getitem__, words(text)))
        self._ends.append(len(self._tokens))

    def memory(self) -> int:
        """About how many bytes the block needs while it is made."""
        in_words = BYTES_PER_WORD * len(self._numbers)
        return BYTES_PER_TOKEN * len(self._tokens) + in_words

    def block(self) -> tuple[Block, Ints]:
        """Give the block, and the number of terms in each document."""
        tokens = np.frombuffer(self._tokens, np.int32)
        documents = len(self._ends) - 1
        rows = np.repeat(
            np.arange(documents, dtype=np.int64), np.diff(np.asarray(self._ends))
        )
        used = tokens != UNUSED
        tokens, rows = tokens[used], rows[used]
        terms = self._numbers.terms
        order = sorted(range(len(terms)), key=terms.__getitem__)
        place = np.empty(len(terms), np.int64)
        place[order] = np.arange(len(terms))
        keys = place[tokens] << 32 | rows
        keys.sort()
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        postings = keys[starts]
        times = np.diff(starts, append=len(keys))
        block = Block(
            [terms[number] for number in order],
            np.bincount(postings >> 32, minlength=len(terms)).astype(np.uint32),
            ((postings & 0xFFFFFFFF) + self._first_row).astype(np.uint32),
            times.astype(np.uint32),
        )
        return block, np.bincount(rows, minlength=documents)


class _Numbers(dict[str, int]):
    """The number of each word's term, in order of appearance."""

    def __init__(self) -> None:
        self.terms: list[bytes] = []
        self._by_term: dict[str, int] = {"": UNUSED}

    def __missing__(self, word: str) -> int:
        found = term(word)
        number = self._by_term.setdefault(found, len(self.terms))
        if number == len(self.terms):
            self.terms.append(found.encode())
        self[word] = number
        return number


@dataclass(slots=True)
class Lengths:
    """What is known of the documents' lengths, in terms."""

    codes: bytearray
    filled: int = 0
    """Documents with a term; Lucene knows of no others."""
    tokens: int = 0

    def add(self, lengths: Ints) -> None:
        """Take the lengths of the next documents."""
        self.codes += bm25.length_codes(lengths).tobytes()
        self.filled += int(np.count_nonzero(lengths))
        self.tokens += int(lengths.sum())

    def norms(self) -> bm25.Floats:
        """Give what one occurrence weighs in each document."""
        saturation = bm25.saturation(self.tokens / self.filled if self.filled else 1)
        return saturation[np.frombuffer(self.codes, np.uint8)]


@dataclass(slots=True)
class _Part:
    """The terms of a merge that are written together."""

    terms: list[bytes]
    places: list[array[int]]
    """By block: where its terms are in `terms`."""
    size: int = 0
    """Number of postings."""


def merge(
    blocks: Sequence[Block], norms: bm25.Floats, sink: Sink, at_once: int
) -> None:
    """Write the terms and postings of all blocks.

    Args:
        blocks: In the order of their documents.
        norms: One for each document.
        sink: Takes the columns.
        at_once: How many postings may be in memory; a term's own always are.
    """
    strings = StringWriter(sink, "terms", "term_starts")
    sink.write("posting_starts", np.zeros(1, np.uint64))
    done = [(0, 0)] * len(blocks)
    total = 0
    for part in _parts(blocks, at_once):
        counts, rows, times = _gather(part, blocks, done)
        strings.write(part.terms)
        sink.write("posting_starts", total + np.cumsum(counts, dtype=np.uint64))
        sink.write("rows", rows)
        sink.write("spreads", bm25.spread(times, norms[rows]))
        total += part.size


def _parts(blocks: Sequence[Block], at_once: int) -> Iterator[_Part]:
    part = _Part([], [array("q") for _ in blocks])
    for term_, number, count in heapq.merge(
        *(
            zip(block.terms, repeat(number), _numbers(block.counts), strict=False)
            for number, block in enumerate(blocks)
        )
    ):
        is_new = not part.terms or part.terms[-1] != term_
        if is_new:
            if part.size >= at_once:
                yield part
                part = _Part([], [array("q") for _ in blocks])
            part.terms.append(term_)
        part.places[number].append(len(part.terms) - 1)
        part.size += count
    if part.terms:
        yield part


def _numbers(values: npt.NDArray[np.uint32]) -> Iterator[int]:
    """Give the values one by one without all of them as a list."""
    firsts = range(0, len(values), CHUNK)
    return chain.from_iterable(values[i : i + CHUNK].tolist() for i in firsts)


def _gather(
    part: _Part, blocks: Sequence[Block], done: list[tuple[int, int]]
) -> tuple[Ints, npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Put the postings of a part together: how many of each term, rows, times.

    Args:
        part: What is to be gathered.
        blocks: In the order of their documents.
        done: Terms and postings of each block that earlier parts took; moved on.
    """
    all_places = [np.frombuffer(places, np.int64) for places in part.places]
    all_counts = []
    totals = np.zeros(len(part.terms), np.int64)
    for (first, _), block, places in zip(done, blocks, all_places, strict=True):
        counts = block.counts[first : first + len(places)].astype(np.int64)
        totals[places] += counts
        all_counts.append(counts)
    rows = np.empty(part.size, np.uint32)
    times = np.empty(part.size, np.uint32)
    free = np.cumsum(totals) - totals
    for i, block in enumerate(blocks):
        places, counts = all_places[i], all_counts[i]
        ends = np.cumsum(counts)
        size = int(ends[-1]) if len(ends) else 0
        terms, postings = done[i]
        taken = slice(postings, postings + size)
        targets = np.arange(size) + np.repeat(free[places] - (ends - counts), counts)
        rows[targets] = block.rows[taken]
        times[targets] = block.times[taken]
        free[places] += counts
        done[i] = (terms + len(places), postings + size)
    return totals, rows, times
