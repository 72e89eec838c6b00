"""Cut text into words as Lucene's standard tokenizer does.

The rules are those of Unicode's word borders (https://www.unicode.org/reports/tr29/),
with Lucene's own for what that leaves open: each Han and Hiragana character is a word,
a run of Thai, Lao, Khmer or Myanmar is one, and so is an emoji with all that belongs to
it. What holds no letter, digit or emoji is dropped.

The table of code points is a file here, not Python's own, so that words do not depend
on the version of Python.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable
from functools import cache
from importlib.resources import files

LONGEST = 255  # units of UTF-16, as Java counts; Lucene cuts what is longer
ZWJ = "\u200d"  # joins emoji
SELECTORS = "[\ufe0e\ufe0f]"
# Most words end before a sign that can't be part of any: no need to try more rules.
PLAIN = r"[A-Za-z0-9]++(?=[.,:;]?+(?:[\0-!#-&(-+/<-@\[-^`{-\x7f-]|\Z))"

# Text of ASCII needs a fraction of the rules, and is most of what there is.
_ASCII = re.compile(
    r"_++(?![A-Za-z0-9])"
    r"|(\w++(?:(?:(?<=[A-Za-z])[.:'](?=[A-Za-z])|(?<=[0-9])[.,;'](?=[0-9]))\w++)*+)",
    re.ASCII,
)


def words(text: str) -> list[str]:
    """Cut a text into its words, in order."""
    pattern = _ASCII if text.isascii() else _unicode()
    # A match without the group is a run of "_" with no letter in it.
    found = list(filter(None, pattern.findall(text)))
    # A character is two units at most.
    if max(map(len, found), default=0) > LONGEST // 2:
        return [part for word in found for part in _parts(word)]
    return found


def utf_16(text: str) -> str:
    """Write characters beyond U+FFFF as the two surrogates that they are in Java."""
    return "".join(map(chr, array("H", text.encode("utf-16", "surrogatepass")[2:])))


def _parts(word: str) -> list[str]:
    """Cut a long word as a reader would that sees 255 units at a time."""
    pattern, parts, start = _unicode(), [], 0
    while start < len(word):
        end = start + LONGEST
        while len(utf_16(word[start:end])) > LONGEST:
            end -= 1
        match = pattern.match(word, start, end)
        if match and match[1]:
            parts.append(match[1])
        start = match.end() if match else start + 1
    return parts


@cache
def _unicode() -> re.Pattern[str]:
    """Write the rules for all of Unicode as one expression; words are its group.

    Quantifiers are possessive: what they took they keep, so that no text can make the
    search slower than its length.
    """
    classes = _classes()

    def any_of(*names: str, more: str = "") -> str:
        return f"[{''.join(classes[name] for name in names)}{more}]"

    # A mark belongs to what stands before it.
    mark = any_of("extend")
    marks = f"{mark}*+"
    kinds = [
        PLAIN,
        _word(any_of),
        f"{any_of('single')}{marks}",
        f"(?:{any_of('complex')}{marks})++",
        _emoji(any_of),
        f"(?:{any_of('flag')}{marks}){{2}}",
    ]
    # The "_" and marks that none of these begins with.
    unused = f"(?:{any_of('joiner')}(?:(?!{any_of('complex', more=ZWJ)}){mark})*+)++"
    return re.compile(f"({'|'.join(kinds)})|{unused}")


def _word(any_of: Callable[..., str]) -> str:
    """Letters and digits with what holds them together, or Katakana, "_" between."""
    marks = f"{any_of('extend')}*+"
    letter, hebrew = any_of("letter", "hebrew"), any_of("hebrew")
    between = any_of("mid_letter", "mid_both", more="'")
    letters = f"(?:{between}{marks}{letter}{marks})*+"
    point = any_of("mid_digit", "mid_both", more="'") + marks

    def run(name: str) -> str:
        return f"{any_of(name)}{any_of(name, 'extend')}*+"

    mixed = "|".join(
        [
            f"{run('letter')}{letters}",
            f"{run('digit')}(?:{point}(?={any_of('digit')}))?+",
            # Hebrew abbreviations hold such quotes.
            f"{run('hebrew')}(?:'{marks}|\"{marks}{hebrew}{marks}|{letters})",
        ]
    )
    piece = f"(?:(?:{mixed})++|{run('katakana')})"
    # No word is longer, so there is no need to look further.
    joiners = f"(?:{any_of('joiner')}{marks}){{0,{LONGEST}}}+"
    return f"{joiners}{piece}(?:(?={any_of('joiner')}){joiners}{piece})*+{joiners}"


def _emoji(any_of: Callable[..., str]) -> str:
    """Pictures, with skin colours, joined to families, or as keycaps."""
    # Selectors ask for a picture or a text; they belong to no word but a picture's.
    mark = f"(?:(?!{SELECTORS}){any_of('extend')})"
    tone = f"{any_of('modifier')}{mark}*+"
    picture = f"{any_of('emoji', 'base')}{mark}*+\ufe0f?+"
    one = f"(?:{any_of('base')}{mark}*+{tone}|{picture}|{tone})"
    lead = f"(?:{ZWJ}{{1,{LONGEST}}}+(?!{any_of('modifier')}))?+"
    to_key = f"(?:(?!\u20e3){mark})*+"
    keycap = f"[#*]{to_key}(?:\ufe0f{to_key})?+\u20e3{mark}*+"
    return f"{lead}{one}(?:(?:(?<={ZWJ})|{ZWJ}){one})*+|{keycap}"


def _classes() -> dict[str, str]:
    """Read the code points of each class, as the inside of a character class."""
    table = files(__package__).joinpath("data/word_breaks.txt")
    classes: dict[str, str] = {}
    name = ""
    for line in table.read_text(encoding="utf-8").splitlines():
        line = line.partition("#")[0].strip()
        if line.endswith(":"):
            name = line[:-1]
            classes[name] = ""
            continue
        for span in line.split():
            first, _, last = span.partition("-")
            classes[name] += f"{chr(int(first, 16))}-{chr(int(last or first, 16))}"
    return classes
