"""`OpenAIPolicy`: whatever answers behind an OpenAI-compatible endpoint plays."""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar

from agentgym_envs.errors import BadOption, MissingExtra
from agentgym_policies.base import Action, History, Usage
from agentgym_policies.prompts import Prompt, writable
from agentgym_policies.seeds import derive
from agentgym_policies.thoughts import split_thought

try:
    import openai
except ImportError as error:
    raise MissingExtra("policies", error.name or "") from error

Result = TypeVar("Result")

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds
SEED_BITS = 31  # what servers take
PER_PRICE = 1_000_000  # tokens
FINISHES = {"stop": "end", "tool_calls": "end", "length": "length"}
NO_KEY = "none"  # servers of one's own ask for none, but the client does
# How servers say that a conversation is too long; there is no common code.
TOO_LONG = ("context_length", "context length", "maximum context", "too many tokens")


class OpenAIPolicy:
    """Ask an OpenAI-compatible server for each action.

    vLLM, SGLang, Ollama, llama.cpp, ``transformers serve`` and hosted services speak
    this protocol. Requests of all live episodes run at once, up to ``concurrency``.
    What may pass (429, 5xx, time-outs, lost connections, replies that are no JSON or
    hold no message) is tried again after a growing wait. Where nothing helps, the
    action has an ``error``, and its episode counts as crashed, not as a failure. Once
    that has happened, requests are tried only once until one succeeds, so that a dead
    server ends a run soon.

    Args:
        model: The model's name on the server.
        base_url: Such as ``http://127.0.0.1:8000/v1``; None means OpenAI's own, or
            ``$OPENAI_BASE_URL``.
        api_key: None takes ``$OPENAI_API_KEY``; servers that ask for none need none.
        prompt: The system message, and how many turns are told.
        temperature: None leaves it to the server.
        top_p: None leaves it to the server.
        max_tokens: Of a reply; None leaves it to the server.
        stop: Texts that end a reply.
        seed: Where given, each request has a seed that follows from it, the episode
            and the step.
        logprobs: Whether to ask for the log-probability of each token.
        concurrency: The most requests at a time.
        retries: How often a request is tried again.
        timeout: Seconds for one try, whole.
        wait: Seconds before the second try; each further wait is twice as long.
        prices: Of a million tokens read, and of a million written.
        extra: More fields of the request, such as ``response_format``.
    """

    def __init__(
        self,
        model: str,
        base_url: str | None = None,
        *,
        api_key: str | None = None,
        prompt: Prompt | None = None,
        temperature: float | None = 0.0,
        top_p: float | None = None,
        max_tokens: int | None = 1024,
        stop: Sequence[str] = (),
        seed: int | None = None,
        logprobs: bool = False,
        concurrency: int = 16,
        retries: int = 5,
        timeout: float = 120.0,
        wait: float = FIRST_WAIT,
        prices: tuple[float, float] = (0.0, 0.0),
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        if concurrency < 1 or retries < 0:
            raise BadOption("concurrency must be 1 or more, retries 0 or more")
        if not (timeout > 0 and wait >= 0):
            raise BadOption("timeout must be above 0, wait 0 or more")
        if isinstance(stop, str):
            raise BadOption("stop must be a list of texts")
        try:
            read, written = map(float, prices)
        except (TypeError, ValueError):
            raise BadOption(
                "prices are two numbers: of a million tokens read, and written; "
                f"not {prices!r}"
            ) from None
        key = api_key or os.environ.get("OPENAI_API_KEY") or (base_url and NO_KEY)
        if not key:
            raise BadOption("set OPENAI_API_KEY, or give api_key or base_url")
        self.model, self.prompt = model, prompt or Prompt()
        self.usage = Usage()
        """The sum over all requests, those of crashed episodes included."""
        self._client_options = {"base_url": base_url, "api_key": key}
        wanted = {
            "temperature": temperature,
            "top_p": top_p,
            "max_tokens": max_tokens,
            "stop": list(stop) or None,
            "logprobs": logprobs or None,
        }
        self._fields = {k: v for k, v in wanted.items() if v is not None}
        self._extra = dict(extra or {})
        self.sampling = {**self._fields, "seed": seed, **self._extra}
        """What each request says of how the reply is drawn."""
        self._seed, self._prices = seed, (read, written)
        self._concurrency, self._retries = concurrency, retries
        self._timeout, self._wait = timeout, wait
        self._is_down = False
        self._loop = _Loop()
        self._client: Any = None

    def act(self, histories: Sequence[History]) -> list[Action]:
        """Ask for the next action of each episode, all at once.

        Raises:
            BadOption: where the server refuses the key, the model or the address, as
                it would in every episode.
        """
        actions = self._loop.run(self._ask_all(histories))
        self.usage = sum((a.usage for a in actions if a.usage), self.usage)
        return actions

    def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            self._loop.run(self._client.close())
            self._client = None
        self._loop.close()

    async def _ask_all(self, histories: Sequence[History]) -> list[Action]:
        if self._client is None:
            # Tries are counted here; the client must not try again by itself.
            self._client = openai.AsyncOpenAI(max_retries=0, **self._client_options)
        free = asyncio.Semaphore(self._concurrency)

        async def ask(history: History) -> Action:
            async with free:
                return await self._ask(history)

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(ask(history)) for history in histories]
        except* BadOption as mistakes:
            raise mistakes.exceptions[0] from None
        return [task.result() for task in tasks]

    async def _ask(self, history: History) -> Action:
        messages = [
            {"role": message["role"], "content": writable(message["content"])}
            for message in self.prompt.messages(history)
        ]
        fields = dict(self._fields)
        step = len(history.actions)
        if self._seed is not None:
            fields["seed"] = derive(self._seed, history.seed, step, bits=SEED_BITS)
        tried = 0
        while True:
            tried += 1
            spent = Usage(requests=tried)
            try:
                async with asyncio.timeout(self._timeout):
                    reply = await self._client.chat.completions.create(
                        model=self.model,
                        messages=messages,
                        timeout=self._timeout,
                        extra_body=self._extra or None,
                        **fields,
                    )
                action = _action_of(reply)
            except (
                openai.AuthenticationError,
                openai.PermissionDeniedError,
                openai.NotFoundError,
            ) as error:
                raise BadOption(f"{self._client.base_url}: {error}") from error
            except Exception as error:
                if _is_too_long(error):
                    told = f"the conversation is too long: {error}"
                    return Action("", stop=told, usage=spent)
                if not _may_pass(error):
                    return Action("", error=_told(error, tried), usage=spent)
                if tried > self._retries or self._is_down:
                    self._is_down = True
                    return Action("", error=_told(error, tried), usage=spent)
                await asyncio.sleep(self._pause(error, tried, history.seed, step))
            else:
                self._is_down = False
                assert action.usage is not None
                usage = replace(action.usage, requests=tried)
                return replace(action, usage=self._priced(usage))

    def _pause(self, error: Exception, tried: int, *parts: int) -> float:
        """How long to wait, in seconds, with a spread that keeps requests apart."""
        share = derive(self._seed or 0, *parts, tried, bits=SEED_BITS + 1) / 2**32
        longest: float = self._wait * 2 ** (tried - 1) * (0.5 + share)
        return min(LONGEST_WAIT, max(longest, _asked_wait(error)))

    def _priced(self, usage: Usage) -> Usage:
        read, written = self._prices
        cost = usage.prompt_tokens * read + usage.completion_tokens * written
        return replace(usage, cost=cost / PER_PRICE)


