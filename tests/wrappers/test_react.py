from __future__ import annotations

import pytest

from agentgym_envs import MalformedReply
from agentgym_wrappers import ReActAction
from agentgym_wrappers.thought_action import parse_react


@pytest.mark.parametrize(
    ("reply", "action"),
    [
        ("Thought: left is free.\nAction: move left", "move left"),
        ("Thought:\nleft is free.\n\nAction:\nmove left", "move left"),
        ("Action: move up\nNo, wait.\nAction: move left", "move left"),
        ("Action: move left</s>", "move left"),
        ("Action: move left </s>\n</s>", "move left"),
        ("Action: move left<|im_end|>\n", "move left"),
        ("Action:\n```\nmove left\n```", "move left"),
        ("Action:\n```text\nmove left\n```\nThat should do.", "move left"),
        ("Action: ```move left```", "move left"),
        ("Action: ```look```", "look"),
        ("```\nThought: hm\nAction: move left\n```", "move left"),
        ("Action: `move left`", "move left"),
        ("**Action:** move left", "move left"),
        ("**Action: move left**", "move left"),
        ("**Action**: move left", "move left"),
        ("Thought: hm\naction: move left", "move left"),
        ("## ACTION:\nmove left", "move left"),
        ("Action: move left\nObservation: You win!", "move left"),
        ("Action: move left\n\nThought: that was easy.", "move left"),
        ("Action: search[größe ✓ 大きい]", "search[größe ✓ 大きい]"),
        ("Action: SELECT *\nFROM t", "SELECT *\nFROM t"),
        ("Thought: ``` Action: move left", "move left"),
    ],
)
def test_the_action_is_found(reply, action):
    found = parse_react(reply)
    assert found == action
    assert not isinstance(found, MalformedReply)


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "move left",
        "I take action by moving left.",
        "Thought: what now?",
        "Action:",
        "Action:   </s>",
        "Action: ``````",
        "Action: \nThought: hm",
    ],
)
def test_a_reply_without_an_action_is_told_the_form(reply):
    found = parse_react(reply)
    assert isinstance(found, MalformedReply)
    assert found == reply
    assert "Action:" in found.reason


def test_a_malformed_reply_costs_a_step_and_leaves_the_game_alone(maze):
    env = ReActAction(maze)
    before, _ = env.reset(options={"item": 2})
    place = env.unwrapped.admissible_actions()
    text, reward, terminated, truncated, info = env.step("move left")
    assert "Reply in this form" in text and text != before
    assert (reward, terminated, truncated) == (0.0, False, False)
    assert info["invalid_action"] and info["steps"] == 1
    assert info["action"] == "" and info["reply_error"] == text
    assert env.unwrapped.admissible_actions() == place


def test_a_reply_moves_the_game(maze):
    env = ReActAction(maze)
    env.reset(options={"item": 2})
    text, *_, info = env.step("Thought: go.\nAction: move left")
    assert "position 1, 2" in text
    assert info["action"] == "move left" and info["reply_error"] == ""


def test_a_written_reply_is_read_back(maze):
    env = ReActAction(maze)
    reply = env.write("move left", thought="The goal is there.")
    assert reply == "Thought:\nThe goal is there.\n\nAction:\nmove left"
    assert env.parse(reply) == "move left"


def test_the_instructions_tell_the_form(maze):
    env = ReActAction(maze)
    assert env.instructions.startswith(maze.unwrapped.instructions)
    assert env.instructions.endswith("Action:\n<one action>")


def test_only_strings_are_replies(maze):
    env = ReActAction(maze)
    env.reset()
    with pytest.raises(TypeError, match="reply"):
        env.step(3)


def test_an_unknown_style_is_refused(maze):
    with pytest.raises(ValueError, match="style"):
        ReActAction(maze, style="modern")
