"""WebArena: web sites for agents, in a real browser or computed without one."""

from __future__ import annotations

from agentgym_envs.registry import TaskSpec

HORIZON = 25  # actions, as AgentGym's training script allows
# Categories with their numbers of training and test items.
COUNTS = {
    "InformationSeeking": (136, 72),
    "SiteNavigation": (104, 56),
    "ContentAndConfig": (200, 72),
}
CATEGORIES = tuple(COUNTS)


def _spec(name: str, train: int, test: int, **rest: object) -> TaskSpec:
    return TaskSpec(
        name=name,
        entry="agentgym_envs.webarena.env:WebArenaEnv",
        scenario="web",
        horizon=HORIZON,
        train=train,
        test=test,
        extra="webarena",
        **rest,  # type: ignore[arg-type]  # fields of TaskSpec
    )


SPECS = [
    _spec(
        "WebArena",
        sum(train for train, _ in COUNTS.values()),
        sum(test for _, test in COUNTS.values()),
        is_group=True,
    ),
    *(
        _spec(f"WebArena.{name}", train, test, kwargs={"category": name})
        for name, (train, test) in COUNTS.items()
    ),
]
