"""Add up what the terms of a query give to each document.

There are three ways, for speed; scores do not depend on which is taken. Gains are
single precision; each document's are added in double, in the order of the terms, and
the sum is rounded once.

No gain is 0, so a sum is 0 where no term occurs: for a gain to vanish, a document would
have to be 40 million times longer than the mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from agentgym_envs.search import bm25

SPARSE = 8  # fewer postings than one document in eight are added up one by one
LARGE = 200_000  # documents and postings, from which on it may pay to skip some
TRIED = 0.01  # share of them that may be read to find out what to skip
TERMS_TRIED = 8
MARGIN = 1e-6  # relative; above what sums in another order can differ by

Rows = npt.NDArray[np.integer[Any]]


class Matches(NamedTuple):
    """The documents that hold one term of a query."""

    rows: Rows
    """Ascending."""
    spreads: bm25.Floats
    weight: np.float32
    """More than the term can add to any score."""

    def gains(self) -> bm25.Floats:
        """What the term adds to the score of each."""
        return bm25.gains(self.weight, self.spreads)


def scored(
    terms: Sequence[Matches], documents: int, limit: int
) -> tuple[Rows, bm25.Floats]:
    """Give documents and scores, the best `limit` at least, in no certain order."""
    size = sum(len(term.rows) for term in terms)
    if size + documents >= LARGE:
        rows = _contenders(terms, limit, int(TRIED * (size + documents)))
        if rows is not None:
            return rows, _looked_up(terms, rows)
    if size * SPARSE < documents:
        return _add_few(terms)
    return _add_many(terms, documents)


def _add_many(terms: Sequence[Matches], documents: int) -> tuple[Rows, bm25.Floats]:
    sums = np.zeros(documents)
    for term in terms:
        sums[term.rows] += term.gains()
    rows = np.flatnonzero(sums)
    return rows, sums[rows].astype(np.float32)


def _add_few(terms: Sequence[Matches]) -> tuple[Rows, bm25.Floats]:
    rows = np.unique(np.concatenate([term.rows for term in terms]))
    sums = np.zeros(len(rows))
    for term in terms:
        sums[np.searchsorted(rows, term.rows)] += term.gains()
    return rows, sums.astype(np.float32)


def _looked_up(terms: Sequence[Matches], rows: Rows) -> bm25.Floats:
    """Score some documents, all of which hold a term."""
    sums = np.zeros(len(rows))
    for term in terms:
        places = np.searchsorted(term.rows, rows)
        places[places == len(term.rows)] = 0
        holds = term.rows[places] == rows
        sums[holds] += bm25.gains(term.weight, term.spreads[places[holds]])
    return sums.astype(np.float32)


def _contenders(terms: Sequence[Matches], limit: int, most: int) -> Rows | None:
    """Find the documents that can be among the best, by the heaviest terms alone.

    When the best that some terms alone give is more than all others together can, no
    document without those terms can be among the best (H. Turtle and J. Flood, "Query
    evaluation: strategies and optimizations", 1995).

    Gives:
        None if more than `most` postings or too many terms would have to be read.
    """
    ordered = sorted(terms, key=lambda term: (-term.weight, len(term.rows)))
    rest = sum(float(term.weight) for term in ordered)
    rows: Rows = np.empty(0, np.int64)
    sums = np.empty(0)
    for term in ordered[:TERMS_TRIED]:
        most -= len(term.rows)
        if most < 0:
            return None
        rest -= float(term.weight)
        both = np.union1d(rows, term.rows)
        added = np.zeros(len(both))
        added[np.searchsorted(both, rows)] = sums
        added[np.searchsorted(both, term.rows)] += term.gains()
        rows, sums = both, added
        if len(rows) < limit:
            continue
        bar = np.partition(sums, len(sums) - limit)[len(sums) - limit] * (1 - MARGIN)
        if rest < bar:
            contenders: Rows = rows[sums + rest >= bar]
            return contenders
    return None
