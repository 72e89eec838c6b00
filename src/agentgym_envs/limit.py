"""The limit of an episode, counted where snapshots can see it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import gymnasium
from gymnasium.envs.registration import EnvSpec
from gymnasium.utils import RecordConstructorArgs
from gymnasium.wrappers import TimeLimit

from agentgym_envs.env import AgentEnv
from agentgym_envs.registry import LIMIT

UNLIMITED = 2**62  # steps


class EpisodeLimit(gymnasium.Wrapper[str, str, str, str], RecordConstructorArgs):
    """Take the place of ``TimeLimit``: the environment itself counts its steps.

    ``gymnasium.make`` puts ``TimeLimit`` around an environment. Its counter is out
    of a snapshot's reach, so going back to an earlier state would not give the
    steps back. Registered as an additional wrapper, this one removes
    ``TimeLimit`` and hands its number to the environment, unless that was made with
    a ``horizon`` of its own. ``max_episode_steps=-1`` means no limit at all.
    """

    def __init__(self, env: gymnasium.Env[str, str]) -> None:
        RecordConstructorArgs.__init__(self)
        agent = env.unwrapped
        if not isinstance(agent, AgentEnv):
            raise TypeError(f"EpisodeLimit needs an AgentEnv, not {agent!r}")
        if isinstance(env, TimeLimit):
            limit, env = env._max_episode_steps, env.env
        else:
            limit = UNLIMITED
        if agent.has_default_horizon:
            agent.horizon = limit
        super().__init__(env)

    def step(self, action: str) -> tuple[str, Any, bool, bool, dict[str, Any]]:
        """Pass the action on."""
        return self.env.step(action)

    @property
    def spec(self) -> EnvSpec | None:  # type: ignore[override]  # as Gymnasium's own
        """The inner spec with the limit and this wrapper, ready for ``make``."""
        inner = self.env.spec
        if inner is None:
            return None
        agent = self.env.unwrapped
        assert isinstance(agent, AgentEnv)
        spec = deepcopy(inner)
        spec.additional_wrappers += (LIMIT,)
        spec.max_episode_steps = agent.horizon if agent.horizon < UNLIMITED else None
        return spec
