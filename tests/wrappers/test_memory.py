from __future__ import annotations

import pytest

from agentgym_wrappers import (
    ByteTokens,
    ChatObservation,
    FunctionCallAction,
    HistoryObservation,
    ReActAction,
)


def test_history_tells_the_latest_turns(wordle):
    env = HistoryObservation(wordle, turns=2, template="[{observation}|{action}]")
    first, _ = env.reset(options={"item": 0})
    assert first == "Let's start Wordle!"
    one, *_ = env.step("crane")
    assert one == "[Let's start Wordle!|crane]b b b b y\n"
    env.step("slump")
    three, *_ = env.step("x")
    assert three.startswith("[b b b b y|crane]") is False
    assert three.count("[") == 2 and three.startswith("[b b b b y|slump]")


def test_history_is_empty_after_a_reset(wordle):
    env = HistoryObservation(wordle, turns=2)
    env.reset(options={"item": 0})
    env.step("crane")
    assert env.reset(options={"item": 0})[0] == "Let's start Wordle!"


def test_history_without_turns_changes_nothing(wordle):
    env = HistoryObservation(wordle, turns=0)
    env.reset(options={"item": 0})
    assert env.step("crane")[0] == "b b b b y\n"


def test_history_of_endless_replies_stays_in_the_space(wordle):
    env = HistoryObservation(wordle, turns=1, template="{action}{action}{observation}")
    env.reset(options={"item": 0})
    text, *_ = env.step("x" * 10**6)
    assert text in env.observation_space


@pytest.mark.parametrize("turns", [-1])
def test_history_refuses_less_than_no_turns(wordle, turns):
    with pytest.raises(ValueError, match="turns"):
        HistoryObservation(wordle, turns=turns)


def test_chat_tells_the_whole_episode(wordle):
    env = ChatObservation(ReActAction(wordle))
    first, _ = env.reset(options={"item": 0})
    assert [m["role"] for m in first] == ["system", "user"]
    assert first[0]["content"] == env.get_wrapper_attr("instructions")
    assert "Thought:" in first[0]["content"]
    second, *_ = env.step("Thought: x\nAction: crane</s>")
    assert second[:2] == first
    assert second[2:] == (
        {"role": "assistant", "content": "Thought: x\nAction: crane</s>"},
        {"role": "user", "content": "b b b b y\n"},
    )
    assert second in env.observation_space


def test_chat_may_have_another_or_no_system_message(wordle):
    messages, _ = ChatObservation(wordle, system="Play.").reset()
    assert messages[0] == {"role": "system", "content": "Play."}
    messages, _ = ChatObservation(wordle, system="").reset()
    assert [m["role"] for m in messages] == ["user"]


def test_chat_hands_out_fresh_messages(wordle):
    env = ChatObservation(wordle)
    first, _ = env.reset()
    first[0]["content"] = "changed"
    assert env.step("crane")[0][0]["content"] != "changed"


def test_chat_tells_the_functions_of_the_reply_format(wordle):
    env = ChatObservation(FunctionCallAction(wordle))
    assert "function_name" in env.reset()[0][0]["content"]


def test_bytes_of_a_chat_are_those_of_its_latest_text(wordle):
    env = ByteTokens(ChatObservation(wordle), length=8, side="right")
    assert bytes(env.reset()[0].tolist()) == b"Let's st"
