"""The trajectory of an episode that a policy played, with its sampled tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentgym_policies.base import Action
from agentgym_policies.rollout import Episode
from agentgym_wrappers import RecordTrajectory

# What is kept of actions, a list of one value per step each.
KEPT = ("token_ids", "logprobs", "prompt_ids", "is_fresh", "finish", "reasoning")


def line_of(episode: Episode) -> dict[str, Any] | None:
    """Give the record of an episode that was played in a `RecordTrajectory`.

    To the record's ``meta`` come ``episode`` (its number among those of the item) and,
    where the policy is a language model whose tokens are known, what `KEPT` names of
    each action. An episode that has no end of its own is there if the recorder keeps
    those, with its ``end_reason`` and ``error``.

    Returns:
        None if there is no record, as of an episode without a step.
    """
    recorder = episode.env
    assert recorder is None or isinstance(recorder, RecordTrajectory)
    if recorder is None or episode.history is None:
        return None
    recorder.finish()
    line = recorder.trajectory
    # What is there may be of the episode before.
    if line is None or line["meta"]["seed"] != episode.job.seed:
        return None
    more: dict[str, Any] = {"episode": episode.job.episode}
    actions = episode.history.actions
    for name in KEPT if any(action.token_ids for action in actions) else ():
        values = [getattr(action, name) for action in actions]
        if any(values):
            more[name] = values
    more["end_reason"] = episode.end_reason
    if episode.error:
        more["error"] = episode.error
    return {**line, "meta": {**line["meta"], **more}}


def actions_of(line: Mapping[str, Any]) -> list[Action]:
    """Read the actions of a record, with the tokens of each where it has them.

    `token_sequences` makes of them what is trained on, exactly as it was sampled.
    """
    replies = [said["value"] for said in line["conversations"][3::2]]
    return [_action(reply, line["meta"], step) for step, reply in enumerate(replies)]


def _action(reply: str, meta: Mapping[str, Any], step: int) -> Action:
    found: dict[str, Any] = {name: meta[name][step] for name in KEPT if name in meta}
    for name, value in found.items():
        found[name] = tuple(value) if isinstance(value, list) else value
    return Action(reply, **found)
