"""`TransformersPolicy`: a causal language model of `transformers` plays."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from agentgym_envs.errors import BadOption, MissingExtra
from agentgym_policies.base import Action, History, Usage
from agentgym_policies.context import Context, context_of
from agentgym_policies.prompts import PlayStyle, Prompt
from agentgym_policies.thoughts import split_thought

try:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from agentgym_policies import scoring
    from agentgym_policies.attention import KeyValues, can_be_kept, is_recurrent
    from agentgym_policies.chat import ChatTokens
    from agentgym_policies.memory import Memory, read
    from agentgym_policies.sampling import Sampling
except ImportError as error:
    raise MissingExtra("policies", error.name or "") from error

TAIL = 48  # tokens in which a stop string is looked for; longer than any of them
NO_NUMBERS = (
    "the model's logits are no numbers (NaN): its weights are damaged, or its dtype is "
    "too narrow"
)
CONTEXT = 4096  # tokens, for a model whose config tells no limit


class TransformersPolicy:
    """Let a causal language model answer all live episodes at once.

    The conversation is kept as tokens: the environment's texts are tokenised once, the
    model's replies never again. What its attention has computed of a conversation is
    kept for the next turn. What an episode is does not depend on what is played
    beside it, up to the rounding of sums in another order.

    Args:
        model: A causal language model of `transformers`, or of `peft`.
        tokenizer: Its tokenizer.
        prompt: The system message, and how many turns are told.
        sampling: How tokens are drawn; by default the likeliest is taken.
        max_new_tokens: The most tokens of a reply.
        stop: Texts that end a reply, and are not part of it.
        max_context: The most tokens of a conversation, reply included; None takes the
            model's own limit. Where it is short, early turns are left out.
        constrain: ``"admissible"`` takes the likeliest of the admissible actions (or
            draws among them by their likelihoods) instead of writing freely.
        normalise: Whether a likelihood is per token, so that long actions have a
            chance.
        chat_template: A chat template or the name of one; None: the tokenizer's own.
        template_options: Variables for it, for example ``{"enable_thinking": False}``.
        max_batch: The most conversations in one pass.
        keep_cache: Whether attention is kept between turns; None keeps it where the
            model's kind allows it.
    """

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        *,
        prompt: Prompt | None = None,
        sampling: Sampling | None = None,
        max_new_tokens: int = 256,
        stop: Sequence[str] = (),
        max_context: int | None = None,
        constrain: Literal["admissible"] | None = None,
        normalise: bool = False,
        chat_template: str | None = None,
        template_options: Mapping[str, Any] | None = None,
        max_batch: int = 64,
        keep_cache: bool | None = None,
    ) -> None:
        if max_new_tokens < 1 or max_batch < 1:
            raise BadOption("max_new_tokens and max_batch must be at least 1")
        if constrain not in (None, "admissible"):
            raise BadOption(f"constrain must be admissible or None, not {constrain!r}")
        if isinstance(stop, str) or not all(stop):
            raise BadOption("stop must be a list of texts, none of them empty")
        if is_recurrent(model):
            raise BadOption(
                f"{type(model).__name__} has recurrent layers, which can't be played "
                "here; serve it, with vLLM for one, and take openai:MODEL@URL"
            )
        self.model = model.eval()
        self.tokenizer = tokenizer
        self.chat = ChatTokens(
            tokenizer,
            template=chat_template,
            options=template_options,
            ends=_end_tokens(model),
        )
        self.prompt = prompt or Prompt()
        self.sampling = sampling or Sampling()
        self.usage = Usage()
        """The sum over all actions."""
        self._most, self._stop = max_new_tokens, tuple(stop)
        longest = max_context or _context_of_model(model)
        self._limit = longest - max_new_tokens
        if self._limit < 1:
            raise BadOption(
                f"a context of {longest} tokens has no room for a reply of "
                f"{max_new_tokens}; lower max_new_tokens"
            )
        self._constrain, self._normalise = constrain, normalise
        self._max_batch = max_batch
        self._keep = can_be_kept(model) if keep_cache is None else keep_cache
        self._kept: list[KeyValues] = []

    @classmethod
    def load(
        cls,
        path: str | Path,
        *,
        adapter: str | Path | None = None,
        device: str = "auto",
        dtype: str = "auto",
        revision: str | None = None,
        prompt: Prompt | None = None,
        **options: Any,
    ) -> TransformersPolicy:
        """Load a model by its name or the path of its folder.

        Args:
            path: A name on the Hugging Face hub, or a folder; one that holds nothing
                but a LoRA adapter loads the model that this was trained on, too.
            adapter: A LoRA adapter for the model.
            device: Where it computes; ``auto`` takes a GPU if there is one.
            dtype: ``auto`` is that of the weights; else ``bfloat16`` and the like.
            revision: Which version, of a name on the hub.
            prompt: None takes what ``agentgym.json`` in the folder says.
            options: Those of the constructor.

        Raises:
            BadOption: if there is no such model.
            MissingExtra: if an adapter needs `peft`, and it is not installed.
        """
        if device == "auto":
            device = "cuda" if torch.cuda.is_available() else "cpu"
        if (Path(path) / "adapter_config.json").is_file() and adapter is None:
            path, adapter = _base_of(path), path
        if not (
            dtype == "auto" or isinstance(getattr(torch, dtype, None), torch.dtype)
        ):
            raise BadOption(f"dtype must be auto or one of PyTorch's, not {dtype!r}")
        try:
            tokenizer = AutoTokenizer.from_pretrained(path, revision=revision)
            model = AutoModelForCausalLM.from_pretrained(
                path, dtype=dtype, revision=revision
            )
        except (OSError, ValueError) as error:
            raise BadOption(f"cannot load the model {str(path)!r}: {error}") from error
        if adapter is not None:
            model = _peft().PeftModel.from_pretrained(model, adapter)
        style = PlayStyle.load(adapter or path)
        try:
            model = model.to(device)
        except (RuntimeError, AssertionError) as error:
            raise BadOption(f"no device {device!r}: {error}") from error
        return cls(model, tokenizer, prompt=prompt or style.prompt, **options)

    def act(self, histories: Sequence[History]) -> list[Action]:
        """Write a reply for each episode, all of them together."""
        actions: list[Action | None] = [None] * len(histories)
        open_: list[tuple[int, Context]] = []
        for place, history in enumerate(histories):
            context = context_of(self.chat, self.prompt, history, self._limit)
            if context is None:
                actions[place] = Action(
                    "", stop=f"more than {self._limit} tokens to read"
                )
            else:
                open_.append((place, context))
        kept: list[KeyValues] = []
        memory = Memory(self._kept)
        for start in range(0, len(open_), self._max_batch):
            part = open_[start : start + self._max_batch]
            asked = [histories[place] for place, _ in part]
            contexts = [context for _, context in part]
            # Episodes of one item are often alike so far; that is read once.
            rows, texts = _different([context.ids for context in contexts])
            states, found = read(self.model, memory, texts)
            known = [found[row] for row in rows]
            if self._constrain:
                if len(texts) < len(rows):
                    states = states.select(rows)
                answered = self._choose(states, asked, contexts, known)
            else:
                logits = states.append(
                    [
                        ids[len(row) :]
                        for ids, row in zip(texts, states.rows, strict=True)
                    ]
                )[:, -1]
                if len(texts) < len(rows):
                    states, logits = states.select(rows), logits[rows]
                answered = self._write(states, logits, asked, contexts, known)
            for (place, _), action in zip(part, answered, strict=True):
                actions[place] = action
            kept.append(states)
        self._kept = kept if self._keep else []
        done = [action for action in actions if action is not None]
        self.usage = sum((a.usage for a in done if a.usage), self.usage)
        return done

    def forget(self) -> None:
        """Drop what is kept between turns, as after a change of the weights."""
        self._kept = []

    def _write(
        self,
        states: KeyValues,
        logits: torch.Tensor,
        histories: Sequence[History],
        contexts: Sequence[Context],
        known: Sequence[int],
    ) -> list[Action]:
        """Write replies, a token of each at a time; ``logits`` are of the first."""
        replies = [
            _Reply(self.sampling.draws(h.seed, len(h.actions), self._most))
            for h in histories
        ]
        while True:
            draws = [reply.next_draw for reply in replies]
            chosen, logprobs = self.sampling.choose(logits, draws)
            for reply, token, logprob in zip(replies, chosen, logprobs, strict=True):
                if not reply.finish:
                    reply.add(token, logprob)
                    reply.finish = self._finish(reply.ids)
            # The last token of a reply is read with the next turn, not now.
            chunks = [[] if reply.finish else reply.ids[-1:] for reply in replies]
            if not any(chunks):
                break
            logits = states.append(chunks)[:, -1]
        return [
            self._action(reply, context, count)
            for reply, context, count in zip(replies, contexts, known, strict=True)
        ]

    def _finish(self, ids: list[int]) -> str:
        if ids[-1] in self.chat.ends:
            return "end"
        if self._stop:
            tail = self.chat.decode(ids[-TAIL:])
            if any(text in tail for text in self._stop):
                return "stop"
        return "length" if len(ids) >= self._most else ""

    def _action(self, reply: _Reply, context: Context, cached: int) -> Action:
        usage = Usage(len(context.ids), len(reply.ids), cached, 1)
        if any(map(math.isnan, reply.logprobs)):
            return Action("", error=NO_NUMBERS, usage=usage)
        ids = reply.ids[:-1] if reply.finish == "end" else reply.ids
        text = self.chat.decode(ids)
        for mark in self._stop:
            text = text.partition(mark)[0]
        thought, text = split_thought(text)
        return Action(
            text,
            tuple(reply.ids),
            tuple(reply.logprobs),
            prompt_ids=context.new,
            is_fresh=not context.known,
            finish=reply.finish,
            reasoning=thought,
            usage=usage,
        )

    def _choose(
        self,
        states: KeyValues,
        histories: Sequence[History],
        contexts: Sequence[Context],
        known: Sequence[int],
    ) -> list[Action]:
        """Take an admissible action for each episode."""
        scored = scoring.score(
            self.chat,
            states,
            contexts,
            [scoring.candidates_of(history) for history in histories],
            temperature=self.sampling.temperature or 1.0,
            max_batch=self._max_batch,
        )
        return [
            scoring.take(*one, self.sampling, normalise=self._normalise)
            for one in zip(histories, contexts, known, scored, strict=True)
        ]


@dataclass(slots=True)
class _Reply:
    """A reply, while it is written."""

    draws: list[float]
    ids: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    finish: str = ""

    @property
    def next_draw(self) -> float:
        return self.draws[min(len(self.ids), len(self.draws) - 1)]

    def add(self, token: int, logprob: float) -> None:
        self.ids.append(token)
        self.logprobs.append(logprob)


def _different(texts: Sequence[list[int]]) -> tuple[list[int], list[list[int]]]:
    """The row of each text among those that differ, and these.

    >>> _different([[1, 2], [3], [1, 2]])
    ([0, 1, 0], [[1, 2], [3]])
    """
    rows: dict[tuple[int, ...], int] = {}
    places = [rows.setdefault(tuple(ids), len(rows)) for ids in texts]
    return places, [list(ids) for ids in rows]


def _end_tokens(model: Any) -> tuple[int, ...]:
    """The tokens that end a reply, as the model's generation config has them."""
    ends = getattr(model.generation_config, "eos_token_id", None)
    return tuple(ends) if isinstance(ends, list) else () if ends is None else (ends,)


def _context_of_model(model: Any) -> int:
    config = model.config.get_text_config(decoder=True)
    return int(getattr(config, "max_position_embeddings", None) or CONTEXT)


def _peft() -> Any:
    try:
        import peft
    except ImportError as error:
        raise MissingExtra("policies", "peft") from error
    return peft


def _base_of(adapter: str | Path) -> str:
    return str(_peft().PeftConfig.from_pretrained(adapter).base_model_name_or_path)
