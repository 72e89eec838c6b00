"""Policies that play text environments, and their measurement.

What needs PyTorch or a client of a server is in modules of its own:
`huggingface.TransformersPolicy`, `endpoint.OpenAIPolicy`, `tiny.build_tiny_model`.
"""

from agentgym_policies.base import Action, History, Policy, Usage
from agentgym_policies.expert import ExpertPolicy
from agentgym_policies.prompts import PlayStyle, Prompt
from agentgym_policies.random import RandomPolicy
from agentgym_policies.rollout import Episode, Job, rollout
from agentgym_policies.tokens import TokenSequence, token_sequences

__all__ = [
    "Action",
    "Episode",
    "ExpertPolicy",
    "History",
    "Job",
    "PlayStyle",
    "Policy",
    "Prompt",
    "RandomPolicy",
    "TokenSequence",
    "Usage",
    "rollout",
    "token_sequences",
]
