"""Trajectories as data: read, check, choose, and turn into what trainers want.

>>> from agentgym_wrappers import dataset
>>> dataset.family_of({"item_id": "webshop_6"})
'WebShop'

| Function | Does |
|---|---|
| `load`, `iterate`, `save` | read and write files; reading checks each record |
| `check`, `problems` | name what is wrong with a record |
| `select` | keeps successes above a threshold, one or all of each item |
| `to_agenttraj`, `from_agenttraj` | the shape that AgentGym publishes |
| `to_messages`, `from_messages` | chat messages |
| `to_pairs`, `from_pairs` | preference pairs |
| `to_steps`, `from_steps` | one row for each action |
| `to_dataset`, `from_dataset` | a Hugging Face data set |
| `to_minari`, `from_minari` | a Minari data set |
"""

from agentgym_wrappers.dataset.agenttraj import (
    family_of,
    from_agenttraj,
    to_agenttraj,
)
from agentgym_wrappers.dataset.check import check, problems
from agentgym_wrappers.dataset.hub import from_dataset, to_dataset
from agentgym_wrappers.dataset.load import iterate, load, save
from agentgym_wrappers.dataset.messages import from_messages, to_messages
from agentgym_wrappers.dataset.minari_data import from_minari, to_minari
from agentgym_wrappers.dataset.pairs import from_pairs, to_pairs
from agentgym_wrappers.dataset.select import select
from agentgym_wrappers.dataset.steps import from_steps, to_steps

__all__ = [
    "check",
    "family_of",
    "from_agenttraj",
    "from_dataset",
    "from_messages",
    "from_minari",
    "from_pairs",
    "from_steps",
    "iterate",
    "load",
    "problems",
    "save",
    "select",
    "to_agenttraj",
    "to_dataset",
    "to_messages",
    "to_minari",
    "to_pairs",
    "to_steps",
]
