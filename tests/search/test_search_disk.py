"""Indexing on the disk gives the index that memory gives."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from corpus import Writer, documents, queries
from hypothesis import given
from hypothesis import strategies as st

from agentgym_envs.errors import BadOption, DataError
from agentgym_envs.search import Index, build_on_disk

WORDS = st.sampled_from(["red", "shoes", "the", "hat", "漢字", "x", "blue"])
CORPORA = st.dictionaries(
    st.text(max_size=4), st.lists(WORDS, max_size=30).map(" ".join), max_size=12
)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@given(CORPORA, st.sampled_from([1, 3_000, 10_000, 1 << 30]))
def test_the_files_are_the_same_whatever_the_memory(
    tmp_path_factory: pytest.TempPathFactory, corpus: dict[str, str], memory: int
) -> None:
    place = tmp_path_factory.mktemp("indexes")
    build_on_disk(place / "disk", corpus.items(), memory=memory)
    Index.build(list(corpus), corpus.values()).save(place / "memory")
    assert files(place / "disk") == files(place / "memory")


@pytest.mark.parametrize(("count", "memory"), [(40, 1), (300, 200_000), (300, 1 << 30)])
def test_a_larger_corpus_gives_the_same_hits(
    tmp_path: Path, count: int, memory: int
) -> None:
    ids, texts = documents(count)
    index = build_on_disk(
        tmp_path / "index", zip(ids, texts, strict=True), memory=memory
    )
    built = Index.build(ids, texts)
    for query in queries(50):
        assert index.search(query) == built.search(query)
    assert [path.name for path in tmp_path.iterdir()] == ["index"]


def test_records_are_read_once_and_reported(tmp_path: Path) -> None:
    done: list[int] = []

    def records() -> Iterator[tuple[str, str]]:
        for number in range(4):
            assert done == list(range(1, number + 1))
            yield str(number), f"red {number}"

    index = build_on_disk(tmp_path / "i", records(), report=done.append, memory=1)
    assert done == [1, 2, 3, 4]
    assert [hit.row for hit in index.search("red 2")] == [2, 0, 1, 3]


@pytest.mark.parametrize("memory", [1, 1 << 30])
def test_an_id_that_comes_twice_is_refused_and_nothing_is_left(
    tmp_path: Path, memory: int
) -> None:
    records = [("a", "red"), ("b", "hat"), ("a", "shoe")]
    with pytest.raises(BadOption, match="the id 'a' is there twice"):
        build_on_disk(tmp_path / "index", records, memory=memory)
    assert list(tmp_path.iterdir()) == []


def test_a_source_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    def records() -> Iterator[tuple[str, str]]:
        yield "a", "red"
        raise OSError("the line went dead")

    with pytest.raises(OSError, match="dead"):
        build_on_disk(tmp_path / "index", records())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_else_is_refused_before_any_work(
    tmp_path: Path,
) -> None:
    (tmp_path / "letter.txt").write_text("dear")

    def records() -> Iterator[tuple[str, str]]:
        raise AssertionError("read too early")
        yield "", ""

    with pytest.raises(DataError, match="something"):
        build_on_disk(tmp_path, records())


def test_memory_stays_near_its_bound(tmp_path: Path) -> None:
    writer = Writer(3)
    records = ((f"{n:06d}", writer.text()) for n in range(2000))
    tracemalloc.start()
    build_on_disk(tmp_path / "index", records, memory=1_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000
