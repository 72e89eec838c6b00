"""Read one Python call with literal arguments, from text that may be hostile.

It is scanned before ``ast`` sees it: deep nesting could cost the parser its stack.
"""

from __future__ import annotations

import ast
import keyword
import re
import warnings
from typing import Any

from agentgym_wrappers.calls import MAX_CALL, MAX_DEPTH, BadCall

_TOKEN = re.compile(
    r"""(?P<space>\s+|\#[^\n]*)
    |(?P<text>[rRuU]?(?:'''(?:\\.|[^\\])*?'''|\"{3}(?:\\.|[^\\])*?\"{3}
        |'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"))
    |(?P<number>(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?!\w))
    |(?P<name>[^\W\d]\w*)
    |(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<sign>[+-])|(?P<other>[,:=])""",
    re.VERBOSE | re.DOTALL,
)
_KEYWORDS = {*keyword.kwlist} - {"True", "False", "None"}
# Chains of calls and sums nest in the tree, though not in the text; and a name right
# before a text makes an f-string, which may hold anything.
_APART = {("close", "open"), ("text", "open"), ("number", "open"), ("name", "text")}
_APART |= {(b, "sign") for b in ("", "close", "name", "number", "sign", "text")}
_ONE_CALL = "the code must be one function call and nothing else"


def parse_call(code: str) -> tuple[str, list[Any], dict[str, Any]]:
    """Give the function's name, its positional and its named arguments.

    >>> parse_call("paint('wall', colours=['red', 'blue'])")
    ('paint', ['wall'], {'colours': ['red', 'blue']})

    Raises:
        BadCall: if the code is anything else.
    """
    _scan(code := code.strip())
    try:
        with warnings.catch_warnings():
            # An unknown escape in a string is no concern of the user's log.
            warnings.simplefilter("ignore")
            tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # Python's own words would differ from one version to the next.
        raise BadCall("the code is not valid Python") from None
    match tree.body:
        case [ast.Expr(ast.Call(ast.Name(name), values, keywords))]:
            pass
        case _:
            raise BadCall(_ONE_CALL)
    named = {}
    for pair in keywords:
        if pair.arg is None or pair.arg in named:
            raise BadCall(f"{name} got the argument {pair.arg!r} twice")
        named[pair.arg] = _literal(pair.value)
    return name, [_literal(value) for value in values], named


def _scan(code: str) -> None:
    """Refuse code that no call with literal arguments needs."""
    if len(code) > MAX_CALL:
        raise BadCall(f"the code has {len(code)} characters, more than {MAX_CALL}")
    depth = place = 0
    before = ""
    while place < len(code):
        token = _TOKEN.match(code, place)
        if token is None or (before, token.lastgroup) in _APART:
            raise BadCall(f"a call has no use for {code[place]!r} at this place")
        place, kind = token.end(), token.lastgroup
        if kind == "name" and token[0] in _KEYWORDS:
            raise BadCall(_ONE_CALL)
        depth += (kind == "open") - (kind == "close")
        if depth > MAX_DEPTH:
            raise BadCall("the code is nested too deeply")
        before = before if kind == "space" else str(kind)


def _literal(node: ast.expr) -> Any:
    match node:
        case ast.Constant(str() | int() | float() | None as value):
            return value
        case ast.UnaryOp(ast.UAdd(), ast.Constant(int() | float() as value)):
            return value
        case ast.UnaryOp(ast.USub(), ast.Constant(int() | float() as value)):
            return -value
        case ast.List(items) | ast.Tuple(items):
            return [_literal(item) for item in items]
        case ast.Dict(keys, values) if None not in keys:
            texts = [_literal(key) for key in keys if key is not None]
            if all(isinstance(text, str) for text in texts):
                return dict(zip(texts, map(_literal, values), strict=True))
    raise BadCall("arguments must be plain values: texts, numbers, lists")
