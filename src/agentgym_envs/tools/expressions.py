"""The values that a model writes as the input of a tool, without ``eval``.

The original evaluates the input as a Python expression. `evaluate` gives the same
values for what models write there (literals, arithmetic, a few functions), and
refuses everything else. Nesting, the size of every value and the cost of every
function are bounded, so any text is evaluated within milliseconds.
"""

from __future__ import annotations

import ast
import json
import math
import operator
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

MAX_DEPTH = 64  # nested parts
MAX_WEIGHT = 6000  # characters, about, of a value written out
MAX_BITS = 16_384  # of an int
MAX_PATTERN = 256  # characters of a regular expression
MAX_KEPT = 120  # characters of an input whose syntax tree is kept
MAX_PLAIN = 1000  # characters of an input that is read as JSON
MAX_PLAIN_PARTS = 30  # lists or dictionaries in it
MAX_COMBINATORIAL = 500  # argument of factorial and its like

JSON_NAMES = {"true": True, "false": False, "null": None}


class InvalidInput(ValueError):
    """A text that is no expression of the accepted kinds."""


class OrderedSet(set[Any]):
    """A set that is told in the order in which it was written.

    Python's own order depends on the hash seed of the process.
    """

    def __init__(self, items: Iterable[Any] = ()) -> None:
        self._order = tuple(dict.fromkeys(items))
        super().__init__(self._order)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._order)

    def __repr__(self) -> str:
        return f"{{{', '.join(map(repr, self._order))}}}" if self._order else "set()"


# Error messages name the type, and an agent knows it as a set.
OrderedSet.__name__ = "set"


def evaluate(source: str, *, json_literals: bool = False) -> Any:
    """Give the value of an expression.

    Args:
        source: A Python expression of literals, displays, arithmetic, ``math``,
            ``re.compile`` and a few builtins.
        json_literals: Whether ``true``, ``false`` and ``null`` are literals too.

    Raises:
        InvalidInput: for everything else, and for what fails or is too large.
    """
    known = _read_plain(source, json_literals)
    if known is not None:
        return known
    try:
        tree = _parsed(source) if len(source) <= MAX_KEPT else _parse(source)
        return _Evaluation(JSON_NAMES if json_literals else {}).value(tree, 0)
    except InvalidInput:
        raise
    except (
        SyntaxError,
        ValueError,
        TypeError,
        ArithmeticError,
        LookupError,
        MemoryError,
        RecursionError,
        re.error,
    ) as error:
        raise InvalidInput(str(error)) from None


def _read_plain(source: str, json_literals: bool) -> dict[Any, Any] | None:
    """Read the plain dictionaries that nearly all inputs are, in a tenth of the time.

    Within these limits a text that is JSON, once its quotes are doubled, is the same
    value in Python. None means that it has to be looked at properly.
    """
    if len(source) > MAX_PLAIN or source[:1] != "{" or "\\" in source:
        return None
    if source.count("{") > MAX_PLAIN_PARTS or source.count("[") > MAX_PLAIN_PARTS:
        return None
    if "'" in source:
        if '"' in source:
            return None
        source = source.replace("'", '"')
    if not json_literals and any(name in source for name in JSON_NAMES):
        return None
    try:
        if not source.isascii():
            source.encode()
        value, end = _read_json(source)
    except ValueError:
        return None
    if end < len(source) and source[end:].strip(" "):
        return None
    known: dict[Any, Any] = value
    return known


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no literal")


_read_json = json.JSONDecoder(parse_constant=_no_constant).raw_decode


def _parse(source: str) -> ast.expr:
    if "\\" in source or _NUMBER_BEFORE_WORD.search(source):
        # Python warns of odd escapes and of "1if"; an agent's text warns nobody.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source, mode="eval").body
    return ast.parse(source, mode="eval").body


# Agents call the same tool with the same input again and again.
_parsed = lru_cache(maxsize=2048)(_parse)
_NUMBER_BEFORE_WORD = re.compile(r"[0-9][A-Za-z]")


def _weight(value: Any) -> int:
    """About how many characters a value has when it is written out."""
    if isinstance(value, str | bytes):
        return len(value) + 2
    if isinstance(value, int):
        return value.bit_length() // 3 + 1
    if isinstance(value, dict):
        return 2 + sum(_weight(k) + _weight(v) + 4 for k, v in value.items())
    if isinstance(value, list | tuple | set):
        return 2 + sum(_weight(item) + 2 for item in value)
    return 24


def _bounded(value: Any) -> Any:
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        raise InvalidInput("the number is too large")
    if _weight(value) > MAX_WEIGHT:
        raise InvalidInput("the value is too large")
    return value


def _multiply(left: Any, right: Any) -> Any:
    for sequence, times in ((left, right), (right, left)):
        if isinstance(sequence, str | bytes | list | tuple) and isinstance(times, int):
            if _weight(sequence) * times > MAX_WEIGHT:
                raise InvalidInput("the value is too large")
            break
    return left * right


def _power(base: Any, exponent: Any) -> Any:
    if (
        isinstance(base, int)
        and isinstance(exponent, int)
        and base.bit_length() * exponent > MAX_BITS
    ):
        raise InvalidInput("the number is too large")
    return base**exponent


def _modulo(left: Any, right: Any) -> Any:
    if isinstance(left, str | bytes):
        raise InvalidInput("% is for numbers")
    return left % right


