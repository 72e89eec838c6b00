"""Trajectories and item ids as AgentGym publishes them.

AgentTraj, AgentTraj-L and AgentEval (https://huggingface.co/AgentGym): an item id is a
prefix and a number, and the number is what the original server is reset with. The same
item here is that id in an environment with ``parity=True``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from agentgym_envs import MalformedReply
from agentgym_wrappers.original import PARSERS, as_it_is

# Prefixes that published files use, and the families that they mean.
PREFIXES: Mapping[str, str] = {
    "webarena": "WebArena",
    "webshop": "WebShop",
    "lmrlgym_maze": "Maze",
    "maze": "Maze",
    "lmrlgym_wordle": "Wordle",
    "wordle": "Wordle",
    "alfworld": "ALFWorld",
    "sciworld": "SciWorld",
    "babyai": "BabyAI",
    "textcraft": "TextCraft",
    "weather": "Weather",
    "movie": "Movie",
    "academia": "Academia",
    "sheet": "Sheet",
    "todo": "TODOList",
    "sqlgym": "BIRD",
    "bird": "BIRD",
    "searchqa": "SearchQA",
}
PUBLISHED: Mapping[str, str] = {
    "maze": "lmrlgym_maze",
    "wordle": "lmrlgym_wordle",
    "bird": "sqlgym",
}

_ITEM_ID = re.compile(r"(.+)_(-?[0-9]{1,18})")
_ENV_ID = re.compile(r"(?:.*:)?agentgym/([A-Za-z]+)(?:\.\w+)?-v\d+")


def family_of(record: Mapping[str, Any]) -> str:
    """The family that a trajectory was played in; empty if it does not tell.

    >>> family_of({"item_id": "lmrlgym_maze_3"})
    'Maze'
    """
    meta = record.get("meta")
    if isinstance(meta, Mapping):
        match = _ENV_ID.fullmatch(str(meta.get("env_id", "")))
        if match is not None:
            return match[1]
    return PREFIXES.get(prefix_of(str(record.get("item_id", ""))), "")


def env_id_of(meta: Mapping[str, Any]) -> str:
    """The environment that a record names, never with a module to be imported.

    Gymnasium imports ``module`` of ``module:Env-v0``, and a file of data is no code.

    >>> env_id_of({"env_id": "some_module:agentgym/Maze-v0"})
    'agentgym/Maze-v0'
    """
    return str(meta.get("env_id") or "").rpartition(":")[2]


def prefix_of(item_id: str) -> str:
    """What stands before the number of an item id; empty if there is no number."""
    match = _ITEM_ID.fullmatch(item_id)
    return match[1] if match else ""


def to_agenttraj(record: Mapping[str, Any]) -> dict[str, Any]:
    """Leave of a trajectory what published files have: messages and the item's id.

    The prefix becomes the published one. Play with ``parity=True`` to have the items
    that these ids mean to others.
    """
    item_id = str(record["item_id"])
    prefix = prefix_of(item_id)
    published = PUBLISHED.get(prefix, prefix)
    return {
        "conversations": [
            {key: said[key] for key in ("from", "loss", "value")}
            for said in record["conversations"]
        ],
        "item_id": published + item_id.removeprefix(prefix),
    }


def from_agenttraj(record: Mapping[str, Any]) -> dict[str, Any]:
    """Add to a published trajectory where it was played, and what was done.

    The actions are those that the original client found in the replies. What is
    known already, as a reward, stays.
    """
    family = family_of(record)
    parse = PARSERS.get(family, as_it_is)
    replies = [said["value"] for said in record["conversations"] if said["loss"]]
    actions = [parse(reply) for reply in replies]
    reasons = [
        action.reason if isinstance(action, MalformedReply) else ""
        for action in actions
    ]
    meta = {
        "env_id": f"agentgym/{family}-v0" if family else "",
        "kwargs": {"parity": True},
        "action_format": "react",
        "actions": [
            "" if reason else str(action)
            for action, reason in zip(actions, reasons, strict=True)
        ],
        "reply_errors": reasons,
    }
    return {**record, "meta": {**meta, **record.get("meta", {})}}
