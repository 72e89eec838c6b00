from __future__ import annotations

import gymnasium
import pytest

from agentgym_envs import MalformedReply
from agentgym_wrappers import ReActAction
from agentgym_wrappers.original import (
    ONE_ACTION,
    PARSERS,
    after_last_mark,
    between_marks,
    only_line,
)


@pytest.mark.parametrize(
    ("reply", "action"),
    [
        ("Thought: x\nAction: move left", "move left"),
        ("Action: move left Action: move up", "move left"),
        ("  move left\n", "move left"),
        ("move left </s>", "move left"),
        # The clients cut five characters for a mark of four.
        ("move left</s>", "move lef"),
        ("Action: a\nb\nc", "a\nb\nc"),
        ("Action:", ""),
        ("", ""),
    ],
)
def test_maze_and_wordle_take_what_is_between_two_marks(reply, action):
    assert between_marks(reply) == action


@pytest.mark.parametrize(
    ("reply", "action"),
    [
        ("Thought: x\n\nAction:\nget 1 oak_log.\nand so on", "get 1 oaklog"),
        ("Action: craft 4 planks  using   1 log!", "craft 4 planks using 1 log"),
        ("Action:\n\n\n  go to red ball 1", "go to red ball 1"),
        ("Action: move forward</s>", "move forwards"),
        ("Action:", ""),
        ("move forward", ""),
        ("", ""),
        ("Action: größe", "gre"),
    ],
)
def test_textcraft_and_babyai_take_one_cleaned_line(reply, action):
    found = only_line(reply)
    assert found == action
    assert not isinstance(found, MalformedReply)


def test_textcraft_and_babyai_refuse_two_actions():
    found = only_line("Action: get 1 log\nAction: inventory")
    assert isinstance(found, MalformedReply)
    assert found.reason == ONE_ACTION


@pytest.mark.parametrize(
    ("reply", "action"),
    [
        ("Action: a Action: go to bed 1 ", "go to bed 1"),
        ("I click[Buy Now]", "I click[Buy Now]"),
        ("search[red shoes] </s>", "search[red shoes]"),
        ("go to bed 1", ""),
        ("Action:\nlook\n</s>", "look"),
    ],
)
def test_webshop_alfworld_and_sciworld_take_all_after_the_last_mark(reply, action):
    assert after_last_mark(reply) == action


@pytest.mark.parametrize("name", ["Maze", "TextCraft"])
def test_the_style_follows_the_family(name):
    env = ReActAction(gymnasium.make(f"agentgym/{name}-v0"), style="original")
    reply = "Thought: x\nAction: one\nAction: two"
    assert env.parse(reply) == PARSERS[name](reply)


def test_an_error_of_the_client_reaches_no_game():
    env = gymnasium.make("agentgym/TextCraft-v0", parity=True)
    env = ReActAction(env, style="original")
    env.reset(options={"item": 0})
    state = env.unwrapped.admissible_actions()
    text, reward, terminated, *_ = env.step("Action: get 1 log\nAction: inventory")
    assert (text, reward, terminated) == (ONE_ACTION, 0.0, False)
    assert env.unwrapped.admissible_actions() == state


def test_an_empty_action_reaches_the_game():
    env = ReActAction(gymnasium.make("agentgym/Wordle-v0", parity=True), "original")
    env.reset(options={"item": 0})
    text, *_, info = env.step("Action:")
    assert text == "invalid word"
    assert info["action"] == "" and info["reply_error"] == ""
