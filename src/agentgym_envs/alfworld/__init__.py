"""ALFWorld: do a chore in a house that is told as text."""

from agentgym_envs.registry import TaskSpec

HORIZON = 30  # steps, the published evaluation limit

# For each task its type in the published data, and the embedded items per split.
TASKS = {
    "PickAndPlace": ("pick_and_place_simple", 822, 110),
    "PickTwoAndPlace": ("pick_two_obj_and_place", 497, 66),
    "LookInLight": ("look_at_obj_in_light", 246, 32),
    "CleanAndPlace": ("pick_clean_then_place_in_recep", 556, 74),
    "HeatAndPlace": ("pick_heat_then_place_in_recep", 396, 54),
    "CoolAndPlace": ("pick_cool_then_place_in_recep", 483, 64),
}


def _spec(name: str, train: int, test: int, **rest: object) -> TaskSpec:
    return TaskSpec(
        name=name,
        entry="agentgym_envs.alfworld.env:ALFWorldEnv",
        scenario="household",
        horizon=HORIZON,
        train=train,
        test=test,
        extra="alfworld",
        **rest,  # type: ignore[arg-type]  # fields of TaskSpec
    )


SPECS = [
    _spec("ALFWorld", 3000, 400, is_group=True),
    *(
        _spec(f"ALFWorld.{name}", train, test, kwargs={"task": name})
        for name, (_, train, test) in TASKS.items()
    ),
]
