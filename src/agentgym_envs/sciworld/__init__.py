"""SciWorld: school science in a simulated house, on ScienceWorld's own engine."""

from agentgym_envs.registry import TaskSpec

HORIZON = 30  # steps, the published evaluation limit

# The names of ScienceWorld's tasks in its own order, and how many variations of each
# the engine has.
VARIATIONS = {
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
        **rest,  # type: ignore[arg-type]  # fields of TaskSpec
    )


SPECS = [
    _spec("SciWorld", list(VARIATIONS.values()), is_group=True),
    *(
        _spec(f"SciWorld.{camel(name)}", [n], kwargs={"task": name})
        for name, n in VARIATIONS.items()
    ),
]
