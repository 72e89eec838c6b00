"""The values of formulas.

What goes wrong is a value too, as in every spreadsheet: ``#DIV/0!``, ``#N/A``,
``#NAME?``, ``#NUM!``, ``#REF!``, ``#VALUE!`` and ``#ERROR!`` for what is no formula.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from agentgym_envs.sheet.cells import GENERAL, Value, shown
from agentgym_envs.sheet.grammar import (
    DIVISION,
    NAME,
    NOT_THERE,
    NUMBER,
    REFERENCE,
    WRONG,
    Area,
    FormulaError,
    Node,
)

MAX_RANGE = 30_000  # cells

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
        function = FUNCTIONS.get(node.value)
        if function is None:
            raise FormulaError(NAME)
        return function(self, node.parts)

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
