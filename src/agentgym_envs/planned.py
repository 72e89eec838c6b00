"""Ids that are declared, but whose environments do not exist yet.

Declaring them from the start keeps the number of tasks, their names and their
limits in one place. When an environment arrives, its lines move to its folder.
"""

from __future__ import annotations

from typing import Any, NoReturn

from agentgym_envs.errors import NotReady
from agentgym_envs.registry import TaskSpec

SPECS: list[TaskSpec] = []  # every declared environment has arrived


def refuse(*, planned: str, **kwargs: Any) -> NoReturn:
    """Entry point of the ids in `SPECS`.

    Raises:
        NotReady: always.
    """
    raise NotReady(
        f"agentgym/{planned}-v0 is declared, but its environment is not part of this "
        "version yet; `agentgym list` shows which are ready"
    )
