"""The common part of the wrappers that make numbers of the text."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import gymnasium
from numpy.typing import NDArray

from agentgym_wrappers.base import AgentWrapper, text_of


class EncodedObservation(AgentWrapper[NDArray[Any], Any]):
    """Give an array in place of the text, which stays in ``observed_text``."""

    def __init__(self, env: gymnasium.Env[Any, Any]) -> None:
        super().__init__(env)
        self.observed_text = ""

    @abstractmethod
    def encode(self, text: str) -> NDArray[Any]:
        """Make a new array of a text."""

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[Any], dict[str, Any]]:
        """Pass the reset on, and encode the first observation."""
        observation, info = self.env.reset(seed=seed, options=options)
        self.observed_text = text_of(self.env, observation)
        return self.encode(self.observed_text), info

    def step(self, action: Any) -> tuple[NDArray[Any], Any, bool, bool, dict[str, Any]]:
        """Pass the action on, and encode the observation."""
        observation, reward, terminated, truncated, info = self.env.step(action)
        self.observed_text = text_of(self.env, observation)
        return self.encode(self.observed_text), reward, terminated, truncated, info
