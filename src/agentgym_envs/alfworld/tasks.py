"""The items of ALFWorld: embedded houses, or the games of the published data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast

from agentgym_envs.alfworld import TASKS, houses
from agentgym_envs.alfworld.game import Game
from agentgym_envs.alfworld.pddl import read_game
from agentgym_envs.alfworld.problem import TextVersion
from agentgym_envs.errors import BadOption, DataError
from agentgym_envs.tasks import SPLITS, UNLISTED, Split, Task, TaskSet

OfficialSplit = Literal["valid_seen", "valid_unseen"]
OFFICIAL = ("train", "valid_seen", "valid_unseen")
GAME_FILE = "game.tw-pddl"
# The first release is the one that AgentGym's items are from.
RELEASES = ("json_2.1.1", "json_2.1.3", "json_2.1.2")
# AgentGym's two lists, and the folder where the games of each are.
MAPPINGS = {"mappings_train.json": "train", "mappings_test.json": "valid_train"}
KEPT_GAMES = 256

KIND_OF = {name: kind for name, (kind, _, _) in TASKS.items()}
NAME_OF = {kind: name for name, kind in KIND_OF.items()}


@lru_cache(maxsize=KEPT_GAMES)
def embedded_game(index: int, version: TextVersion) -> Game:
    """Give the game of an embedded item."""
    return Game(houses.problem(index, text_version=version))


@lru_cache(maxsize=KEPT_GAMES)
def game_at(path: Path, version: TextVersion | None) -> Game:
    """Read the game in a file, in its own wording or another.

    Raises:
        DataError: if there is no proper game.
    """
    return Game(read_game(path), version)


def file_task(path: str, version: TextVersion | None) -> Task:
    """Make an item of a single game file, or of the folder that it lies in.

    Raises:
        DataError: if there is no proper game.
    """
    file = Path(path)
    if file.is_dir():
        file /= GAME_FILE
    id_ = _folders(file) or file.name
    return _task(id_, -1, UNLISTED, game_at(file, version), _is_seen(file), id_)


def _folders(file: Path) -> str:
    """What the published data names a game by: the folders of its task and trial."""
    return "/".join(file.parts[-3:-1])


def _is_seen(file: Path) -> bool:
    return "valid_unseen" not in file.parts


def _task(
    id_: str, index: int, split: str, game: Game, seen: bool, folders: str = ""
) -> Task:
    payload = {"game": game, "room_seen": seen, "folders": folders}
    return Task(id_, index, split, game.problem.goal.text, payload)


class HouseTasks(TaskSet):
    """The embedded houses, of one task or of all; indexes are the same in both."""

    def __init__(self, *, split: Split, kind: str | None, version: TextVersion) -> None:
        self._version = version
        super().__init__(
            prefix="alfworld",
            train=_of_kind(houses.TRAIN, kind),
            test=_of_kind(houses.TEST, kind),
            split=split,
        )

    def split_of(self, index: int) -> str:
        """The split that a data index belongs to."""
        return "train" if index in houses.TRAIN else "test"

    def _build(self, index: int, split: str) -> Task:
        game = embedded_game(index, self._version)
        return _task(self.id_of(index), index, split, game, houses.room_seen(index))


@lru_cache(maxsize=2 * len(TASKS))
def _of_kind(indexes: range, kind: str | None) -> Sequence[int]:
    if kind is None:
        return indexes
    return tuple(index for index in indexes if houses.task_of(index) == kind)


class _FileTasks(TaskSet):
    """Games in files: data indexes with the split and folder of each."""

    def __init__(
        self,
        *,
        prefix: str,
        games: dict[int, tuple[str, Path]],
        train: Sequence[int],
        test: Sequence[int],
        split: Split,
        version: TextVersion | None,
    ) -> None:
        self._games = games
        self._version = version
        super().__init__(prefix=prefix, train=train, test=test, split=split)

    def split_of(self, index: int) -> str:
        """The split that a data index belongs to."""
        return self._games[index][0]

    def _listed(self, index: int) -> Task:
        return self._build(index, self.split_of(index))

    def _build(self, index: int, split: str) -> Task:
        file = self._games[index][1]
        game = game_at(file, self._version)
        seen, folders = _is_seen(file), _folders(file)
        return _task(self.id_of(index), index, split, game, seen, folders)


class AgentGymTasks(_FileTasks):
    """AgentGym's items, as its two mapping files number them.

    Raises:
        DataError: if a mapping file or the folder of the games is not as published.
    """

    def __init__(
        self,
        *,
        root: Path,
        mappings: Path,
        split: Split,
        kind: str | None,
        version: TextVersion | None,
    ) -> None:
        games: dict[int, tuple[str, Path]] = {}
        listed: dict[str, list[int]] = {"train": [], "test": []}
        for name, folder in MAPPINGS.items():
            file = mappings / name
            part = name.removeprefix("mappings_").removesuffix(".json")
            if not file.is_file():
                continue
            for index, task, trial in _read_mapping(file):
                if index in games:
                    raise DataError(f"{file}: the item_id {index} is there twice")
                games[index] = part, root / folder / task / trial / GAME_FILE
                if kind is None or task.partition("-")[0] == kind:
                    listed[part].append(index)
        super().__init__(
            prefix="alfworld",
            games=games,
            train=sorted(listed["train"]),
            test=sorted(listed["test"]),
            split=split,
            version=version,
        )


def _read_mapping(file: Path) -> list[tuple[int, str, str]]:
    """Read one of AgentGym's lists: number, task folder and trial of each item."""
    try:
        records = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"{file}: {error}") from None
    except (ValueError, RecursionError) as error:
        raise DataError(f"{file} is not JSON: {error}") from None
    if not isinstance(records, list):
        raise DataError(f"{file} holds no JSON array")
    return [
        _read_record(record, f"{file}: record {number}")
        for number, record in enumerate(records)
    ]


