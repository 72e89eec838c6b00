"""The policy that asks each environment's own expert."""

from __future__ import annotations

from collections.abc import Sequence

from agentgym_envs.errors import NoExpertAction
from agentgym_policies.base import Action, History
from agentgym_policies.prompts import as_reply


class ExpertPolicy:
    """Do what the expert does, and stop where it says that nothing can be won."""

    def act(self, histories: Sequence[History]) -> list[Action]:
        """Ask the expert of each episode."""
        return [_ask(history) for history in histories]


def _ask(history: History) -> Action:
    try:
        return Action(as_reply(history, history.agent.expert_action()))
    except NoExpertAction as error:
        return Action("", stop=str(error))
