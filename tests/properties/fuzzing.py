"""Actions that no environment expects, drawn from a seed or by hypothesis."""

from __future__ import annotations

import contextlib
import random
from typing import Any

import pytest
from hypothesis import strategies as st

import agentgym_envs
from agentgym_envs import render_call
from agentgym_envs.errors import NoExpertAction

FAMILIES = [
    spec.name for spec in agentgym_envs.SPECS if spec.entry and "." not in spec.name
]
# An engine that takes milliseconds for a step and more for the list of what is legal.
SLOW_ENGINES = {"SciWorld", "WebArena"}

every_family = pytest.mark.parametrize("family", FAMILIES)
# For tests of hundreds of episodes.
every_family_in_depth = pytest.mark.parametrize(
    "family",
    [
        pytest.param(f, marks=[pytest.mark.slow] if f in SLOW_ENGINES else [])
        for f in FAMILIES
    ],
)
both_modes = pytest.mark.parametrize("parity", [False, True], ids=["default", "parity"])


HUGE = "x" * 2**20  # a megabyte
SCRIPTS = "aZ09 .,:;!?_-\t\n\r\x00\x1b\x7f"
SCRIPTS += "\u00a0\u00fc\u0130\u200d\u202e\u6570\ud83d\U0001f3b2"
WORDS = (
    "go get craft using move left right up down pick pickup drop toggle turn forward "
    "check available actions through and red blue door key ball box 1 2 -1 0 99999 1e9 "
    "planks stick iron ingot oak log panic crane Action: Thought: </s> ``` { } [ ] None"
).split()


EXAMPLES = {
    "string": "red ball",
    "integer": 1,
    "number": 0.5,
    "boolean": True,
    "array": [],
    "object": {},
    "null": None,
}


def properties(entry: dict[str, Any]) -> dict[str, Any]:
    return entry["parameters"]["properties"]


def argument(kind: dict[str, Any]) -> Any:
    """A value that fits a parameter."""
    if "enum" in kind:
        return kind["enum"][0]
    type_ = kind.get("type", "string")
    return EXAMPLES[type_ if isinstance(type_, str) else type_[0]]


def legal_actions(env: Any) -> list[str]:
    """What does something now, none after the end.

    Where that can't be listed, the expert's next action and a call of each function.
    """
    agent = env.unwrapped
    listed = agent.admissible_actions()
    if listed is not None or agent.is_over:
        return listed or []
    calls = [
        render_call(
            agent.action_schema,
            entry["name"],
            {key: argument(kind) for key, kind in properties(entry).items()},
        )
        for entry in agent.action_schema
    ]
    with contextlib.suppress(NoExpertAction):
        calls.insert(0, agent.expert_action())
    return calls


def near_miss(draw: random.Random, action: str) -> str:
    """Damage a legal action a little."""
    at = draw.randrange(len(action) + 1)
    words = action.split()
    match draw.randrange(10):
        case 0:
            return action[:at] + action[at + 1 :]
        case 1:
            return action[:at] + draw.choice(SCRIPTS) + action[at:]
        case 2:
            return action.upper()
        case 3:
            return action.replace(" ", draw.choice(["  ", "\n", "\t", "_", ""]))
        case 4:
            draw.shuffle(words)
            return " ".join(words)
        case 5:
            return f"{action} {action}"
        case 6:
            return action + draw.choice([" ", "\n", ".", ",", " 2", "\x00"])
        case 7:
            return " ".join(words[:-1])
        case 8:
            return " ".join([*words, draw.choice(WORDS)])
        case _:
            words[draw.randrange(len(words))] = draw.choice(WORDS)
            return " ".join(words)


def any_action(draw: random.Random, legal: list[str]) -> str:
    """Draw a legal action, a near miss, a mixture of words, noise or a megabyte."""
    kind = draw.random()
    if kind < 0.35:
        return draw.choice(legal)
    if kind < 0.7:
        return near_miss(draw, draw.choice(legal))
    if kind < 0.85:
        return " ".join(draw.choices(WORDS, k=draw.randrange(8)))
    if kind < 0.999:
        return "".join(draw.choices(SCRIPTS, k=draw.randrange(60)))
    return HUGE + draw.choice(legal)


texts = st.text(st.characters(exclude_categories=()), max_size=60)
word_mixtures = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
numbers = st.integers(-(10**30), 10**30).map(str)


def actions(legal: list[str]) -> st.SearchStrategy[str]:
    """The same for hypothesis, which shrinks what fails."""
    known = st.sampled_from(legal)
    missed = st.builds(near_miss, st.randoms(use_true_random=False), known)
    mixed = st.builds("{} {}".format, st.sampled_from(WORDS), numbers | texts)
    return known | missed | word_mixtures | mixed | texts | st.just(HUGE)
