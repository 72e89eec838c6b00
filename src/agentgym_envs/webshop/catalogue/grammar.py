"""Small rules of English for sentences that fit any product."""

from __future__ import annotations

import re
from itertools import product

_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
_SMALL = frozenset("a an and as at by for from in of on or per the to with".split())
# Words that look as if they began with the other kind of sound.
_TAKES_A = re.compile(r"(usb|usda|use|uni|uv\b|eu|one\b|uk\b)")
_TAKES_AN = re.compile(r"(hour|honest|led\b|lcd\b|hdmi|ssd|8|11\b|18\b|mp3|xl\b|spf)")


def slots(noun: str, *, plural: bool) -> dict[str, str]:
    """Words that agree with a product, as ``{slots}`` of a sentence.

    ``{s}`` ends a verb (``keep{s}``), ``{ies}`` too (``dr{ies}``); ``{brand}`` is left
    for later.
    """
    this = f"these {noun}" if plural else f"this {noun}"
    they = "they" if plural else "it"
    return {
        "noun": noun,
        "this": this,
        "This": this.capitalize(),
        "the": f"the {noun}",
        "The": f"The {noun}",
        "it": they,
        "It": they.capitalize(),
        "them": "them" if plural else "it",
        "its": "their" if plural else "its",
        "Its": "Their" if plural else "Its",
        "is": "are" if plural else "is",
        "was": "were" if plural else "was",
        "has": "have" if plural else "has",
        "does": "do" if plural else "does",
        "s": "" if plural else "s",
        "ies": "y" if plural else "ies",
        "brand": "{brand}",
    }


def variants(sentence: str) -> list[str]:
    """Every reading of a sentence with choices, such as ``[Soft|Kind] to the skin``."""
    pieces = _CHOICE.split(sentence)
    choices = [
        piece.split("|") if number % 2 else [piece]
        for number, piece in enumerate(pieces)
    ]
    return ["".join(reading) for reading in product(*choices)]


def title(text: str, spellings: dict[str, str]) -> str:
    """Capitalise as in a headline; spellings hold words such as ``usb`` -> ``USB``."""
    words = []
    for number, word in enumerate(text.split(" ")):
        if word in spellings:
            words.append(spellings[word])
        elif word in _SMALL and number:
            words.append(word)
        else:
            words.append(word[:1].upper() + word[1:])
    return " ".join(words)


def indefinite(words: str) -> str:
    """Give ``a`` or ``an``, as these words need it."""
    text = words.lower()
    if _TAKES_A.match(text):
        return "a"
    return "an" if text[:1] in "aeiou" or _TAKES_AN.match(text) else "a"


def listing(items: list[str]) -> str:
    """Join as in speech: ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"
