"""Policies by the names that the command line takes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from agentgym_envs.errors import BadOption
from agentgym_policies.base import Policy
from agentgym_policies.expert import ExpertPolicy
from agentgym_policies.human import HumanPolicy
from agentgym_policies.prompts import REACT, TEXT, PlayStyle, Prompt
from agentgym_policies.random import RandomPolicy

POLICIES: dict[str, Callable[[], Policy]] = {
    "expert": ExpertPolicy,
    "random": RandomPolicy,
    "human": HumanPolicy,
}
HF, OPENAI = "hf:", "openai:"
NAMES = (*POLICIES, f"{HF}PATH", f"{OPENAI}MODEL@URL")
MODEL_BATCH = 16  # live episodes, where a model answers all of them at once

_PROMPT = tuple(field.name for field in fields(Prompt))


def make_policy(name: str, options: Mapping[str, Any] | None = None) -> Policy:
    """Make the policy of this name.

    Args:
        name: ``expert``, ``random``, ``human``, ``hf:`` and the name or the folder of a
            model, or ``openai:`` and a model's name, with ``@`` and the address of its
            server unless that is OpenAI's own.
        options: Of the policy, of its prompt (``system``, ``turns``) and, of a model
            that is played here, of the drawing (``temperature``, ``seed`` and so on).

    Raises:
        BadOption: if there is no such policy or option.
    """
    chosen = dict(options or {})
    try:
        if name.startswith(HF):
            return _local(name.removeprefix(HF), chosen)
        if name.startswith(OPENAI):
            return _remote(name.removeprefix(OPENAI), chosen)
    except TypeError as error:
        # Names are checked, so what is left is a text for a number and the like.
        raise BadOption(
            f"an option of {name} has a value of the wrong kind: {error}"
        ) from error
    if name not in POLICIES:
        close = get_close_matches(name, POLICIES, n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        raise BadOption(f"there is no policy {name!r}; there are {_listed()}{hint}")
    if chosen:
        raise BadOption(f"the policy {name} has no option {min(chosen)!r}")
    return POLICIES[name]()


def is_model(name: str) -> bool:
    """Whether a language model is meant, which answers many episodes at once."""
    return name.startswith((HF, OPENAI))


def format_for(name: str) -> str:
    """The format that a policy's replies have unless one is asked for."""
    if name.startswith(HF):
        return PlayStyle.load(name.removeprefix(HF)).action_format
    return REACT if is_model(name) else TEXT


def _listed() -> str:
    return ", ".join(NAMES)


def _local(path: str, options: dict[str, Any]) -> Policy:
    from agentgym_policies.huggingface import TransformersPolicy
    from agentgym_policies.sampling import Sampling

    drawing = [field.name for field in fields(Sampling)]
    own = _names(TransformersPolicy.load, TransformersPolicy.__init__)
    _check(HF, options, {*own, *drawing, *_PROMPT} - {"prompt", "sampling"})
    sampling = Sampling(**_taken(options, drawing))
    prompt = _prompt(PlayStyle.load(path).prompt, options)
    return TransformersPolicy.load(path, prompt=prompt, sampling=sampling, **options)


def _remote(where: str, options: dict[str, Any]) -> Policy:
    from agentgym_policies.endpoint import OpenAIPolicy

    model, _, url = where.partition("@")
    if not model:
        raise BadOption(f"name a model: {OPENAI}MODEL@URL")
    try:
        address = urlsplit(url)
    except ValueError as error:
        raise BadOption(f"{url!r} is no address: {error}") from None
    # Names and options are written into the run's folder; a key has no business there.
    if url and address.scheme not in ("http", "https"):
        raise BadOption(f"an address begins with http:// or https://, not {url!r}")
    if "@" in address.netloc:
        raise BadOption("the address holds a name or password; set OPENAI_API_KEY")
    own = _names(OpenAIPolicy.__init__) - {"api_key", "base_url", "prompt"}
    _check(OPENAI, options, {*own, *_PROMPT})
    prompt = _prompt(Prompt(), options)
    return OpenAIPolicy(model, url or None, prompt=prompt, **options)


def _prompt(default: Prompt, options: dict[str, Any]) -> Prompt:
    given = _taken(options, _PROMPT)
    return Prompt(**{"system": default.system, "turns": default.turns, **given})


def _taken(options: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Take some of the options out."""
    return {name: options.pop(name) for name in names if name in options}


def _names(*functions: Callable[..., Any]) -> set[str]:
    """The options that functions take by name."""
    return {
        name
        for function in functions
        for name, kind in inspect.signature(function).parameters.items()
        if kind.kind is not inspect.Parameter.VAR_KEYWORD
    } - {"self", "path", "model", "tokenizer"}


def _check(kind: str, options: Mapping[str, Any], known: set[str]) -> None:
    for name in options:
        if name not in known:
            listed = ", ".join(sorted(known))
            raise BadOption(f"{kind} has no option {name!r}; it has {listed}")
