"""How the next token is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from agentgym_envs.errors import BadOption
from agentgym_policies.seeds import derive

SEED_BITS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """The options of drawing; a temperature of 0 takes the likeliest token.

    Args:
        temperature: What logits are divided by.
        top_k: Draw among so many likeliest tokens only; 0 means all.
        top_p: Draw among the likeliest tokens that have this probability together.
        min_p: Leave out tokens less likely than this share of the likeliest one.
        seed: Part of every draw, beside the seed of the episode.
    """

    temperature: float = 0.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn from.

        Raises:
            BadOption: naming the option.
        """
        if not 0 <= self.temperature < float("inf"):
            raise BadOption(f"temperature must be 0 or more, not {self.temperature}")
        if self.top_k < 0:
            raise BadOption(f"top_k must be 0 or more, not {self.top_k}")
        if not 0 < self.top_p <= 1:
            raise BadOption(f"top_p must be above 0 and at most 1, not {self.top_p}")
        if not 0 <= self.min_p < 1:
            raise BadOption(f"min_p must be at least 0 and below 1, not {self.min_p}")

    def draws(self, episode: int, step: int, tokens: int) -> list[float]:
        """The random numbers of one reply, whatever else is played beside it."""
        seed = derive(self.seed, episode, step, bits=SEED_BITS)
        numbers: list[float] = np.random.default_rng(seed).random(tokens).tolist()
        return numbers

    def choose(
        self, logits: torch.Tensor, draws: Sequence[float]
    ) -> tuple[list[int], list[float]]:
        """Choose a token per row; give also the log-probability of each.

        That is the model's own at this temperature, before `top_k` and the like leave
        tokens out, as trainers compute it.
        """
        # Plain log-probabilities where nothing is drawn.
        logits = logits.float() / (self.temperature or 1.0)
        logprobs = logits.log_softmax(-1)
        if self.temperature:
            chosen = _drawn(self._filtered(logprobs), draws)
        else:
            chosen = logits.argmax(-1)
        told = logprobs.gather(-1, chosen[:, None])[:, 0]
        return chosen.tolist(), told.tolist()

    def _filtered(self, logprobs: torch.Tensor) -> torch.Tensor:
        """The probabilities of the tokens that may be drawn."""
        if self.top_k and self.top_k < logprobs.shape[-1]:
            least = logprobs.topk(self.top_k).values[:, -1:]
            logprobs = logprobs.masked_fill(logprobs < least, float("-inf"))
        probabilities = logprobs.double().softmax(-1)
        if self.min_p:
            least = self.min_p * probabilities.amax(-1, keepdim=True)
            probabilities = probabilities.masked_fill(probabilities < least, 0.0)
        if self.top_p < 1:
            ordered, order = probabilities.sort(dim=-1, descending=True, stable=True)
            # What comes before a token must not fill the share already.
            before = ordered.cumsum(-1) - ordered
            kept = before < self.top_p * ordered.sum(-1, keepdim=True)
            keeps = torch.zeros_like(kept).scatter(-1, order, kept)
            probabilities = probabilities.masked_fill(~keeps, 0.0)
        return probabilities


def _drawn(probabilities: torch.Tensor, draws: Sequence[float]) -> torch.Tensor:
    """Draw a token per row by a number in [0, 1) each."""
    heights = probabilities.cumsum(-1)
    wanted = torch.tensor(draws, dtype=torch.float64, device=heights.device)
    wanted = wanted[:, None] * heights[:, -1:]
    chosen = (heights <= wanted).sum(-1)
    # Rounding must not lead beyond the last token that can be drawn.
    last = (probabilities > 0).long().cumsum(-1).argmax(-1)
    return torch.minimum(chosen, last)
