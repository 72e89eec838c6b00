"""The rules of Maze, and the generator of mazes.

Rules and texts are those of the maze of LMRL-Gym (Abdulhai et al., arXiv
2311.18232) as AgentGym serves it (arXiv 2406.04151). Positions are (row, column);
row 0 is at the top.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from random import Random

from agentgym_envs.outcome import Outcome

MOVES = ("move left", "move right", "move up", "move down")
WALLS = ("to your right", "to your left", "above you", "below you")  # as told
FREE = ord(".")
ORIGINAL_STEPS = 50  # the original counts this many, and fails at the next one

SUCCESS = Outcome("Success\n", reward=1.0, done=True, success=True)
FAILURE = Outcome("Failure\n", reward=-1.0, done=True)

DOUBLE_T = (
    "#############",
    "#.....#.....#",
    "###.#####.###",
    "###.#####.###",
    "###.#####.###",
    "###.......###",
    "######.######",
    "######.######",
    "######.######",
    "#############",
)
DOUBLE_T_GOAL = (8, 6)


@dataclass(frozen=True, slots=True)
class Maze:
    """A map and its goal. A cell is ``row * width + column``.

    Args:
        grid: All rows in one string, ``#`` for walls.
        width: Columns.
        goal: The cell where the episode is won.
        moves: How far apart the cells of each move are.
        told: Outcomes that `plain` has phrased already.
    """

    grid: str
    width: int
    goal: int
    moves: dict[str, int]
    told: dict[int, Outcome] = field(default_factory=dict, compare=False)
    _distance: list[int] = field(default_factory=list, compare=False)

    @property
    def rows(self) -> list[str]:
        """The map as lines."""
        width = self.width
        return [self.grid[i : i + width] for i in range(0, len(self.grid), width)]

    @property
    def distance(self) -> list[int]:
        """Steps from each cell to the goal; -1 where no way leads there."""
        # Only the expert asks, so it is measured for the expert.
        if not self._distance:
            distance = [-1] * len(self.grid)
            for steps, cells in enumerate(_layers(self.grid, self.width, self.goal)):
                for cell in cells:
                    distance[cell] = steps
            self._distance.extend(distance)
        return self._distance

    def plain(self, cell: int) -> Outcome:
        """The outcome of a step that ends here, told when it is first needed."""
        outcome = self.told.get(cell)
        if outcome is None:
            outcome = self.told[cell] = Outcome(_describe(self, cell))
        return outcome

    def exits(self, cell: int) -> dict[str, int]:
        """The moves that no wall stops, and where they lead."""
        return {
            move: cell + offset
            for move, offset in self.moves.items()
            if self.grid[cell + offset] != "#"
        }


@dataclass(slots=True)
class State:
    """The walker's cell, and how many steps the original has counted."""

    cell: int
    counted: int = 0


def build(grid: str, width: int, goal: int) -> Maze:
    """Make the maze of a map."""
    return Maze(grid, width, goal, _moves(width))


@lru_cache(maxsize=64)
def _moves(width: int) -> dict[str, int]:
    return dict(zip(MOVES, (-1, 1, -width, width), strict=True))


def _layers(
    grid: str, width: int, goal: int, farthest: int | None = None
) -> list[list[int]]:
    """The cells at 0, 1, 2 ... steps from the goal, breadth first."""
    unseen = bytearray(grid, "ascii")
    unseen[goal] = 0
    layers = [[goal]]
    while layers[-1] and len(layers) != farthest:
        reached = []
        for cell in layers[-1]:
            for near in (cell - 1, cell + 1, cell - width, cell + width):
                if unseen[near] == FREE:
                    unseen[near] = 0
                    reached.append(near)
        layers.append(reached)
    return layers


def _describe(maze: Maze, cell: int) -> str:
    grid, width = maze.grid, maze.width
    walls = (grid[cell + 1], grid[cell - 1], grid[cell - width], grid[cell + width])
    goal_row, goal_column = divmod(maze.goal, width)
    row, column = divmod(cell, width)
    return (
        f"The goal is at position {goal_row}, {goal_column}. "
        f"Your current position is at position {row}, {column}. {_WALL_TEXTS[walls]}"
    )


