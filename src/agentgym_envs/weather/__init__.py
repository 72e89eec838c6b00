"""Weather: answer questions from a weather archive, by tools."""

from agentgym_envs.registry import TaskSpec

HORIZON = 10  # steps, the published evaluation limit

SPECS = [
    TaskSpec(
        name="Weather",
        entry="agentgym_envs.weather.env:WeatherEnv",
        scenario="tools",
        horizon=HORIZON,
        train=2000,
        test=200,
        extra="tools",
    ),
]
