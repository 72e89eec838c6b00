"""The Maze environment."""

from __future__ import annotations

from typing import Any, ClassVar, Unpack

import numpy as np
from numpy.typing import NDArray

from agentgym_envs.env import AgentEnv, Colour, CommonOptions, in_colour
from agentgym_envs.errors import BadOption
from agentgym_envs.maze import HORIZON
from agentgym_envs.maze.engine import Maze, State, step, step_as_original
from agentgym_envs.maze.expert import best_move
from agentgym_envs.maze.tasks import MazeTasks, OriginalTasks
from agentgym_envs.outcome import Outcome
from agentgym_envs.schema import function
from agentgym_envs.tasks import Task, TaskSet

INSTRUCTIONS = """\
You walk through a maze of square cells and have to reach its goal.

After each step you are told the position of the goal, your own position, and where \
walls are right beside you. A position is given as "row, column": moving down adds 1 \
to the row, moving right adds 1 to the column. Walls that are not beside you are not \
told, so remember where you have been.

Your action is exactly one of: move up, move down, move left, move right. A step \
into a wall leaves you where you are. The task is done when you stand on the goal."""

ACTION_SCHEMA = [
    function(
        "move",
        "Move one cell in a direction.",
        "move {direction}",
        direction={"type": "string", "enum": ["up", "down", "left", "right"]},
    )
]

TILE = 24  # pixels
COLOURS = {
    "#": (44, 47, 56),
    ".": (240, 240, 235),
    "G": (76, 175, 80),
    "A": (33, 110, 220),
}


class MazeEnv(AgentEnv):
    """Walk to a goal, seeing only positions and adjacent walls.

    ## Observations
    `The goal is at position 8, 6. Your current position is at position 1, 1. There
    are walls to your left, above you, below you.` Positions are row, column.

    ## Actions
    | Form | Effect |
    |---|---|
    | `move up` | one row up, unless there is a wall |
    | `move down` | one row down |
    | `move left` | one column left |
    | `move right` | one column right |

    ## Rewards
    1.0 on the goal, else 0.0.

    ## Episode end
    Terminates on the goal. Truncates after 15 steps.

    ## Data
    Generated mazes: 2,000 for training, 200 for testing, and every higher index on
    request. A maze and its start depend on the index and the keywords below alone.
    With `parity=True` the items are the 25 starts in the original's one map.
    `data=PATH` plays those of them that published files (`maze_train.json`,
    `lmrlgym_maze_test.json` and so on; a folder or one file) list.

    ## Keywords
    | Keyword | Meaning |
    |---|---|
    | `size=11` | rows and columns, outer walls included; odd, at least 5 |
    | `loops=0.1` | share of inner walls that are opened; 0 gives one way only |
    | `distance=[4, 12]` | least and greatest length of the shortest way |

    ## Parity
    `parity=True` is AgentGym's server: its map; an unknown action reads like a bump
    into a wall; and the 51st step of an episode ends it with `Failure` and a reward
    of -1.0. By default an unknown action is named as such, and there is no such
    limit but the horizon.

    ## Source
    LMRL-Gym (Abdulhai et al., arXiv 2311.18232), served by AgentGym (Xi et al.,
    arXiv 2406.04151).

    ## Version history
    - v0: first release
    """

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]  # Env lacks ClassVar
        "render_modes": ["ansi", "human", "rgb_array"],
        "render_fps": 4,
    }
    family = "Maze"
    default_horizon = HORIZON
    state_type = State

    _state: State

    def __init__(
        self,
        *,
        size: int = 11,
        loops: float = 0.1,
        distance: tuple[int, int] | list[int] = (4, 12),
        **common: Unpack[CommonOptions],
    ) -> None:
        if type(size) is not int or size < 5 or size % 2 == 0:
            raise BadOption(f"size must be an odd number from 5 up, not {size!r}")
        if not 0 <= loops <= 1:
            raise BadOption(f"loops must be from 0 to 1, not {loops!r}")
        if len(distance) != 2 or not all(type(steps) is int for steps in distance):
            raise BadOption(f"distance must be two numbers of steps, not {distance!r}")
        nearest, farthest = distance
        # A shorter horizon may be a curriculum; a way beyond it is a mistake.
        horizon = max(HORIZON, common.get("horizon") or HORIZON)
        if not 1 <= nearest <= farthest <= horizon:
            raise BadOption(
                f"distance must ascend from at least 1 to at most the horizon of "
                f"{horizon}, not {distance!r}; longer ways need a larger horizon="
            )
        self._shape = {
            "size": size,
            "loops": float(loops),
            "nearest": nearest,
            "farthest": farthest,
        }
        self._maze: Maze
        super().__init__(rules=self._shape, **common)
        self._step = step_as_original if self.parity else step

    def _open_tasks(self) -> TaskSet:
        if self.parity or self.data is not None:
            return OriginalTasks(split=self.split, data=self.data)
        return MazeTasks(split=self.split, **self._shape)  # type: ignore[arg-type]  # int and float by key

    def _begin(self, task: Task) -> str:
        self._maze = task.payload["maze"]
        self._state = State(task.payload["start"])
        return self._maze.plain(self._state.cell).text

    def _act(self, action: str) -> Outcome:
        return self._step(self._maze, self._state, action)

    def _resume(self, task: Task, state: State) -> None:
        maze = task.payload["maze"]
        inside = 0 <= state.cell < len(maze.grid)
        if not inside or maze.grid[state.cell] == "#" or state.counted < 0:
            raise ValueError(f"nobody can stand at {state.cell}")
        self._maze, self._state = maze, state

    @property
    def instructions(self) -> str:
        """The rules of the game, for a model's system prompt."""
        return INSTRUCTIONS

    @property
    def action_schema(self) -> list[dict[str, Any]]:
        """One function, ``move``."""
        return ACTION_SCHEMA

    def _admissible_actions(self) -> list[str]:
        return list(self._maze.exits(self._state.cell))

    def _expert_action(self) -> str:
        move = best_move(self._maze, self._state.cell)
        assert move is not None  # only the goal has none, and it ends the episode
        return move

    def _marks(self) -> list[str]:
        maze = self._maze
        marks = list(maze.grid)
        marks[maze.goal] = "G"
        marks[self._state.cell] = "A"
        return [
            "".join(marks[i : i + maze.width]) for i in range(0, len(marks), maze.width)
        ]

    def _ansi(self, *, colour: bool) -> str:
        paint: dict[str, Colour] = {"#": "grey", "G": "green", "A": "blue"}
        if not colour:
            return "\n".join(self._marks())
        return "\n".join(
            "".join(in_colour(m, paint[m]) if m in paint else m for m in row)
            for row in self._marks()
        )

    def _picture(self) -> NDArray[np.uint8]:
        marks = self._marks()
        cells = np.array([[COLOURS[m] for m in row] for row in marks], dtype=np.uint8)
        image = cells.repeat(TILE, axis=0).repeat(TILE, axis=1)
        image[::TILE] = image[:, ::TILE] = (200, 200, 200)
        return image
