"""From words to terms: possessives, capitals, stop words, stems."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgym_envs.search import analysis, analyze
from agentgym_envs.search.stem import stem


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        # Plurals.
        ("caresses", "caress"),
        ("ponies", "poni"),
        ("ties", "ti"),
        ("caress", "caress"),
        ("cats", "cat"),
        # Past tense and progressive form.
        ("feed", "feed"),
        ("agreed", "agre"),
        ("plastered", "plaster"),
        ("bled", "bled"),
        ("motoring", "motor"),
        ("sing", "sing"),
        ("conflated", "conflat"),
        ("troubled", "troubl"),
        ("sized", "size"),
        ("hopping", "hop"),
        ("tanned", "tan"),
        ("falling", "fall"),
        ("hissing", "hiss"),
        ("fizzed", "fizz"),
        ("failing", "fail"),
        ("filing", "file"),
        ("boxing", "box"),
        ("playing", "plai"),
        # A last "y".
        ("happy", "happi"),
        ("sky", "sky"),
        ("cry", "cry"),
        ("enjoy", "enjoi"),
        # Longer endings.
        ("relational", "relat"),
        ("conditional", "condit"),
        ("rational", "ration"),
        ("digitizer", "digit"),
        ("radically", "radic"),
        ("differently", "differ"),
        ("analogously", "analog"),
        ("vietnamization", "vietnam"),
        ("operator", "oper"),
        ("feudalism", "feudal"),
        ("decisiveness", "decis"),
        ("hopefulness", "hope"),
        ("sensitivity", "sensit"),
        ("sensibility", "sensibl"),
        ("triplicate", "triplic"),
        ("formative", "form"),
        ("electricity", "electr"),
        ("electrical", "electr"),
        ("goodness", "good"),
        ("revival", "reviv"),
        ("allowance", "allow"),
        ("airliner", "airlin"),
        ("adjustable", "adjust"),
        ("defensible", "defens"),
        ("irritant", "irrit"),
        ("replacement", "replac"),
        ("adjustment", "adjust"),
        ("dependent", "depend"),
        ("adoption", "adopt"),
        ("decision", "decis"),
        ("communism", "commun"),
        ("homologous", "homolog"),
        ("bowdlerize", "bowdler"),
        # "-ion" goes after "s" and "t" only.
        ("champion", "champion"),
        # A last "e" and "ll".
        ("probate", "probat"),
        ("rate", "rate"),
        ("cease", "ceas"),
        ("controlling", "control"),
        ("roll", "roll"),
    ],
)
def test_endings_go_as_in_the_paper(word: str, expected: str) -> None:
    assert stem(word) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("trekking", "trek"),
        ("us", "us"),
        ("technology", "technolog"),
        ("assembly", "assembl"),
        ("possibly", "possibl"),
        ("as", "as"),
        ("archaeology", "archaeolog"),
    ],
)
def test_endings_go_as_the_author_changed_them_later(word: str, expected: str) -> None:
    assert stem(word) == expected


def test_y_is_a_consonant_at_the_start_and_after_a_vowel() -> None:
    # "yed": no vowel before "ed". "sayed": "y" after "a" is none either.
    assert [stem(word) for word in ("yed", "byed", "sayed", "yy")] == [
        *("yed", "by", "sai", "yy")
    ]


def test_letters_of_other_alphabets_count_as_consonants() -> None:
    assert stem("größes") == "größe"
    assert stem("щщщs") == "щщщ"
    assert stem("πed") == "πed"


@given(st.text("abcdeiloustyzé", max_size=12))
def test_a_stem_is_no_longer_than_its_word_and_one_letter(word: str) -> None:
    found = stem(word)
    assert len(found) <= len(word)
    assert found[:1] == word[:1]


@pytest.mark.parametrize("sign", "'’＇")
def test_a_possessive_s_goes(sign: str) -> None:
    assert analyze(f"women{sign}s women{sign}S s{sign}s") == ["women", "women", "s"]


def test_other_apostrophes_stay() -> None:
    assert analyze("don't o'clock's") == ["don't", "o'clock"]


def test_there_are_33_stop_words_in_any_capitals() -> None:
    assert len(analysis.STOP_WORDS) == 33
    for word in analysis.STOP_WORDS:
        assert analyze(f"{word} {word.upper()} {word}'s") == []


def test_what_looks_like_a_stop_word_stays() -> None:
    assert analyze("from has you he its i a_b") == [
        *("from", "ha", "you", "he", "it", "i", "a_b")
    ]


def test_capitals_of_all_alphabets_go() -> None:
    assert analyze("TREKKING ÄÖÜ ΣΊΣΥΦΟΣ İstanbul") == [
        *("trek", "äöü", "σίσυφοσ", "istanbul")
    ]


def test_letters_beyond_16_bits_count_as_two() -> None:
    assert analyze("𐐨s és 𐐨𐐨ing 𐐨a𐐨𐐨ing") == ["𐐨", "és", "𐐨𐐨ing", "𐐨a𐐨𐐨"]


def test_terms_keep_order_and_repetitions() -> None:
    assert analyze("Red shoes, blue SHOE; red.") == [
        *("red", "shoe", "blue", "shoe", "red")
    ]


def test_forgetting_words_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "hopping cats and the motoring ponies " * 3
    expected = analyze(text)
    monkeypatch.setattr(analysis, "REMEMBERED", 2)
    assert analyze(text) == expected


@given(st.text())
def test_any_text_has_terms(text: str) -> None:
    assert all(term and isinstance(term, str) for term in analyze(text))
