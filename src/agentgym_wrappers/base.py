"""What the wrappers share: typing, a way to the game, and the keys they add."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

import gymnasium
from gymnasium.utils import RecordConstructorArgs

from agentgym_envs import AgentEnv
from agentgym_envs.errors import BadOption

Obs = TypeVar("Obs")
Act = TypeVar("Act")


class AgentWrapper(gymnasium.Wrapper[Obs, Act, Any, Any], RecordConstructorArgs):
    """A wrapper somewhere around an `AgentEnv`.

    A wrapper that translates actions adds two keys to the info of each step, so
    that everything around it can tell what was said from what was done:

    | Key | Meaning |
    |---|---|
    | `action: str` | the text action that the game was given; empty if none |
    | `reply_error: str` | why the reply held no action; empty if it held one |

    Subclasses call ``RecordConstructorArgs.__init__`` with their own arguments
    before this constructor.
    """

    # Gymnasium types the inner environment by the outer spaces.
    env: gymnasium.Env[Any, Any]

    def __init__(self, env: gymnasium.Env[Any, Any]) -> None:
        if not isinstance(env.unwrapped, AgentEnv):
            raise TypeError(
                f"{type(self).__name__} wraps agentgym environments, "
                f"not {type(env.unwrapped).__name__}"
            )
        super().__init__(env)

    @property
    def agent_env(self) -> AgentEnv:
        """The environment at the bottom, with its goal, schema and expert."""
        env = self.env.unwrapped
        assert isinstance(env, AgentEnv)
        return env


def layers(env: gymnasium.Env[Any, Any]) -> Iterator[gymnasium.Env[Any, Any]]:
    """Give an environment and all that it wraps, from the outside in."""
    yield env
    while isinstance(env, gymnasium.Wrapper):
        env = env.env
        yield env


def instructions_of(env: gymnasium.Env[Any, Any]) -> str:
    """The rules as the agent outside ``env`` has to know them.

    A wrapper with a reply format of its own adds it to the game's instructions.
    """
    return str(env.get_wrapper_attr("instructions"))


def format_of(env: gymnasium.Env[Any, Any]) -> str:
    """How the agent outside ``env`` writes its actions: ``"text"`` is as they are."""
    known = env.has_wrapper_attr("action_format")
    return str(env.get_wrapper_attr("action_format")) if known else "text"


def text_of(env: gymnasium.Env[Any, Any], observation: object) -> str:
    """The text behind an observation that ``env`` just gave.

    Wrappers that turn the text into something else keep it as ``observed_text``.

    Raises:
        TypeError: if no text is left of the observation.
    """
    if isinstance(observation, str):
        return observation
    for layer in layers(env):
        text = getattr(layer, "observed_text", None)
        if isinstance(text, str):
            return text
    raise TypeError(
        f"{env} gives observations without a text; wrap it further inside, "
        "where observations are still strings"
    )


def check_list(agent: AgentEnv) -> None:
    """Refuse a family that does not list its admissible actions.

    Raises:
        BadOption: if so.
    """
    if not agent.lists_actions:
        raise BadOption(f"{agent.family} does not list its admissible actions")


def admissible(agent: AgentEnv) -> list[str]:
    """The admissible actions of an environment that must list them.

    Raises:
        BadOption: if it does not.
    """
    actions = agent.admissible_actions()
    if actions is None:
        raise BadOption(f"{agent.family} does not list its admissible actions")
    return actions


def spoken(action: object, info: dict[str, Any]) -> str:
    """What the agent said: the reply itself, or the text behind a number."""
    return str(action) if isinstance(action, str) else str(info.get("action", action))
