"""An environment's action schema as JSON schema, regular expression and grammar.

Engines that constrain what a model writes take one of these: JSON schema and regular
expressions in vLLM, SGLang, Ollama and hosted services, GBNF in llama.cpp and
XGrammar. All three follow from the schema alone, so they allow whatever has the form
of an action, whether it does something now or not.
"""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from agentgym_envs import render_call
from agentgym_envs.errors import BadOption
from agentgym_wrappers.calls import Schema, parameters_of

Format = Literal["text", "react"]


@dataclass(frozen=True, slots=True)
class Chars:
    """One character that is, or is not, among some; `a-z` is a range."""

    among: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One part after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of several."""

    choices: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Many:
    """A part any number of times, at least 0 or 1."""

    part: Node
    least: Literal[0, 1] = 0


Node = str | Chars | Row | Either | Many

_DIGITS = Many(Chars("0-9"), 1)
_WHOLE: Node = Either(("0", Row((Chars("1-9"), Many(Chars("0-9"))))))
_FRACTION = Row((".", _DIGITS))
_EXPONENT = Row(("e", Either(("+", "-", "")), _DIGITS))
_NUMBER = Row(
    (Either(("-", "")), _DIGITS, Either((_FRACTION, "")), Either((_EXPONENT, "")))
)
_LINE = Many(Chars(r"\n", negated=True), 1)
_ANYTHING = Many(Either((Chars(r"\n", negated=True), "\n")), 1)
_ITEM = Many(Chars(r",\n", negated=True), 1)
_ESCAPED = Row(("\\", Chars(r"\n", negated=True)))
_QUOTED = Either(
    tuple(
        Row((mark, Many(Either((Chars(rf"{mark}\\\n", True), _ESCAPED))), mark))
        for mark in "'\""
    )
)
_THOUGHT = Row(("Thought:\n", _LINE, "\n\nAction:\n"))


def json_schema(schema: Schema) -> dict[str, Any]:
    """Describe all calls in the form that `FunctionCallAction` reads.

    >>> import agentgym_envs, gymnasium
    >>> env = gymnasium.make("agentgym/Maze-v0").unwrapped
    >>> json_schema(env.action_schema)["anyOf"][0]["properties"]["function_name"]
    {'const': 'move'}
    """
    return {
        "anyOf": [
            {
                "type": "object",
                "properties": {
                    "thought": {"type": "string"},
                    "function_name": {"const": function["name"]},
                    "arguments": function["parameters"],
                },
                "required": ["function_name", "arguments"],
                "additionalProperties": False,
            }
            for function in schema
        ]
    }


def tools(schema: Schema) -> list[dict[str, Any]]:
    """The actions as ``tools`` of an OpenAI-compatible request."""
    kept = ("name", "description", "parameters")
    return [
        {"type": "function", "function": {key: function[key] for key in kept}}
        for function in schema
    ]


def regex(schema: Schema, action_format: Format = "text") -> str:
    r"""Write a regular expression that matches all actions whole, and nothing else.

    It has groups and no references or lookarounds, so any engine takes it.

    >>> import agentgym_envs, gymnasium
    >>> env = gymnasium.make("agentgym/Maze-v0").unwrapped
    >>> regex(env.action_schema)
    '(?:move (?:up|down|left|right))'
    """
    rules = [_regex(_call(function)) for function in schema]
    lead = _regex(_lead(action_format))
    return f"{lead}(?:{'|'.join(rules)})"


def gbnf(schema: Schema, action_format: Format = "text") -> str:
    r"""Write a grammar in llama.cpp's notation, a rule for each function.

    >>> import agentgym_envs, gymnasium
    >>> env = gymnasium.make("agentgym/Maze-v0").unwrapped
    >>> print(gbnf(env.action_schema))
    root ::= (move)
    move ::= "move " ("up" | "down" | "left" | "right")
    """
    names = [
        _rule_name(function["name"], place) for place, function in enumerate(schema)
    ]
    lead = _gbnf(_lead(action_format))
    choices = f"({' | '.join(names)})"
    rules = [f"root ::= {lead} {choices}" if lead != '""' else f"root ::= {choices}"]
    rules += [
        f"{name} ::= {_gbnf(_call(function))}"
        for name, function in zip(names, schema, strict=True)
    ]
    return "\n".join(rules)


def find_call(schema: Schema, action: str) -> tuple[str, dict[str, Any]] | None:
    """Find the call that a text action stands for; None if there is none.

    >>> import agentgym_envs, gymnasium
    >>> env = gymnasium.make("agentgym/Maze-v0").unwrapped
    >>> find_call(env.action_schema, "move up")
    ('move', {'direction': 'up'})
    """
    for function in schema:
        found = re.fullmatch(_regex(_call(function), named=True), action)
        if found is None:
            continue
        name, arguments = str(function["name"]), {}
        for key, kind in parameters_of(function).items():
            written = found[key]
            literal = f"{{{key}!r}}" in function["template"]
            arguments[key] = _literal(written) if literal else _value(kind, written)
        try:
            if render_call(schema, name, arguments) == action:
                return name, arguments
        except BadOption:
            continue  # such as a number below its minimum
    return None


@dataclass(frozen=True, slots=True)
class _Named:
    """A part that stands for a parameter."""

    name: str
    part: Node


def _lead(action_format: str) -> Node:
    if action_format not in ("text", "react"):
        raise BadOption(f"action_format must be text or react, not {action_format!r}")
    return _THOUGHT if action_format == "react" else ""


def _call(function: Mapping[str, Any]) -> list[str | _Named]:
    """The parts of a function's text action."""
    return list(_parts(function))


