"""Published evaluations: which families they play, how many items, how many rounds.

AgentEval is the test set of AgentGym (Xi et al., arXiv 2406.04151): 1,160 items of 14
families, as the table in its repository (WooooDyy/AgentGym) counts them, played
greedily up to the round limits of its evaluation scripts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from agentgym_envs.errors import BadOption


@dataclass(frozen=True, slots=True)
class Part:
    """What a suite plays of one family."""

    family: str
    items: int
    horizon: int
    """Rounds, after which an episode is cut."""
    prefixes: tuple[str, ...]
    """What published files call the family: ``<prefix>_test.json``."""
    is_mixed: bool = False
    """Whether the items of all tasks take turns, so that the first ones are of all."""

    @property
    def env_id(self) -> str:
        """The id that stands for all tasks of the family."""
        return f"agentgym/{self.family}-v0"


AGENTEVAL = (
    Part("WebArena", 20, 25, ("webarena",)),
    Part("WebShop", 200, 10, ("webshop",)),
    Part("Maze", 25, 15, ("lmrlgym_maze", "maze")),
    Part("Wordle", 25, 8, ("lmrlgym_wordle", "wordle")),
    Part("ALFWorld", 200, 30, ("alfworld",)),
    Part("SciWorld", 200, 30, ("sciworld",)),
    Part("BabyAI", 90, 20, ("babyai",), is_mixed=True),
    Part("TextCraft", 100, 20, ("textcraft",)),
    Part("Weather", 20, 10, ("weather",)),
    Part("Movie", 20, 12, ("movie",)),
    Part("Academia", 20, 12, ("academia",)),
    Part("Sheet", 20, 15, ("sheet",)),
    Part("TODOList", 20, 15, ("todo", "todolist")),
    Part("BIRD", 200, 1, ("sqlgym", "bird")),
)
SUITES = {"agenteval": AGENTEVAL}
GREEDY = {"temperature": 0.0}  # the options of a model's policy


def part_of(suite: str, env_id: str) -> Part | None:
    """What a suite says of an id; None if there is no suite, or it says nothing.

    >>> part_of("agenteval", "agentgym/Wordle-v0").items
    25
    """
    return next((p for p in SUITES.get(suite, ()) if p.env_id == env_id), None)


def spread(count: int, most: int) -> list[int]:
    """Places of at most so many items, evenly over all there are.

    Families that list their items task by task would else be played for one task.

    >>> spread(10, 4)
    [0, 2, 5, 7]
    >>> spread(3, 4)
    [0, 1, 2]
    """
    wanted = min(count, most)
    return [place * count // wanted for place in range(wanted)]


def data_paths(words: Iterable[str], families: Iterable[str]) -> dict[str, str]:
    """Read ``FAMILY=PATH``, or a folder that holds the data of several families.

    In a folder, a family's data is the folder of its name or of its published prefix,
    or else the folder itself, if a list of the family lies in it as AgentGym publishes
    it (``webshop_test.json``).

    Args:
        words: What the user gave.
        families: The families that are played.

    Raises:
        BadOption: for a family or folder that there is not.
    """
    parts = {part.family: part for part in AGENTEVAL}
    names = {family.lower(): family for family in families}
    found: dict[str, str] = {}
    for word in words:
        family, given, path = word.partition("=")
        if given and family.lower() in names:
            found[names[family.lower()]] = path
            continue
        if not Path(word).is_dir():
            listed = ", ".join(names.values())
            raise BadOption(
                f"--data takes FAMILY=PATH or a folder, not {word!r}; families that "
                f"are played: {listed}"
            )
        own = {
            name: _in_folder(
                Path(word), parts[name].prefixes if name in parts else (name.lower(),)
            )
            for name in names.values()
        }
        if not any(own.values()):
            raise BadOption(f"--data {word}: there is no family's data in this folder")
        found |= {name: path for name, path in own.items() if path}
    return found


def _in_folder(folder: Path, prefixes: tuple[str, ...]) -> str:
    for inner in sorted(folder.iterdir()):
        if inner.is_dir() and inner.name.lower() in prefixes:
            return str(inner)
    files = (f"{prefix}_test.json{more}" for prefix in prefixes for more in ("", "l"))
    return str(folder) if any((folder / file).is_file() for file in files) else ""
