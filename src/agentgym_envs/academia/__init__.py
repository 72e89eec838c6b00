"""Academia: answer questions from a citation network, by tools."""

from agentgym_envs.registry import TaskSpec

HORIZON = 12  # steps, the published evaluation limit

SPECS = [
    TaskSpec(
        name="Academia",
        entry="agentgym_envs.academia.env:AcademiaEnv",
        scenario="tools",
        horizon=HORIZON,
        train=2000,
        test=200,
        extra="tools",
    ),
]
