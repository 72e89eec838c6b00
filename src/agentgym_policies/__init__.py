"""Policies that play text environments, and their measurement."""

from agentgym_policies.base import Action, History, Policy
from agentgym_policies.expert import ExpertPolicy
from agentgym_policies.random import RandomPolicy
from agentgym_policies.rollout import Episode, Job, rollout

__all__ = [
    "Action",
    "Episode",
    "ExpertPolicy",
    "History",
    "Job",
    "Policy",
    "RandomPolicy",
    "rollout",
]
