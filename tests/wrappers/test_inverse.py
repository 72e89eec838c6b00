"""Text actions as the calls that they stand for."""

from __future__ import annotations

import gymnasium
import pytest

from agentgym_envs import render_call
from agentgym_envs.schema import function
from agentgym_wrappers.inverse import call_of

TOGGLE = function(
    "set",
    "Set.",
    "set {to} {rows!r}",
    to={"type": "boolean"},
    rows={"type": "array", "items": {"type": "integer"}},
)
# What experts say otherwise: without arguments that have defaults, and "look at" by
# another name that the engine has for it.
OTHERWISE = {"Sheet": "filter_cells", "SciWorld": "examine "}
SCALE = function("scale", "Scale.", "scale {by}", by={"type": "number"})


@pytest.mark.parametrize(
    ("action", "call"),
    [
        ("set true [1, 2]", ("set", {"to": True, "rows": [1, 2]})),
        ("set false []", ("set", {"to": False, "rows": []})),
        ("scale 2.5", ("scale", {"by": 2.5})),
        ("scale up", None),
        ("set maybe [1]", None),
        ("set true [1", None),
        ("", None),
    ],
)
def test_calls_are_found_in_their_types_or_not_at_all(action, call):
    assert call_of([TOGGLE, SCALE], action) == call


def test_experts_speak_in_calls(family):
    env = gymnasium.make(f"agentgym/{family}-v0", split="test", max_episode_steps=-1)
    agent = env.unwrapped
    agent.reset(seed=0)
    while not agent.is_over:
        action = agent.expert_action().rpartition("</think>")[2]
        found = call_of(agent.action_schema, action)
        if found is None:
            assert OTHERWISE[family] in action
        else:
            assert render_call(agent.action_schema, *found) == action
        *_, info = agent.step(action)
    assert info["success"]
