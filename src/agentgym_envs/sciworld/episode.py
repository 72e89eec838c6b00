"""An episode: a running game, and what the environment keeps beside it."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from typing import NamedTuple

from agentgym_envs.errors import SnapshotError
from agentgym_envs.sciworld.engine import EngineError, Game
from agentgym_envs.sciworld.menu import possible_actions

FAILED = -100
SOLVED = 100
AMBIGUOUS = "Ambiguous request:"
LARGEST_GAME = 2**20  # characters; the largest that occurs has a twentieth of it

_OPTION = re.compile(r"^([0-9]+):\t", re.MULTILINE)


class Setting(NamedTuple):
    """What a game is made from."""

    task: str
    variation: int
    simplifications: str
    java: str | None

    def start(self, first: str = "") -> Game:
        """Begin a game, with a first action if there is one."""
        return Game(
            self.task, self.variation, self.simplifications, java=self.java, first=first
        )


class Survey(NamedTuple):
    """All that the engine can tell of a game, in its own words."""

    look: str
    inventory: str
    goals: str
    """Which subgoals are reached, as a table."""
    objects: str
    """All objects of the world, as JSON."""
    actions: list[str]
    """What the engine's list of actions has, what is out of reach included."""
    forms: list[str]
    """The forms of actions, with ``OBJ`` for things."""
    things: list[str]
    """The things that actions can name now."""
    moves: int
    """The engine's time."""


@dataclass(slots=True)
class Saved:
    """An `Episode` as plain data."""

    game: str
    """The running game; empty where the engine could not tell."""
    past: list[str]
    score: int
    moves: int
    options: int
    is_broken: bool


@dataclass(slots=True)
class Episode:
    """A game in play.

    Args:
        setting: What the game was made from.
        game: The engine's side of it.
        past: All that the engine was told, for a replay and for the expert.
        score: 0 to 100, or -100 once the task has failed.
        moves: The engine's time, which is not the number of actions.
        options: How many actions the engine's pending question offers.
        is_broken: Whether the engine died in this episode.
        menu: What can be done now, once somebody has asked.
    """

    setting: Setting
    game: Game
    past: list[str]
    score: int = 0
    moves: int = 0
    options: int = 0
    is_broken: bool = False
    menu: list[str] | None = None

    def tell(self, action: str) -> str:
        """Let the engine do an action, and note what came of it.

        Raises:
            EngineError: if the engine is dead or does not answer.
        """
        game, self.menu = self.game, None
        text = game.step(action)
        self.past.append(action)
        self.score, self.moves = game.score, game.moves
        is_question = text.startswith(AMBIGUOUS)
        self.options = len(_OPTION.findall(text)) if is_question else 0
        return text

    def view(self) -> tuple[str, str]:
        """What the agent sees, and what it carries.

        Raises:
            EngineError: if the engine is dead.
        """
        # Looking leaves traces in the engine's objects, so a copy looks.
        copy = self.game.fork()
        try:
            return copy.look().strip(), copy.inventory().strip()
        finally:
            copy.close()

    def survey(self) -> Survey:
        """Let a copy of the game tell all that can be told without acting.

        Raises:
            EngineError: if the engine is dead.
        """
        copy = self.game.fork()
        try:
            return Survey(
                look=copy.look(),
                inventory=copy.inventory(),
                goals=copy.goal_progress(),
                objects=copy.object_tree(),
                actions=copy.valid_actions(),
                forms=_listed(copy.step("help")),
                things=_listed(copy.step("objects")),
                moves=self.moves,
            )
        finally:
            copy.close()

    def possible(self) -> list[str]:
        """List what the engine takes now.

        Raises:
            EngineError: if the engine is dead.
        """
        if self.menu is None:
            self.menu = possible_actions(self.game)
        return self.menu[:]

    def save(self) -> Saved:
        """Give the episode as plain data."""
        try:
            game = "" if self.is_broken else b64encode(self.game.to_bytes()).decode()
        except EngineError:
            game = ""
        return Saved(
            game, self.past[:], self.score, self.moves, self.options, self.is_broken
        )

    def __deepcopy__(self, memo: dict[int, object]) -> Episode:
        try:
            return replace(self, game=self.game.fork(), past=self.past[:])
        except EngineError:
            return load(self.setting, self.save())

    def __reduce__(self) -> tuple[object, ...]:
        return load, (self.setting, self.save())


def _listed(text: str) -> list[str]:
    """The entries of a list as the engine tells it, after its heading."""
    return [line.strip() for line in text.split("\n\t")[1:]]


def load(setting: Setting, saved: Saved) -> Episode:
    """Take up a saved episode.

    Raises:
        SnapshotError: if the data makes no sense.
    """
    if not FAILED <= saved.score <= SOLVED or saved.moves < 0 or saved.options < 0:
        raise SnapshotError("this snapshot holds no score, moves or options")
    game = _decoded(setting, saved.game) if saved.game else _replayed(setting, saved)
    if not saved.is_broken and (game.score, game.moves) != (saved.score, saved.moves):
        raise SnapshotError("this snapshot holds another game than it says")
    return Episode(
        setting,
        game,
        saved.past,
        saved.score,
        saved.moves,
        saved.options,
        saved.is_broken,
    )


def _decoded(setting: Setting, text: str) -> Game:
    if len(text) > LARGEST_GAME:
        raise SnapshotError(f"no game has {len(text)} characters")
    data = b64decode(text, validate=True)
    game = Game.from_bytes(data, java=setting.java)
    if (game.task, game.variation, game.simplifications) != setting[:3]:
        raise SnapshotError("this snapshot holds a game of another item")
    return game


def _replayed(setting: Setting, saved: Saved) -> Game:
    game = setting.start()
    if not saved.is_broken:
        for action in saved.past:
            game.step(action)
    return game
