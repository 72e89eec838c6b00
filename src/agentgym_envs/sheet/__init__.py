"""Sheet: edit spreadsheets with the tools of an online service."""

from agentgym_envs.registry import TaskSpec

HORIZON = 15  # steps, the published evaluation limit

SPECS = [
    TaskSpec(
        name="Sheet",
        entry="agentgym_envs.sheet.env:SheetEnv",
        scenario="tools",
        horizon=HORIZON,
        train=2000,
        test=200,
        extra="tools",
    ),
]
