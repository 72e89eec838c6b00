from __future__ import annotations

import ast

import gymnasium
import pytest

from agentgym_envs import MalformedReply
from agentgym_envs.schema import function
from agentgym_wrappers import CodeAction
from agentgym_wrappers.calls import BadCall
from agentgym_wrappers.literal_call import parse_call

TEXT = {"type": "string"}
MIX = function(
    "mix",
    "Mix things.",
    "mix {what} in {where}, {times} times",
    what={"type": "array", "items": TEXT, "description": "what to mix"},
    where={"type": "string", "enum": ["cup", "bowl"]},
    times={"type": "integer", "default": 1},
)


@pytest.fixture
def env(maze, monkeypatch):
    monkeypatch.setattr(type(maze.unwrapped), "action_schema", [MIX])
    return CodeAction(maze)


@pytest.mark.parametrize(
    "reply",
    [
        "mix(['a', 'b'], 'cup')",
        "```python\n# two things\nmix(['a', 'b'], 'cup')\n```",
        "I mix.\n```python\n# two things\nmix(['a', 'b'], where='cup')\n```\nDone.",
        "```\nmix(what=('a', 'b'), where='cup')\n```",
        "```py\nmix(where='cup', what=['a', 'b'], times=+1)",
        "```Python\n  mix(\n    ['a', 'b'],  # these\n    '''cup''',\n    1,\n  )\n```",
    ],
)
def test_a_call_becomes_the_action(env, reply):
    found = env.parse(reply)
    assert found == "mix a, b in cup, 1 times"
    assert not isinstance(found, MalformedReply)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", "one function call"),
        ("mix", "one function call"),
        ("1", "one function call"),
        ("'mix'", "one function call"),
        ("x = mix([], 'cup')", "one function call"),
        ("mix([], 'cup')\nmix([], 'cup')", "one function call"),
        ("mix([], 'cup'); mix([], 'cup')", "no use for ';'"),
        ("import os", "one function call"),
        ("lambda: 1", "one function call"),
        ("env.mix([], 'cup')", "no use for '.'"),
        ("__import__('os').system('true')", "no use for '.'"),
        ("mix(['a'] * 9, 'cup')", "no use for '*'"),
        ("mix(open('secret'), 'cup')", "plain values"),
        ("mix(what, 'cup')", "plain values"),
        ("mix({'a', 'b'}, 'cup')", "plain values"),
        ("mix([1 + 1], 'cup')", "no use for '+'"),
        ("mix(--1, 'cup')", "no use for '-'"),
        ("mix(-'a', 'cup')", "plain values"),
        ("mix({1: 2}, 'cup')", "plain values"),
        ("mix(1j, 'cup')", "no use for '1'"),
        ("mix(f'{1}', 'cup')", 'no use for "\'"'),
        ("mix(b'a', 'cup')", 'no use for "\'"'),
        ("mix(*['a'], 'cup')", "no use for '*'"),
        ("mix(['a'], 'cup'", "not valid Python"),
        ("mix(['a'], 'cup", 'no use for "\'"'),
        ("mix(['a'], 'cup', 1, 2)", "at most 3 arguments"),
        ("mix(['a'], what=['b'])", "'what' twice"),
        ("mix(what=['a'], what=['b'])", "'what' twice"),
        ("mix(['a'], 'cup', how=1)", "no argument 'how'"),
        ("mix(['a'])", "needs the argument 'where'"),
        ("mix(['a'], 'bag')", "one of cup, bowl"),
        ("mix(['a'], 'cup', True)", "type integer"),
        ("mix(['a'], 'cup', 1e999)", "finite"),
        ("stir()", "no function 'stir'"),
        ("mix(" + "[" * 200 + "]" * 200 + ")", "nested too deeply"),
        ("(" * 8000, "nested too deeply"),
        ("mix" + "()" * 8000, "no use for '('"),
        ("-" * 16000 + "1", "no use for '-'"),
        ("1" + "-1" * 8000, "no use for '-'"),
        ("not " * 4000 + "1", "one function call"),
        ("x" * 10**6, "characters"),
        ("mix(" + "9" * 5000 + ")", "not valid Python"),
        ("\0mix()", "no use for"),
        ("mix(['\ud800'], 'cup')", "not valid Python"),
    ],
)
def test_what_is_no_plain_call_is_told_why(env, code, reason):
    found = env.parse(code)
    assert isinstance(found, MalformedReply)
    assert reason in found.reason
    assert len(found.reason) < 1000


def test_two_blocks_are_one_too_many(env):
    found = env.parse("```\nmix([], 'cup')\n```\nor\n```\nmix([], 'bowl')\n```")
    assert "more than one block" in found.reason


def test_a_written_call_is_read_back(env):
    arguments = {"what": ["it's", 'a "b"'], "where": "bowl", "times": 2}
    reply = env.write("mix", arguments, thought="First\nthen")
    assert reply.startswith("```python\n# First\n# then\nmix(what=")
    assert env.parse(reply) == 'mix it\'s, a "b" in bowl, 2 times'


def test_literals_are_what_python_says_they_are():
    values = r"'\n\x41', r'\n', 1_000, .5, -2e-3, None, True, {'a': [1, (2,)]}"
    code = f"f({values}, k='a' 'b')"
    name, values, named = parse_call(code)
    assert name == "f"
    assert values == ["\nA", r"\n", 1000, 0.5, -0.002, None, True, {"a": [1, [2]]}]
    assert named == {"k": "ab"}


def test_nothing_nested_reaches_the_parser(monkeypatch):
    seen = []
    monkeypatch.setattr(ast, "parse", lambda code: seen.append(code))
    for code in ("f()()" * 99, "1" + "-1" * 99, "not " * 99, "[" * 99, "a.b" * 99):
        with pytest.raises(BadCall):
            parse_call(code)
    assert seen == []


def test_an_unknown_escape_warns_nobody(recwarn):
    assert parse_call(r"f('\d')")[1] == [r"\d"]
    assert not recwarn.list


def test_each_family_describes_its_functions_in_python(family):
    env = CodeAction(gymnasium.make(f"agentgym/{family}-v0"))
    env.reset(seed=0)
    block = env.describe().split("```")[1].removeprefix("python\n")
    names = [f["name"] for f in env.unwrapped.action_schema]
    assert [node.name for node in ast.parse(block).body] == names
