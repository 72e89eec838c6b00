"""BIRD: answer a question about a database with one SQL statement."""

from agentgym_envs.registry import TaskSpec

HORIZON = 1  # steps, the published evaluation limit
TRAIN_ITEMS = 1560
TEST_ITEMS = 330

SPECS = [
    TaskSpec(
        name="BIRD",
        entry="agentgym_envs.bird.env:BIRDEnv",
        scenario="programming",
        horizon=HORIZON,
        train=TRAIN_ITEMS,
        test=TEST_ITEMS,
        extra="bird",
    ),
]
