"""Sums as people type them: numbers, + - * / and brackets. Nothing is evaluated."""

from __future__ import annotations

import re
from fractions import Fraction

TOKEN = re.compile(r"\s*([0-9]{1,15}(?:\.[0-9]{1,10})?|[-+*/()])")
MAX_DEPTH = 40


class NotASum(ValueError):
    """A text that can't be calculated; the message says why."""


def calculate(text: str) -> str:
    """Work out a sum, exactly, and write it with at most six decimals.

    Raises:
        NotASum: if it is none, or divides by zero.
    """
    tokens, place = [], 0
    text = text.strip()
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            raise NotASum(f"{text[place : place + 10]!r} can't be calculated")
        tokens.append(match[1])
        place = match.end()
    if not tokens or len(tokens) > 200:
        raise NotASum("there is nothing to calculate, or too much")
    value, rest = _sum(tokens, 0)
    if rest:
        raise NotASum(f"{rest[0]!r} was not expected")
    shown = f"{float(value):.6f}" if value.denominator != 1 else str(value.numerator)
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _sum(tokens: list[str], depth: int) -> tuple[Fraction, list[str]]:
    value, tokens = _product(tokens, depth)
    while tokens and tokens[0] in "+-":
        sign, (other, tokens) = tokens[0], _product(tokens[1:], depth)
        value = value + other if sign == "+" else value - other
    return value, tokens


def _product(tokens: list[str], depth: int) -> tuple[Fraction, list[str]]:
    value, tokens = _atom(tokens, depth)
    while tokens and tokens[0] in "*/":
        sign, (other, tokens) = tokens[0], _atom(tokens[1:], depth)
        if sign == "/" and not other:
            raise NotASum("nothing can be divided by zero")
        value = value * other if sign == "*" else value / other
    return value, tokens


def _atom(tokens: list[str], depth: int) -> tuple[Fraction, list[str]]:
    if not tokens or depth > MAX_DEPTH:
        raise NotASum("a number is missing")
    first, rest = tokens[0], tokens[1:]
    if first == "-":
        value, rest = _atom(rest, depth + 1)
        return -value, rest
    if first == "(":
        value, rest = _sum(rest, depth + 1)
        if not rest or rest[0] != ")":
            raise NotASum("a bracket is not closed")
        return value, rest[1:]
    if first in "+*/)":
        raise NotASum(f"{first!r} was not expected")
    return Fraction(first), rest
