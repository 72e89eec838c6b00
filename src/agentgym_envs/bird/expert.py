"""The expert of BIRD, who knows the gold statement."""

from __future__ import annotations

from agentgym_envs.bird.dataset import Question
from agentgym_envs.bird.engine import Gold
from agentgym_envs.errors import NoExpertAction


def next_action(question: Question, gold: Gold) -> str:
    """Give the gold statement.

    Raises:
        NoExpertAction: if it does not run, so that nobody can be right.
    """
    if gold.error:
        raise NoExpertAction(f"the gold statement does not run: {gold.error}")
    return question.sql