def _tell(walls: list[str]) -> str:
    if not walls:
        return "There are no walls near you."
    if len(walls) == 1:
        return f"There is a wall {walls[0]}."
    return f"There are walls {', '.join(walls)}."


_WALL_TEXTS = {
    marks: _tell([name for name, mark in zip(WALLS, marks, strict=True) if mark == "#"])
    for marks in product(".#", repeat=len(WALLS))
}


def step(maze: Maze, state: State, action: str) -> Outcome:
    """Walk; an unknown action says so, and a wall lets nobody pass."""
    cell = state.cell
    offset = maze.moves.get(action)
    if offset is None:
        text = f"Unknown action; use one of {', '.join(MOVES)}. {maze.plain(cell).text}"
        return Outcome(text, invalid=True)
    if maze.grid[cell + offset] != "#":
        state.cell = cell = cell + offset
        if cell == maze.goal:
            return SUCCESS
    return maze.told.get(cell) or maze.plain(cell)


def step_as_original(maze: Maze, state: State, action: str) -> Outcome:
    """Walk by the letter of the original server.

    An unknown action reads like a bump into a wall, and the 51st step fails
    without looking at the action.
    """
    if state.counted >= ORIGINAL_STEPS:
        return FAILURE
    cell = state.cell
    offset = maze.moves.get(action)
    if offset is not None and maze.grid[cell + offset] != "#":
        state.cell = cell = cell + offset
        if cell == maze.goal:
            return SUCCESS
    state.counted += 1
    outcome = maze.plain(cell)
    return outcome if offset is not None else outcome._replace(invalid=True)


@lru_cache(maxsize=1)
def double_t() -> Maze:
    """The one map of the original."""
    width = len(DOUBLE_T[0])
    row, column = DOUBLE_T_GOAL
    return build("".join(DOUBLE_T), width, row * width + column)


@lru_cache(maxsize=4096)
def generate(
    index: int, size: int, loops: float, nearest: int, farthest: int
) -> tuple[Maze, int]:
    """Make the maze and the start of an item.

    Walls fall in random order wherever that joins rooms which no way joined before
    (Kruskal's algorithm), which makes a tree of corridors; any other wall falls with
    a chance of ``loops``, which makes ways round.

    Args:
        index: The item, which seeds the generator.
        size: Rows and columns, outer walls included; odd.
        loops: The share of inner walls to open, from 0 (a tree) to 1.
        nearest: The shortest allowed way from start to goal, in steps.
        farthest: The longest one.

    Raises:
        ValueError: if mazes of this size have no such ways.
    """
    rooms, _ = _plan(size)
    for attempt in range(1000):
        random = Random(f"maze {index} {size} {loops} {attempt}").random
        grid = _carve(size, loops, random)
        goal = rooms[int(random() * len(rooms))]
        layers = _layers(grid, size, goal, farthest + 1)
        starts = [cell for layer in layers[nearest:] for cell in layer]
        if starts:
            return build(grid, size, goal), starts[int(random() * len(starts))]
    raise ValueError(f"no maze of size {size} has a way of {nearest} to {farthest}")


@lru_cache(maxsize=64)
def _plan(size: int) -> tuple[list[int], list[tuple[int, int, int]]]:
    """The cells of all rooms, and each inner wall with the rooms at its sides."""
    inside = range(1, size, 2)
    rooms = [row * size + column for row in inside for column in inside]
    number = {cell: i for i, cell in enumerate(rooms)}
    walls = [
        (cell + offset, number[cell], number[cell + 2 * offset])
        for cell in rooms
        for offset in (1, size)
        if cell + 2 * offset in number and (cell + offset) % size != size - 1
    ]
    return rooms, walls


def _carve(size: int, loops: float, random: Callable[[], float]) -> str:
    rooms, walls = _plan(size)
    grid = ["#"] * (size * size)
    for cell in rooms:
        grid[cell] = "."
    joined = list(range(len(rooms)))  # leads from each room to one it is joined with
    for wall, room, other in sorted(walls, key=lambda _: random()):
        while joined[room] != room:
            room = joined[room]
        while joined[other] != other:
            other = joined[other]
        if room != other:
            joined[other] = room
            grid[wall] = "."
        elif random() < loops:
            grid[wall] = "."
    return "".join(grid)
