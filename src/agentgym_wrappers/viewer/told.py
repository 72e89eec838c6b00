"""What the page is told of an episode: short keys, and nothing twice."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from agentgym_wrappers.dataset.agenttraj import family_of, from_agenttraj
from agentgym_wrappers.thought_action import parse_react


def told(record: Mapping[str, Any]) -> dict[str, Any]:
    """Tell a trajectory to the page.

    | Key | Value |
    |---|---|
    | `env`, `family`, `item`, `split`, `policy`, `end` | texts; empty if unknown |
    | `seed` | a number, or null |
    | `score`, `success` | of the episode; null where a record has none |
    | `rules`, `first` | the instructions, and the first observation |
    | `steps` | one object per reply, see `_step` |
    """
    record = record if "actions" in record.get("meta", {}) else from_agenttraj(record)
    meta = record["meta"]
    values = [said["value"] for said in record["conversations"]]
    success = record.get("success")
    replies, answers = values[3::2], values[4::2]
    return {
        "env": str(meta.get("env_id", "")),
        "family": family_of(record) or str(record["item_id"]),
        "item": str(record["item_id"]),
        "split": str(meta.get("split", "")),
        "policy": str(meta.get("policy", "")),
        "end": str(meta.get("end_reason", "")),
        "seed": meta.get("seed"),
        "score": record.get("reward"),
        "success": None if success is None else int(success),
        "rules": values[0],
        "first": values[2],
        "steps": [
            _step(meta, number, reply, answers[number : number + 1])
            for number, reply in enumerate(replies)
        ],
    }


def _step(
    meta: Mapping[str, Any], number: int, reply: str, answer: Sequence[str]
) -> dict[str, Any]:
    """One reply and what came of it; what is empty or usual is left out.

    | Key | Value |
    |---|---|
    | `t`, `a`, `r` | thought, action, and the whole reply where it holds more |
    | `o` | the observation; missing where the record ends with the reply |
    | `w`, `s` | reward and score, where they are known |
    | `x` | whether the action was invalid |
    | `e` | why the reply held no action |
    """
    action = _at(meta, "actions", number, reply)
    thought, rest = split_reply(reply, action, str(meta.get("action_format", "")))
    step: dict[str, Any] = {"a": action}
    optional = {
        "t": thought,
        "r": rest,
        "o": answer[0] if answer else None,
        "w": _at(meta, "rewards", number, None),
        "s": _at(meta, "scores", number, None),
        "x": _at(meta, "invalid", number, None) or None,
        "e": _at(meta, "reply_errors", number, ""),
    }
    return step | {k: v for k, v in optional.items() if v not in (None, "")}


def split_reply(reply: str, action: str, action_format: str) -> tuple[str, str]:
    r"""Split a reply into its thought and, if there is more, all of it.

    >>> split_reply("Thought:\nUp.\n\nAction:\nmove up", "move up", "react")
    ('Up.', '')
    >>> split_reply("Go!", "move up", "react")
    ('', 'Go!')
    """
    if reply.strip() == action.strip():
        return "", ""
    if action_format == "function_calling":
        return _of_call(reply), reply
    before, mark, _ = reply.rpartition("Action:")
    if mark and str(parse_react(reply)).strip() == action.strip():
        return before.strip().removeprefix("Thought:").strip(), ""
    return "", reply


def _of_call(reply: str) -> str:
    try:
        call = json.loads(reply[reply.index("{") : reply.rindex("}") + 1])
    except (ValueError, RecursionError):
        return ""
    return str(call.get("thought", "")) if isinstance(call, dict) else ""


def _at(meta: Mapping[str, Any], name: str, number: int, default: Any) -> Any:
    values = meta.get(name)
    if isinstance(values, list) and number < len(values):
        return values[number]
    return default
