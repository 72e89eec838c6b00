"""`ChatObservation`: the episode as a chat, as language models take it."""

from __future__ import annotations

from typing import Any

import gymnasium
from gymnasium.spaces import Dict, Sequence
from gymnasium.utils import RecordConstructorArgs

from agentgym_envs import TextSpace
from agentgym_wrappers.base import AgentWrapper, instructions_of, spoken, text_of

MAX_CONTENT = 2**24  # characters
ROLES = ("system", "user", "assistant")

Messages = tuple[dict[str, str], ...]


class ChatObservation(AgentWrapper[Messages, Any]):
    """Give the whole episode so far as messages with ``role`` and ``content``.

    Around `ReActAction` and its like, the assistant's messages are the replies of
    the model, word for word. The messages are kept here, out of a snapshot's reach:
    ``env.unwrapped.restore(...)`` does not take them back. In an
    ``AsyncVectorEnv`` pass ``shared_memory=False``, as for all growing observations.

    >>> import agentgym_envs, gymnasium
    >>> env = ChatObservation(gymnasium.make("agentgym/Wordle-v0"), system="Guess!")
    >>> env.reset(options={"item": 0})[0][1]
    {'role': 'user', 'content': "Let's start Wordle!"}

    Args:
        env: The environment.
        system: The system message: None takes the instructions of the environment
            and of the wrappers inside, an empty text leaves the message out.
    """

    def __init__(self, env: gymnasium.Env[Any, Any], system: str | None = None) -> None:
        RecordConstructorArgs.__init__(self, system=system)
        super().__init__(env)
        self._system = system
        self._messages: list[tuple[str, str]] = []
        content = TextSpace(MAX_CONTENT)
        message = Dict({"role": TextSpace(max(map(len, ROLES))), "content": content})
        self.observation_space = Sequence(message)

    @property
    def observed_text(self) -> str:
        """The latest observation alone."""
        return self._messages[-1][1] if self._messages else ""

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Messages, dict[str, Any]]:
        """Pass the reset on, and begin a chat."""
        observation, info = self.env.reset(seed=seed, options=options)
        system = self._system
        if system is None:
            system = instructions_of(self.env)
        self._messages = [("system", system)] if system else []
        self._messages.append(("user", text_of(self.env, observation)))
        return self._chat(), info

    def step(self, action: Any) -> tuple[Messages, Any, bool, bool, dict[str, Any]]:
        """Pass the reply on, and add it and its answer to the chat."""
        observation, reward, terminated, truncated, info = self.env.step(action)
        reply = spoken(action, info)[:MAX_CONTENT]
        answer = text_of(self.env, observation)
        self._messages += [("assistant", reply), ("user", answer)]
        return self._chat(), reward, terminated, truncated, info

    def _chat(self) -> Messages:
        return tuple({"role": r, "content": c} for r, c in self._messages)
