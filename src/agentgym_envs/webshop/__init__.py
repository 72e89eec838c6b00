"""WebShop: find and buy a product that a person describes."""

from agentgym_envs.registry import TaskSpec

HORIZON = 10  # steps, the published evaluation limit
PRODUCTS = 1000  # the number that AgentGym's server loads

SPECS = [
    TaskSpec(
        name="WebShop",
        entry="agentgym_envs.webshop.env:WebShopEnv",
        scenario="web",
        horizon=HORIZON,
        train=3508,
        test=392,
        extra="webshop",
    ),
]
