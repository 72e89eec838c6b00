"""Texts and addresses compared without the original's weaknesses.

A text is a row of words; numbers, amounts of money, dates, lengths and durations are
words of their own, compared by what they mean. So ``55`` is not found in ``554`` nor in
``4/5``, ``0`` is found in ``$0.00``, and ``1.7km`` is ``1,700 m``. A number with a zero
in front is a name, as of an order. Addresses are compared segment by segment.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

MAX_TEXT = 200_000  # characters of an answer; nobody answers at such length
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct")
MONTHS = {name: place for place, name in enumerate((*_MONTHS, "nov", "dec"), 1)}
# In metres and in seconds.
LENGTHS: dict[str, Decimal | int] = {
    "km": 1000,
    "kilometer": 1000,
    "kilometre": 1000,
    "m": 1,
    "meter": 1,
}
LENGTHS |= {"metre": 1, "cm": Decimal("0.01"), "mm": Decimal("0.001")}
DURATIONS = {"d": 86400, "day": 86400, "h": 3600, "hr": 3600, "hour": 3600}
DURATIONS |= {"min": 60, "minute": 60, "s": 1, "sec": 1, "second": 1}
CURRENCIES = {"$": "usd", "usd": "usd", "dollar": "usd", "€": "eur", "eur": "eur"}
CURRENCIES |= {"euro": "eur", "£": "gbp", "gbp": "gbp"}

_MONTH = r"(?P<{}>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{{0,6}}\.?"
_YEAR = r"(?P<{}>\d{{4}})\b"
_DAY = r"(?P<{}>\d{{1,2}})(?:st|nd|rd|th)?"
_WORD = re.compile(
    rf"""
    (?P<iso>\b\d{{4}}-\d{{1,2}}-\d{{1,2}}\b)
  | (?P<american>\b\d{{1,2}}/\d{{1,2}}/\d{{4}}\b)
  | \b{_MONTH.format("m1")}\ {_DAY.format("d1")},?\ {_YEAR.format("y1")}
  | \b{_DAY.format("d2")}\ (?:of\ )?{_MONTH.format("m2")},?\ {_YEAR.format("y2")}
  | (?P<compound>(?<![\w.])\d+(?:[-/:]\d+)+(?!\w))
  | (?P<currency>[$€£])?\ ?(?P<sign>(?<![\w)])-)?
    (?P<number>(?<!\w)(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?)
    (?:\ ?(?P<unit>[a-z]+)\b)?(?!\w)
  | \w+
    """,
    re.VERBOSE,
)


class Word(NamedTuple):
    """A word of a text."""

    value: str | Decimal | date
    unit: str = ""
    """Metres, seconds or a currency; empty where none is told."""


def plain(text: str) -> str:
    """Give a text in small letters, with single spaces and plain forms."""
    return " ".join(unicodedata.normalize("NFKC", text[:MAX_TEXT]).casefold().split())


def read_words(text: str) -> list[Word]:
    """Read the words of a text.

    >>> read_words("1.7km in 1 h 30 min, $1,000.00, order 00170")[:3]
    [Word(value=Decimal('1700.0'), unit='m'), Word(value='in', unit=''), \
Word(value=Decimal('5400'), unit='s')]
    """
    found: list[Word] = []
    for match in _WORD.finditer(plain(text)):
        words = _words_of(match)
        first = words[0]
        if found and first.unit == "s" and found[-1].unit == "s":
            # Hours, minutes and seconds in a row are one duration.
            before, value = found[-1].value, first.value
            assert isinstance(before, Decimal) and isinstance(value, Decimal)
            found[-1] = Word(before + value, "s")
        else:
            found += words
    return found


def _words_of(match: re.Match[str]) -> list[Word]:
    if day := _date_of(match):
        return [Word(day)]
    number, unit = match["number"], match["unit"] or ""
    if number is None:
        return [Word(match[0])]
    if len(number) > 1 and number[0] == "0" and number[1] != ".":
        return [Word(number), *([Word(unit)] if unit else [])]
    value = Decimal(number.replace(",", ""))
    if match["sign"]:
        value = -value
    currency = CURRENCIES.get(match["currency"] or "", "")
    one = unit if unit in ("s",) else unit.removesuffix("s")
    if one in LENGTHS:
        return [Word(value * LENGTHS[one], "m")]
    if one in DURATIONS:
        return [Word(value * DURATIONS[one], "s")]
    if one in CURRENCIES:
        return [Word(value, CURRENCIES[one])]
    if unit and not match[0].endswith(f" {unit}"):
        return [Word(match[0].strip())]  # such as 2nd
    return [Word(value, currency), *([Word(unit)] if unit else [])]


def _date_of(match: re.Match[str]) -> date | None:
    if match["iso"]:
        year, month, day = map(int, match["iso"].split("-"))
    elif match["american"]:
        month, day, year = map(int, match["american"].split("/"))
    else:
        for place in "12":
            if match["m" + place]:
                month = MONTHS[match["m" + place]]
                day, year = int(match["d" + place]), int(match["y" + place])
                break
        else:
            return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _fits(reference: Word, word: Word) -> bool:
    return reference.value == word.value and (
        not reference.unit or not word.unit or reference.unit == word.unit
    )


def is_same(reference: str, answer: str) -> bool:
    """Tell whether two texts are the same words, none of them missing."""
    wanted, given = read_words(reference), read_words(answer)
    if not wanted:
        return plain(reference) == plain(answer)
    return len(wanted) == len(given) and all(map(_fits, wanted, given))


def includes(reference: str, answer: str) -> bool:
    """Tell whether the words of a reference stand in an answer, in a row.

    A reference without a word, such as ``$``, is looked for as it is.
    """
    wanted = read_words(reference)
    if not wanted:
        return bool(plain(reference)) and plain(reference) in plain(answer)
    given = read_words(answer)
    return any(
        all(map(_fits, wanted, given[place:]))
        for place in range(len(given) - len(wanted) + 1)
    )


def is_set(references: Sequence[str], answer: str) -> bool:
    """Tell whether an answer lists exactly these, in any order.

    Entries stand apart by commas before a space, semicolons, lines or ``and``.
    """
    entries = [e for e in re.split(r",\s|;|\n|\band\b", answer) if e.strip()]
    left = list(references)
    for entry in entries:
        place = next((i for i, r in enumerate(left) if is_same(r, entry)), None)
        if place is None:
            return False
        del left[place]
    return not left


def is_at(reference: str, url: str) -> bool:
    """Tell whether an address is that of a reference.

    Host and path must be equal, a last slash aside; each pair of the reference's query
    must be there. Other pairs and the fragment don't count.
    """
    wanted, given = _place(reference), _place(url)
    if wanted is None or given is None:
        return False
    return wanted[0] == given[0] and not [p for p in wanted[1] if p not in given[1]]


def _place(url: str) -> tuple[tuple[str, ...], list[tuple[str, str]]] | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    host = parts.hostname or ""
    if port not in (None, usual):
        host = f"{host}:{port}"
    segments = [unquote(segment) for segment in parts.path.rstrip("/").split("/")]
    return (host, *segments), parse_qsl(parts.query, keep_blank_values=True)
