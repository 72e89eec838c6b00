"""AgentGym as a Gymnasium library: text in, text out, offline, seeded, branchable.

Importing this module registers every id; no environment is loaded before it is made.

>>> import agentgym_envs, gymnasium
>>> env = gymnasium.make("agentgym/Maze-v0")

The world is that of AgentGym (Xi et al., arXiv 2406.04151).
"""

from agentgym_envs import (
    academia,
    alfworld,
    babyai,
    bird,
    maze,
    movie,
    planned,
    sciworld,
    searchqa,
    sheet,
    textcraft,
    todolist,
    weather,
    webarena,
    webshop,
    wordle,
)
from agentgym_envs.env import AgentEnv, CommonOptions
from agentgym_envs.outcome import MalformedReply, Outcome
from agentgym_envs.registry import TaskInfo, TaskSpec, info, register_all
from agentgym_envs.schema import render_call
from agentgym_envs.spaces import TextSpace
from agentgym_envs.tasks import Task, TaskSet
from agentgym_envs.version import __version__

__all__ = [
    "SPECS",
    "AgentEnv",
    "CommonOptions",
    "MalformedReply",
    "Outcome",
    "Task",
    "TaskInfo",
    "TaskSet",
    "TaskSpec",
    "TextSpace",
    "__version__",
    "list_tasks",
    "render_call",
]

SPECS: tuple[TaskSpec, ...] = (
    *maze.SPECS,
    *wordle.SPECS,
    *textcraft.SPECS,
    *babyai.SPECS,
    *alfworld.SPECS,
    *sciworld.SPECS,
    *webshop.SPECS,
    *webarena.SPECS,
    *weather.SPECS,
    *movie.SPECS,
    *academia.SPECS,
    *sheet.SPECS,
    *todolist.SPECS,
    *bird.SPECS,
    *searchqa.SPECS,
    *planned.SPECS,
)

register_all(SPECS)


def list_tasks() -> tuple[TaskInfo, ...]:
    """List the 89 tasks of AgentGym, and SearchQA, which came later.

    Ids that stand for all tasks of a family, such as ``agentgym/BabyAI-v0``, are
    registered too, but are no tasks of their own.
    """
    return tuple(info(spec) for spec in SPECS if not spec.is_group)
