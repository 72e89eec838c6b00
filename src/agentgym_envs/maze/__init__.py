"""Maze: walk to a goal, seeing only positions and adjacent walls."""

from agentgym_envs.registry import TaskSpec

HORIZON = 15  # steps, the published evaluation limit
TRAIN_ITEMS = 2000
TEST_ITEMS = 200

SPECS = [
    TaskSpec(
        name="Maze",
        entry="agentgym_envs.maze.env:MazeEnv",
        scenario="word games",
        horizon=HORIZON,
        train=TRAIN_ITEMS,
        test=TEST_ITEMS,
    ),
]
