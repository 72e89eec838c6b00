"""The numbers of BM25 as Lucene 8 computes them, rounding for rounding.

S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond",
2009, with Lucene's own choices: no factor `k1 + 1`, lengths kept in one byte, single
precision throughout. A term that occurs `tf` times in a document of length `L` adds
`w - w / (1 + tf / (k1 * (1 - b + b * L / mean)))` with `w = count in query * idf`.
"""

from __future__ import annotations

from decimal import Context, Decimal
from functools import lru_cache

import numpy as np
import numpy.typing as npt

K1 = np.float32(0.9)
B = np.float32(0.4)
EXACT = 24  # lengths below are their own code

Floats = npt.NDArray[np.float32]

_digits = Context(prec=40)


def length_code(length: int) -> int:
    """Write a length, 0 to 2**31 - 1, as one byte; longer ones lose their low bits."""
    return length if length < EXACT else EXACT + _shortened(length - EXACT)


def length_of(code: int) -> int:
    """Give the length that a byte stands for."""
    return code if code < EXACT else EXACT + _stretched(code - EXACT)


def _shortened(number: int) -> int:
    """Keep the highest four bits, three of them as such: a float of eight bits."""
    shift = number.bit_length() - 4
    return number if number < 8 else (number >> shift) & 7 | (shift + 1) << 3


def _stretched(code: int) -> int:
    return code if code < 8 else (8 | code & 7) << (code >> 3) - 1


LENGTHS = np.array([length_of(code) for code in range(256)], np.float32)
_FIRST_LENGTHS = np.array([length_of(code) for code in range(256)])


def length_codes(lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
    """Write many lengths as bytes."""
    codes = np.searchsorted(_FIRST_LENGTHS, lengths, side="right") - 1
    return codes.astype(np.uint8)


def saturation(mean: float) -> Floats:
    """How much one occurrence of a term weighs, by the code of a document's length.

    Args:
        mean: The mean length of the documents that hold a term at all.
    """
    return np.float32(1) / (K1 * ((np.float32(1) - B) + B * LENGTHS / np.float32(mean)))


def spread(times: npt.NDArray[np.uint32], norms: Floats) -> Floats:
    """The divisor of a term's weight: one for each occurrence count and norm."""
    return np.float32(1) + times.astype(np.float32) * norms


@lru_cache(1 << 16)
def idf(documents: int, matching: int) -> np.float32:
    """Weigh a term by how few of the documents hold it.

    The logarithm is taken in decimals: those of C libraries differ in the last digit.
    """
    odds = (documents - matching + 0.5) / (matching + 0.5)
    return np.float32(float(_digits.ln(Decimal(1 + odds))))


def gains(weight: np.float32, spreads: Floats) -> Floats:
    """What a term adds to the scores of the documents that hold it."""
    return weight - weight / spreads
