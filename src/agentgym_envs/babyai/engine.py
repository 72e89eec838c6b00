"""The world of a BabyAI level, played without Minigrid.

Minigrid (Farama, Apache-2.0) generates a level once; `levels.load` gives it as a
`Scene`, which never changes. A `World` is one episode in it. In short::

    scene = load(level=36, seed=7)           # from agentgym_envs.babyai.levels
    world = World.start(scene)               # parity=True for the original's rules
    twin = world.copy()                      # a few microseconds; share nothing
    world.look().offers                      # the macro actions offered now, by name
    world.look().useful                      # those of them that do anything
    world.look().moves("pickup red ball 1")  # their low-level actions
    twin.run("pickup red ball 1")            # play a macro, early stop included
    twin.status, twin.reward, twin.steps     # SUCCESS, 0.95, 13
    twin.move(LEFT)                          # or play one low-level action

What a planner may read:

- The grid: ``world.cells`` is one flat byte per cell (codes in `codes`), with
  `view.BORDER` cells of wall around; ``world.agent`` is an index into it,
  ``scene.steps_of(heading)`` what to add to it for a step, headings being 0 right,
  1 down, 2 left, 3 up. ``world.at`` maps cells to object numbers; ``world.carried``
  is an object number or `NONE`. ``scene.codes[n]`` is the first code of object ``n``
  (doors change theirs), ``scene.inside`` maps a box to what it hides.
- The mission: ``scene.mission`` is a tree of `mission.Part` and `mission.Joint`.
  ``mission.due(scene.mission, world.progress)`` lists the parts that can be worked on
  now. A part has ``verb``, ``objects`` and ``fixed`` (object numbers) and ``strict``;
  ``world.progress.places[part.index]`` are the cells that count for *go to* and for
  the fixed side of *put next*; ``world.progress.done[i.index]`` tells whether
  instruction ``i`` below a joint is achieved.
- The end: ``world.is_over``, which stays False for ever under parity rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from agentgym_envs.babyai.codes import (
    CLOSED,
    EMPTY,
    KEY,
    LOCKED,
    OPEN,
    colour_of,
    door,
    is_box,
    is_door,
    is_key,
    state_of,
)
from agentgym_envs.babyai.mission import (
    CONTINUE,
    NONE,
    SUCCESS,
    Instruction,
    Progress,
    follow,
    verify,
)
from agentgym_envs.babyai.paths import DROP, FORWARD, LEFT, PICKUP, RIGHT, TOGGLE
from agentgym_envs.babyai.text import NOWHERE, Look, look
from agentgym_envs.babyai.view import BORDER, headings, see


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A generated level: what it is, and how an episode in it begins."""

    level: int
    seed: int
    width: int
    height: int
    cells: bytes
    """The cells at the start, border included, in rows of `stride`."""
    at: Mapping[int, int]
    """The number of the object in each cell that holds one, doors included."""
    codes: tuple[int, ...]
    """The code of each object at the start."""
    inside: Mapping[int, int]
    """For each box that is not empty, the object in it."""
    agent: int
    heading: int
    carried: int
    ghost: int
    """Where the first view shows what is carried already, or `NOWHERE`.

    Where an episode starts with an object in hand, Minigrid draws the first view
    before it takes the object from its place.
    """
    mission: Instruction
    places: tuple[frozenset[int], ...]
    """The places that `Progress` starts with."""
    sentence: str
    """The mission in words."""
    max_steps: int
    """Low-level actions that the reward is scaled by."""
    stride: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "stride", self.width + 2 * BORDER)

    def steps_of(self, heading: int) -> int:
        """What a step in a direction adds to a cell's index."""
        return headings(self.stride)[heading]

    def index(self, x: int, y: int) -> int:
        """The index of a cell of Minigrid's grid."""
        return (y + BORDER) * self.stride + x + BORDER

    def position(self, cell: int) -> tuple[int, int]:
        """The Minigrid coordinates of a cell."""
        y, x = divmod(cell, self.stride)
        return x - BORDER, y - BORDER

    def first_view(self) -> bytes:
        """What is seen at the start."""
        cells, carried = bytearray(self.cells), self.code_of(self.carried)
        if self.ghost != NOWHERE:
            cells[self.ghost], carried = carried, EMPTY
        return see(cells, self.stride, self.agent, self.heading, carried)

    def code_of(self, thing: int) -> int:
        """The code of an object in hand, `EMPTY` for none."""
        return EMPTY if thing == NONE else self.codes[thing]


