"""The grammar of formulas.

Understood are numbers, texts, references and ranges, the operators ``+ - * / ^ &``
and comparisons, and calls of functions. What is no formula is an error for a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from agentgym_envs.sheet.cells import column_number

MAX_NESTED = 40  # parts of a formula within each other

DIVISION, NOT_THERE, NAME, NUMBER = "#DIV/0!", "#N/A", "#NAME?", "#NUM!"
REFERENCE, WRONG, UNREADABLE = "#REF!", "#VALUE!", "#ERROR!"
ERRORS = frozenset({DIVISION, NOT_THERE, NAME, NUMBER, REFERENCE, WRONG, UNREADABLE})

REF = r"\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}(?![A-Za-z0-9_(])"
_TOKEN = re.compile(
    rf"""\s*(?:
    (?P<text>"(?:[^"]|"")*")
    | (?P<range>{REF}:{REF})
    | (?P<ref>{REF})
    | (?P<lost>\#REF!(?::\#REF!)?)
    | (?P<number>[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{{1,3}})?|\.[0-9]+)
    | (?P<name>[A-Za-z][A-Za-z0-9_.]*)
    | (?P<sign><=|>=|<>|[-+*/^&=<>(),%])
    )""",
    re.VERBOSE,
)
PARTS = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]+)")


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
    match = PARTS.fullmatch(text)
    assert match is not None
    return int(match[4]) - 1, column_number(match[2])
