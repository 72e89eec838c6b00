"""The policy that draws uniformly among the admissible actions."""

from __future__ import annotations

from collections.abc import Sequence

from agentgym_envs.errors import BadOption
from agentgym_policies.base import Action, History
from agentgym_policies.prompts import as_reply
from agentgym_policies.seeds import derive

DRAW_BITS = 64  # so many that the remainder favours no action by more than 1e-14


class RandomPolicy:
    """Draw each action from the episode's seed and the number of the step.

    So the draws do not depend on what else is played, in which order, in which
    process, or with which version of Python.
    """

    def act(self, histories: Sequence[History]) -> list[Action]:
        """Draw one admissible action per episode.

        Raises:
            BadOption: if an environment cannot list them.
        """
        return [_draw(history) for history in histories]


def _draw(history: History) -> Action:
    choices = history.agent.admissible_actions()
    if choices is None:
        raise BadOption(
            f"the random policy draws from admissible_actions(), and "
            f"{history.agent.family} cannot list them"
        )
    if not choices:
        return Action("", stop="there is no admissible action")
    draw = derive(history.seed, len(history.actions), bits=DRAW_BITS)
    return Action(as_reply(history, choices[draw % len(choices)]))