@dataclass(slots=True, eq=False)
class World:
    """One episode in a scene."""

    scene: Scene
    parity: bool
    """Whether nothing but the agent stops the play, as on the original server."""
    cells: bytearray
    at: dict[int, int]
    agent: int
    heading: int
    carried: int
    progress: Progress
    view: bytes
    """What was seen last, in the order of `view.see`."""
    front: int
    """The cell ahead of the agent."""
    steps: int = 0
    """Low-level actions so far."""
    reward: float = 0.0
    """The reward of the last low-level action."""
    status: int = CONTINUE
    """What the verifier said of the last low-level action."""

    @classmethod
    def start(cls, scene: Scene, *, parity: bool = False) -> World:
        """Begin an episode."""
        count = len(scene.places)
        return cls(
            scene=scene,
            parity=parity,
            cells=bytearray(scene.cells),
            at=dict(scene.at),
            agent=scene.agent,
            heading=scene.heading,
            carried=scene.carried,
            progress=Progress(list(scene.places), [NONE] * count, [False] * count),
            view=scene.first_view(),
            front=scene.agent + scene.steps_of(scene.heading),
        )

    def copy(self) -> World:
        """Give an independent copy of the episode."""
        return World(
            self.scene,
            self.parity,
            self.cells[:],
            self.at.copy(),
            self.agent,
            self.heading,
            self.carried,
            self.progress.copy(),
            self.view,
            self.front,
            self.steps,
            self.reward,
            self.status,
        )

    @property
    def is_over(self) -> bool:
        """Whether the episode has ended; under parity rules it never does."""
        return not self.parity and (
            self.status != CONTINUE or self.steps >= self.scene.max_steps
        )

    def look(self) -> Look:
        """Describe what was seen last."""
        in_hand = self.scene.code_of(self.carried)
        return look(self.view, self.heading, in_hand, not self.parity)

    def run(self, name: str) -> None:
        """Play an offered macro; see `play`."""
        self.play(self.look().moves(name))

    def play(self, moves: Iterable[int]) -> None:
        """Play low-level actions.

        They stop early once the view stays as it was, as in the original, or the
        episode is over.
        """
        for action in moves:
            if not self.move(action) or self.is_over:
                break

    def move(self, action: int) -> bool:
        """Play one low-level action; say whether the view changed."""
        scene = self.scene
        self.steps += 1
        if action == LEFT:
            self.heading = (self.heading - 1) % 4
        elif action == RIGHT:
            self.heading = (self.heading + 1) % 4
        elif action == FORWARD:
            code = self.cells[self.front]
            if code == EMPTY or (is_door(code) and state_of(code) == OPEN):
                self.agent = self.front
        else:
            self._handle(action)
        self.front = self.agent + headings(scene.stride)[self.heading]
        in_hand = EMPTY if self.carried == NONE else scene.codes[self.carried]
        view = see(self.cells, scene.stride, self.agent, self.heading, in_hand)
        changed = view != self.view
        self.view = view
        if action == DROP:
            follow(scene.mission, self)
        self.status = status = verify(scene.mission, self, action, not self.parity)
        self.reward = (
            1 - 0.9 * (self.steps / scene.max_steps) if status == SUCCESS else 0.0
        )
        return changed

    def _handle(self, action: int) -> None:
        """Pick up, drop or toggle."""
        front = self.front
        code = self.cells[front]
        if action == PICKUP and code >= KEY and self.carried == NONE:
            self.carried = self.at.pop(front)
            self.cells[front] = EMPTY
        elif action == DROP and code == EMPTY and self.carried != NONE:
            self.at[front] = self.carried
            self.cells[front] = self.scene.codes[self.carried]
            self.carried = NONE
        elif action == TOGGLE and is_door(code):
            self._toggle_door(code)
        elif action == TOGGLE and is_box(code):
            self._open_box()

    def _toggle_door(self, code: int) -> None:
        colour, state = colour_of(code), state_of(code)
        if state == LOCKED:
            key = self.scene.code_of(self.carried)
            if not is_key(key) or colour_of(key) != colour:
                return
        # A closed door opens, an open one closes; locks stay open for good.
        self.cells[self.front] = door(colour, CLOSED if state == OPEN else OPEN)

    def _open_box(self) -> None:
        """Replace a box by what is in it."""
        front = self.front
        hidden = self.scene.inside.get(self.at.pop(front), NONE)
        self.cells[front] = self.scene.code_of(hidden)
        if hidden != NONE:
            self.at[front] = hidden
