"""The states of an episode as drawings, by playing its actions again.

A record holds texts only; where the environment can be made and gives the same texts,
its own drawing of each state is taken, and the page paints it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import gymnasium

from agentgym_envs import AgentEnv
from agentgym_envs.errors import AgentGymError
from agentgym_wrappers.dataset.agenttraj import env_id_of, family_of, from_agenttraj
from agentgym_wrappers.dataset.replay import observations

DRAWN = ("Maze", "BabyAI")


class Painter:
    """Plays episodes again and keeps what their states look like.

    ``rows`` are all different lines of all drawings; a drawing is a list of indexes.
    """

    def __init__(self) -> None:
        self._envs: dict[str, AgentEnv | None] = {}
        self._known: dict[str, int] = {}
        self.refused: dict[str, str] = {}
        """Why environments could not be made, by id."""

    @property
    def rows(self) -> list[str]:
        """The lines that drawings consist of."""
        return list(self._known)

    def drawings(self, record: Mapping[str, Any]) -> list[list[int]]:
        """Draw the first state and that after each step, up to the first difference.

        Gives nothing for a family without drawings, or an environment that can't be
        made here.
        """
        if family_of(record) not in DRAWN:
            return []
        record = (
            record if "actions" in record.get("meta", {}) else from_agenttraj(record)
        )
        agent = self._open(record["meta"])
        if agent is None:
            return []
        texts = [said["value"] for said in record["conversations"][2::2]]
        drawn = []
        try:
            for step, seen in enumerate(observations(agent, record["item_id"], record)):
                if step < len(texts) and texts[step] != seen:
                    break
                drawn.append(self._draw(agent))
        except AgentGymError:
            pass  # an item that this version does not have
        return drawn

    def _draw(self, agent: AgentEnv) -> list[int]:
        lines = str(agent.render()).split("\n")
        return [self._known.setdefault(line, len(self._known)) for line in lines]

    def _open(self, meta: Mapping[str, Any]) -> AgentEnv | None:
        env_id = env_id_of(meta)
        kwargs = dict(meta.get("kwargs") or {}) | {"render_mode": "ansi"}
        key = f"{env_id} {json.dumps(kwargs, sort_keys=True)}"
        if key not in self._envs:
            try:
                made = gymnasium.make(env_id, max_episode_steps=-1, **kwargs).unwrapped
            except (gymnasium.error.Error, AgentGymError, TypeError) as error:
                self.refused[env_id] = str(error)
                made = None
            self._envs[key] = made if isinstance(made, AgentEnv) else None
        return self._envs[key]
