"""What Lucene answers, recorded, is what our search answers: to the last bit."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from corpus import documents

from agentgym_envs.search import Index, analyze
from agentgym_envs.search.words import words

DATA = Path(__file__).parent / "data"


def lines(name: str) -> list[str]:
    return (DATA / name).read_text(encoding="utf-8").splitlines()


def test_texts_of_all_scripts_fall_into_the_words_of_lucene() -> None:
    told = [json.loads(line) for line in lines("lucene_words.jsonl")]
    assert len(told) > 800
    wrong = [(text, found) for text, found in told if words(text) != found]
    assert wrong == []


def test_words_have_the_stems_of_lucene() -> None:
    told = dict(line.split("\t") for line in lines("lucene_stems.tsv"))
    assert len(told) > 1900
    assert {word: "".join(analyze(word)) for word in told} == told


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.build(*documents(400))


def bits(score: float) -> str:
    return f"{struct.unpack('<I', struct.pack('<f', score))[0]:x}"


@pytest.mark.parametrize("line", lines("lucene_ranking.jsonl"))
def test_hits_and_scores_are_those_of_lucene(index: Index, line: str) -> None:
    query, told = json.loads(line)
    found = " ".join(f"{hit.id}:{bits(hit.score)}" for hit in index.search(query))
    assert found == told
