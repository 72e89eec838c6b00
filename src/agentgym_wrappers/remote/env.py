"""`RemoteEnv`: an environment on a server, as a plain `gymnasium.Env`."""

from __future__ import annotations

import os
import weakref
from typing import TYPE_CHECKING, Any

import gymnasium
from gymnasium.error import ClosedEnvironmentError
from gymnasium.vector import AutoresetMode

from agentgym_wrappers.vector.makers import makers
from agentgym_wrappers.vector.messages import Batch, Mistakes, Request, Values, info_of

if TYPE_CHECKING:
    from agentgym_wrappers.remote.backend import Remote


class RemoteEnv(gymnasium.Env[str, str]):
    """One environment on a server of ``agentgym serve``.

    It says what the environment would say here, bit for bit. When the connection
    breaks, it is opened again, and nothing is done twice; when the server has been
    started anew, the episode goes on from its latest snapshot. An episode that is
    lost nevertheless, because its worker was killed, comes back truncated, with the
    reason in ``info["failure"]``.

    >>> env = RemoteEnv("agentgym/Maze-v0", "http://127.0.0.1:8000")  # doctest: +SKIP
    >>> observation, info = env.reset(seed=0)  # doctest: +SKIP

    Args:
        env_id: Which environment; the server has to offer it.
        address: Of the server.
        token: What the server demands; None for nothing.
        resume: Whether each reply brings a snapshot along, to go on from when the
            server has lost the environment.
        patience: Seconds to wait for a server that has gone.
        kwargs: Keywords of the environment, as far as clients may choose them.

    Raises:
        BadOption: for what the server does not offer.
        ServerUnreachable: if there is no server.
        RemoteError: if the server won't.
    """

    def __init__(
        self,
        env_id: str,
        address: str,
        *,
        token: str | None = None,
        resume: bool = True,
        patience: float = 60.0,
        **kwargs: Any,
    ) -> None:
        from agentgym_wrappers.remote.backend import Remote  # needs the extra

        self._remote: Remote | None = Remote(
            makers(env_id, 1, kwargs),
            AutoresetMode.DISABLED,
            address,
            token=token,
            resume=resume,
            patience=patience,
        )
        self._is_interrupted = False
        self._finalizer = weakref.finalize(self, _end, self._remote, os.getpid())
        (described,) = self._remote.descriptions
        self.observation_space = described["observation_space"]
        self.action_space = described["action_space"]
        self.metadata = described["metadata"]
        self.render_mode = described["render_mode"]

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[str, dict[str, Any]]:
        """Begin an episode.

        Raises:
            BadOption, UnknownTask: for options that the environment refuses.
        """
        super().reset(seed=seed)
        observation, _, _, _, info = self._play("reset", (seed, options))
        return observation, info

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        """Do one action; any string is legal.

        Raises:
            TypeError: if the action is not a string.
            ResetNeeded: before the first reset and after the end of an episode.
        """
        if not isinstance(action, str):
            raise TypeError(f"an action is a str, not {type(action).__name__}")
        return self._play("step", str(action))

    def snapshot(self) -> bytes:
        """Give the episode as bytes; see `AgentEnv.snapshot`."""
        kept: bytes = self._ask("snapshot", None)
        return kept

    def restore(self, snapshot: bytes) -> None:
        """Take up an episode.

        Raises:
            SnapshotError: if the environment refuses the bytes.
        """
        self._ask("restore", bytes(snapshot))

    def admissible_actions(self) -> list[str] | None:
        """List all actions that do something now; None where they can't be listed."""
        actions: list[str] | None = self._question("admissible_actions")
        return actions

    def expert_action(self) -> str:
        """Give what an expert does next.

        Raises:
            NoExpertAction: if the episode is over, or can't be won any more.
        """
        return str(self._question("expert_action"))

    @property
    def instructions(self) -> str:
        """The rules of the game, for a model's system prompt."""
        return str(self._question("instructions"))

    @property
    def goal(self) -> str:
        """This episode's goal."""
        return str(self._question("goal"))

    @property
    def action_schema(self) -> list[dict[str, Any]]:
        """The actions as JSON-schema functions."""
        schema: list[dict[str, Any]] = self._question("action_schema")
        return schema

    @property
    def is_over(self) -> bool:
        """Whether a step needs a reset first."""
        return bool(self._question("is_over"))

    def render(self) -> Any:
        """Draw the state, if a ``render_mode`` was chosen."""
        return None if self.render_mode is None else self._question("render")

    def close(self) -> None:
        """Close the environment on the server, and the connection."""
        self._remote = None
        self._finalizer()

    def _question(self, name: str) -> Any:
        return self._ask("call", (name, (), {}))

    def _play(
        self, operation: str, argument: Any
    ) -> tuple[str, float, bool, bool, dict[str, Any]]:
        batch = self._part(operation, argument)
        assert isinstance(batch, Batch)
        return (
            batch.observations[0],
            batch.rewards[0],
            batch.terminations[0],
            batch.truncations[0],
            info_of(batch, 0),
        )

    def _ask(self, operation: str, argument: Any) -> Any:
        values = self._part(operation, argument)
        assert isinstance(values, Values)
        return values.values[0]

    def _part(self, operation: str, argument: Any) -> Any:
        if self._remote is None:
            raise ClosedEnvironmentError("this environment is closed")
        if self._is_interrupted:
            self._remote.collect(1)  # what Ctrl-C has left under way
        self._is_interrupted = True  # unless nothing comes between
        self._remote.post(Request(operation, [0], [argument]))
        (part,) = self._remote.collect(1)
        self._is_interrupted = False
        if isinstance(part, Mistakes):
            raise part.errors[0]
        return part


def _end(remote: Remote, owner: int) -> None:
    # A fork of the owner has no say in this.
    if os.getpid() == owner:
        remote.close()
