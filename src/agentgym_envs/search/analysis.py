"""From a text to the terms that an index knows."""

from __future__ import annotations

from agentgym_envs.search.stem import stem
from agentgym_envs.search.words import utf_16, words

# The stop words of Lucene's EnglishAnalyzer.
STOP_WORDS = frozenset(
    """a an and are as at be but by for if in into is it no not of on or such that the
    their then there these they this to was will with""".split()
)
POSSESSIVES = ("'s", "’s", "＇s")
REMEMBERED = 1 << 17  # words; about 20 MB

# Java lowers each character alone: no final sigma, no dot left behind by "İ".
_LOWERED_ALONE = str.maketrans({"İ": "i", "Σ": "σ"})


def analyze(text: str) -> list[str]:
    """Give the terms of a text, in order, with repetitions.

    Words are cut by `words`, lose a possessive "'s" and their capitals, and are
    stemmed; stop words go. These are the terms that the default English analyzer of
    Anserini 0.14 (Lucene 8.11) gives.
    """
    return [term for term in map(_terms.__getitem__, words(text)) if term]


def term(word: str) -> str:
    """Give the term that a word of a text becomes; "" if it becomes none."""
    return _terms[word]


class _Terms(dict[str, str]):
    """The terms of the words met so far."""

    def __missing__(self, word: str) -> str:
        if len(self) >= REMEMBERED:
            self.clear()
        self[word] = found = _term(word)
        return found


_terms = _Terms()


def _term(word: str) -> str:
    if not word.isascii():
        word = word.translate(_LOWERED_ALONE)
    word = word.lower()
    if word.endswith(POSSESSIVES):
        word = word[:-2]
    if word in STOP_WORDS:
        return ""
    if max(word) <= "\uffff":
        return stem(word)
    # To Java's stemmer these letters are two each, so "𐐨s" is long enough for it.
    stemmed = stem(utf_16(word)).encode("utf-16", "surrogatepass")
    return stemmed.decode("utf-16")
