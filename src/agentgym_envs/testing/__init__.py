"""The conformance check: what every environment of the library promises.

`check_agent_env` runs over every id of this library in its own test suite, and
third parties run it over theirs:

>>> from agentgym_envs.testing import check_agent_env
>>> check_agent_env("agentgym/Maze-v0")

Each promise is one function in `CHECKS`, which takes a `Subject` and raises
`CheckFailed`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agentgym_envs.testing.contract import (
    INFO_TYPES,
    check_actions,
    check_gymnasium_contract,
    check_infos,
    check_items,
    check_malformed_replies,
    check_rendering,
    check_rewards,
    check_spaces,
    check_splits,
    check_texts,
)
from agentgym_envs.testing.episodes import (
    check_admissible_actions,
    check_end,
    check_expert,
    check_horizon,
)
from agentgym_envs.testing.state import (
    check_copies,
    check_damaged_snapshots,
    check_determinism,
    check_fresh_process,
    check_isolation,
    check_snapshots,
    check_vector_envs,
)
from agentgym_envs.testing.subject import CheckFailed, Subject, agent, run_check

__all__ = [
    "CHECKS",
    "INFO_TYPES",
    "CheckFailed",
    "Subject",
    "agent",
    "check_actions",
    "check_admissible_actions",
    "check_agent_env",
    "check_copies",
    "check_damaged_snapshots",
    "check_determinism",
    "check_end",
    "check_expert",
    "check_fresh_process",
    "check_gymnasium_contract",
    "check_horizon",
    "check_infos",
    "check_isolation",
    "check_items",
    "check_malformed_replies",
    "check_rendering",
    "check_rewards",
    "check_snapshots",
    "check_spaces",
    "check_splits",
    "check_texts",
    "check_vector_envs",
    "run_check",
]

CHECKS: tuple[Callable[[Subject], None], ...] = (
    check_gymnasium_contract,
    check_spaces,
    check_items,
    check_splits,
    check_infos,
    check_rewards,
    check_determinism,
    check_actions,
    check_malformed_replies,
    check_end,
    check_horizon,
    check_snapshots,
    check_damaged_snapshots,
    check_fresh_process,
    check_expert,
    check_admissible_actions,
    check_texts,
    check_copies,
    check_vector_envs,
    check_isolation,
    check_rendering,
)


def check_agent_env(env_id: str, **kwargs: Any) -> None:
    """Check that an environment keeps every promise in `CHECKS`.

    Args:
        env_id: A registered id.
        kwargs: Keywords for ``gymnasium.make``.

    Raises:
        CheckFailed: at the first broken promise.
    """
    subject = Subject(env_id, kwargs)
    for check in CHECKS:
        run_check(check, subject)
