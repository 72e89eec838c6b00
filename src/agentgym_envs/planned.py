"""Ids that are declared, but whose environments do not exist yet.

Declaring them from the start keeps the number of tasks, their names and their
limits in one place. When an environment arrives, its lines move to its folder.
"""

from __future__ import annotations

from typing import Any, NoReturn

from agentgym_envs.errors import NotReady
from agentgym_envs.registry import TaskSpec

WEBARENA_TASKS = ("InformationSeeking", "SiteNavigation", "ContentAndConfig")


def _planned(
    family: str, scenario: str, horizon: int, extra: str, tasks: tuple[str, ...] = ()
) -> list[TaskSpec]:
    group = TaskSpec(
        name=family,
        scenario=scenario,
        horizon=horizon,
        extra=extra,
        is_group=bool(tasks),
    )
    leaves = [
        TaskSpec(
            name=f"{family}.{task}", scenario=scenario, horizon=horizon, extra=extra
        )
        for task in tasks
    ]
    return [group, *leaves]


SPECS = [
    *_planned("WebArena", "web", 25, "webarena", WEBARENA_TASKS),
]


def refuse(*, planned: str, **kwargs: Any) -> NoReturn:
    """Entry point of the ids in `SPECS`.

    Raises:
        NotReady: always.
    """
    raise NotReady(
        f"agentgym/{planned}-v0 is declared, but its environment is not part of this "
        "version yet; `agentgym list` shows which are ready"
    )
