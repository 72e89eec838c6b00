"""Which words of a title are nouns: the one thing the reward needs a tagger for."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import Any

from agentgym_envs.errors import BadOption, MissingExtra

Nouns = Callable[[str], tuple[str, ...]]

PLAIN = "alnum"
SPACY = "spacy:"
TAGS = ("NOUN", "PROPN")

_WORD = re.compile("[A-Za-z0-9]+")


def open_nouns(name: str) -> Nouns:
    """Give the function that finds the nouns of a text, in lower case.

    Args:
        name: ``alnum`` takes every run of ASCII letters and digits for a noun;
            ``spacy:<model>`` asks a spaCy model, such as AgentGym's
            ``en_core_web_lg``.

    Raises:
        BadOption: if there is no such function or model.
        MissingExtra: if spaCy is not installed.
    """
    if name == PLAIN:
        return words_of
    if isinstance(name, str) and name.startswith(SPACY):
        return _open_spacy(name.removeprefix(SPACY))
    raise BadOption(f"noun_fn must be 'alnum' or 'spacy:<model>', not {name!r:.80}")


def words_of(text: str) -> tuple[str, ...]:
    """Take all words for nouns.

    >>> words_of("Kid's T-Shirt, 2XL")
    ('kid', 's', 't', 'shirt', '2xl')
    """
    return tuple(word.lower() for word in _WORD.findall(text))


@lru_cache(maxsize=2)
def _open_spacy(model: str) -> Nouns:
    """Load a model, once in a process."""
    try:
        # Not an import statement, for spaCy need not be there when types are checked.
        spacy: Any = import_module("spacy")
    except ModuleNotFoundError:
        raise MissingExtra("webshop-spacy", "spacy") from None
    try:
        tagger: Any = spacy.load(model)
    except OSError:
        raise BadOption(
            f"spaCy has no model {model!r:.80}; python -m spacy download {model:.80}"
        ) from None

    def nouns(text: str) -> tuple[str, ...]:
        return tuple(word.text.lower() for word in tagger(text) if word.pos_ in TAGS)

    return nouns
