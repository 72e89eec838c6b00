"""An episode as the tokens that a model read and wrote, for training."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from agentgym_policies.base import Action

READ = -1


@dataclass(slots=True)
class TokenSequence:
    """Tokens as the model saw them, one entry per token in every list."""

    ids: list[int] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    """The number of the action that the token belongs to; `READ` if it was read."""
    logprobs: list[float] = field(default_factory=list)
    """When it was sampled; 0 for what was read, or was not sampled."""

    @property
    def mask(self) -> list[int]:
        """1 for each token that the model wrote, 0 for each that it read."""
        return [int(step != READ) for step in self.steps]

    def read(self, ids: Iterable[int]) -> None:
        """Add what the model is given."""
        self._add([*ids], READ, ())

    def write(self, step: int, ids: Iterable[int], logprobs: Iterable[float]) -> None:
        """Add what the model says."""
        self._add([*ids], step, [*logprobs])

    def _add(self, ids: list[int], step: int, logprobs: Iterable[float]) -> None:
        self.ids += ids
        self.steps += [step] * len(ids)
        self.logprobs += [*logprobs] or [0.0] * len(ids)


def token_sequences(actions: Iterable[Action]) -> list[TokenSequence]:
    """Give an episode's tokens exactly as they were read and sampled.

    One sequence is a whole conversation. There are several where a context was built
    anew on the way, as by a window over the latest turns: then each holds what the
    model saw, and every sampled token is sampled in exactly one of them.

    >>> first = Action("up", (7, 2), (-0.5, -0.1), prompt_ids=(1, 5))
    >>> second = Action("left", (8, 2), (-0.2, 0.0), prompt_ids=(6,), is_fresh=False)
    >>> [whole] = token_sequences([first, second])
    >>> whole.ids, whole.mask
    ([1, 5, 7, 2, 6, 8, 2], [0, 0, 1, 1, 0, 1, 1])
    """
    sequences: list[TokenSequence] = []
    for step, action in enumerate(actions):
        if not action.token_ids:
            continue  # of another policy, whose tokens are in the next prompt
        if action.is_fresh or not sequences:
            sequences.append(TokenSequence())
        sequences[-1].read(action.prompt_ids)
        sequences[-1].write(step, action.token_ids, action.logprobs)
    return sequences