_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: _multiply,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: _modulo,
    ast.Pow: _power,
}
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Not: operator.not_,
    ast.Invert: operator.invert,
}
_FLAGS = {
    name: getattr(re, name)
    for name in (
        *("A", "ASCII", "I", "IGNORECASE", "M", "MULTILINE"),
        *("S", "DOTALL", "U", "UNICODE", "X", "VERBOSE"),
    )
}
_ALL_FLAGS = re.A | re.I | re.M | re.S | re.U | re.X


def _pattern(pattern: Any, flags: Any = 0) -> re.Pattern[str]:
    """Compile a regular expression that is small enough to compile quickly."""
    if not isinstance(pattern, str) or len(pattern) > MAX_PATTERN:
        raise InvalidInput("no such regular expression")
    if not isinstance(flags, int) or int(flags) & ~int(_ALL_FLAGS):
        raise InvalidInput("no such flags")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return re.compile(pattern, flags)


def _rounded(number: Any, ndigits: Any = None) -> Any:
    # For an int, Python works out 10 to the power of the digits.
    if isinstance(ndigits, int) and abs(ndigits) > MAX_COMBINATORIAL:
        raise InvalidInput("the number is too large")
    return round(number, ndigits)


def _product(numbers: Iterable[Any], *, start: Any = 1) -> Any:
    product = start
    for number in numbers:
        product = _bounded(_multiply(product, number))
    return product


def _lcm(*numbers: int) -> int:
    multiple = 1
    for number in numbers:
        multiple = _bounded(math.lcm(multiple, number))
    return multiple


def _combinatorial(function: Callable[..., int]) -> Callable[..., int]:
    def bounded(*numbers: int) -> int:
        if any(number > MAX_COMBINATORIAL for number in numbers):
            raise InvalidInput("the number is too large")
        return function(*numbers)

    return bounded


_MATH: dict[str, Any] = {
    name: getattr(math, name)
    for name in (
        *("pi", "e", "tau", "inf", "nan", "acos", "acosh", "asin", "asinh", "atan"),
        *("atan2", "atanh", "ceil", "copysign", "cos", "cosh", "degrees", "dist"),
        *("exp", "expm1", "fabs", "floor", "fmod", "fsum", "gcd", "hypot", "isclose"),
        *("isfinite", "isinf", "isnan", "isqrt", "log", "log10", "log1p"),
        *("log2", "modf", "pow", "radians", "remainder", "sin", "sinh"),
        *("sqrt", "tan", "tanh", "trunc"),
    )
}
_MATH |= {name: _combinatorial(getattr(math, name)) for name in ("factorial", "comb")}
_MATH |= {"lcm": _lcm, "prod": _product}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "round": _rounded,
    "abs": abs,
    "min": min,
    "max": max,
    "sum": sum,
    "len": len,
    "sorted": sorted,
    "list": list,
    "tuple": tuple,
    "set": OrderedSet,
    "dict": dict,
}
_MODULES: dict[str, dict[str, Any]] = {
    "math": _MATH,
    "re": {"compile": _pattern, **_FLAGS},
}


class _Evaluation:
    """One walk through an expression."""

    def __init__(self, names: dict[str, Any]) -> None:
        self._names = names

    def value(self, node: ast.expr, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise InvalidInput("the expression is nested too deeply")
        depth += 1
        match node:
            case ast.Constant(value=value):
                return _writable(value)
            case ast.Dict(keys=keys, values=values):
                return {
                    self._key(key, depth): self.value(value, depth)
                    for key, value in zip(keys, values, strict=True)
                }
            case ast.List(elts=items):
                return [self.value(item, depth) for item in items]
            case ast.Tuple(elts=items):
                return tuple([self.value(item, depth) for item in items])
            case ast.Set(elts=items):
                return OrderedSet([self.value(item, depth) for item in items])
            case ast.UnaryOp(op=op, operand=operand):
                return _bounded(_UNARY[type(op)](self.value(operand, depth)))
            case ast.BinOp(left=left, op=op, right=right):
                first = self.value(left, depth)
                return _bounded(_arithmetic(op, first, self.value(right, depth)))
            case ast.Name(id=name) if name in self._names:
                return self._names[name]
            case ast.Attribute():
                value = _named(node)
                if callable(value):
                    raise InvalidInput("a function is no value")
                return value
            case ast.Call(func=function, args=arguments, keywords=keywords):
                call = _named(function)
                given = [self.value(item, depth) for item in arguments]
                named = {
                    keyword.arg: self.value(keyword.value, depth)
                    for keyword in keywords
                    if keyword.arg is not None
                }
                if not callable(call) or len(named) < len(keywords):
                    raise InvalidInput("no such call")
                return _bounded(call(*given, **named))
        raise InvalidInput("no such expression")

    def _key(self, node: ast.expr | None, depth: int) -> Any:
        if node is None:
            raise InvalidInput("no such expression")
        return self.value(node, depth)


def _writable(value: Any) -> Any:
    """Refuse half characters, which no reply can carry."""
    if isinstance(value, str) and not value.isascii():
        value.encode()
    return value


def _arithmetic(op: ast.operator, left: Any, right: Any) -> Any:
    function = _BINARY[type(op)]
    for value in (left, right):
        # Sets and dicts have operators too; they are no arithmetic.
        if not isinstance(value, int | float | complex | str | bytes | list | tuple):
            raise InvalidInput("no number")
    return function(left, right)


def _named(node: ast.expr) -> Any:
    match node:
        case ast.Name(id=name) if name in _FUNCTIONS:
            return _FUNCTIONS[name]
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            if module in _MODULES and name in _MODULES[module]:
                return _MODULES[module][name]
    raise InvalidInput("no such name")
