"""What a language model reads before it acts, as tokens."""

from __future__ import annotations

from dataclasses import dataclass

from agentgym_policies.base import Action, History
from agentgym_policies.chat import ChatTokens
from agentgym_policies.prompts import Prompt, opening
from agentgym_policies.tokens import token_sequences

STRIDE = 4  # turns that are left out at a time, so that a cache serves the next ones


@dataclass(frozen=True, slots=True)
class Context:
    """The tokens of a conversation, up to where the next reply begins."""

    ids: list[int]
    known: int
    """How many of them are those of the action before, its prompts and all."""

    @property
    def new(self) -> tuple[int, ...]:
        """What an `Action` tells as its prompt."""
        return tuple(self.ids[self.known :])


def context_of(
    chat: ChatTokens, prompt: Prompt, history: History, limit: int
) -> Context | None:
    """Build the context of a model's next action.

    Replies are the tokens that were sampled; those of another policy, which has none,
    are tokenised here. Where all turns are too long, the earliest are left out, in
    blocks of `STRIDE`.

    Args:
        chat: Tokenises the parts.
        prompt: Which turns are told, and after what system message.
        history: The episode.
        limit: The most tokens that the model can read.

    Returns:
        None if not even the latest observation fits.
    """
    latest = len(history.actions)
    first = prompt.first_turn(history)
    ids = _build(chat, prompt, history, first)
    while len(ids) > limit and first < latest:
        first = min(latest, first // STRIDE * STRIDE + STRIDE)
        ids = _build(chat, prompt, history, first)
    if len(ids) > limit:
        return None
    before = _tokens_before(history.actions)
    is_continued = before == ids[: len(before)]
    return Context(ids, len(before) if is_continued else 0)


def _build(chat: ChatTokens, prompt: Prompt, history: History, first: int) -> list[int]:
    ids = [*chat.opening(prompt.system_of(history), opening(history, first))]
    turns = zip(history.actions[first:], history.observations[first + 1 :], strict=True)
    for action, observation in turns:
        ids += action.token_ids or chat.reply(action.text)
        ids += chat.answer(observation, ids[-1])
    return ids


def _tokens_before(actions: list[Action]) -> list[int]:
    if not actions or not actions[-1].token_ids:
        return []
    return token_sequences(actions)[-1].ids
