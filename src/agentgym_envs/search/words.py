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
from functools import cache
from importlib.resources import files

LONGEST = 255  # characters; Lucene cuts what is longer

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
    if max(map(len, found), default=0) > LONGEST:
        return [part for word in found for part in _parts(word)]
    return found


def _parts(word: str) -> list[str]:
    """Cut a long word as a reader would that sees 255 characters at a time."""
    pattern, parts, start = _unicode(), [], 0
    while start < len(word):
        match = pattern.match(word, start, start + LONGEST)
        if match and match[1]:
            parts.append(match[1])
        start = match.end() if match else start + 1
    return parts


@cache
def _unicode() -> re.Pattern[str]:
    """Write the rules for all of Unicode as one expression.

    Each quantifier is possessive: what it took it keeps, so that no text can make the
    search slower than its length.
    """
    c = {name: f"[{ranges}]" for name, ranges in _classes().items()}
    marks = f"{c['extend']}*+"
    # No word is longer, so there is no need to look further.
    joiners = f"(?:{c['joiner']}{marks}){{0,{LONGEST}}}+"
    letters = f"[{c['letter'][1:-1]}{c['hebrew'][1:-1]}]"
    between = f"[{c['mid_letter'][1:-1]}{c['mid_both'][1:-1]}']{marks}"
    in_word = f"(?:{between}{letters}{marks})*+"
    in_number = f"[{c['mid_digit'][1:-1]}{c['mid_both'][1:-1]}']{marks}(?={c['digit']})"
    word = "|".join(
        f"{c[kind]}[{c[kind][1:-1]}{c['extend'][1:-1]}]*+{inside}"
        for kind, inside in {
            "letter": in_word,
            "digit": f"(?:{in_number})?+",
            "hebrew": f"(?:'{marks}|\"{marks}{c['hebrew']}{marks}|{in_word})",
        }.items()
    )
    katakana = f"{c['katakana']}[{c['katakana'][1:-1]}{c['extend'][1:-1]}]*+"
    piece = f"(?:(?:{word})++|{katakana})"
    any_word = f"{joiners}{piece}(?:(?={c['joiner']}){joiners}{piece})*+{joiners}"
    # U+FE0E and U+FE0F ask for an emoji's look as text or as a picture.
    bound = f"(?:(?![\\ufe0e\\ufe0f]){c['extend']})"
    picture = f"[{c['emoji'][1:-1]}{c['base'][1:-1]}]"
    one = (
        f"(?:{c['base']}{bound}*+{c['modifier']}{bound}*+|{picture}{bound}*+\\ufe0f?+"
        f"|{c['modifier']}{bound}*+)"
    )
    emoji = f"(?:\\u200d{{1,{LONGEST}}}+(?!{c['modifier']}))?+{one}(?:(?:(?<=\\u200d)|\\u200d){one})*+"
    to_key = f"(?:(?!\\u20e3){bound})*+"
    keycap = f"[#*]{to_key}(?:\\ufe0f{to_key})?+\\u20e3{bound}*+"
    kinds = [
        any_word,
        f"{c['single']}{marks}",
        f"(?:{c['complex']}{marks})++",
        emoji,
        keycap,
        f"{c['flag']}{marks}{c['flag']}{marks}",
    ]
    unused = f"(?:{c['joiner']}(?:(?!{c['complex']}|\\u200d){c['extend']})*+)++"
    return re.compile(f"({'|'.join(kinds)})|{unused}")


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
            classes[name] += f"\\U{int(first, 16):08x}-\\U{int(last or first, 16):08x}"
    return classes
