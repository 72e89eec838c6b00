"""What a model is trained on: tokens, and which of them count.

A trajectory becomes the tokens that `TransformersPolicy` reads and writes when it
plays: the rules as the system message, observations as the user's, replies as the
assistant's. Where a model has sampled the tokens itself, these are taken as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from agentgym_envs.errors import BadOption, MissingExtra
from agentgym_policies.chat import ChatTokens
from agentgym_policies.prompts import FORMATS, REACT, PlayStyle
from agentgym_policies.tokens import READ, TokenSequence

try:
    import torch
except ImportError as error:
    raise MissingExtra("trainers", error.name or "") from error

IGNORED = -100  # the label of a token that does not count, as PyTorch has it
SEQUENCES = "token_sequences"  # in a record's meta: what the model read and wrote


@dataclass(frozen=True, slots=True)
class Example:
    """One conversation."""

    ids: tuple[int, ...]
    mask: tuple[int, ...]
    """1 for each token that is trained on."""
    weight: float = 1.0

    @property
    def labels(self) -> list[int]:
        """The tokens themselves where they count, else `IGNORED`."""
        pairs = zip(self.ids, self.mask, strict=True)
        return [token if counts else IGNORED for token, counts in pairs]

    @property
    def trained(self) -> int:
        """The number of tokens that count."""
        return sum(self.mask)


def examples_of(
    record: Mapping[str, Any],
    chat: ChatTokens,
    *,
    system: str | None = None,
    keep_consent: bool = False,
    longest: int | None = None,
    weight: float = 1.0,
) -> list[Example]:
    """Turn a trajectory into what a model is trained on.

    Trained are the replies whose ``loss`` is true, each with the token that ends it,
    and nothing else: no observation, no mark of the template before a reply, no
    consent to the rules.

    Args:
        record: A trajectory, as `agentgym_wrappers.dataset` reads it. If its ``meta``
            holds the tokens that were sampled, they are used and nothing is tokenised,
            unless another tokenizer made them.
        chat: Tokenises what is not.
        system: The system message; None takes the record's instructions.
        keep_consent: Whether the rules and the consent to them stand as the first two
            messages, as in published files, and not as a system message. A model
            that is trained so has to be prompted so.
        longest: What is longer than so many tokens is cut at the end, after the last
            whole reply that fits; an example without a reply is left out.
        weight: How much the example counts.
    """
    sampled = record.get("meta", {}).get(SEQUENCES) or ()
    sequences = [TokenSequence(**sequence) for sequence in sampled]
    if not sequences or not _are_of(chat, sequences[0], record["conversations"]):
        sequences = [_tokenised(record, chat, system, keep_consent)]
    made = []
    for sequence in sequences:
        ids, mask = _cut(sequence.ids, sequence.mask, longest)
        if any(mask):
            made.append(Example(tuple(ids), tuple(mask), weight))
    return made


def _are_of(
    chat: ChatTokens, sequence: TokenSequence, messages: Sequence[Mapping[str, Any]]
) -> bool:
    """Whether tokens are those of this tokenizer: they spell the first reply."""
    first = next((step for step in sequence.steps if step != READ), READ)
    pairs = zip(sequence.ids, sequence.steps, strict=True)
    written = [token for token, step in pairs if step == first]
    if written and chat.ends_reply(written[-1]):
        written.pop()
    replies = [said["value"] for said in messages[3::2]]
    return 0 <= first < len(replies) and replies[first] in chat.decode(written)


def _tokenised(
    record: Mapping[str, Any], chat: ChatTokens, system: str | None, keep_consent: bool
) -> TokenSequence:
    messages = record["conversations"]
    rules = messages[0]["value"] if system is None else system
    first, turns = messages[2], messages[3:]
    if keep_consent:
        first, turns = {"value": rules}, messages[1:]
        rules = ""
    made = TokenSequence()
    made.read(chat.opening(rules, first["value"]))
    step = 0
    for said in turns:
        if said["from"] == "human":
            made.read(chat.answer(said["value"], made.ids[-1]))
        elif said["loss"]:
            made.write(step, chat.reply(said["value"]), ())
            step += 1
        else:
            made.read(chat.reply(said["value"]))
    # What is read after the last reply teaches nothing.
    while made.steps and made.steps[-1] == READ:
        for values in (made.ids, made.steps, made.logprobs):
            values.pop()
    return made


def style_of(style: PlayStyle, records: Iterable[Mapping[str, Any]]) -> PlayStyle:
    """How a model is talked to that has learnt from these trajectories.

    It speaks in the format that all of them are written in; published ones, which do
    not say, are ReAct. Where they differ, the model keeps its own.
    """
    formats = {format_of(record) for record in records}
    if len(formats) != 1 or not formats <= {*FORMATS}:
        return style
    return replace(style, action_format=formats.pop())


def format_of(record: Mapping[str, Any]) -> str:
    """The format that the replies of a trajectory are written in."""
    return str(record.get("meta", {}).get("action_format") or REACT)


def _cut(
    ids: Sequence[int], mask: Sequence[int], longest: int | None
) -> tuple[Sequence[int], Sequence[int]]:
    if longest is None or len(ids) <= longest:
        return ids, mask
    end = longest
    # Half a reply would teach to stop, or to go on, at the wrong place.
    while end and (mask[end - 1] == 0 or mask[end] == 1):
        end -= 1
    return ids[:end], mask[:end]


def to_sequences(sequences: Iterable[TokenSequence]) -> list[dict[str, Any]]:
    """Say in JSON what a model has read and written, for a record's ``meta``."""
    return [
        {
            "ids": sequence.ids,
            "steps": sequence.steps,
            "logprobs": [round(logprob, 6) for logprob in sequence.logprobs],
        }
        for sequence in sequences
    ]


def padded(
    rows: Sequence[Sequence[float]],
    fill: float,
    *,
    device: Any = None,
    dtype: Any = None,
) -> torch.Tensor:
    """Put rows of different lengths into one tensor, filled up at their ends.

    Raises:
        BadOption: if there are none.
    """
    if not rows:
        raise BadOption("there is nothing to put into a batch")
    widest = max(map(len, rows))
    filled = [[*row, *[fill] * (widest - len(row))] for row in rows]
    return torch.tensor(filled, dtype=dtype or torch.float32, device=device)


def batches_by_tokens(lengths: Sequence[int], most: int) -> list[list[int]]:
    """Group neighbours in a list so that no group, padded, has more tokens than this.

    >>> batches_by_tokens([3, 4, 9, 2], 8)
    [[0, 1], [2], [3]]
    """
    groups: list[list[int]] = []
    widest = 0
    for place, length in enumerate(lengths):
        widest = max(widest, length)
        if not groups or widest * (len(groups[-1]) + 1) > most:
            groups.append([])
            widest = length
        groups[-1].append(place)
    return groups
