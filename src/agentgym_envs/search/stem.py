"""Reduce English words to their stems, as Martin Porter does.

M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980, with the three
changes that its author made later (https://tartarus.org/martin/PorterStemmer/): words
of one or two letters stay as they are, "-bli" becomes "-ble" (it was "-abli"), and
"-logi" becomes "-log". This is the stemmer of Lucene's PorterStemFilter.
"""

from __future__ import annotations

VOWELS = frozenset("aeiou")

# Endings by step: the first that fits is taken, so longer ones come first.
STEP_2 = {
    "ational": "ate",
    "tional": "tion",
    "enci": "ence",
    "anci": "ance",
    "izer": "ize",
    "bli": "ble",
    "alli": "al",
    "entli": "ent",
    "eli": "e",
    "ousli": "ous",
    "ization": "ize",
    "ation": "ate",
    "ator": "ate",
    "alism": "al",
    "iveness": "ive",
    "fulness": "ful",
    "ousness": "ous",
    "aliti": "al",
    "iviti": "ive",
    "biliti": "ble",
    "logi": "log",
}
STEP_3 = {
    "icate": "ic",
    "ative": "",
    "alize": "al",
    "iciti": "ic",
    "ical": "ic",
    "ful": "",
    "ness": "",
}
STEP_4 = (
    *("al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent"),
    *("sion", "tion", "ou", "ism", "ate", "iti", "ous", "ive", "ize"),
)


def stem(word: str) -> str:
    """Give the stem of a word in lower case; letters beyond a-z are consonants."""
    if len(word) < 3:
        return word
    word = _plural(word)
    word = _past(word)
    if word.endswith("y") and "v" in _shape(word[:-1]):
        word = f"{word[:-1]}i"
    word = _replace(word, STEP_2)
    word = _replace(word, STEP_3)
    word = _strip(word)
    return _tidy(word)


def _shape(word: str) -> str:
    """Write "c" for each consonant and "v" for each vowel; "y" after "c" is one."""
    shape = "v"
    for letter in word:
        is_vowel = letter in VOWELS or (letter == "y" and shape[-1] == "c")
        shape += "v" if is_vowel else "c"
    return shape[1:]


def _measure(word: str) -> int:
    """Count how often a consonant follows a vowel."""
    return _shape(word).count("vc")


def _is_short(word: str) -> bool:
    """Whether it ends as "hop" does: consonant, vowel, consonant but w, x or y."""
    return _shape(word)[-3:] == "cvc" and word[-1] not in "wxy"


def _is_double(word: str) -> bool:
    return word[-2:-1] == word[-1:] and _shape(word)[-1:] == "c"


def _plural(word: str) -> str:
    if word.endswith(("sses", "ies")):
        return word[:-2]
    if word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


def _past(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) else word
    for ending in ("ed", "ing"):
        if word.endswith(ending):
            rest = word.removesuffix(ending)
            return _mended(rest) if "v" in _shape(rest) else word
    return word


def _mended(word: str) -> str:
    """Give back what "-ed" or "-ing" took: "hop" for "hopp", "file" for "fil"."""
    if word.endswith(("at", "bl", "iz")):
        return f"{word}e"
    if _is_double(word):
        return word if word[-1] in "lsz" else word[:-1]
    if _measure(word) == 1 and _is_short(word):
        return f"{word}e"
    return word


def _replace(word: str, endings: dict[str, str]) -> str:
    for ending, other in endings.items():
        if word.endswith(ending):
            rest = word.removesuffix(ending)
            return rest + other if _measure(rest) else word
    return word


def _strip(word: str) -> str:
    for ending in STEP_4:
        if word.endswith(ending):
            # Of "-sion" and "-tion" the first letter stays.
            rest = word[: -3 if ending.endswith("ion") else -len(ending)]
            return rest if _measure(rest) > 1 else word
    return word


def _tidy(word: str) -> str:
    """Drop a last "e", and one of two "l"s, where enough is left."""
    if word.endswith("e"):
        rest = word[:-1]
        measure = _measure(rest)
        if measure > 1 or (measure == 1 and not _is_short(rest)):
            word = rest
    if word.endswith("ll") and _measure(word) > 1:
        word = word[:-1]
    return word
