"""Building an index in memory, and searching it."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from corpus import documents, queries
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentgym_envs.errors import BadOption
from agentgym_envs.search import Hit, Index, analyze, bm25, scoring
from agentgym_envs.search import index as index_module
from agentgym_envs.search.scoring import Matches, Rows

F = np.float32


def naive(
    ids: Sequence[str], texts: Sequence[str], query: str, limit: int
) -> list[Hit]:
    """Score every document on its own, in the plainest way."""
    bags = [Counter(analyze(text)) for text in texts]
    filled = [bag for bag in bags if bag]
    mean = F(sum(map(Counter.total, filled)) / max(len(filled), 1))
    hits = []
    for row, bag in enumerate(bags):
        length = F(bm25.length_of(bm25.length_code(bag.total())))
        score, matches = 0.0, False
        for term, count in sorted(Counter(analyze(query)).items()):
            if term in bag:
                matches = True
                with_term = sum(term in other for other in bags)
                weight = F(count) * bm25.idf(len(filled), with_term)
                norm = F(1) / (F(0.9) * ((F(1) - F(0.4)) + F(0.4) * length / mean))
                score += float(weight - weight / (F(1) + F(bag[term]) * norm))
        if matches:
            hits.append(Hit(ids[row], float(F(score)), row))
    return sorted(hits, key=lambda hit: (-hit.score, hit.id))[:limit]


WORDS = st.sampled_from(["red", "shoes", "the", "hat's", "漢字", "x", "Blue", "_", "7"])
TEXTS = st.lists(WORDS, max_size=60).map(" ".join)
# Small numbers of different texts, so that there are ties.
CORPORA = st.dictionaries(st.text(max_size=4), TEXTS, max_size=12)


@given(CORPORA, TEXTS, st.integers(0, 6))
def test_search_finds_what_scoring_each_document_finds(
    corpus: dict[str, str], query: str, limit: int
) -> None:
    ids, texts = list(corpus), list(corpus.values())
    index = Index.build(ids, texts)
    assert index.search(query, limit) == naive(ids, texts, query, limit)


# Each way of adding up is forced by settings that no other way can have.
WAYS = {
    "many": {"LARGE": 10**9, "SPARSE": 10**9},
    "few": {"LARGE": 10**9, "SPARSE": 0},
    "heaviest first": {"LARGE": 0, "TRIED": 1.0},
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in WAYS[request.param].items():
        monkeypatch.setattr(scoring, name, value)


@pytest.mark.usefixtures("way")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CORPORA, TEXTS, st.integers(1, 6))
def test_every_way_of_adding_up_finds_the_same(
    corpus: dict[str, str], query: str, limit: int
) -> None:
    ids, texts = list(corpus), list(corpus.values())
    index = Index.build(ids, texts)
    assert index.search(query, limit) == naive(ids, texts, query, limit)


@pytest.mark.parametrize("limit", [1, 3, 50])
def test_every_way_finds_the_same_in_a_larger_corpus(
    monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    index = Index.build(*documents(800))
    asked = queries(100)
    answers = []
    for settings_ in WAYS.values():
        for name, value in settings_.items():
            monkeypatch.setattr(scoring, name, value)
        answers.append([index.search(query, limit) for query in asked])
    assert answers[1:] == answers[:-1]


def test_documents_that_cannot_win_are_not_scored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scoring, "LARGE", 0)
    monkeypatch.setattr(scoring, "TRIED", 1.0)
    ids = [f"{n:03d}" for n in range(400)]
    texts = ["film rare" if n % 100 == 7 else "film" for n in range(400)]
    looked_up: list[int] = []
    original = scoring._looked_up

    def spy(terms: Sequence[Matches], rows: Rows) -> bm25.Floats:
        looked_up.append(len(rows))
        return original(terms, rows)

    monkeypatch.setattr(scoring, "_looked_up", spy)
    hits = Index.build(ids, texts).search("rare film", 3)
    assert [hit.id for hit in hits] == ["007", "107", "207"]
    assert looked_up == [4]


def test_ties_come_in_the_order_of_ids_and_not_of_rows() -> None:
    index = Index.build(["c", "a", "b", "d"], ["red hat"] * 3 + ["red red hat"])
    assert [(hit.id, hit.row) for hit in index.search("red")] == [
        *(("d", 3), ("a", 1), ("b", 2), ("c", 0))
    ]


@pytest.mark.parametrize("limit", range(9))
def test_ties_at_the_limit_are_cut_by_id(limit: int) -> None:
    ids = ["g", "c", "a", "e", "b", "f", "d"]
    index = Index.build(ids, ["red hat"] * 7)
    assert [hit.id for hit in index.search("red", limit)] == list("abcdefg")[:limit]


def test_ids_are_ordered_as_strings_are() -> None:
    ids = ["é", "Z", "a", "😀", "", "\ud800", "10", "9", "ﬀ"]
    hits = Index.build(ids, ["red"] * len(ids)).search("red")
    assert [hit.id for hit in hits] == sorted(ids)


def test_there_are_at_most_50_hits_unless_told_otherwise() -> None:
    index = Index.build([f"{n:03d}" for n in range(80)], ["red"] * 80)
    assert len(index.search("red")) == 50
    assert len(index.search("red", 60)) == 60
    assert len(index.search("red", 500)) == 80


def test_a_repeated_word_of_the_query_counts_again() -> None:
    index = Index.build(["a", "b"], ["red", "blue"])
    (once,), (thrice,) = index.search("red"), index.search("red reds RED")
    assert thrice.score == pytest.approx(3 * once.score)
    assert index.search("red blue blue")[0].id == "b"


@pytest.mark.parametrize("query", ["", "   ", "the of and", "?!", "unknown", "___"])
def test_queries_without_a_known_word_find_nothing(query: str) -> None:
    assert Index.build(["a", "b"], ["the red hat", "of"]).search(query) == []


def test_nothing_in_a_query_is_an_operator() -> None:
    index = Index.build(["a", "b", "c"], ["red hat", "hat", "red"])
    plain = index.search("red hat")
    for query in ('"red hat"', "red AND hat", "+red -hat", "red^9 (hat)~", "red\0hat"):
        assert [hit.id for hit in index.search(query)] == [hit.id for hit in plain]


@given(st.text())
def test_any_text_is_a_query(query: str) -> None:
    found = SMALL.search(query)
    assert len(found) <= 3


SMALL = Index.build(["a", "b", "c"], ["red 漢 hat", "a0 b1", "é 😀"])


def test_an_index_may_be_empty() -> None:
    index = Index.build([], [])
    assert len(index) == 0
    assert index.search("red") == []
    assert Index.build(["a"], ["the"]).search("the red") == []


def test_texts_are_read_once_and_reported() -> None:
    done: list[int] = []

    def texts() -> Iterator[str]:
        for number in range(3):
            assert done == list(range(1, number + 1))
            yield f"red {number}"

    index = Index.build(["a", "b", "c"], texts(), report=done.append)
    assert done == [1, 2, 3]
    assert len(index) == 3


@pytest.mark.parametrize(
    ("ids", "texts", "told"),
    [
        (["a"], ["red", "hat"], "1 ids, but 2 texts"),
        (["a", "b"], ["red"], "2 ids, but 1 texts"),
        (["a", "b", "a"], ["red"] * 3, "the id 'a' is there twice"),
    ],
)
def test_ids_that_do_not_fit_are_refused(
    ids: list[str], texts: list[str], told: str
) -> None:
    with pytest.raises(BadOption, match=told):
        Index.build(ids, texts)


def test_a_negative_limit_is_refused() -> None:
    with pytest.raises(BadOption, match="-1"):
        SMALL.search("red", -1)


def test_small_blocks_give_the_same_index(monkeypatch: pytest.MonkeyPatch) -> None:
    ids, texts = documents(200)
    whole = Index.build(ids, texts)
    monkeypatch.setattr(index_module, "BLOCK_MEMORY", 20_000)
    parted = Index.build(ids, texts)
    for query in queries(50):
        assert parted.search(query) == whole.search(query)


def test_the_hash_seed_changes_nothing() -> None:
    code = (
        "from corpus import documents, queries\n"
        "from agentgym_envs.search import Index\n"
        "index = Index.build(*documents(100))\n"
        "print([index.search(query) for query in queries(20)])\n"
    )
    answers = set()
    for seed in ("0", "1", "2"):
        path = [entry for entry in sys.path if entry]
        done = subprocess.run(
            [sys.executable, "-c", f"import sys; sys.path[:] = {path!r}\n{code}"],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        answers.add(done.stdout)
    assert len(answers) == 1
