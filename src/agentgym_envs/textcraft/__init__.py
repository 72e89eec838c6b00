"""TextCraft: craft a Minecraft item from its recipes."""

from agentgym_envs.registry import TaskSpec

HORIZON = 20  # steps, the published evaluation limit

SPECS = [
    TaskSpec(
        name="TextCraft",
        entry="agentgym_envs.textcraft.env:TextCraftEnv",
        scenario="digital game",
        horizon=HORIZON,
        train=444,
        test=100,
    ),
]
