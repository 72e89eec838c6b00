"""Formulas: a small grammar, their values, and how their references move.

Understood are numbers, texts, references and ranges, the operators ``+ - * / ^ &``
and comparisons, and the functions below. What goes wrong is a value too, as in every
spreadsheet: ``#DIV/0!``, ``#N/A``, ``#NAME?``, ``#NUM!``, ``#REF!``, ``#VALUE!`` and
``#ERROR!`` for what is no formula.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from agentgym_envs.sheet.cells import GENERAL, Value, address, column_number, shown

MAX_NESTED = 40  # parts of a formula within each other
MAX_RANGE = 30_000  # cells

DIVISION, NOT_THERE, NAME, NUMBER = "#DIV/0!", "#N/A", "#NAME?", "#NUM!"
REFERENCE, WRONG, UNREADABLE = "#REF!", "#VALUE!", "#ERROR!"
ERRORS = frozenset({DIVISION, NOT_THERE, NAME, NUMBER, REFERENCE, WRONG, UNREADABLE})

_REF = r"\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}(?![A-Za-z0-9_(])"
_TOKEN = re.compile(
    rf"""\s*(?:
    (?P<text>"(?:[^"]|"")*")
    | (?P<range>{_REF}:{_REF})
    | (?P<ref>{_REF})
    | (?P<lost>\#REF!(?::\#REF!)?)
    | (?P<number>[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{{1,3}})?|\.[0-9]+)
    | (?P<name>[A-Za-z][A-Za-z0-9_.]*)
    | (?P<sign><=|>=|<>|[-+*/^&=<>(),%])
    )""",
    re.VERBOSE,
)
_MOVABLE = re.compile(rf'"(?:[^"]|"")*"|({_REF})(?::({_REF}))?')
_PARTS = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]+)")


class FormulaError(Exception):
    """A formula has an error for a value."""


class Area(NamedTuple):
    """A rectangle of cells: first row and column, last row and column, from 0."""

    top: int
    left: int
    bottom: int
    right: int

    def cells(self) -> Iterator[tuple[int, int]]:
        """Go through the cells row by row."""
        for row in range(self.top, self.bottom + 1):
            for column in range(self.left, self.right + 1):
                yield row, column


class Node(NamedTuple):
    """A part of a formula: what it is, its own value, and the parts in it."""

    kind: str
    value: Any = None
    parts: tuple[Node, ...] = ()


@lru_cache(maxsize=2048)
def parse(formula: str) -> Node:
    """Read a formula without its ``=``; one that is none is an error."""
    try:
        return _Parser(formula).whole()
    except FormulaError as error:
        return Node("error", str(error))


def first_area(node: Node) -> Area | None:
    """The first reference in a formula."""
    if node.kind == "area":
        area: Area = node.value
        return area
    found = (first_area(part) for part in node.parts)
    return next((area for area in found if area is not None), None)


class _Parser:
    def __init__(self, formula: str) -> None:
        self._tokens = list(_tokens(formula))
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._compare()
        if self._at < len(self._tokens):
            raise FormulaError(UNREADABLE)
        return node

    def _sign(self, *signs: str) -> str | None:
        if self._at < len(self._tokens):
            kind, text = self._tokens[self._at]
            if kind == "sign" and text in signs:
                self._at += 1
                return text
        return None

    def _binary(self, inner: Callable[[], Node], *signs: str) -> Node:
        node = inner()
        while sign := self._sign(*signs):
            node = Node("binary", sign, (node, inner()))
        return node

    def _compare(self) -> Node:
        return self._binary(self._join, "=", "<>", "<=", ">=", "<", ">")

    def _join(self) -> Node:
        return self._binary(self._sum, "&")

    def _sum(self) -> Node:
        return self._binary(self._product, "+", "-")

    def _product(self) -> Node:
        return self._binary(self._power, "*", "/")

    def _power(self) -> Node:
        return self._binary(self._unary, "^")

    def _unary(self) -> Node:
        self._depth += 1
        if self._depth > MAX_NESTED:
            raise FormulaError(UNREADABLE)
        sign = self._sign("-", "+")
        node = Node("unary", sign, (self._unary(),)) if sign else self._atom()
        while self._sign("%"):
            node = Node("binary", "/", (node, Node("constant", 100.0)))
        self._depth -= 1
        return node

    def _atom(self) -> Node:
        if self._sign("("):
            node = self._compare()
            if not self._sign(")"):
                raise FormulaError(UNREADABLE)
            return node
        if self._at >= len(self._tokens):
            raise FormulaError(UNREADABLE)
        kind, text = self._tokens[self._at]
        self._at += 1
        match kind:
            case "number":
                return Node("constant", float(text))
            case "text":
                return Node("constant", text[1:-1].replace('""', '"'))
            case "ref" | "range":
                return Node("area", _area(text))
            case "lost":
                raise FormulaError(REFERENCE)
            case "name":
                return self._name(text.upper())
        raise FormulaError(UNREADABLE)

    def _name(self, name: str) -> Node:
        if name in ("TRUE", "FALSE") and not self._sign("("):
            return Node("constant", name == "TRUE")
        if not self._sign("("):
            raise FormulaError(NAME)
        parts = []
        if not self._sign(")"):
            parts.append(self._compare())
            while self._sign(","):
                parts.append(self._compare())
            if not self._sign(")"):
                raise FormulaError(UNREADABLE)
        if name not in FUNCTIONS:
            raise FormulaError(NAME)
        return Node("call", name, tuple(parts))


def _tokens(formula: str) -> Iterator[tuple[str, str]]:
    at = 0
    end = len(formula.rstrip())
    while at < end:
        match = _TOKEN.match(formula, at)
        if match is None:
            raise FormulaError(UNREADABLE)
        at = match.end()
        kind = match.lastgroup
        assert kind is not None
        yield kind, match[kind]


def _area(text: str) -> Area:
    first, _, last = text.replace("$", "").partition(":")
    corners = [_corner(part) for part in (first, last or first)]
    rows = sorted(row for row, _ in corners)
    columns = sorted(column for _, column in corners)
    return Area(rows[0], columns[0], rows[1], columns[1])


def _corner(text: str) -> tuple[int, int]:
    match = _PARTS.fullmatch(text)
    assert match is not None
    return int(match[4]) - 1, column_number(match[2])


Lookup = Callable[[int, int], Value]
"""Gives the value of a cell, or raises `FormulaError`."""


def value_of(node: Node, lookup: Lookup, size: tuple[int, int]) -> Value:
    """Work out a formula on a grid of this many rows and columns.

    Raises:
        FormulaError: if the value is an error.
    """
    value = _Evaluation(lookup, size).scalar(node)
    return 0.0 if value is None else value


class _Evaluation:
    def __init__(self, lookup: Lookup, size: tuple[int, int]) -> None:
        self._lookup = lookup
        self._rows, self._columns = size

    def scalar(self, node: Node) -> Value:
        match node.kind:
            case "constant":
                value: Value = node.value
                return value
            case "error":
                raise FormulaError(node.value)
            case "area":
                values = self.values(node)
                if len(values) != 1:
                    raise FormulaError(WRONG)
                return values[0]
            case "unary":
                number = _number(self.scalar(node.parts[0]))
                return -number if node.value == "-" else number
            case "binary":
                left, right = (self.scalar(part) for part in node.parts)
                return _binary(node.value, left, right)
        return FUNCTIONS[node.value](self, node.parts)

    def values(self, node: Node) -> list[Value]:
        """All values of an argument: one, or those of an area."""
        if node.kind != "area":
            return [self.scalar(node)]
        area: Area = node.value
        if area.bottom >= self._rows or area.right >= self._columns:
            raise FormulaError(REFERENCE)
        height, width = area.bottom - area.top + 1, area.right - area.left + 1
        if height * width > MAX_RANGE:
            raise FormulaError(WRONG)
        return [self._lookup(row, column) for row, column in area.cells()]

    def numbers(self, parts: Sequence[Node]) -> list[float]:
        """The numbers among the arguments; areas may hold other things too."""
        found = []
        for part in parts:
            if part.kind == "area":
                found += [v for v in self.values(part) if _is_number(v)]
            else:
                found.append(_number(self.scalar(part)))
        return found  # type: ignore[return-value]  # _is_number is no type guard


def _is_number(value: Value) -> bool:
    return isinstance(value, float) and not isinstance(value, bool)


def _number(value: Value) -> float:
    if value is None:
        return 0.0
    if isinstance(value, bool | float):
        return float(value)
    try:
        number = float(value)
    except ValueError:
        raise FormulaError(WRONG) from None
    if not math.isfinite(number):
        raise FormulaError(WRONG)
    return number


def _checked(number: float | complex) -> float:
    if isinstance(number, complex) or not math.isfinite(number):
        raise FormulaError(NUMBER)
    return float(number)


def _binary(sign: str, left: Value, right: Value) -> Value:
    if sign == "&":
        return (_text(left) + _text(right))[:MAX_RANGE]
    if sign in ("=", "<>", "<", ">", "<=", ">="):
        return _compared(sign, left, right)
    first, second = _number(left), _number(right)
    try:
        match sign:
            case "+":
                return _checked(first + second)
            case "-":
                return _checked(first - second)
            case "*":
                return _checked(first * second)
            case "/":
                return _checked(first / second)
        return _checked(first**second)
    except ZeroDivisionError:
        raise FormulaError(DIVISION) from None
    except OverflowError:
        raise FormulaError(NUMBER) from None


def _text(value: Value) -> str:
    return shown(value, GENERAL)


def sort_key(value: Value) -> tuple[int, float, str]:
    """The order of values: numbers, then texts without case, then truth values."""
    if isinstance(value, bool):
        return 2, float(value), ""
    if isinstance(value, float):
        return 0, value, ""
    return 1, 0.0, (value or "").lower()


def _compared(sign: str, left: Value, right: Value) -> bool:
    first, second = sort_key(left), sort_key(right)
    match sign:
        case "=":
            return first == second
        case "<>":
            return first != second
        case "<":
            return first < second
        case ">":
            return first > second
        case "<=":
            return first <= second
    return first >= second


def _sum(of: _Evaluation, parts: Sequence[Node]) -> Value:
    return _checked(math.fsum(of.numbers(parts)))


def _average(of: _Evaluation, parts: Sequence[Node]) -> Value:
    numbers = of.numbers(parts)
    if not numbers:
        raise FormulaError(DIVISION)
    return _checked(math.fsum(numbers) / len(numbers))


def _count(of: _Evaluation, parts: Sequence[Node]) -> Value:
    return float(len(of.numbers(parts)))


def _counta(of: _Evaluation, parts: Sequence[Node]) -> Value:
    values = [value for part in parts for value in of.values(part)]
    return float(sum(value is not None for value in values))


def _max(of: _Evaluation, parts: Sequence[Node]) -> Value:
    return max(of.numbers(parts), default=0.0)


def _min(of: _Evaluation, parts: Sequence[Node]) -> Value:
    return min(of.numbers(parts), default=0.0)


def _product(of: _Evaluation, parts: Sequence[Node]) -> Value:
    numbers = of.numbers(parts)
    return _checked(math.prod(numbers)) if numbers else 0.0


def _minus(of: _Evaluation, parts: Sequence[Node]) -> Value:
    if len(parts) != 2:
        raise FormulaError(NOT_THERE)
    first, second = (_number(of.scalar(part)) for part in parts)
    return _checked(first - second)


def _abs(of: _Evaluation, parts: Sequence[Node]) -> Value:
    if len(parts) != 1:
        raise FormulaError(NOT_THERE)
    return abs(_number(of.scalar(parts[0])))


def _round(of: _Evaluation, parts: Sequence[Node]) -> Value:
    if len(parts) not in (1, 2):
        raise FormulaError(NOT_THERE)
    number, *digits = (_number(of.scalar(part)) for part in parts)
    places = int(max(-300.0, min(digits[0] if digits else 0.0, 15.0)))
    scale = 10.0**places
    scaled = abs(number) * scale
    if not math.isfinite(scaled) or scale == 0:
        return number
    return math.copysign(_checked(math.floor(scaled + 0.5) / scale), number)


def _if(of: _Evaluation, parts: Sequence[Node]) -> Value:
    if len(parts) not in (2, 3):
        raise FormulaError(NOT_THERE)
    if _number(of.scalar(parts[0])):
        return of.scalar(parts[1])
    return of.scalar(parts[2]) if len(parts) == 3 else False


FUNCTIONS: dict[str, Callable[[_Evaluation, Sequence[Node]], Value]] = {
    "SUM": _sum,
    "AVERAGE": _average,
    "COUNT": _count,
    "COUNTA": _counta,
    "MAX": _max,
    "MIN": _min,
    "PRODUCT": _product,
    "MINUS": _minus,
    "ABS": _abs,
    "ROUND": _round,
    "IF": _if,
}


def moved(formula: str, rows: int) -> str:
    """Move the relative references of a formula whose row moves so far down."""

    def move(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0]
        return ":".join(_down(ref, rows) for ref in match.groups() if ref)

    return _MOVABLE.sub(move, formula)


def _down(ref: str, rows: int) -> str:
    fixed_column, column, fixed_row, row = _split(ref)
    if fixed_row:
        return ref
    return _joined(fixed_column, column, fixed_row, row + rows)


def shifted(formula: str, axis: int, at: int, count: int) -> str:
    """Follow an insertion (or, with a negative count, a deletion) of rows or columns.

    Args:
        formula: Without its ``=``.
        axis: 0 for rows, 1 for columns.
        at: The first row or column that is inserted or deleted, from 0.
        count: How many.
    """

    def shift(match: re.Match[str]) -> str:
        first, last = match[1], match[2]
        if first is None:
            return match[0]
        places = [_place(ref, axis) for ref in (first, last or first)]
        if count < 0 and at <= min(places) and max(places) < at - count:
            return REFERENCE
        # The ends of a range that is cut move to what is left of it.
        new = [_shift_place(place, at, count, end) for end, place in enumerate(places)]
        refs = [_with_place(first, axis, new[0])]
        if last:
            refs.append(_with_place(last, axis, new[1]))
        return ":".join(refs)

    return _MOVABLE.sub(shift, formula)


def _shift_place(place: int, at: int, count: int, end: int) -> int:
    if place < at:
        return place
    if count < 0 and place < at - count:
        return at - end
    return place + count


def _split(ref: str) -> tuple[str, int, str, int]:
    match = _PARTS.fullmatch(ref)
    assert match is not None
    return match[1], column_number(match[2]), match[3], int(match[4]) - 1


def _joined(fixed_column: str, column: int, fixed_row: str, row: int) -> str:
    if row < 0 or column < 0:
        return REFERENCE
    name = address(row, column)
    letters = name.rstrip("0123456789")
    return f"{fixed_column}{letters}{fixed_row}{row + 1}"


def _place(ref: str, axis: int) -> int:
    _, column, _, row = _split(ref)
    return column if axis else row


def _with_place(ref: str, axis: int, place: int) -> str:
    fixed_column, column, fixed_row, row = _split(ref)
    if axis:
        return _joined(fixed_column, place, fixed_row, row)
    return _joined(fixed_column, column, fixed_row, place)
