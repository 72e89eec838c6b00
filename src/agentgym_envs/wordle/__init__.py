"""Wordle: find a word of five letters in six guesses."""

from agentgym_envs.registry import TaskSpec

HORIZON = 8  # steps, the published evaluation limit; the game ends after six
TRAIN_ITEMS = 1902
TEST_ITEMS = 400

SPECS = [
    TaskSpec(
        name="Wordle",
        entry="agentgym_envs.wordle.env:WordleEnv",
        scenario="word games",
        horizon=HORIZON,
        train=TRAIN_ITEMS,
        test=TEST_ITEMS,
    ),
]
