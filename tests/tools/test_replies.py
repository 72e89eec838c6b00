from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agentgym_envs.tools.replies import find_call, read_call, read_reply, write_call

# The two searches of the original, which our linear ones must agree with.
FIRST = re.compile(r"\s*(.*?)\s*with\s*Action Input:\s*(.*?)$")
SECOND = re.compile(
    r".*?Action:\s*(.*?)\s*with\s*Action Input:\s*(.*?)$", re.DOTALL | re.MULTILINE
)

PIECES = [
    "with",
    "Action Input:",
    "Action:",
    " ",
    "\n",
    "\t",
    "x",
    "{}",
    "\r",
    "\u2028",
]
replies = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@given(replies)
@example("Action: a with\nAction Input:\n\n{}\n")
@example("with Action Input: with Action Input:\n")
@example("Action: a with Action Input: {}\n\n")
def test_calls_are_found_where_the_original_finds_them(reply):
    match = FIRST.search(reply)
    found = f"{match[1]} with Action Input: {match[2]}" if match else None
    assert find_call(reply) == found
    if found is None:
        return
    parts = SECOND.match(found)
    assert read_call(found) == (parts.groups() if parts else None)


@given(replies)
@example("Action: a with Action Input: {}\n")
@example("with\nAction: a with Action Input: {}")
@example("Action: a with Action Input:\nAction: b with Action Input: {}")
@example("Action:with Action Input: {}")
@example("x with Action Input: Action: b with Action Input: {}")
def test_the_short_way_to_a_call_ends_where_the_long_one_does(reply):
    request = read_reply(reply)
    if request is not None:
        assert request == read_call(find_call(reply), needs_word=False)


def test_usual_replies_take_the_short_way():
    call = write_call("look", {"a": "é", "b": [1, None]})
    for reply in (call, f"Thought: I look.\n\n{call}", f"{call}\n"):
        assert read_reply(reply) == ("look", "{'a': 'é', 'b': [1, None]}")


@pytest.mark.parametrize(
    "reply",
    [
        "Thought: I look.\n\nAction: look with Action Input: {'a': 1}",
        "Action: look with Action Input: {'a': 1}  \n",
        "Action: first with Action Input: {}\nAction: look with Action Input: {'a': 1}",
        "Action: look with Action Input:\n{'a': 1}",
    ],
)
def test_the_last_line_is_the_call(reply):
    name, text = read_call(find_call(reply))
    assert name == "look" and text.strip() == "{'a': 1}"


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "Action: look",
        "Action: look with action input: {}",
        "Action: look with Action Input: {}\nObservation: none",
        "Action: look with Action Input: {'a':\n1}",
    ],
)
def test_other_replies_hold_no_call(reply):
    assert find_call(reply) is None


def test_the_word_action_may_be_left_out_on_request():
    assert read_call("look with Action Input: {}") is None
    assert read_call("look with Action Input: {}", needs_word=False) == ("look", "{}")
    quoting = "look with Action Input: 'Action: x'"
    assert read_call(quoting, needs_word=False) == ("look", "'Action: x'")


def test_what_is_written_is_read_back():
    text = write_call("look", {"a": "it's\nhere", "b": [1, None]})
    assert read_call(find_call(text)) == (
        "look",
        r"{'a': \"it's\nhere\", 'b': [1, None]}".replace('\\"', '"'),
    )


@pytest.mark.parametrize(
    "unit",
    [
        " ",
        "with",
        "with ",
        "Action:",
        "\n",
        "with Action Input:",
        "with Action Input:\n",
    ],
)
def test_long_replies_are_read_at_once(unit):
    reply = unit * (4096 // len(unit))
    begin = time.process_time()
    found = find_call(reply)
    if found is not None:
        read_call(found)
    assert time.process_time() - begin < 1.0
