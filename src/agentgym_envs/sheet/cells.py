"""Cells of a spreadsheet: their values, number formats, addresses and texts.

A cell is kept as a short text, its JSON, so that moving, comparing and keeping cells
costs nothing; `read` turns it into a `Cell`. Rules of display are those of Google
Sheets for the formats that AgentBoard's workbook uses.
"""

from __future__ import annotations

import json
import math
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

Value = float | str | bool | None

GENERAL = "General"
TEXT = "@"
# Decimals, thousands separators and percent of each format with digits.
NUMBER_FORMATS = {
    "0": (0, False, False),
    "0.0": (1, False, False),
    "0.00": (2, False, False),
    "#,##0": (0, True, False),
    "#,##0.0": (1, True, False),
    "#,##0.00": (2, True, False),
    "0%": (0, False, True),
    "0.00%": (2, False, True),
}
FORMATS = frozenset({GENERAL, TEXT, *NUMBER_FORMATS})
SIGNIFICANT = 10  # digits of a number in the format General
WHOLE = 1e15  # below this, whole numbers are shown with all digits
MAX_CELL = 50_000  # characters, the service's limit
EMPTY = ""

_ADDRESS = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")
_PERCENT = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?%")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")


class Cell(NamedTuple):
    """What is in a cell; one with a formula has no value of its own."""

    value: Value = None
    format: str = GENERAL
    note: str = ""
    formula: str = ""


BLANK = Cell()


@lru_cache(maxsize=4096)
def read(text: str) -> Cell:
    """Give the cell that a text stands for.

    Raises:
        ValueError: if it stands for none.
    """
    if text == EMPTY:
        return BLANK
    parts = json.loads(text)
    if not isinstance(parts, list) or len(parts) != 4:
        raise ValueError(f"{text[:40]!r} is no cell")
    value, number_format, note, formula = parts
    if isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    is_value = value is None or isinstance(value, float | str | bool)
    if not is_value or (isinstance(value, float) and not math.isfinite(value)):
        raise ValueError(f"{text[:40]!r} has no proper value")
    if number_format not in FORMATS:
        raise ValueError(f"{text[:40]!r} has no proper format")
    if not isinstance(note, str) or not isinstance(formula, str):
        raise ValueError(f"{text[:40]!r} has no proper note or formula")
    return Cell(value, number_format, note, formula)


def write(cell: Cell) -> str:
    """Give the text of a cell; that of a blank one is empty."""
    if cell == BLANK:
        return EMPTY
    value, number_format, note, formula = cell
    if type(value) is float and math.isfinite(value):
        told = repr(value)
    elif type(value) is str:
        told = _quoted(value)
    else:
        told = json.dumps(value)
    rest = ",".join(map(_quoted, (number_format, note, formula)))
    return f"[{told},{rest}]"


# What json.dumps does with a text, without what it does around it.
_quoted = json.encoder.encode_basestring_ascii


def format_of(text: str) -> str:
    """A blank cell with only the number format of another."""
    number_format = read(text).format
    return write(Cell(format=number_format))


# Typed, because True and 1.0 are one key otherwise.
@lru_cache(maxsize=4096, typed=True)
def shown(value: Value, number_format: str) -> str:
    """The text that a user sees of a value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return value
    if number_format not in NUMBER_FORMATS:
        return _general(value)
    decimals, separated, percent = NUMBER_FORMATS[number_format]
    exact = Decimal(repr(value)) * (100 if percent else 1)
    if abs(exact) >= Decimal(10) ** 22:
        return _general(value)
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if rounded == 0:
        rounded = abs(rounded)
    digits = f"{rounded:,f}" if separated else f"{rounded:f}"
    return f"{digits}%" if percent else digits


def _general(value: float) -> str:
    if value == int(value) and abs(value) < WHOLE:
        return str(int(value))
    return f"{value:.{SIGNIFICANT}g}".replace("e", "E")


def entered(value: Value, number_format: str) -> tuple[Value, str]:
    """What typing something into a cell gives: a value, and a number format."""
    if not isinstance(value, str) or number_format == TEXT:
        return value, number_format
    typed = value.strip()
    if typed.upper() in ("TRUE", "FALSE"):
        return typed.upper() == "TRUE", number_format
    if _PERCENT.fullmatch(typed):
        if number_format == GENERAL:
            number_format = "0.00%" if "." in typed else "0%"
        return float(Decimal(typed[:-1]) / 100), number_format
    if _THOUSANDS.fullmatch(typed):
        if number_format == GENERAL:
            number_format = "#,##0.00" if "." in typed else "#,##0"
        return float(typed.replace(",", "")), number_format
    return value.removeprefix("'"), number_format


def numeric(value: object) -> object:
    """Turn a string that is a number into one, as the tools do."""
    if isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            return value
        return number if math.isfinite(number) else value
    return value


@lru_cache(maxsize=4096)
def position(address: str) -> tuple[int, int] | None:
    """Give row and column, from 0, of an address such as ``B2``; None if it is none."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        return None
    return int(match[2]) - 1, column_number(match[1])


def column_number(letters: str) -> int:
    """The number, from 0, of a column named ``A``, ``Z``, ``AA`` and so on."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


@lru_cache(maxsize=4096)
def address(row: int, column: int) -> str:
    """The address of a row and a column, both from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"
