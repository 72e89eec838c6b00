"""Trajectories of experts, played when a test asks for them."""

from __future__ import annotations

from functools import cache

import gymnasium

import agentgym_envs
from agentgym_wrappers import ReActAction, RecordTrajectory

FAMILIES = tuple(
    spec.id
    for spec in agentgym_envs.SPECS
    if "." not in spec.name and spec.entry  # the family, not each of its tasks
)
QUICK = tuple(f"agentgym/{name}-v0" for name in ("Maze", "TextCraft", "Wordle"))


@cache
def expert_records(env_id: str, items: int = 2) -> tuple[dict, ...]:
    # Some of SciWorld's solutions are longer than its horizon.
    env = gymnasium.make(env_id, split="test", max_episode_steps=-1)
    recorded = RecordTrajectory(ReActAction(env), policy="expert")
    reply = recorded.env.write
    records = []
    for item in range(items):
        task = env.unwrapped.tasks[item]
        recorded.reset(seed=item, options={"item": task.id})
        while not env.unwrapped.is_over:
            recorded.step(reply(env.unwrapped.expert_action(), thought="I know."))
        records.append(recorded.trajectory)
    recorded.close()
    return tuple(records)
