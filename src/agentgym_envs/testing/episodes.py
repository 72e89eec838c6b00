"""Checks of episodes: beginning and end, limits, experts, admissible actions."""

from __future__ import annotations

import contextlib
import random

import gymnasium

from agentgym_envs.errors import NoExpertAction, ResetNeeded
from agentgym_envs.testing.subject import (
    Env,
    Subject,
    agent,
    expect,
    expect_error,
    walk,
)

EXPERT_STEPS = 1000  # an expert who needs more than this is walking in circles


def check_end(subject: Subject) -> None:
    """A step before the first reset and after the end raises."""
    env = subject.make(horizon=1)
    with expect_error(ResetNeeded, "a step before the first reset"):
        env.step("anything")
    with expect_error(ResetNeeded, "a snapshot before the first reset"):
        agent(env).snapshot()
    env.reset(seed=0)
    _, _, terminated, truncated, info = env.step("anything")
    expect(terminated or truncated, "a horizon of 1 does not end the first step")
    expect(info["end_reason"], "the end has no reason")
    if not agent(env).parity:
        with expect_error(ResetNeeded, "a step after the end"):
            env.step("anything")
        with expect_error(NoExpertAction, "an expert after the end"):
            agent(env).expert_action()
    env.close()
    env.close()


def check_horizon(subject: Subject) -> None:
    """The limit is the registered one or the caller's, and snapshots carry it."""
    spec = gymnasium.spec(subject.env_id)
    if not {"horizon", "max_episode_steps"} & subject.kwargs.keys():
        env = subject.make()
        expect(agent(env).horizon == spec.max_episode_steps, "the horizon is another")
    for keyword in ("horizon", "max_episode_steps"):
        env = subject.make(**{keyword: 3})
        expect(
            env.spec is not None and env.spec.max_episode_steps == 3,
            f"the spec does not tell {keyword}",
        )
        env.reset(seed=0)
        env.step("nonsense 1")
        kept = agent(env).snapshot()
        for _ in range(2):
            ends: list[bool] = []
            while not (ends and ends[-1]):
                _, _, terminated, truncated, info = env.step("nonsense 2")
                ends.append(terminated or truncated)
            expect(len(ends) <= 2, f"{keyword}=3 lasts {len(ends) + 1} steps")
            if truncated:
                expect(len(ends) == 2, "a restored episode ends too early")
                expect(info["end_reason"] == "horizon", "the reason is not the horizon")
            agent(env).restore(kept)


def check_expert(subject: Subject) -> None:
    """The expert wins items of both splits, and after a few random steps too."""
    for split in ("train", "test"):
        env = subject.make(split=split, max_episode_steps=-1)
        tasks = agent(env).tasks
        for position in (0, len(tasks) // 3, -2):
            env.reset(seed=0, options={"item": tasks[position].index})
            expect(_expert_wins(env), f"the expert loses {tasks[position].id}")
    env.reset(seed=1)
    walk(env, random.Random(1), 2)
    if not agent(env).is_over:
        before = agent(env).snapshot()
        with contextlib.suppress(NoExpertAction):  # some steps can't be undone
            agent(env).expert_action()
        expect(agent(env).snapshot() == before, "asking the expert changes the state")
        with contextlib.suppress(NoExpertAction):
            expect(_expert_wins(env), "the expert loses after random steps")


def _expert_wins(env: Env) -> bool:
    for _ in range(EXPERT_STEPS):
        _, reward, terminated, truncated, info = env.step(agent(env).expert_action())
        if terminated or truncated:
            return bool(info["success"] and float(reward) > 0)
    return False


def check_admissible_actions(subject: Subject) -> None:
    """Each listed action is valid, and listing them changes nothing."""
    env = subject.make(max_episode_steps=-1)
    env.reset(seed=3)
    for _ in range(4):
        before = agent(env).snapshot()
        actions = agent(env).admissible_actions()
        expect(agent(env).snapshot() == before, "listing actions changes the state")
        if actions is None:
            return
        expect(type(actions) is list, "the admissible actions are no list")
        expect(len(set(actions)) == len(actions), "an action is listed twice")
        expect(actions, "no action is listed in a running episode")
        for action in actions[:40]:
            *_, info = env.step(action)
            expect(not info["invalid_action"], f"{action!r} is listed, but invalid")
            agent(env).restore(before)
        _, _, terminated, truncated, _ = env.step(actions[len(actions) // 2])
        if terminated or truncated:
            return
