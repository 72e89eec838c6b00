"""`RecordTrajectory`: keep what happened, in the published file format."""

from __future__ import annotations

import os
from typing import Any

import gymnasium
from gymnasium.utils import RecordConstructorArgs

from agentgym_wrappers import base
from agentgym_wrappers.trajectory import Episode, append, origin, record


class RecordTrajectory(base.AgentWrapper[Any, Any]):
    """Record each finished episode; see `trajectory` for the shape of a record.

    It changes nothing and may stand anywhere: around `ReActAction` it records the
    replies of the model, inside of it the bare actions. What the game was given is
    in ``meta["actions"]`` either way; where ``meta["reply_errors"]`` has a text, the
    reply reached no game. Steps that ``restore`` takes back stay in the record. The
    last record is ``trajectory``, None before the first.

    >>> import agentgym_envs, gymnasium
    >>> env = RecordTrajectory(gymnasium.make("agentgym/Maze-v0"), policy="expert")
    >>> _, info = env.reset(options={"item": 3})
    >>> while not info["end_reason"]:
    ...     *_, info = env.step(env.unwrapped.expert_action())
    >>> env.trajectory["item_id"], env.trajectory["reward"]
    ('maze_3', 1.0)

    Args:
        env: The environment.
        path: A JSON Lines file that each record is added to; one process each.
        policy: Who acts, as the record will tell.
        action_format: How replies are written; None asks a `ReplyAction` inside.
        end_with_observation: Whether the last observation ends the conversation.
        keep_unfinished: Whether an episode cut by reset or close is recorded too.
    """

    def __init__(
        self,
        env: gymnasium.Env[Any, Any],
        path: str | os.PathLike[str] | None = None,
        *,
        policy: str = "",
        action_format: str | None = None,
        end_with_observation: bool = False,
        keep_unfinished: bool = False,
    ) -> None:
        self._path = path = None if path is None else os.fspath(path)
        who: dict[str, Any] = {"policy": policy, "action_format": action_format}
        how: dict[str, Any] = {"end_with_observation": end_with_observation}
        RecordConstructorArgs.__init__(
            self, path=path, keep_unfinished=keep_unfinished, **who, **how
        )
        super().__init__(env)
        who["action_format"] = action_format or base.format_of(env)
        self._who, self._how, self._keep_unfinished = who, how, keep_unfinished
        self._start: dict[str, Any] = {}
        self._episode: Episode | None = None
        self.trajectory: dict[str, Any] | None = None

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Pass the reset on, and begin a record."""
        before = self._made()
        # Where the environment refuses, the old episode goes on, and its record too.
        result = self.env.reset(seed=seed, options=options)
        self._keep(before)
        self._start = {"seed": seed, "options": dict(options or {})}
        self._episode = Episode(base.text_of(self.env, result[0]), result[1])
        return result

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """Pass the action on, and note what came of it."""
        result = self.env.step(action)
        # In parity mode play may go on after the horizon, beyond the record.
        if episode := self._episode:
            text = base.text_of(self.env, result[0])
            said = base.spoken(action, result[-1])
            episode.add(said, getattr(action, "reason", ""), (text, *result[1:]))
            if episode.is_over:
                self.finish()
        return result

    def close(self) -> None:
        """End the episode, and close the environment."""
        self.finish()
        self.env.close()

    def finish(self) -> None:
        """End the record of this episode, as reset and close do."""
        made, self._episode = self._made(), None
        self._keep(made)

    def _made(self) -> dict[str, Any] | None:
        """The record of the episode so far, if it makes one."""
        episode = self._episode
        if not episode or not episode.wanted(self._keep_unfinished):
            return None
        meta = origin(self.agent_env) | self._start | self._who
        rules = base.instructions_of(self.env)
        return record(rules, episode, meta, **self._how)

    def _keep(self, made: dict[str, Any] | None) -> None:
        if made is None:
            return
        self.trajectory = made
        if self._path is not None:
            append(self._path, [made])
