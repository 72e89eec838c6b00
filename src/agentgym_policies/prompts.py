"""How an episode is told to a language model: rules, format, window."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import gymnasium

from agentgym_envs.errors import BadOption, DataError
from agentgym_policies.base import History
from agentgym_policies.thoughts import split_thought
from agentgym_wrappers import CodeAction, FunctionCallAction, ReActAction
from agentgym_wrappers.base import format_of
from agentgym_wrappers.grammar import find_call

Env = gymnasium.Env[str, str]
Message = dict[str, str]

TEXT, REACT = "text", "react"
WRAPPERS = {
    REACT: ReActAction,
    "function_calling": FunctionCallAction,
    "code_as_action": CodeAction,
}
FORMATS = (TEXT, *WRAPPERS)
FILE = "agentgym.json"
LEFT_OUT = "[Turns left out here: {count}]"


def wrap(env: Env, action_format: str) -> Env:
    """Let an environment read replies of this format; ``text`` are bare actions.

    Raises:
        BadOption: if there is no such format.
    """
    if action_format not in FORMATS:
        known = ", ".join(FORMATS)
        raise BadOption(f"there is no action format {action_format!r}; it is {known}")
    return env if action_format == TEXT else WRAPPERS[action_format](env)


def as_reply(history: History, action: str) -> str:
    """Write a game's action in the format that an episode's replies have.

    Raises:
        BadOption: if it is no call of a function, where the format has only those.
    """
    known = format_of(history.env)
    if known == TEXT:
        return action
    thought, said = split_thought(action)
    write = history.env.get_wrapper_attr("write")
    if known == REACT:
        return str(write(said, thought))
    call = find_call(history.agent.action_schema, said)
    if call is None:
        raise BadOption(f"{said!r:.200} is no call, as the format {known} needs it")
    return str(write(*call, thought))


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """How a model wants to be talked to.

    Args:
        system: The system message; None takes the instructions of the environment
            and of its reply format, an empty text leaves it out.
        turns: How many of the latest turns are told; None tells all that the model's
            context holds. The first observation, which may say what the episode is
            about, is always told.
    """

    system: str | None = None
    turns: int | None = None

    def __post_init__(self) -> None:
        """Refuse a window without a turn.

        Raises:
            BadOption: if it is one.
        """
        if self.turns is not None and self.turns < 1:
            raise BadOption(f"turns must be at least 1, not {self.turns}")

    def system_of(self, history: History) -> str:
        """The system message of an episode; empty if there is none."""
        return history.instructions if self.system is None else self.system

    def first_turn(self, history: History) -> int:
        """The first turn that is told, apart from the first observation."""
        told = len(history.observations)
        return 0 if self.turns is None else max(0, told - self.turns)

    def messages(self, history: History) -> list[Message]:
        """Tell the episode as chat messages, the latest observation last."""
        return list(
            _messages(self.system_of(history), history, self.first_turn(history))
        )


def writable(text: str) -> str:
    """Replace half surrogate pairs, which neither a tokenizer nor UTF-8 can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def opening(history: History, first: int) -> str:
    """The first message of a conversation that begins with turn ``first``."""
    start = history.observations[0]
    if not first:
        return start
    gap = LEFT_OUT.format(count=first)
    return f"{start}\n\n{gap}\n\n{history.observations[first]}"


def _messages(system: str, history: History, first: int) -> Iterator[Message]:
    if system:
        yield {"role": "system", "content": system}
    yield {"role": "user", "content": opening(history, first)}
    turns = zip(history.actions[first:], history.observations[first + 1 :], strict=True)
    for action, observation in turns:
        yield {"role": "assistant", "content": action.text}
        yield {"role": "user", "content": observation}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayStyle:
    """What a model's folder says of how it was trained to play.

    It is the file ``agentgym.json`` beside the weights; a model without one is
    talked to as any chat model.
    """

    action_format: str = REACT
    system: str | None = None
    turns: int | None = None

    @property
    def prompt(self) -> Prompt:
        """The part that is the policy's."""
        return Prompt(system=self.system, turns=self.turns)

    def save(self, folder: str | Path) -> None:
        """Write the file into a model's folder."""
        text = json.dumps(asdict(self), indent=2) + "\n"
        (Path(folder) / FILE).write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: str | Path) -> PlayStyle:
        """Read the file of a folder; the defaults if there is none.

        Raises:
            DataError: if the file is damaged.
        """
        path = Path(folder) / FILE
        if not path.is_file():
            return cls()
        try:
            values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return cls(**values)
        except (TypeError, ValueError) as error:
            raise DataError(f"{path}: {error}") from None
