"""Texts and addresses compared as the original compares them, word for word.

After ``evaluation_harness/evaluators.py`` of github.com/web-arena-x/webarena. Known
weaknesses belong to it: a reference of several characters is found within longer words
and numbers, an address within longer ones, and the queries of alternative addresses are
pooled. `agentgym_envs.webarena.original.strict` has none of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from urllib.parse import parse_qs, urlparse

_CONTRACTIONS = re.compile(r"(?i)\b(can)(not)\b|(\w)(n't|'(?:s|m|d|ll|re|ve))\b")
_SPLIT = re.compile(
    r"""\.\.\.|--|[()\[\]{}<>?!;@#$%&"“”«»‘’`]|[,:](?!\d)|'(?!\w)|(?<!\w)'"""
)


def clean(text: str) -> str:
    """Strip a text, take one pair of quotes off, and ignore case.

    >>> clean(" 'Yes' "), clean('"'), clean('"' + "'a'" + '"')
    ('yes', '', "'a'")
    """
    text = text.strip()
    for quote in ("'", '"'):
        if text.startswith(quote) and text.endswith(quote):
            return text[1:-1].lower()
    return text.lower()


def words(text: str) -> list[str]:
    """Split a text as NLTK's word tokenizer splits such answers.

    >>> words("There are 2 (of 2,000), 5%.")
    ['There', 'are', '2', '(', 'of', '2,000', ')', ',', '5', '%', '.']
    """
    text = re.sub(r"\.([\s\"')\]}>]*)$", r" .\1", text)
    text = _SPLIT.sub(lambda match: f" {match[0]} ", text)
    text = _CONTRACTIONS.sub(
        lambda m: f"{m[1]} {m[2]}" if m[1] else f"{m[3]} {m[4]}", text
    )
    return text.split()


def is_exact(reference: str, answer: str) -> bool:
    """Tell whether an answer is the reference, as far as `clean` goes."""
    return clean(answer) == clean(reference)


def includes(reference: str, answer: str, *, alone: bool = False) -> bool:
    """Tell whether an answer includes a reference.

    Args:
        reference: What must be there.
        answer: The answer.
        alone: Whether no other references are looked for. Only then, and only if it
            is a single character, must it be a word.
    """
    reference, answer = clean(reference), clean(answer)
    if alone and len(reference) == 1:
        return reference in words(answer)
    return reference in answer


def is_at(references: Sequence[str], url: str) -> bool:
    """Tell whether an address passes for one of the references.

    The base of any reference must be a part of the address; each key of any
    reference's query must have a value that some reference has for it.
    """
    base, query = _parts(url)
    bases = []
    pooled: dict[str, set[str]] = defaultdict(set)
    for reference in references:
        reference_base, reference_query = _parts(reference)
        bases.append(reference_base)
        for key, values in reference_query.items():
            pooled[key].update(values)
    if not any(reference in base for reference in bases):
        return False
    return all(values & set(query.get(key, ())) for key, values in pooled.items())


def _parts(url: str) -> tuple[str, dict[str, list[str]]]:
    try:
        parts = urlparse(url.rstrip("/"))
    except ValueError:  # brackets that are no address of version 6
        return url, {}
    return parts.netloc + parts.path, parse_qs(parts.query)


def as_text(value: object) -> str:
    """Write what a script gave the way the original does: with Python's ``str``."""
    text = str(value)
    return text if text else ""
