"""The numbers of BM25, against the formula worked out step by step."""

from __future__ import annotations

import math
from decimal import Decimal, getcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgym_envs.search import Index, bm25


def test_lengths_below_40_are_exact() -> None:
    assert [bm25.length_of(bm25.length_code(n)) for n in range(40)] == list(range(40))


@pytest.mark.parametrize(
    ("length", "code", "kept"),
    [
        # 40 - 24 = 16 = 0b10000: four bits are 0b1000, so 41 is 40 as well.
        (40, 40, 40),
        (41, 40, 40),
        (42, 41, 42),
        # 143 - 24 = 119 = 0b1110111: 0b1110 stays, 112 + 24 = 136.
        (143, 62, 136),
        # 1000 - 24 = 976 = 0b1111010000: 0b1111 stays, 960 + 24 = 984.
        (1000, 87, 984),
        (2**31 - 1, 255, 2013265944),
    ],
)
def test_longer_lengths_keep_four_bits(length: int, code: int, kept: int) -> None:
    assert bm25.length_code(length) == code
    assert bm25.length_of(code) == kept


@given(st.integers(0, 2**31 - 1))
def test_a_length_is_rounded_down_to_the_next_one_that_has_a_code(length: int) -> None:
    code = bm25.length_code(length)
    assert bm25.length_of(code) <= length
    assert code == 255 or bm25.length_of(code + 1) > length


@given(st.lists(st.integers(0, 2**31 - 1)))
def test_many_lengths_have_the_codes_of_each(lengths: list[int]) -> None:
    codes = bm25.length_codes(np.array(lengths, np.int64)).tolist()
    assert codes == [bm25.length_code(length) for length in lengths]


@given(st.integers(1, 10**8), st.data())
def test_idf_is_the_nearest_single_precision_number(
    documents: int, data: st.DataObject
) -> None:
    matching = data.draw(st.integers(1, documents))
    getcontext().prec = 60
    odds = (documents - matching + 0.5) / (matching + 0.5)
    exact = Decimal(1 + odds).ln()
    found = bm25.idf(documents, matching)
    error = abs(Decimal(float(found)) - exact)
    for other in (
        np.nextafter(found, np.float32(0)),
        np.nextafter(found, np.float32(99)),
    ):
        assert error <= abs(Decimal(float(other)) - exact)


def test_a_score_is_the_formula() -> None:
    # Three documents with 2, 3 and 7 terms: the mean is 4.
    index = Index.build(
        ["a", "b", "c"],
        ["red shoe", "red red hat", "one two three four five six seven"],
    )
    found = {hit.id: hit.score for hit in index.search("red hat")}
    idf_red = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))  # 0.470004
    idf_hat = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))  # 0.980829
    norm_a = 1 / (0.9 * (1 - 0.4 + 0.4 * 2 / 4))  # 1.388889
    norm_b = 1 / (0.9 * (1 - 0.4 + 0.4 * 3 / 4))  # 1.234568
    assert found == {
        "a": pytest.approx(idf_red - idf_red / (1 + norm_a), rel=1e-6),  # 0.273258
        "b": pytest.approx(
            (idf_red - idf_red / (1 + 2 * norm_b)) + (idf_hat - idf_hat / (1 + norm_b)),
            rel=1e-6,
        ),  # 0.876361
    }
    assert [round(score, 4) for score in found.values()] == [0.8764, 0.2733]


def test_a_long_document_counts_with_its_shortened_length() -> None:
    # 47 terms count as 46; the mean stays exact: (47 + 1) / 2.
    index = Index.build(["long", "short"], ["lamp " + "x1 " * 46, "desk"])
    (hit,) = index.search("lamp")
    idf = math.log(1 + 1.5 / 1.5)
    norm = 1 / (0.9 * (0.6 + 0.4 * 46 / 24))
    assert hit.score == pytest.approx(idf - idf / (1 + norm), rel=1e-6)


def test_documents_without_terms_do_not_count() -> None:
    texts = ["red shoe", "red red hat", "blue"]
    plain = Index.build(["a", "b", "c"], texts)
    padded = Index.build(["0", "a", "b", "c", "x"], ["", *texts, "of the"])
    for query in ("red", "hat blue"):
        assert [hit[:2] for hit in padded.search(query)] == [
            hit[:2] for hit in plain.search(query)
        ]
