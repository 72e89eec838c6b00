"""Episodes with tools don't meet, and calls near their grammar are answered."""

from __future__ import annotations

import random
from functools import lru_cache

import gymnasium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import agentgym_envs  # noqa: F401  # registers the ids

FAMILIES = ["Weather", "Movie", "Academia", "Sheet", "TODOList"]
EPISODES = 64


def make(family, parity=False):
    return gymnasium.make(f"agentgym/{family}-v0", split="all", parity=parity)


shared = lru_cache(make)


def plans(family):
    """What 64 agents will do: the expert's calls, and some of other episodes."""
    env, draw = make(family), random.Random(family)
    for number in range(EPISODES):
        item = draw.choice([number, 200 + number // 4])
        env.reset(options={"item": item})
        path = [str(call) for call in env.unwrapped.task.payload["path"]]
        wandering = draw.sample(path, len(path) // 2)
        yield item, [*wandering, "look", *path]


def play(env, item, actions):
    """Give one observation after the other."""
    yield env.reset(options={"item": item})
    for action in actions:
        if not env.unwrapped.is_over:
            yield env.step(action)


@pytest.mark.parametrize("family", FAMILIES)
def test_64_episodes_at_once_equal_64_one_after_the_other(family):
    known = list(plans(family))
    one = make(family)
    alone = [list(play(one, item, actions)) for item, actions in known]
    running = [play(make(family), item, actions) for item, actions in known]
    together = [[] for _ in known]
    draw = random.Random(0)
    unfinished = list(range(EPISODES))
    while unfinished:
        number = draw.choice(unfinished)
        try:
            together[number].append(next(running[number]))
        except StopIteration:
            unfinished.remove(number)
    assert together == alone


# A grammar of calls: arguments are Python's or JSON's literals, expressions, or junk.
atoms = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats()
    | st.text(st.characters(codec="utf-8"), max_size=12)
    | st.sampled_from(["A1", "B2:C3", "PaperNet", "2016-01-31", "2300000001", "rows"])
).map(repr) | st.sampled_from(
    [
        "null",
        "true",
        "re.compile('x')",
        "1/0",
        "'a' * 9999",
        "math.pi",
        "open('x')",
        "(",
    ]
)
values = st.recursive(
    atoms,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]")
        | st.tuples(inner, st.sampled_from("+-*/%"), inner).map(" ".join)
    ),
    max_leaves=5,
)


@st.composite
def replies(draw, schema):
    """Draw a reply that calls a tool, or nearly does."""
    tool = draw(st.sampled_from(schema))
    names = list(tool["parameters"]["properties"])[draw(st.integers(0, 9)) == 9 :]
    inside = ", ".join(f"{name!r}: {draw(values)}" for name in names)
    thought = draw(st.sampled_from(["", "Thought: I look.\n\n", "Action: x\n"]))
    word = draw(st.sampled_from(["Action: ", "", "action: "]))
    between = draw(
        st.sampled_from([" with Action Input: ", "with\nAction Input:", " "])
    )
    end = draw(st.sampled_from(["", "\n", " ", "}", "\nObservation: x"]))
    return f"{thought}{word}{tool['name']}{between}{{{inside}}}{end}"


@pytest.mark.parametrize("parity", [False, True])
@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=25)
@given(data=st.data(), item=st.integers(0, 299))
def test_calls_of_the_grammar_are_answered(family, parity, data, item):
    env = shared(family, parity)
    env.reset(options={"item": item})
    for _ in range(3):
        if env.unwrapped.is_over:
            break
        reply = data.draw(replies(env.unwrapped.action_schema))
        text, reward, *_, info = env.step(reply)
        assert text in env.observation_space and text
        assert 0.0 <= reward <= 1.0 and 0.0 <= info["score"] <= 1.0


@pytest.mark.parametrize("family", ["Weather", "Movie"])
def test_remembered_answers_are_those_that_the_backend_gives(family, monkeypatch):
    known = list(plans(family))[:20]
    env = make(family)
    twice = [list(play(env, *plan)) for plan in known + known]
    assert type(env.unwrapped)._remembered
    monkeypatch.setattr(type(env.unwrapped), "_setting", lambda self: None)
    assert twice == [list(play(env, *plan)) for plan in known] * 2


def test_what_was_answered_on_one_day_is_not_told_on_another():
    call = (
        "Action: get_historical_rain with Action Input: {'latitude': 0, 'longitude': "
        "0, 'start_date': '2020-06-01', 'end_date': '2020-06-02'}"
    )
    env = make("Weather")
    told = {}
    for item in range(40):
        env.reset(options={"item": item})
        is_past = env.unwrapped.task.payload["setup"]["date"] > "2020-06-02"
        told.setdefault(is_past, set()).add(env.step(call)[0])
    assert told[False] == {
        "Observation: Error: start_date should be earlier than current_date\n"
        "Give me one action."
    }
    assert len(told[True]) == 1 and "rain_sum" in told[True].pop()
