"""`Episode`: an environment as function calls, for harnesses with their own loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import gymnasium

from agentgym_envs import AgentEnv
from agentgym_envs.errors import BadOption, ResetNeeded
from agentgym_wrappers.base import format_of, instructions_of
from agentgym_wrappers.calls import action_of

Reward = Literal["score", "return", "success"]
REWARDS: tuple[Reward, ...] = ("score", "return", "success")

OVER = "The episode is over ({reason}); this call did nothing."
BY_CALLING = (
    "You act by calling the functions that you are given, one at a time. A call "
    "stands for the action that it is named after, so no action has to be written out."
)


class Episode:
    """Play an environment by calls, one episode after the other.

    Tool calling, MCP and the adapters for other libraries do the same things: they
    begin an episode, call functions, show what came back and take the score. Calls
    after the end are answered, and change nothing.

    >>> episode = Episode("agentgym/Maze-v0")
    >>> _ = episode.begin("maze_3")
    >>> _ = episode.call("move", {"direction": "up"})
    >>> episode.call("jump", {})
    "There is no function 'jump'; there are move."
    >>> episode.info["steps"], episode.score
    (2, 0.0)
    >>> episode.close()

    Args:
        env: An environment that takes text actions, or the id of one.
        kwargs: Keywords for `gymnasium.make`, if ``env`` is an id.

    Raises:
        TypeError: if the environment is not one of agentgym's.
        BadOption: if it takes replies of a model where it should take actions.
    """

    def __init__(self, env: str | gymnasium.Env[Any, Any], **kwargs: Any) -> None:
        if isinstance(env, str):
            env = gymnasium.make(env, **kwargs)
        elif kwargs:
            raise BadOption("keywords are for an id; this environment is made already")
        if not isinstance(env.unwrapped, AgentEnv):
            raise TypeError(f"{env} is no agentgym environment")
        if format_of(env) != "text":
            raise BadOption(f"{env} takes replies; calls need one that takes actions")
        self.env = env
        self.observation = ""
        """What the agent saw last."""
        self.info: dict[str, Any] = {}
        self.rewards: list[float] = []
        self.is_over = True

    @property
    def agent_env(self) -> AgentEnv:
        """The environment at the bottom, with its goal, schema and expert."""
        agent = self.env.unwrapped
        assert isinstance(agent, AgentEnv)
        return agent

    @property
    def functions(self) -> Sequence[Mapping[str, Any]]:
        """The functions that `call` takes: the environment's ``action_schema``."""
        return self.agent_env.action_schema

    @property
    def instructions(self) -> str:
        """The rules of the game, and that one plays it by calls."""
        return f"{instructions_of(self.env)}\n\n{BY_CALLING}"

    def begin(
        self,
        item: int | str | None = None,
        *,
        seed: int | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> str:
        """Begin an episode, and give the first observation.

        Args:
            item: An item by its index or id; None draws one.
            seed: Seeds that draw.
            options: Further reset options of the family.

        Raises:
            BadOption, UnknownTask: for what the environment refuses; the episode
                before it goes on then.
        """
        given = dict(options or {})
        if item is not None:
            given["item"] = item
        observation, info = self.env.reset(seed=seed, options=given)
        self.observation, self.info = str(observation), info
        self.rewards = []
        self.is_over = False
        return self.observation

    def call(self, name: str, arguments: Mapping[str, Any]) -> str:
        """Call a function, and give what the agent sees then.

        A call that does not fit is answered and counts a step, as any nonsense does.

        Raises:
            ResetNeeded: before the first `begin`.
        """
        return self.act(action_of(self.functions, name, arguments, name))

    def act(self, action: str) -> str:
        """Do a text action, and give what the agent sees then.

        Raises:
            ResetNeeded: before the first `begin`.
        """
        if not self.info:
            raise ResetNeeded("no episode has begun; call begin() first")
        if self.is_over:
            return OVER.format(reason=self.info["end_reason"] or "horizon")
        observation, reward, terminated, truncated, info = self.env.step(action)
        self.observation, self.info = str(observation), info
        self.rewards.append(float(reward))
        self.is_over = bool(terminated or truncated)
        return self.observation

    @property
    def score(self) -> float:
        """The score so far, in [0, 1]."""
        return float(self.info.get("score", 0.0))

    @property
    def success(self) -> bool:
        """Whether the task is solved."""
        return bool(self.info.get("success", False))

    def reward(self, kind: Reward) -> float:
        """The episode as one number: its score, its return, or 1 for a success."""
        if kind == "score":
            return self.score
        return float(sum(self.rewards) if kind == "return" else self.success)

    def close(self) -> None:
        """Close the environment."""
        self.env.close()


def check_reward(kind: str) -> None:
    """Refuse a number that an episode does not have.

    Raises:
        BadOption: if so.
    """
    if kind not in REWARDS:
        raise BadOption(f"reward must be one of {', '.join(REWARDS)}, not {kind!r}")
