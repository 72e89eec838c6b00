"""Trajectories as chat messages, with ``role`` and ``content``.

What chat templates, OpenAI's API and TRL read. Each message keeps its ``loss``, which
TRL passes on to a chat template, and a record keeps its other keys beside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agentgym_envs.errors import DataError
from agentgym_wrappers.trajectory import message

ROLES = {"human": "user", "gpt": "assistant"}
SENDERS = {"user": "human", "assistant": "gpt", "system": "human"}
KEPT = ("reasoning_content",)  # of an API's reply, beside its text


def to_messages(record: Mapping[str, Any]) -> dict[str, Any]:
    """Tell a trajectory as chat messages; `from_messages` undoes it.

    >>> record = {"item_id": "maze_1", "conversations": [
    ...     {"from": "human", "loss": None, "value": "Find the goal."}]}
    >>> to_messages(record)["messages"]
    [{'role': 'user', 'content': 'Find the goal.', 'loss': None}]
    """
    others = {k: v for k, v in record.items() if k != "conversations"}
    return {"messages": chat_of(record["conversations"]), **others}


def from_messages(row: Mapping[str, Any]) -> dict[str, Any]:
    """Make a trajectory of chat messages.

    Raises:
        DataError: for a role that is none of user, assistant and system.
    """
    others = {k: v for k, v in row.items() if k != "messages"}
    return {"conversations": conversations_of(row["messages"], "messages"), **others}


def chat_of(conversation: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rename the keys of messages to those of a chat."""
    return [
        {
            "role": ROLES[said["from"]],
            "content": said["value"],
            "loss": said["loss"],
            **_others(said),
        }
        for said in conversation
    ]


def conversations_of(chat: Sequence[Any], where: str) -> list[dict[str, Any]]:
    """Rename the keys of chat messages to those of published trajectories.

    Where messages tell no ``loss``, the agent's replies have it, but for its consent
    to the rules. A system message before the user's is put in front of its text.

    Raises:
        DataError: naming the message.
    """
    made: list[dict[str, Any]] = []
    rules = ""
    for place, said in enumerate(chat):
        role = said.get("role") if isinstance(said, Mapping) else None
        sender = SENDERS.get(str(role))
        if sender is None or not isinstance(said.get("content"), str):
            raise DataError(f"{where}[{place}] is no chat message: {said!r:.60}")
        if role == "system":
            rules = f"{said['content']}\n\n"
            continue
        value = rules + said["content"] if sender == "human" else said["content"]
        rules = "" if sender == "human" else rules
        default = None if sender == "human" else len(made) > 1
        made.append(message(sender, value, said.get("loss", default)) | _others(said))
    return made


def _others(said: Mapping[str, Any]) -> dict[str, Any]:
    return {key: said[key] for key in KEPT if said.get(key)}
