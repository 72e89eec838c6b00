"""Agents that don't look up what is asked solve next to nothing."""

from __future__ import annotations

import random
import re

import gymnasium
import pytest

from agentgym_envs import SPECS
from agentgym_envs.tools.replies import write_call

FAMILIES = [spec.name for spec in SPECS if spec.entry and spec.scenario == "tools"]
MOST = 0.05  # of the test items, for each of the agents
WORDS = re.compile(r"'([^'\n]{1,80})'|(-?[0-9]+(?:\.[0-9]+)?)")


def does_nothing(rng, env, text):
    return ""


def says_no(rng, env, text):
    return write_call("finish", {"answer": "No"})


def says_zero(rng, env, text):
    return write_call("finish", {"answer": 0})


def says_done(rng, env, text):
    return write_call("finish", {"answer": "done"})


def acts_at_random(rng, env, text):
    """Call any tool, with values from the last observation."""
    tool = rng.choice(env.unwrapped.action_schema)
    seen = [word or float(number) for word, number in WORDS.findall(text)]
    seen += [env.unwrapped.goal.split()[-1], 0, 1, 2, "Yes", "No", "done"]
    names = tool["parameters"]["properties"]
    return write_call(tool["name"], {name: rng.choice(seen) for name in names})


def successes(env, agent):
    rng = random.Random(0)
    won = 0
    for task in env.unwrapped.tasks:
        text, _ = env.reset(seed=0, options={"item": task.index})
        over = False
        while not over:
            text, *_, terminated, truncated, info = env.step(agent(rng, env, text))
            over = terminated or truncated
        won += info["success"]
    return won


@pytest.mark.parametrize(
    "agent", [does_nothing, says_no, says_zero, says_done, acts_at_random]
)
@pytest.mark.parametrize("family", FAMILIES)
def test_an_agent_that_does_not_look_solves_next_to_nothing(family, agent):
    env = gymnasium.make(f"agentgym/{family}-v0", split="test")
    won, count = successes(env, agent), len(env.unwrapped.tasks)
    print(f"{family}: {agent.__name__} solves {won} of {count}")
    assert won < MOST * count