def _parts(function: Mapping[str, Any]) -> Iterator[str | _Named]:
    parameters, template = parameters_of(function), str(function["template"])
    for text, key, _, conversion in string.Formatter().parse(template):
        if text:
            yield text
        if key is not None:
            kind = parameters[key]
            # Alone, a text may have lines: it is the whole action.
            alone = template == f"{{{key}}}"
            yield _Named(key, _literals(kind) if conversion else _plain(kind, alone))


def _types(kind: Mapping[str, Any]) -> list[str]:
    types = kind.get("type", "string")
    return [types] if isinstance(types, str) else list(types)


def _either(choices: Sequence[Node]) -> Node:
    return choices[0] if len(choices) == 1 else Either(tuple(choices))


def _integer(kind: Mapping[str, Any]) -> Node:
    least = kind.get("minimum")
    if least is None or least < 0:
        return Row((Either(("-", "")), _WHOLE))
    return Row((Chars("1-9"), Many(Chars("0-9")))) if least >= 1 else _WHOLE


def _plain(kind: Mapping[str, Any], alone: bool = False) -> Node:
    """An argument as plain text."""
    if "enum" in kind:
        return _either([str(value) for value in kind["enum"]])
    known: dict[str, Node] = {
        "string": _ANYTHING if alone else _LINE,
        "integer": _integer(kind),
        "number": _NUMBER,
        "boolean": Either(("true", "false")),
        "null": "None",
        "object": _LINE,
    }
    choices: list[Node] = []
    for name in _types(kind):
        if name == "array":
            item = kind.get("items", {"type": "string"})
            is_text = _types(item) == ["string"] and "enum" not in item
            one = _ITEM if is_text else _plain(item)
            choices.append(Row((one, Many(Row((", ", one))))))
        else:
            choices.append(known[name])
    return _either(choices)


def _literals(kind: Mapping[str, Any]) -> Node:
    """An argument as a Python literal."""
    if "enum" in kind:
        return _either([repr(value) for value in kind["enum"]])
    known: dict[str, Node] = {
        "string": _QUOTED,
        "integer": _integer(kind),
        "number": _NUMBER,
        "boolean": Either(("True", "False")),
        "null": "None",
        "object": Row(("{", Many(Chars(r"\n", negated=True)), "}")),
    }
    choices: list[Node] = []
    for name in _types(kind):
        if name == "array":
            one = _literals(kind.get("items", {"type": "string"}))
            filled = Row((one, Many(Row((", ", one)))))
            choices.append(Row(("[", Either((filled, "")), "]")))
        else:
            choices.append(known[name])
    return _either(choices)


def _value(kind: Mapping[str, Any], written: str) -> Any:
    """Read back what `render_call` has written as plain text."""
    for name in _types(kind):
        if name == "array":
            item = kind.get("items", {"type": "string"})
            return [_value(item, part) for part in written.split(", ")]
        if name == "string":
            return written
        if name == "boolean" and written in ("true", "false"):
            return written == "true"
        value = _literal(written)
        if name != "boolean" and value is not written:
            return value
    return written


def _literal(written: str) -> Any:
    try:
        return ast.literal_eval(written)
    except (ValueError, SyntaxError):
        return written


def _regex(node: Node | _Named | list[str | _Named], named: bool = False) -> str:
    match node:
        case str():
            return re.escape(node).replace(r"\ ", " ").replace("\\\n", r"\n")
        case Chars(among, negated):
            return f"[{'^' if negated else ''}{_in_class(among)}]"
        case Many(part, least):
            return f"{_regex(part)}{'+' if least else '*'}"
        case Either(choices):
            return f"(?:{'|'.join(map(_regex, choices))})"
        case Row(parts):
            return f"(?:{''.join(map(_regex, parts))})"
        case _Named(name, part):
            return f"(?P<{name}>{_regex(part)})" if named else _regex(part)
        case list():
            return "".join(_regex(part, named) for part in node)
    raise TypeError(node)


def _gbnf(node: Node | _Named | list[str | _Named]) -> str:
    match node:
        case str():
            quoted = node.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            return f'"{quoted}"'
        case Chars(among, negated):
            return f"[{'^' if negated else ''}{_in_class(among)}]"
        case Many(part, least):
            return f"{_gbnf(part)}{'+' if least else '*'}"
        case Either(choices):
            return f"({' | '.join(map(_gbnf, choices))})"
        case Row(parts):
            return f"({' '.join(map(_gbnf, parts))})"
        case _Named(_, part):
            return _gbnf(part)
        case list():
            return " ".join(map(_gbnf, node))
    raise TypeError(node)


def _in_class(among: str) -> str:
    return among.replace("[", r"\[").replace("]", r"\]")


def _rule_name(name: str, place: int) -> str:
    """A name as GBNF has them: letters, digits and dashes, and no two alike."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return plain if plain == name and plain != "root" else f"{plain}-{place}"
