"""Trajectories as a Minari data set (https://minari.farama.org)."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import gymnasium
from gymnasium.envs.registration import EnvSpec
from gymnasium.spaces import Text

from agentgym_envs.errors import BadOption, DataError, MissingExtra
from agentgym_wrappers.dataset.steps import to_steps

if TYPE_CHECKING:
    from minari import MinariDataset

LAST = "(the record ends here)"  # for a last observation that a record does not hold
RECORD = "agentgym_record"


def to_minari(
    dataset_id: str, records: Iterable[Mapping[str, Any]], **details: Any
) -> MinariDataset:
    """Write trajectories as a local Minari data set.

    Observations are the texts; actions are the agent's replies as it wrote them;
    rewards are those of the steps. The rest of each record, which Minari has no place
    for, is in the episode's infos as JSON, so that `from_minari` gives the same
    records again.

    Args:
        dataset_id: As Minari wants it, for example ``"agentgym/webshop-expert-v0"``.
        records: Trajectories of one environment, at least one step each.
        details: More for ``minari.create_dataset_from_buffers``, such as ``author``.

    Raises:
        BadOption: if there is no trajectory.
        MissingExtra: if Minari is not installed.
    """
    try:
        from minari import create_dataset_from_buffers
        from minari.data_collector import EpisodeBuffer
    except ImportError:
        raise MissingExtra("minari", "minari") from None
    records = list(records)
    if not records:
        raise BadOption("there is no trajectory to write")
    buffers = [EpisodeBuffer(**_episode(record)) for record in records]
    seen = [text for buffer in buffers for text in buffer.observations]
    done = [text for buffer in buffers for text in buffer.actions]
    settings = {
        "data_format": "arrow",
        "algorithm_name": _policy_of(records),
        "env": _spec_of(records),
    }
    return create_dataset_from_buffers(
        dataset_id,
        buffers,
        observation_space=_space_of(seen),
        action_space=_space_of(done),
        **{**settings, **details},
    )


def from_minari(dataset: MinariDataset) -> list[dict[str, Any]]:
    """Read the trajectories of a data set that `to_minari` wrote.

    Raises:
        DataError: if it was written by something else.
    """
    records = []
    for episode in dataset.iterate_episodes():
        infos = episode.infos or {}
        if RECORD not in infos:
            raise DataError(f"episode {episode.id} was not written by to_minari")
        record: dict[str, Any] = json.loads(str(infos[RECORD][0]))
        said = list(episode.actions)
        heard = list(episode.observations)
        turns = iter([text for pair in zip(heard, said, strict=False) for text in pair])
        messages = record["conversations"]
        for message in messages[2:]:
            message["value"] = next(turns, heard[-1])
        records.append(record)
    return records


def _episode(record: Mapping[str, Any]) -> dict[str, Any]:
    rows = to_steps([record])
    if not rows:
        raise BadOption(f"{record['item_id']} has no step, which Minari needs")
    meta = record.get("meta", {})
    # The texts are in observations and actions already.
    messages = [
        said if place < 2 else {**said, "value": ""}
        for place, said in enumerate(record["conversations"])
    ]
    rest = json.dumps({**record, "conversations": messages})
    observations = [row["history"][-1]["value"] for row in rows]
    over = [False] * (len(rows) - 1)
    return {
        "id": None,
        "seed": None,
        "observations": [*observations, rows[-1]["observation"] or LAST],
        "actions": [row["reply"] for row in rows],
        "rewards": [float(row["reward"]) for row in rows],
        "terminations": [*over, bool(meta.get("terminated", True))],
        "truncations": [*over, bool(meta.get("truncated", False))],
        "infos": {RECORD: [rest, *[""] * len(rows)]},
    }


def _space_of(texts: Iterable[str]) -> Text:
    """A space that holds these texts; Minari knows only Gymnasium's own."""
    texts = list(texts)
    letters = sorted(set("".join(texts))) or [" "]
    return Text(max(map(len, texts)) or 1, min_length=0, charset="".join(letters))


def _spec_of(records: Iterable[Mapping[str, Any]]) -> EnvSpec | None:
    """The environment that all were played in, for Minari to make it again."""
    known = [record.get("meta", {}) for record in records]
    env_id = known[0].get("env_id")
    kwargs = known[0].get("kwargs", {})
    if not all(
        (m.get("env_id"), m.get("kwargs", {})) == (env_id, kwargs) for m in known
    ):
        return None
    if env_id not in gymnasium.registry:
        return None
    spec = copy.deepcopy(gymnasium.spec(env_id))
    spec.kwargs.update(kwargs)
    return spec


def _policy_of(records: Iterable[Mapping[str, Any]]) -> str:
    names = {str(record.get("meta", {}).get("policy", "")) for record in records}
    return ", ".join(sorted(names - {""})) or "unknown"
