"""From what a user types (``all``, ``BabyAI``, ``maze``) to registered ids."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec

import gymnasium
from gymnasium.envs.registration import load_env_creator

import agentgym_envs
from agentgym_envs import AgentEnv, planned
from agentgym_envs.errors import BadOption, MissingExtra
from agentgym_envs.registry import TaskSpec

ALL = "all"

# What tells whether an extra is installed, without importing it.
PACKAGES = {
    "babyai": "minigrid",
    "sciworld": "scienceworld",
    "webshop": "rapidfuzz",
    "tools": "geographiclib",
}

HELP = (
    "all, families (BabyAI), tasks (BabyAI.GoToRedBall) and ids (agentgym/Maze-v0, "
    "module:name/Env-v0), separated by commas or repeated"
)


def missing_package(spec: TaskSpec) -> str:
    """Name the package that an environment needs and this machine lacks, or ``""``."""
    package = PACKAGES.get(spec.extra, "")
    return "" if not package or find_spec(package) else package


def find_ids(names: Iterable[str], *, groups: bool = False) -> list[str]:
    """Give the ids that are meant, in the order of the library, each once.

    ``all`` stands for every task that is ready and installed, a family's name for
    its tasks. A full id stands for itself.

    Args:
        names: What the user typed; each may hold several, separated by commas.
        groups: Whether the id that stands for a whole family is wanted, too.

    Raises:
        BadOption: for a name that nothing has.
        NotReady: for a task whose environment does not exist yet.
        MissingExtra: for a task whose packages are not installed.
    """
    words = [word.strip() for name in names for word in name.split(",")]
    found: dict[str, None] = {}
    for word in filter(None, words):
        found.update(dict.fromkeys(_ids_of(word, groups=groups)))
    if not found:
        raise BadOption(f"no environment is named; there are {HELP}")
    order = {spec.id: place for place, spec in enumerate(agentgym_envs.SPECS)}
    return sorted(found, key=lambda env_id: order.get(env_id, len(order)))


def find_id(name: str) -> str:
    """Give the one id that is meant; a family's name means the family's id.

    Raises:
        BadOption, NotReady, MissingExtra: as `find_ids`.
    """
    for spec in agentgym_envs.SPECS:
        if name.lower() == spec.name.lower():
            return _usable(spec)
    return _ids_of(name, groups=True)[0]


def skipped() -> list[TaskSpec]:
    """The tasks that ``all`` leaves out because their packages are missing."""
    return [
        spec
        for spec in agentgym_envs.SPECS
        if spec.entry and not spec.is_group and missing_package(spec)
    ]


def _ids_of(word: str, *, groups: bool) -> list[str]:
    wanted = [spec for spec in agentgym_envs.SPECS if groups or not spec.is_group]
    if word.lower() == ALL:
        return [s.id for s in wanted if s.entry and not missing_package(s)]
    family = [s for s in wanted if s.name.partition(".")[0].lower() == word.lower()]
    if family:
        return [_usable(spec) for spec in family]
    for spec in agentgym_envs.SPECS:
        if word.lower() in (spec.id.lower(), spec.name.lower()):
            return [_usable(spec)]
    return [_registered(word)]


def _usable(spec: TaskSpec) -> str:
    if not spec.entry:
        planned.refuse(planned=spec.name)
    if package := missing_package(spec):
        raise MissingExtra(spec.extra, package)
    return spec.id


def _registered(word: str) -> str:
    """Check an id of another library; ``module:id`` imports the module first."""
    module, _, env_id = word.rpartition(":")
    if module:
        try:
            import_module(module)
        except ModuleNotFoundError as error:
            raise BadOption(f"{word!r} cannot be imported: {error}") from None
    if env_id not in gymnasium.registry:
        raise BadOption(f"there is no environment {word!r}{_suggestion(word)}")
    entry = gymnasium.registry[env_id].entry_point
    creator = load_env_creator(entry) if isinstance(entry, str) else entry
    if isinstance(creator, type) and not issubclass(creator, AgentEnv):
        raise BadOption(f"{word} is no agentgym environment, but a {creator.__name__}")
    return word


def _suggestion(word: str) -> str:
    known = {spec.name.lower(): spec.name for spec in agentgym_envs.SPECS}
    known |= {env_id.lower(): env_id for env_id in gymnasium.registry}
    known |= {ALL: ALL}
    close = get_close_matches(word.lower(), known, n=3, cutoff=0.7)
    if not close:
        return "; `agentgym list` shows all"
    return "; did you mean " + " or ".join(known[name] for name in close) + "?"