class BrokenReply(Exception):
    """An answer of the server that holds no message."""


def _action_of(reply: Any) -> Action:
    """Read an answer, which may be anything that a server sends.

    Raises:
        BrokenReply: if it holds no message.
    """
    try:
        choice = reply.choices[0]
        message = choice.message
        content = message.content or ""
        extra = message.model_extra or {}
        usage, finish = reply.usage, choice.finish_reason
    except (AttributeError, IndexError, TypeError) as error:
        raise BrokenReply(f"no message in {str(reply)[:200]!r}") from error
    if not isinstance(content, str):
        raise BrokenReply(f"the message is no text: {str(content)[:200]!r}")
    # Servers disagree on the name of the thoughts, or leave them in the text.
    apart = extra.get("reasoning_content") or extra.get("reasoning") or ""
    inside, text = split_thought(content)
    return Action(
        text,
        logprobs=_logprobs_of(choice),
        finish=FINISHES.get(str(finish), "stop"),
        reasoning=str(apart).strip() or inside,
        usage=_usage_of(usage),
    )


def _logprobs_of(choice: Any) -> tuple[float, ...]:
    """The log-probabilities, all of them or none: a message without them counts."""
    told = getattr(getattr(choice, "logprobs", None), "content", None) or ()
    try:
        return tuple(float(token.logprob) for token in told)
    except (AttributeError, TypeError, ValueError):
        return ()


def _usage_of(usage: Any) -> Usage:
    """What was counted; nothing, where that makes no sense."""
    cached = getattr(usage, "prompt_tokens_details", None)
    try:
        return Usage(
            int(getattr(usage, "prompt_tokens", 0) or 0),
            int(getattr(usage, "completion_tokens", 0) or 0),
            int(getattr(cached, "cached_tokens", 0) or 0),
        )
    except (TypeError, ValueError, OverflowError):
        return Usage()


def _may_pass(error: Exception) -> bool:
    """Tell whether the same request can do better later."""
    if isinstance(error, openai.APIStatusError):
        if getattr(error, "code", None) == "insufficient_quota":
            return False
        status = error.status_code
        return status in (408, 409, 425, 429) or status >= 500
    # Anything else is a broken connection, a broken answer, or a time-out.
    return isinstance(
        error, openai.APIError | BrokenReply | TimeoutError | ValueError | OSError
    )


def _is_too_long(error: Exception) -> bool:
    # "Too many tokens" in a while (429) is another matter.
    if not isinstance(error, openai.APIStatusError) or _may_pass(error):
        return False
    told = f"{getattr(error, 'code', '')} {error}".lower()
    return error.status_code == 413 or any(words in told for words in TOO_LONG)


def _asked_wait(error: Exception) -> float:
    """What the server asks for in its header, in seconds."""
    if not isinstance(error, openai.APIStatusError):
        return 0.0
    try:
        asked = float(error.response.headers.get("retry-after", ""))
    except ValueError:
        return 0.0  # absent, or a date
    return asked if math.isfinite(asked) else 0.0


def _told(error: Exception, tried: int) -> str:
    times = "once" if tried == 1 else f"{tried} times"
    return f"{type(error).__name__}: {str(error)[:300]} (asked {times})"


class _Loop:
    """Run coroutines on one event loop that lives as long as its connections.

    Inside a loop of someone else's, as in a notebook, it runs in a thread.
    """

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._thread: ThreadPoolExecutor | None = None

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        if self._thread is None and not _inside_a_loop():
            return self._runner.run(coroutine)
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1)
        return self._thread.submit(self._runner.run, coroutine).result()

    def close(self) -> None:
        if self._thread is not None:
            self._thread.submit(self._runner.close).result()
            self._thread.shutdown()
        else:
            self._runner.close()


def _inside_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
