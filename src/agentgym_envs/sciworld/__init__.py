"""SciWorld: school science in a simulated house, on ScienceWorld's own engine."""

from agentgym_envs.registry import TaskSpec
from agentgym_envs.sciworld.items import VARIATIONS

HORIZON = 30  # steps, the published evaluation limit
SAMPLE = 2  # items of a task; the engine takes a second or more to solve one


def quarter(variations: int) -> int:
    """A quarter of a task's variations, the unit of the engine's splits.

    The engine trains on the first two quarters, develops on the third, and tests on
    the rest, which is the last quarter and what the division leaves.
    """
    return variations // 4


def camel(name: str) -> str:
    """The name of a task in its id: ``find-plant`` gives ``FindPlant``."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("-"))


def _spec(name: str, counts: list[int], **rest: object) -> TaskSpec:
    return TaskSpec(
        name=name,
        entry="agentgym_envs.sciworld.env:SciWorldEnv",
        scenario="embodied",
        horizon=HORIZON,
        train=sum(2 * quarter(n) for n in counts),
        test=sum(n - 3 * quarter(n) for n in counts),
        extra="sciworld",
        sample=SAMPLE,
        **rest,  # type: ignore[arg-type]  # fields of TaskSpec
    )


SPECS = [
    _spec("SciWorld", list(VARIATIONS.values()), is_group=True),
    *(
        _spec(f"SciWorld.{camel(name)}", [n], kwargs={"task": name})
        for name, n in VARIATIONS.items()
    ),
]
