"""No reply, whatever it holds, gets an exception or much time out of a parser."""

from __future__ import annotations

import gymnasium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentgym_wrappers import (
    ChatObservation,
    CodeAction,
    FunctionCallAction,
    HistoryObservation,
    ReActAction,
)

WORDS = (
    "Action: Thought: Observation: action: ** ``` ` </s> <|im_end|> { } [ ] ( ) ' \" "
    "''' \"\"\" \\ , : = - + # move up direction function_name name arguments function "
    "null NaN 1e999 True None lambda f r"
)
PHRASES = ("\n", " ", "```python\n", "move('up')", '{"name": "move", "arguments": {')
PIECES = st.sampled_from([*WORDS.split(), *PHRASES])
REPLIES = st.one_of(
    st.text(),
    st.text(st.characters(codec=None), max_size=40),
    st.lists(PIECES, max_size=30).map("".join),
    st.lists(PIECES, max_size=30).map(" ".join),
)


def parsers():
    for family in ("Maze", "Wordle", "TextCraft", "BabyAI"):
        env = gymnasium.make(f"agentgym/{family}-v0")
        yield ReActAction(env, style="original")
    env = gymnasium.make("agentgym/Maze-v0")
    yield ReActAction(env)
    yield FunctionCallAction(env)
    yield CodeAction(env)


PARSERS = list(parsers())


@given(REPLIES)
def test_any_reply_is_parsed(reply):
    for env in PARSERS:
        found = env.parse(reply)
        assert isinstance(found, str)
        assert found == env.parse(reply)


@pytest.mark.parametrize("wrap", [ReActAction, FunctionCallAction, CodeAction])
@settings(max_examples=50)
@given(replies=st.lists(REPLIES, max_size=8))
def test_any_reply_is_played_within_the_spaces(wrap, replies):
    env = wrap(gymnasium.make("agentgym/Maze-v0"))
    env = ChatObservation(HistoryObservation(env, turns=2))
    env.reset(seed=1)
    for reply in replies:
        observation, *_, info = env.step(reply)
        assert observation in env.observation_space
        assert isinstance(info["action"], str)
        if info["end_reason"]:
            break


@pytest.mark.parametrize(
    "piece",
    [
        *("Action:", "action:", "\n", " ", "\t", "```", "```\n", "```python\n", "`"),
        *("</s>", "**", "{", "[", "}", '{"a":', "'", '"', "'''", "\\", "(", "f(", "-"),
        *("1", "\0", "Thought:", "\nObservation:", "Action:\n", "Action: </s>", "é"),
    ],
)
def test_a_megabyte_of_anything_is_parsed_at_once(piece):
    reply = piece * (10**6 // len(piece))
    for text in (reply, f"Action: {reply}", f"{{{reply}}}", f"```python\n{reply}"):
        for env in PARSERS:
            assert isinstance(env.parse(text), str)
