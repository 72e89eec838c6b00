"""Regular expressions from agents: which of them are sure to end soon.

Python's matcher tries alternatives one after the other, and some short expressions
make it try for years. The number of ways to try is estimated from above here, before
any text is searched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from re import _constants as codes  # type: ignore[attr-defined]  # not in typeshed
from re import _parser  # type: ignore[attr-defined]  # not in typeshed
from typing import Any

MOST_WAYS = 1_000_000  # for all texts together
_CAP = 10**12

_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
_ASSERTIONS = (codes.ASSERT, codes.ASSERT_NOT)


def is_quick(pattern: re.Pattern[str], texts: Sequence[str]) -> bool:
    """Whether all texts can be searched with a pattern in a moment."""
    longest = max(map(len, texts), default=0)
    if len(pattern.pattern) == len(re.escape(pattern.pattern)):
        return True
    ways = _ways_of(pattern, longest)
    return ways * (longest + 1) * (len(texts) + 1) <= MOST_WAYS


@lru_cache(maxsize=256)
def _ways_of(pattern: re.Pattern[str], longest: int) -> int:
    return _ways(_parser.parse(pattern.pattern, pattern.flags), longest)


def _ways(items: Any, longest: int) -> int:
    """In how many ways a part can match from one place on, at most."""
    ways = 1
    for code, argument in items:
        ways = min(ways * _ways_of_item(code, argument, longest), _CAP)
    return ways


def _ways_of_item(code: Any, argument: Any, longest: int) -> int:
    if code in _REPEATS:
        least, most, part = argument
        inner = _ways(part, longest)
        # A part that can be empty may be repeated for ever without moving on.
        width = max(part.getwidth()[0], 1)
        times: int = min(int(most), max(longest // width, int(least)), longest + 1)
        if inner == 1:
            return times + 1
        return int(min(inner ** min(times + 1, 64), _CAP)) if times else 1
    if code is codes.BRANCH:
        return sum((_ways(part, longest) for part in argument[1]), 0)
    if code is codes.SUBPATTERN:
        return _ways(argument[3], longest)
    if code is codes.ATOMIC_GROUP:
        return _ways(argument, longest)
    if code in _ASSERTIONS:
        return _ways(argument[1], longest) + 1
    if code is codes.GROUPREF_EXISTS:
        _, first, second = argument
        return _ways(first, longest) + (_ways(second, longest) if second else 1)
    return 1
