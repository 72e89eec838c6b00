"""Environments that misbehave, registered as a third party would register them."""

from __future__ import annotations

import time
from typing import Any

from gymnasium.envs.registration import register

from agentgym_envs.maze.env import MazeEnv
from agentgym_envs.registry import LIMIT
from agentgym_envs.tasks import Task


class MoodyMaze(MazeEnv):
    """Crashes in the second step of every third item, and at the start of item 2004."""

    def _begin(self, task: Task) -> str:
        if task.index == 2004:
            raise RuntimeError("not today")
        return super()._begin(task)

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        if self.task.index % 3 == 0 and self._steps == 1:
            raise ZeroDivisionError("a bug in the game")
        return super().step(action)


class SlowMaze(MazeEnv):
    """Takes its time, so that a test can interrupt it."""

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        time.sleep(0.003)
        return super().step(action)


class StillbornMaze(MazeEnv):
    """Cannot be made."""

    def __init__(self, **kwargs: Any) -> None:
        raise FileNotFoundError("the maze is gone")


class HopelessMaze(MazeEnv):
    """Has an expert who crashes in item 2001, and actions that nobody can list."""

    def _expert_action(self) -> str:
        if self.task.index == 2001:
            raise KeyError("where am I")
        return super()._expert_action()

    def _admissible_actions(self) -> list[str]:
        return None  # type: ignore[return-value]


for env in (MoodyMaze, SlowMaze, StillbornMaze, HopelessMaze):
    register(
        f"broken/{env.__name__}-v0",
        f"broken_games:{env.__name__}",
        max_episode_steps=15,
        order_enforce=False,
        additional_wrappers=(LIMIT,),
    )