def _read_record(record: Any, where: str) -> tuple[int, str, str]:
    if not isinstance(record, dict):
        raise DataError(f"{where} is no object")
    index = record.get("item_id")
    if type(index) is not int or index < 0:
        raise DataError(f"{where}: the field 'item_id' is {index!r:.60}, no number")
    parts = []
    for field in ("task_type", "task_id"):
        value = record.get(field)
        # They become parts of a path, which must stay below the data folder.
        is_name = isinstance(value, str) and value != ".."
        if not is_name or not value or Path(value).name != value:
            raise DataError(
                f"{where}: the field {field!r} is {value!r:.60}, no folder's name"
            )
        parts.append(value)
    return index, parts[0], parts[1]


class OfficialTasks(_FileTasks):
    """ALFWorld's own splits, in the order of their folders' names.

    ``test`` stands for both validation splits.

    Raises:
        DataError: if the folder has no games of the split.
    """

    def __init__(
        self,
        *,
        root: Path,
        split: Split | OfficialSplit,
        kind: str | None,
        version: TextVersion | None,
    ) -> None:
        games: dict[int, tuple[str, Path]] = {}
        listed: dict[str, list[int]] = {name: [] for name in OFFICIAL}
        for name in OFFICIAL:
            for file in _games_below(root / name):
                task = file.parts[-3].partition("-")[0]
                if kind is None or task == kind:
                    listed[name].append(len(games))
                games[len(games)] = name, file
        if not games:
            raise DataError(
                f"{root}: there is no {'/ or '.join(OFFICIAL)}/ with games in "
                f"<task>/<trial>/{GAME_FILE}"
            )
        valid = split not in SPLITS
        super().__init__(
            prefix="alfworld_game",
            games=games,
            train=listed["train"],
            test=listed[split] if valid else listed[OFFICIAL[1]] + listed[OFFICIAL[2]],
            split="test" if valid else cast(Split, split),
            version=version,
        )

    def _exists(self, index: int) -> bool:
        return index in self._games


def _games_below(folder: Path) -> list[Path]:
    # Tasks with movable receptacles or slices are not among the text games.
    return [
        file
        for file in sorted(folder.glob(f"*/*/{GAME_FILE}"))
        if "movable" not in file.parts[-3] and "Sliced" not in file.parts[-3]
    ]


def open_data(
    path: Path,
    *,
    split: Split | OfficialSplit,
    kind: str | None,
    version: TextVersion | None,
) -> TaskSet:
    """Open the published data.

    Args:
        path: The data folder, with ``json_2.1.1`` or a later release in it, or such a
            release itself. Where AgentGym's mapping files lie in the folder, their
            items are played; else, and for ``valid_seen`` and ``valid_unseen``,
            ALFWorld's own splits.
        split: One of ours, or one of ALFWorld's by name.
        kind: The task type; None means all.
        version: The wording; None means each file's own.

    Raises:
        DataError: if there is no such data.
    """
    if not path.is_dir():
        raise DataError(f"{path}: there is no such folder")
    root = next((path / r for r in RELEASES if (path / r).is_dir()), path)
    mappings = next(
        (
            folder
            for folder in (path, path / "configs")
            if any((folder / name).is_file() for name in MAPPINGS)
        ),
        None,
    )
    if mappings is None or split not in SPLITS:
        return OfficialTasks(root=root, split=split, kind=kind, version=version)
    return AgentGymTasks(
        root=root,
        mappings=mappings,
        split=split,
        kind=kind,
        version=version,
    )


def check_split(split: object, *, has_data: bool) -> None:
    """Refuse splits that the data doesn't have.

    Raises:
        BadOption: naming those that it has.
    """
    known = (*SPLITS, *OFFICIAL[1:]) if has_data else SPLITS
    if split not in known:
        raise BadOption(f"split must be one of {', '.join(known)}, not {split!r}")
