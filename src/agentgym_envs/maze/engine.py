"""The rules of Maze, and the generator of mazes.

Rules and texts are those of the maze of LMRL-Gym (Abdulhai et al., arXiv
2311.18232) as AgentGym serves it (arXiv 2406.04151). Positions are (row, column);
row 0 is at the top.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from agentgym_envs.outcome import Outcome

Cell = tuple[int, int]

MOVES: dict[str, Cell] = {
    "move left": (0, -1),
    "move right": (0, 1),
    "move up": (-1, 0),
    "move down": (1, 0),
}
# The order in which walls are told.
WALLS: tuple[tuple[str, Cell], ...] = (
    ("to your right", (0, 1)),
    ("to your left", (0, -1)),
    ("above you", (-1, 0)),
    ("below you", (1, 0)),
)
ORIGINAL_STEPS = 50  # the original counts this many, and fails at the next one

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
    """A map with everything that a step looks up.

    Args:
        rows: The map, one string a row, ``#`` for walls.
        goal: Where the episode is won.
        texts: The observation at each free cell.
        exits: The moves that leave each free cell, and where they lead.
        distance: The length of the shortest way to the goal from each cell.
    """

    rows: tuple[str, ...]
    goal: Cell
    texts: dict[Cell, str]
    exits: dict[Cell, dict[str, Cell]]
    distance: dict[Cell, int]


@dataclass(slots=True)
class State:
    """Where the walker is, and how many steps the original has counted."""

    row: int
    col: int
    counted: int = 0

    @property
    def cell(self) -> Cell:
        """The walker's position."""
        return self.row, self.col


def build(rows: tuple[str, ...], goal: Cell) -> Maze:
    """Work out texts, exits and distances of a map."""
    free = [
        (r, c)
        for r, row in enumerate(rows)
        for c, mark in enumerate(row)
        if mark != "#"
    ]
    inside = set(free)
    exits = {
        (r, c): {
            move: (r + dr, c + dc)
            for move, (dr, dc) in MOVES.items()
            if (r + dr, c + dc) in inside
        }
        for r, c in free
    }
    distance = {goal: 0}
    queue = deque([goal])
    while queue:
        cell = queue.popleft()
        for neighbour in exits[cell].values():
            if neighbour not in distance:
                distance[neighbour] = distance[cell] + 1
                queue.append(neighbour)
    texts = {cell: _describe(rows, cell, goal) for cell in free}
    return Maze(rows, goal, texts, exits, distance)


def _describe(rows: tuple[str, ...], cell: Cell, goal: Cell) -> str:
    row, col = cell
    walls = [name for name, (dr, dc) in WALLS if rows[row + dr][col + dc] == "#"]
    if not walls:
        told = "There are no walls near you."
    elif len(walls) == 1:
        told = f"There is a wall {walls[0]}."
    else:
        told = f"There are walls {', '.join(walls)}."
    return (
        f"The goal is at position {goal[0]}, {goal[1]}. "
        f"Your current position is at position {row}, {col}. {told}"
    )


def step(maze: Maze, state: State, action: str) -> Outcome:
    """Walk; an unknown action says so, and a wall lets nobody pass."""
    cell = (state.row, state.col)
    target = maze.exits[cell].get(action)
    if target is None:
        text = maze.texts[cell]
        if action in MOVES:
            return Outcome(text)
        return Outcome(
            f"Unknown action; use one of {_MOVE_NAMES}. {text}", invalid=True
        )
    state.row, state.col = target
    if target == maze.goal:
        return Outcome("Success\n", 1.0, True, True)
    return Outcome(maze.texts[target])


def step_as_original(maze: Maze, state: State, action: str) -> Outcome:
    """Walk by the letter of the original server.

    An unknown action reads like a bump into a wall, and the 51st step fails
    without looking at the action.
    """
    if state.counted >= ORIGINAL_STEPS:
        return Outcome("Failure\n", -1.0, True)
    cell = (state.row, state.col)
    target = maze.exits[cell].get(action)
    if target == maze.goal:
        state.row, state.col = target
        return Outcome("Success\n", 1.0, True, True)
    state.counted += 1
    if target is None:
        return Outcome(maze.texts[cell], invalid=action not in MOVES)
    state.row, state.col = target
    return Outcome(maze.texts[target])


_MOVE_NAMES = ", ".join(MOVES)


@lru_cache(maxsize=1)
def double_t() -> Maze:
    """The one map of the original."""
    return build(DOUBLE_T, DOUBLE_T_GOAL)


@lru_cache(maxsize=4096)
def generate(
    index: int, size: int, loops: float, nearest: int, farthest: int
) -> tuple[Maze, Cell]:
    """Make the maze and the start of an item.

    A depth-first walk carves a tree of corridors; then each wall between two of
    them falls with a chance of ``loops``, which makes ways round.

    Args:
        index: The item, which seeds the generator.
        size: Rows and columns, outer walls included; odd.
        loops: The share of inner walls to open, from 0 (a tree) to 1.
        nearest: The shortest allowed way from start to goal, in steps.
        farthest: The longest one.
    """
    for attempt in range(1000):
        random = Random(f"maze {index} {size} {loops} {attempt}")
        rows = _carve(random, size, loops)
        rooms = [(r, c) for r in range(1, size, 2) for c in range(1, size, 2)]
        maze = build(rows, random.choice(rooms))
        starts = [
            cell
            for cell, steps in sorted(maze.distance.items())
            if nearest <= steps <= farthest
        ]
        if starts:
            return maze, random.choice(starts)
    raise ValueError(f"no maze of size {size} has a way of {nearest} to {farthest}")


def _carve(random: Random, size: int, loops: float) -> tuple[str, ...]:
    grid = [["#"] * size for _ in range(size)]
    stack = [(1, 1)]
    grid[1][1] = "."
    while stack:
        row, col = stack[-1]
        walled = [(r, c) for r, c in _rooms_around(row, col, size) if grid[r][c] == "#"]
        if not walled:
            stack.pop()
            continue
        r, c = random.choice(walled)
        grid[(row + r) // 2][(col + c) // 2] = grid[r][c] = "."
        stack.append((r, c))
    for row in range(1, size - 1):
        # Walls between two rooms lie where row and column differ in parity.
        for col in range(2 - row % 2, size - 1, 2):
            if grid[row][col] == "#" and random.random() < loops:
                grid[row][col] = "."
    return tuple("".join(row) for row in grid)


def _rooms_around(row: int, col: int, size: int) -> Iterator[Cell]:
    for dr, dc in MOVES.values():
        r, c = row + 2 * dr, col + 2 * dc
        if 0 < r < size and 0 < c < size:
            yield r, c
