"""Movie: answer questions from a film database, by tools."""

from agentgym_envs.registry import TaskSpec

HORIZON = 12  # steps, the published evaluation limit

SPECS = [
    TaskSpec(
        name="Movie",
        entry="agentgym_envs.movie.env:MovieEnv",
        scenario="tools",
        horizon=HORIZON,
        train=2000,
        test=200,
        extra="tools",
    ),
]
