"""Environments for verifiers: a taskset of our items, and who plays the user in it.

verifiers (primeintellect-ai/verifiers, 0.4) pairs a taskset, which gives tasks, with an
environment, which holds the conversation. Ours lets the game speak as the user: each
reply of the model is an action, and the score of the episode is the reward. verifiers
finds a taskset by the name of a top-level module, so give it one that imports both
classes and names them in ``__all__``, as ``examples/agentgym_verifiers.py`` does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

import gymnasium
import verifiers.v1 as vf
from pydantic import Field

from agentgym_envs import AgentEnv
from agentgym_policies.prompts import REACT, wrap
from agentgym_wrappers.base import instructions_of

__all__ = ["AgentGymEnv", "AgentGymTaskset"]

REWARD = "score"


class AgentGymConfig(vf.TasksetConfig):  # type: ignore[misc]  # untyped
    """Which environment is played, and which of its items."""

    env_id: str = "agentgym/Maze-v0"
    split: Literal["train", "test", "all"] = "train"
    action_format: Literal["text", "react", "function_calling", "code_as_action"] = (
        "react"
    )
    kwargs: dict[str, Any] = Field(default_factory=dict)
    """Keywords for `gymnasium.make`."""


class AgentGymData(vf.TaskData):  # type: ignore[misc]  # untyped
    """One item."""

    env_id: str
    item: str
    action_format: str = REACT
    kwargs: dict[str, Any] = Field(default_factory=dict)


class AgentGymTask(vf.Task[AgentGymData]):  # type: ignore[misc]  # untyped
    """One item, as a task; `AgentGymEnv` scores it."""


class AgentGymEnvConfig(vf.EnvConfig):  # type: ignore[misc]  # untyped
    """Who plays."""

    player: vf.AgentConfig = vf.AgentConfig()


class AgentGymEnv(vf.Env[AgentGymEnvConfig]):  # type: ignore[misc]  # untyped
    """The conversation of an episode, in which the game is the user."""

    async def run(self, task: Any, agents: Any) -> None:
        """Play an episode; its trace gets the score, and how it went."""
        loop = asyncio.get_running_loop()
        # Some games insist on one thread, and none may hold up the event loop.
        with ThreadPoolExecutor(1, thread_name_prefix="agentgym-env") as thread:
            env = await loop.run_in_executor(thread, _made, task.data)
            try:
                options = {"item": task.data.item}
                _, info = await loop.run_in_executor(
                    thread, lambda: env.reset(options=options)
                )
                total = 0.0
                async with agents.player.interaction(task) as interaction:
                    # The first observation is the task's prompt.
                    segment = await interaction.turn()
                    while not segment.terminated:
                        (
                            text,
                            reward,
                            terminated,
                            truncated,
                            info,
                        ) = await loop.run_in_executor(
                            thread, env.step, segment.last_reply
                        )
                        total += float(reward)
                        if terminated or truncated:
                            break
                        segment = await interaction.turn(text)
            finally:
                await loop.run_in_executor(thread, env.close)
        trace = interaction.trace
        trace.record_reward(REWARD, info["score"])
        trace.record_metric("success", float(info["success"]))
        trace.record_metric("episode_return", total)
        trace.record_metric("steps", float(info["steps"]))
        trace.info["agentgym"] = {key: info[key] for key in ("item_id", "end_reason")}


class AgentGymTaskset(vf.Taskset[AgentGymTask, AgentGymConfig]):  # type: ignore[misc]  # untyped
    """The items of an environment."""

    def load(self) -> Iterator[AgentGymTask]:
        """Give a task per item of the split."""
        config = self.config
        kwargs = {**config.kwargs, "split": config.split}
        shared = {
            "env_id": config.env_id,
            "action_format": config.action_format,
            "kwargs": kwargs,
        }
        env = wrap(gymnasium.make(config.env_id, **kwargs), config.action_format)
        agent = env.unwrapped
        assert isinstance(agent, AgentEnv)
        rules = instructions_of(env)
        for item in agent.tasks:
            text, _ = env.reset(options={"item": item.id})
            data = AgentGymData(
                id=item.id,
                name=item.id,
                item=item.id,
                description=item.goal,
                prompt=text,
                system_prompt=rules,
                **shared,
            )
            yield AgentGymTask(data, config.task)


def _made(data: AgentGymData) -> gymnasium.Env[str, str]:
    return wrap(gymnasium.make(data.env_id, **data.kwargs), data.action_format)
