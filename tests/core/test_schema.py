from __future__ import annotations

import pytest

from agentgym_envs import render_call
from agentgym_envs.errors import BadOption
from agentgym_envs.schema import function

SCHEMA = [
    function("look", "Look around.", "look"),
    function(
        "move",
        "Walk.",
        "move {direction}",
        direction={"type": "string", "enum": ["left", "right"]},
    ),
    function(
        "get",
        "Take some.",
        "get {count} {item}",
        item={"type": "string"},
        count={"type": "integer", "minimum": 1, "default": 1},
    ),
    function(
        "craft",
        "Make something.",
        "craft {item} using {inputs}",
        item={"type": "string"},
        inputs={"type": "array", "items": {"type": "string"}},
    ),
    function(
        "flag", "Set.", "flag {on} {x}", on={"type": "boolean"}, x={"type": "number"}
    ),
]


@pytest.mark.parametrize(
    ("name", "arguments", "text"),
    [
        ("look", {}, "look"),
        ("move", {"direction": "left"}, "move left"),
        ("get", {"item": "oak log"}, "get 1 oak log"),
        ("get", {"item": "{count}", "count": 3}, "get 3 {count}"),
        ("craft", {"item": "a", "inputs": ["1 b", "2 c"]}, "craft a using 1 b, 2 c"),
        ("flag", {"on": True, "x": 1.5}, "flag true 1.5"),
    ],
)
def test_a_call_becomes_a_text(name, arguments, text):
    assert render_call(SCHEMA, name, arguments) == text


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("fly", {}, "there is no function 'fly'; there are look, move"),
        ("move", {}, "move needs the argument 'direction'"),
        ("move", {"direction": "up"}, "must be one of left, right, not 'up'"),
        ("move", {"direction": 3}, "must be of type string, not 3"),
        ("move", {"direction": "left", "speed": 2}, "takes no argument 'speed'"),
        ("look", {"x": 1}, "it takes none"),
        ("get", {"item": "x", "count": 0}, "at least 1"),
        ("get", {"item": "x", "count": True}, "type integer"),
        ("craft", {"item": "x", "inputs": "y"}, "type array"),
        ("craft", {"item": "x", "inputs": ["y", 3]}, r"inputs\)\[1\] must be of type"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(name, arguments, message):
    with pytest.raises(BadOption, match=message):
        render_call(SCHEMA, name, arguments)


def test_parameters_without_default_are_required():
    assert SCHEMA[2]["parameters"]["required"] == ["item"]
    assert SCHEMA[2]["parameters"]["additionalProperties"] is False
