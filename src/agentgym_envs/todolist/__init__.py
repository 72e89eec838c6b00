"""TODOList: manage projects and tasks with the tools of a to-do service."""

from agentgym_envs.registry import TaskSpec

HORIZON = 15  # steps, the published evaluation limit

SPECS = [
    TaskSpec(
        name="TODOList",
        entry="agentgym_envs.todolist.env:TODOListEnv",
        scenario="tools",
        horizon=HORIZON,
        train=2000,
        test=200,
        extra="tools",
    ),
]
