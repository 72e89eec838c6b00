"""The tasks of ScienceWorld, their variations, and the engine's splits."""

from __future__ import annotations

from types import MappingProxyType

from agentgym_envs.errors import BadOption, UnknownTask

VARIATIONS = MappingProxyType(
    {
        "boil": 30,
        "melt": 30,
        "freeze": 30,
        "change-the-state-of-matter-of": 30,
        "use-thermometer": 540,
        "measure-melting-point-known-substance": 436,
        "measure-melting-point-unknown-substance": 300,
        "power-component": 20,
        "power-component-renewable-vs-nonrenewable-energy": 20,
        "test-conductivity": 900,
        "test-conductivity-of-unknown-substances": 600,
        "find-living-thing": 300,
        "find-non-living-thing": 300,
        "find-plant": 300,
        "find-animal": 300,
        "grow-plant": 126,
        "grow-fruit": 126,
        "chemistry-mix": 32,
        "chemistry-mix-paint-secondary-color": 36,
        "chemistry-mix-paint-tertiary-color": 36,
        "lifespan-longest-lived": 125,
        "lifespan-shortest-lived": 125,
        "lifespan-longest-lived-then-shortest-lived": 125,
        "identify-life-stages-1": 14,
        "identify-life-stages-2": 10,
        "inclined-plane-determine-angle": 168,
        "inclined-plane-friction-named-surfaces": 1386,
        "inclined-plane-friction-unnamed-surfaces": 162,
        "mendelian-genetics-known-plant": 120,
        "mendelian-genetics-unknown-plant": 480,
    }
)
"""How many variations each task has, in the order of the paper."""

SIMPLIFICATIONS = (
    "teleportAction",
    "selfWateringFlowerPots",
    "openContainers",
    "openDoors",
    "noElectricalAction",
)
EASY = ("teleportAction", "openDoors", "selfWateringFlowerPots")


def task_names() -> tuple[str, ...]:
    """All 30 tasks."""
    return tuple(VARIATIONS)


def variations(task: str) -> dict[str, list[int]]:
    """The variations of a task by split: ``train``, ``dev`` and ``test``.

    Raises:
        UnknownTask: if there is no such task.
    """
    number = _count(task)
    quarter = number // 4
    return {
        "train": list(range(2 * quarter)),
        "dev": list(range(2 * quarter, 3 * quarter)),
        "test": list(range(3 * quarter, number)),
    }


def _count(task: str) -> int:
    if task not in VARIATIONS:
        raise UnknownTask(f"no task {task!r}; there are {', '.join(VARIATIONS)}")
    return VARIATIONS[task]


def check_item(task: str, variation: int) -> None:
    """Refuse what the engine doesn't have.

    Raises:
        UnknownTask: if there is no such task or variation.
    """
    number = _count(task)
    if type(variation) is not int or not 0 <= variation < number:
        raise UnknownTask(
            f"no variation {variation!r} of {task}; it has 0..{number - 1}"
        )


def is_electrical(task: str) -> bool:
    """Whether a task can't be done without electrical actions."""
    return "power-component" in task or "conductivity" in task


def spell_out(task: str, simplifications: str) -> str:
    """Check a list of simplifications, and spell out an ``easy`` among others.

    The engine knows ``easy`` only where it stands alone.

    Raises:
        BadOption: for an unknown one, or one that the task can't do with.
    """
    names = [name for name in simplifications.split(",") if name]
    for name in names:
        if name != "easy" and name not in SIMPLIFICATIONS:
            known = ", ".join(("easy", *SIMPLIFICATIONS))
            raise BadOption(f"no simplification {name!r}; there are {known}")
    if is_electrical(task) and "noElectricalAction" in names:
        raise BadOption(f"{task} can't be done with noElectricalAction")
    if len(names) < 2:
        return "".join(names)
    spelt: list[str] = []
    for name in names:
        spelt += _easy(task) if name == "easy" else [name]
    return ",".join(dict.fromkeys(spelt))


def _easy(task: str) -> list[str]:
    return [*EASY] if is_electrical(task) else [*EASY, "noElectricalAction"]
