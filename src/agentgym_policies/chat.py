"""The tokens of a conversation, each tokenised once and never again.

A chat template renders whole conversations. Rendering one anew after each turn and
tokenising the text can give other tokens than the model sampled: its tokens are not
always those that a tokenizer would choose, and some templates drop what the model
thought. So the template is asked once what stands between a reply and the next
reply, and a conversation is only ever added to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from agentgym_envs.errors import BadOption
from agentgym_policies.prompts import writable
from agentgym_policies.templates import template_of

# Private-use characters: no template changes them, and no observation holds them.
_REPLY, _OBSERVATION = "\ue0f1", "\ue0f2"
# Some templates tell the date, and today's would give other results every day; this is
# the one that Llama 3's template falls back to.
DATED = """\
{%- macro strftime_now(form) -%}
{%- if form == '%Y-%m-%d' -%}2024-07-26{%- else -%}26 Jul 2024{%- endif -%}
{%- endmacro -%}
"""
_KEPT = 4096  # observations whose tokens are kept


class ChatTokens:
    """Tokenise the parts of a conversation as a tokenizer's chat template has them.

    What an environment says is data: the texts of special tokens inside of it are
    broken up by a space, so that no observation can end a turn or begin another.

    Args:
        tokenizer: A tokenizer of ``transformers``.
        template: A chat template or the name of one (see `templates`); None takes
            the tokenizer's own.
        options: Variables for the template, for example ``enable_thinking``.
        ends: More tokens that end a reply, besides the tokenizer's and the
            template's.

    Raises:
        BadOption: if there is no template.
    """

    def __init__(
        self,
        tokenizer: Any,
        *,
        template: str | None = None,
        options: Mapping[str, Any] | None = None,
        ends: tuple[int, ...] = (),
    ) -> None:
        self.tokenizer = tokenizer
        self._template = template_of(template) if template else tokenizer.chat_template
        if not self._template:
            raise BadOption(
                "this tokenizer has no chat template; choose one by chat_template=... "
                "(chatml, llama3, ...), or save one with the tokenizer"
            )
        if "strftime_now" in self._template:
            self._template = DATED + self._template
        self._options = dict(options or {})
        # Some tokenizers (Gemma's, GPT-NeoX's) have added tokens for spaces and line
        # ends, which say nothing of whose turn it is.
        added = {
            number: token
            for number, token in tokenizer.added_tokens_decoder.items()
            if str(token).strip()
        }
        self._marks = _longest_first(str(token) for token in added.values())
        self._special = _longest_first(str(t) for t in added.values() if t.special)
        self._takes_system = self._find_system()
        self._before = self._find_end()
        before = self._encode(self._before)
        own = {tokenizer.eos_token_id, *ends} - {None}
        found = next((token for token in before if token in own | added.keys()), None)
        self.ends: frozenset[int] = frozenset(own if found is None else {*own, found})
        """The tokens that end a reply."""
        self._closing = _up_to(before, self.ends) or [*sorted(own)][:1]
        self._lead = self._find_lead()
        self.answer = lru_cache(_KEPT)(self._answer)
        self.opening = lru_cache(_KEPT)(self._opening)

    def _opening(self, system: str, observation: str) -> tuple[int, ...]:
        """Everything up to where the model's first reply begins."""
        messages = self._first(
            self._broken(system, self._marks), self._broken(observation, self._marks)
        )
        return tuple(self._encode(self._render(messages, prompt=True)))

    def _answer(self, observation: str, end: int | None) -> tuple[int, ...]:
        """Everything between a reply and where the next one begins.

        Args:
            observation: What the environment said.
            end: The last token of the reply, which may be its end already.
        """
        ids = self._encode(self._between(self._broken(observation, self._marks)))
        if end in self.ends:
            # The model has written the end itself.
            head = ids[: len(self._encode(self._before))]
            if end in head:
                ids = ids[head.index(end) + 1 :]
            elif head[: len(self._closing)] == self._closing:
                ids = ids[len(self._closing) :]
        return tuple(ids)

    def reply(self, text: str) -> list[int]:
        """The tokens of a reply that was not sampled, with those that end it."""
        # Here the marks of a thought are meant as such.
        said = self._broken(text.strip() if self._strips else text, self._special)
        return self._encode(self._lead + said) + self._closing

    def decode(self, ids: Sequence[int]) -> str:
        """The text of tokens, without the special ones."""
        return str(
            self.tokenizer.decode(
                ids, skip_special_tokens=True, clean_up_tokenization_spaces=False
            )
        )

    def ends_reply(self, token: int) -> bool:
        """Whether a token ends a reply."""
        return token in self.ends

    def _encode(self, text: str) -> list[int]:
        return list(self.tokenizer(text, add_special_tokens=False)["input_ids"])

    def _broken(self, text: str, tokens: list[str]) -> str:
        text = writable(text)
        for token in tokens:
            if len(token) > 1 and token in text:
                text = text.replace(token, f"{token[0]} {token[1:]}")
        return text

    def _render(self, messages: list[dict[str, str]], *, prompt: bool) -> str:
        return str(
            self.tokenizer.apply_chat_template(
                messages,
                chat_template=self._template,
                tokenize=False,
                add_generation_prompt=prompt,
                **self._options,
            )
        )

    def _first(self, system: str, observation: str) -> list[dict[str, str]]:
        if not system:
            return [{"role": "user", "content": observation}]
        if self._takes_system:
            return [
                {"role": "system", "content": system},
                {"role": "user", "content": observation},
            ]
        return [{"role": "user", "content": f"{system}\n\n{observation}"}]

    def _find_system(self) -> bool:
        """Tell whether the template has a place for a system message."""
        self._takes_system = True
        try:
            return _REPLY in self._render(self._first(_REPLY, "a"), prompt=True)
        except Exception:  # a template raises what it likes
            return False

    def _between(self, observation: str) -> str:
        """Render what stands between a reply and the next one."""
        messages = [
            {"role": "user", "content": "a"},
            {"role": "assistant", "content": _REPLY},
            {"role": "user", "content": observation},
        ]
        return self._render(messages, prompt=True).partition(_REPLY)[2]

    def _find_end(self) -> str:
        """Find what a template puts between a reply and an observation."""
        before, found, _ = self._between(_OBSERVATION).partition(_OBSERVATION)
        if not found:
            raise BadOption("this chat template does not show the messages in order")
        return before

    def _find_lead(self) -> str:
        """Find what a template puts between its prompt for a reply and the reply."""
        user = {"role": "user", "content": "a"}
        reply = {"role": "assistant", "content": f" {_REPLY}"}
        prompt = self._render([user], prompt=True)
        whole = self._render([user, reply], prompt=False).partition(_REPLY)[0]
        lead = whole.removeprefix(prompt) if whole.startswith(prompt) else " "
        self._strips = not lead.endswith(" ")
        return lead.removesuffix(" ")


def _longest_first(texts: Iterable[str]) -> list[str]:
    return sorted(texts, key=lambda text: (-len(text), text))


def _up_to(ids: list[int], ends: frozenset[int]) -> list[int]:
    """The beginning of a list up to its first end, or nothing."""
    for place, token in enumerate(ids):
        if token in ends:
            return ids[: place + 1]
    return []
