"""What one action did: the value that every engine gives back."""

from __future__ import annotations

from typing import NamedTuple


class Outcome(NamedTuple):
    """The effect of one action.

    A named tuple, not a dataclass: it is made once per step, and this is the
    fastest immutable record that Python has.
    """

    text: str
    """What the agent reads."""
    reward: float = 0.0
    """What this step earned."""
    done: bool = False
    """Whether the game ended by its own rules."""
    success: bool = False
    """Whether the task is solved."""
    invalid: bool = False
    """Whether the action was not one of the game's."""
    score: float | None = None
    """The episode's score so far in [0, 1]; None means 1 on success, else 0."""
    reason: str = ""
    """Why it ended, if neither plain success nor plain failure."""
    truncated: bool = False
    """Whether a limit of the game itself cut the episode."""


class MalformedReply(str):
    """A reply that holds no action, and why: a string to pass to ``env.step``.

    A wrapper that parses a model's reply cannot answer by itself, because the
    step has to be counted and recorded by everything around it. So it hands the
    raw reply on, together with the sentence that the agent shall read. The game
    is not touched.

    >>> reply = MalformedReply("I would rather not", reason="There is no action.")
    >>> reply, reply.reason
    ('I would rather not', 'There is no action.')
    """

    reason: str

    def __new__(cls, reply: str, reason: str) -> MalformedReply:
        """Keep the reply as the string's value and the reason beside it."""
        self = super().__new__(cls, reply)
        self.reason = reason
        return self

    def __reduce__(self) -> tuple[type[MalformedReply], tuple[str, str]]:
        return MalformedReply, (str(self), self.reason)
