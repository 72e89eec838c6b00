"""Policies that play text environments, and their measurement.

What needs PyTorch or a client of a server is in modules of its own:
`huggingface.TransformersPolicy`, `endpoint.OpenAIPolicy`, `tiny.build_tiny_model`.
"""

from agentgym_policies.base import Action, History, Policy, Usage
from agentgym_policies.expert import ExpertPolicy
from agentgym_policies.human import HumanPolicy
from agentgym_policies.prompts import PlayStyle, Prompt
from agentgym_policies.random import RandomPolicy
from agentgym_policies.rollout import Episode, Job, rollout
from agentgym_policies.search import BestOfN, TreeSearch
from agentgym_policies.tokens import TokenSequence, token_sequences

__all__ = [
    "Action",
    "BestOfN",
    "Episode",
    "ExpertPolicy",
    "History",
    "HumanPolicy",
    "Job",
    "PlayStyle",
    "Policy",
    "Prompt",
    "RandomPolicy",
    "TokenSequence",
    "TreeSearch",
    "Usage",
    "rollout",
    "token_sequences",
]
