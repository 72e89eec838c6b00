from __future__ import annotations

import json

import gymnasium
import pytest

from agentgym_envs import MalformedReply
from agentgym_wrappers import FunctionCallAction


@pytest.fixture
def env(maze):
    return FunctionCallAction(maze)


@pytest.mark.parametrize(
    "reply",
    [
        '{"thought": "x", "function_name": "move", "arguments": {"direction": "up"}}',
        '```json\n{"function_name": "move", "arguments": {"direction": "up"}}\n```',
        '{"name": "move", "arguments": {"direction": "up"}}',
        '{"name": "move", "arguments": "{\\"direction\\": \\"up\\"}"}',
        '{"type": "function", "function": {"name": "move", "arguments": '
        '"{\\"direction\\": \\"up\\"}"}}',
        '{"thought": "line\nbreak {and} braces", "function_name": "move", '
        '"arguments": {"direction": "up"}}</s>',
        '{"thought": {"deep": {"er": []}}, "name": "move", '
        '"arguments": {"direction": "up"}}',
    ],
)
def test_a_call_becomes_the_action(env, reply):
    found = env.parse(reply)
    assert found == "move up"
    assert not isinstance(found, MalformedReply)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("", "no JSON object"),
        ("move up", "no JSON object"),
        ("} {", "no JSON object"),
        ("{", "no JSON object"),
        ("{}", "function_name"),
        ('{"function_name": "move"', "no JSON object"),
        ('{"function_name": "move",}', "not valid JSON"),
        ('I see {walls}. {"function_name": "move"}', "not valid JSON"),
        ('{"function_name": 7}', "function_name"),
        ('{"function_name": null}', "function_name"),
        ('{"function_name": "move"}', "needs the argument 'direction'"),
        ('{"function_name": "fly", "arguments": {}}', "no function 'fly'"),
        ('{"name": "move", "arguments": []}', "must be an object"),
        ('{"name": "move", "arguments": null}', "must be an object"),
        ('{"name": "move", "arguments": "up"}', "not valid JSON"),
        ('{"name": "move", "arguments": "null"}', "must be an object"),
        ('{"name": "move", "arguments": {"direction": "out"}}', "one of"),
        ('{"name": "move", "arguments": {"direction": 1}}', "type string"),
        ('{"name": "move", "arguments": {"direction": NaN}}', "NaN"),
        ('{"name": "move", "arguments": {"direction": -Infinity}}', "-Infinity"),
        ('{"name": "move", "arguments": {"direction": 1e999}}', "finite"),
        ('{"name": "move", "arguments": {"way": "up"}}', "no argument 'way'"),
        (
            '{"name": "move", "arguments": {"direction": "up", "direction": "up"}}',
            "'direction' appears twice",
        ),
        ('{"name": "a", "name": "b"}', "'name' appears twice"),
        ('{"name": "' + "x" * 10**6 + '"}', "characters"),
        ('{"name": ' + "[" * 10**4 + "]" * 10**4 + "}", "characters"),
        ('{"name": ' + "[" * 5000 + "]" * 5000 + "}", "nested too deeply"),
        ('{"name": ' + "[" * 50 + "]" * 50 + "}", "nested too deeply"),
        ('{"a":' * 2000 + "1" + "}" * 2000, "nested too deeply"),
        ('{"name": ' + "1" * 9999 + "}", "not valid JSON"),
    ],
)
def test_what_is_no_call_is_told_why(env, reply, reason):
    found = env.parse(reply)
    assert isinstance(found, MalformedReply)
    assert reason in found.reason
    assert len(found.reason) < 1000


def test_the_reason_is_the_observation(env):
    env.reset(options={"item": 2})
    text, *_, info = env.step('{"name": "fly"}')
    assert text == "There is no function 'fly'; there are move."
    assert info["invalid_action"] and info["steps"] == 1


def test_a_written_call_is_read_back(env):
    reply = env.write("move", {"direction": "up"}, thought="größe")
    assert list(json.loads(reply)) == ["thought", "function_name", "arguments"]
    assert "größe" in reply
    assert env.parse(reply) == "move up"


def test_each_family_describes_all_its_functions(family):
    env = FunctionCallAction(gymnasium.make(f"agentgym/{family}-v0"))
    env.reset(seed=0)
    for function in env.unwrapped.action_schema:
        assert json.dumps(function["description"]) in env.describe()
    assert '"template"' not in env.describe()
    assert env.instructions.endswith(env.describe())
