"""Where texts are cut into words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgym_envs.search.words import words


def test_letters_digits_and_underscores_run_together() -> None:
    assert words("a b1 2c snake_case _x_ Größe") == [
        *("a", "b1", "2c", "snake_case", "_x_", "Größe")
    ]


@pytest.mark.parametrize("text", ["___", "_", "__ _", "_._", "‿", ""])
def test_underscores_alone_are_no_word(text: str) -> None:
    assert words(text) == []
    assert words(f"é {text} é") == ["é", "é"]


@pytest.mark.parametrize("sign", "'’.:·")
def test_signs_inside_of_words_join_letters(sign: str) -> None:
    assert words(f"can{sign}t") == [f"can{sign}t"]
    assert words(f"{sign}can{sign} {sign}t") == ["can", "t"]
    assert words(f"a{sign}{sign}b") == ["a", "b"]
    assert words(f"a{sign}1 2{sign}b") == ["a", "1", "2", "b"]


@pytest.mark.parametrize("sign", ".,;'’")
def test_signs_inside_of_numbers_join_digits(sign: str) -> None:
    assert words(f"1{sign}299{sign}5") == [f"1{sign}299{sign}5"]
    assert words(f"1{sign} {sign}5 1{sign}{sign}5") == ["1", "5", "1", "5"]


def test_some_signs_join_letters_only_and_some_digits_only() -> None:
    assert words("a:b 1:2 a,b 1,2 a;b 1;2") == [
        *("a:b", "1", "2", "a", "b", "1,2", "a", "b", "1;2")
    ]


@pytest.mark.parametrize("sign", '-+/\\&@!?()[]{}<>|~^`%$#*="\t\n\x00')
def test_other_signs_part_words_and_vanish(sign: str) -> None:
    assert words(f"a{sign}b 1{sign}2") == ["a", "b", "1", "2"]


def test_superscripts_fractions_and_circled_digits_are_no_letters() -> None:
    assert words("m² x½ ③ 10₂ №5") == ["m", "x", "10", "5"]


def test_roman_numerals_are_letters() -> None:
    assert words("Ⅷ Ⅻ") == ["Ⅷ", "Ⅻ"]


def test_han_and_hiragana_are_words_one_by_one() -> None:
    assert words("漢字ひら") == ["漢", "字", "ひ", "ら"]
    assert words("x漢1") == ["x", "漢", "1"]


def test_katakana_runs_together_but_not_with_latin() -> None:
    assert words("カタカナ") == ["カタカナ"]
    assert words("カタカナabcカ1") == ["カタカナ", "abc", "カ", "1"]
    assert words("カ_a") == ["カ_a"]


def test_hangul_and_full_width_letters_run_together() -> None:
    assert words("한국어 ＡＢ１２") == ["한국어", "ＡＢ１２"]


def test_thai_is_not_cut() -> None:
    assert words("สวัสดี ครับ") == ["สวัสดี", "ครับ"]


def test_quotes_inside_of_hebrew_belong_to_it() -> None:
    assert words('צה"ל ד\' a"b') == ['צה"ל', "ד'", "a", "b"]


def test_accents_and_invisible_marks_stay_with_their_letter() -> None:
    assert words("e\u0301t a\u00adb x\u200dy") == ["e\u0301t", "a\u00adb", "x\u200dy"]
    assert words("\u0301 \u00ad") == []


def test_registered_copyright_and_trade_mark_are_words_of_their_own() -> None:
    assert words("Lego® ©2020 Acme™") == ["Lego", "®", "©", "2020", "Acme", "™"]


def test_each_emoji_is_a_word_with_all_that_belongs_to_it() -> None:
    family = "👨\u200d👩\u200d👧"
    assert words(f"a😀👍🏽{family}❤\ufe0fb") == [
        *("a", "😀", "👍🏽", family, "❤\ufe0f", "b")
    ]


def test_flags_are_pairs_and_a_letter_left_over_vanishes() -> None:
    assert words("🇩🇪🇫🇷🇩") == ["🇩🇪", "🇫🇷"]


def test_keycaps_are_words() -> None:
    assert words("#\ufe0f\u20e3 *\u20e3 1\ufe0f\u20e3 # *") == [
        *("#\ufe0f\u20e3", "*\u20e3", "1\ufe0f\u20e3")
    ]


def test_what_is_longer_than_255_characters_is_cut() -> None:
    assert list(map(len, words("a" * 600))) == [255, 255, 90]
    # The point has no letter behind it where the first piece ends.
    assert list(map(len, words("b" * 254 + ".c"))) == [254, 1]
    assert list(map(len, words("é" * 300))) == [255, 45]
    # These are two units each for Java, and 255 is odd.
    assert list(map(len, words("𐐨" * 150))) == [127, 23]


@given(st.text(st.characters(codec="ascii")))
def test_ascii_is_cut_alike_alone_and_next_to_other_scripts(text: str) -> None:
    assert words(f"{text} é") == [*words(text), "é"]


@given(st.text())
def test_any_text_gives_words_that_stand_in_it_in_order(text: str) -> None:
    end = 0
    for word in words(text):
        assert word
        end = text.index(word, end) + len(word)


@pytest.mark.parametrize("piece", ["_", "a.", "a'", "\u200d", "#\u0301", "_\u200d"])
def test_no_text_takes_longer_than_its_length_allows(piece: str) -> None:
    # Were the time quadratic, this would take minutes.
    words(piece * 20_000 + "é")
