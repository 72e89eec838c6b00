from __future__ import annotations

import json
import re

import gymnasium
import pytest

from agentgym_envs import SPECS, render_call
from agentgym_envs.errors import BadOption, NoExpertAction
from agentgym_envs.schema import function
from agentgym_wrappers import FunctionCallAction
from agentgym_wrappers.grammar import find_call, gbnf, json_schema, regex, tools

FAMILIES = {spec.name.partition(".")[0]: spec.id for spec in reversed(SPECS)}
STEPS = 12

SAMPLE = [
    function("walk", "Walk.", "move {way}",
             way={"type": "string", "enum": ["up", "a.b"]}),
    function("get", "Get.", "get {n} {item}", n={"type": "integer", "minimum": 1},
             item={"type": "string"}),
    function("mix", "Mix.", "mix {items}",
             items={"type": "array", "items": {"type": "string"}}),
    function("call", "Call.", "f({{'a': {a!r}, 'b': {b!r}}})",
             a={"type": ["string", "null"]},
             b={"type": "array", "items": {"type": ["number", "boolean"]}}),
]  # fmt: skip
CALLS = [
    ("walk", {"way": "a.b"}, "move a.b"),
    ("get", {"n": 12, "item": "iron pickaxe (old)"}, "get 12 iron pickaxe (old)"),
    ("mix", {"items": ["red", "blue dye"]}, "mix red, blue dye"),
    ("call", {"a": None, "b": []}, "f({'a': None, 'b': []})"),
    ("call", {"a": "it's", "b": [1, -2.5, True]},
     "f({'a': \"it's\", 'b': [1, -2.5, True]})"),
    ("call", {"a": "both ' and \"\n", "b": [1e-07]},
     "f({'a': 'both \\' and \"\\n', 'b': [1e-07]})"),
]  # fmt: skip
OTHERS = [
    "move",
    "move a-b",
    "move up\n",
    " move up",
    "get 0 stick",
    "get -1 stick",
    "get 1 ",
    "mix ",
    "mix a,b",
    "f({'a': 'x, 'b': []})",
    "f({'a': x, 'b': []})",
    "f({'a': 'x', 'b': [1,2]})",
    "f({'a': 'x', 'b': ['y']})",
]


@pytest.fixture(params=["regex", "gbnf"])
def matches(request):
    """Whether an engine lets a model write a whole text under a grammar."""
    if request.param == "regex":

        def allowed(schema, text, action_format="text"):
            return bool(re.fullmatch(regex(schema, action_format), text))

        return allowed
    llguidance = pytest.importorskip("llguidance")
    from llguidance.gbnf_to_lark import gbnf_to_lark

    # A token per byte, as a model that spells everything would have.
    tokens = [bytes([byte]) for byte in range(256)]
    tokenizer = llguidance.LLTokenizer(llguidance.TokenizerWrapper(_Bytes(tokens)))

    def allowed(schema, text, action_format="text"):
        grammar = llguidance.LLMatcher.grammar_from_lark(
            gbnf_to_lark(gbnf(schema, action_format))
        )
        matcher = llguidance.LLMatcher(tokenizer, grammar)
        assert not matcher.is_error(), matcher.get_error()
        data = list(text.encode())
        return matcher.try_consume_tokens(data) == len(data) and matcher.is_accepting()

    return allowed


class _Bytes:
    def __init__(self, tokens):
        self.tokens = [*tokens, b"<end>"]
        self.eos_token_id, self.bos_token_id = 256, None
        self.special_token_ids = [256]

    def __call__(self, text):
        return list(text.encode() if isinstance(text, str) else text)


@pytest.mark.parametrize(("name", "arguments", "text"), CALLS)
def test_a_call_is_allowed_and_found_again(matches, name, arguments, text):
    assert render_call(SAMPLE, name, arguments) == text
    assert matches(SAMPLE, text)
    assert find_call(SAMPLE, text) == (name, arguments)


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_no_call_is_not_allowed(matches, text):
    assert not matches(SAMPLE, text)
    assert find_call(SAMPLE, text) is None


def test_a_thought_may_come_first(matches):
    text = "Thought:\nWhy not?\n\nAction:\nmove up"

    assert matches(SAMPLE, text, "react")
    assert not matches(SAMPLE, "move up", "react")
    assert not matches(SAMPLE, text, "text")
    with pytest.raises(BadOption):
        regex(SAMPLE, "code_as_action")


@pytest.mark.parametrize(
    "family",
    [
        # A Java runtime starts for it.
        pytest.param(name, marks=pytest.mark.slow if name == "SciWorld" else ())
        for name in FAMILIES
    ],
)
def test_what_experts_do_is_allowed_in_every_family(matches, family):
    try:
        env = gymnasium.make(FAMILIES[family])
    except gymnasium.error.Error as error:
        pytest.skip(str(error))
    agent = env.unwrapped
    for item in range(2):
        _, info = env.reset(options={"item": agent.tasks[item].id})
        for _ in range(STEPS):
            if info["end_reason"]:
                break
            try:
                action = agent.expert_action()
            except NoExpertAction:
                break
            said = action.rpartition("</think>")[2]  # some think aloud
            assert matches(agent.action_schema, said)
            name, arguments = find_call(agent.action_schema, said)
            assert render_call(agent.action_schema, name, arguments) == said
            *_, info = env.step(action)
    env.close()


def test_calls_fit_the_json_schema():
    jsonschema = pytest.importorskip("jsonschema")
    env = FunctionCallAction(gymnasium.make("agentgym/TextCraft-v0"))
    schema = json_schema(env.unwrapped.action_schema)
    jsonschema.Draft202012Validator.check_schema(schema)
    reply = env.write("get", {"item": "oak log", "amount": 2}, "I need wood.")

    jsonschema.validate(json.loads(reply), schema)
    assert env.parse(reply) == "get 2 oak log"
    for wrong in (
        {"function_name": "fly", "arguments": {}},
        {"function_name": "get", "arguments": {"item": "oak log", "amount": 0}},
        {"function_name": "get", "arguments": {"item": "oak log"}},
        {"function_name": "inventory"},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)


def test_tools_have_the_form_of_a_request():
    [tool] = tools(gymnasium.make("agentgym/Maze-v0").unwrapped.action_schema)

    assert tool["type"] == "function"
    assert tool["function"].keys() == {"name", "description", "parameters"}
