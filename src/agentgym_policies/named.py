"""Policies by the names that the command line takes."""

from __future__ import annotations

from difflib import get_close_matches

from agentgym_envs.errors import BadOption
from agentgym_policies.base import Policy
from agentgym_policies.expert import ExpertPolicy
from agentgym_policies.random import RandomPolicy

POLICIES: dict[str, type[ExpertPolicy] | type[RandomPolicy]] = {
    "expert": ExpertPolicy,
    "random": RandomPolicy,
}


def make_policy(name: str) -> Policy:
    """Make the policy of this name.

    Raises:
        BadOption: if there is none.
    """
    if name in POLICIES:
        return POLICIES[name]()
    close = get_close_matches(name, POLICIES, n=1)
    hint = f"; did you mean {close[0]}?" if close else ""
    raise BadOption(
        f"there is no policy {name!r}; there are {', '.join(POLICIES)}{hint}"
    )
