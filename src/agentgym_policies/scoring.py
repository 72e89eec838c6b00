"""Choose among an episode's admissible actions by how likely a model finds them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import torch

from agentgym_envs.errors import BadOption
from agentgym_policies.attention import KeyValues
from agentgym_policies.base import Action, History, Usage
from agentgym_policies.chat import ChatTokens
from agentgym_policies.context import Context
from agentgym_policies.prompts import as_reply
from agentgym_policies.sampling import Sampling


@dataclass(frozen=True, slots=True)
class Candidate:
    """An admissible action, and how likely a model finds each token of it."""

    text: str
    ids: list[int]
    logprobs: list[float]

    def score(self, normalise: bool) -> float:
        """The log-likelihood, of the whole or per token."""
        total = sum(self.logprobs)
        return total / len(self.ids) if normalise else total


def candidates_of(history: History) -> list[str]:
    """The admissible actions, as replies in the episode's format.

    Raises:
        BadOption: where there is no list of them.
    """
    actions = history.agent.admissible_actions()
    if actions is None:
        raise BadOption(f"{history.agent.family} cannot list its admissible actions")
    return [as_reply(history, action) for action in actions]


def score(
    chat: ChatTokens,
    states: KeyValues,
    contexts: Sequence[Context],
    replies: Sequence[Sequence[str]],
    *,
    temperature: float,
    max_batch: int,
) -> list[list[Candidate]]:
    """Score the replies that each context could have.

    Args:
        chat: Tokenises the replies.
        states: What is read of each context, a row each.
        contexts: The contexts.
        replies: The replies of each.
        temperature: What logits are divided by.
        max_batch: The most replies in one pass.
    """
    scored: list[list[Candidate]] = [[] for _ in contexts]
    pairs = ((row, text) for row, texts in enumerate(replies) for text in texts)
    while part := list(islice(pairs, max_batch)):
        rows = [row for row, _ in part]
        candidates = [chat.reply(text) for _, text in part]
        branches = states.select(rows)
        unread = [
            contexts[row].ids[len(known) :]
            for row, known in zip(rows, branches.rows, strict=True)
        ]
        # The last token of a reply predicts nothing that is asked for.
        chunks = [u + c[:-1] for u, c in zip(unread, candidates, strict=True)]
        logits = branches.append(chunks, keep=max(map(len, candidates)))
        told = _told((logits.float() / temperature).log_softmax(-1), candidates)
        for (row, text), ids, logprobs in zip(part, candidates, told, strict=True):
            scored[row].append(Candidate(text, ids, logprobs))
    return scored


def _told(
    logprobs: torch.Tensor, candidates: Sequence[Sequence[int]]
) -> Iterator[list[float]]:
    for row, ids in enumerate(candidates):
        wanted = torch.tensor(ids, device=logprobs.device)[:, None]
        told: list[float] = logprobs[row, -len(ids) :].gather(-1, wanted)[:, 0].tolist()
        yield told


def take(
    history: History,
    context: Context,
    known: int,
    candidates: Sequence[Candidate],
    sampling: Sampling,
    *,
    normalise: bool,
) -> Action:
    """Take the likeliest candidate, or draw one where the temperature says so."""
    if not candidates:
        return Action("", stop="there is no admissible action")
    scores = torch.tensor([[one.score(normalise) for one in candidates]])
    if sampling.temperature:
        draws = sampling.draws(history.seed, len(history.actions), 1)
        # The scores are those of this temperature already.
        [chosen], _ = Sampling(temperature=1.0).choose(scores, draws)
    else:
        chosen = int(scores.argmax())
    best = candidates[chosen]
    written = sum(len(one.ids) for one in candidates)
    return Action(
        best.text,
        tuple(best.ids),
        tuple(best.logprobs),
        prompt_ids=context.new,
        is_fresh=not context.known,
        finish="end",
        usage=Usage(len(context.ids), written, known, 1),
    )
