"""The questions of an embedded database: asked, answered, and chosen."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator

from agentgym_envs.bird.domains import challenging, moderate, simple
from agentgym_envs.bird.domains.asking import Candidate, Difficulty, World
from agentgym_envs.bird.domains.making import VERSION, Rows
from agentgym_envs.bird.domains.model import Domain, Draw

Pattern = Callable[[World], Iterator[Candidate]]

PATTERNS: dict[Difficulty, tuple[Pattern, ...]] = {
    "simple": simple.PATTERNS,
    "moderate": moderate.PATTERNS,
    "challenging": challenging.PATTERNS,
}
SHARES: dict[Difficulty, float] = {
    "simple": 0.36,
    "moderate": 0.38,
    "challenging": 0.26,
}
MAX_ROWS = 300  # of an answer
# Numbers that one would guess.
_EASY_NUMBERS = frozenset({None, 0, 1, 2, 100.0})


def ask(
    domain: Domain, rows: Rows, connection: sqlite3.Connection, count: int
) -> list[tuple[Difficulty, Candidate]]:
    """Choose questions, always the same, that have an answer which can't be guessed.

    Patterns take turns, so that no kind of question is more frequent than it must be.
    """
    world = World(domain, rows, Draw(f"bird {VERSION} {domain.name} questions"))
    sizes = {(len(rows[table.name]),) for table in domain.tables}
    numbers = {difficulty: round(count * SHARES[difficulty]) for difficulty in SHARES}
    numbers["simple"] += count - sum(numbers.values())
    chosen: list[tuple[Difficulty, Candidate]] = []
    seen: set[str] = set()
    for difficulty, patterns in PATTERNS.items():
        left = numbers[difficulty]
        pools = [world.draw.shuffled(list(pattern(world))) for pattern in patterns]
        for candidate in _in_turns(pools):
            if left and candidate.text not in seen:
                seen.add(candidate.text)
                if is_worth_asking(connection, candidate.sql, sizes):
                    chosen.append((difficulty, candidate))
                    left -= 1
        if left:
            raise AssertionError(f"{domain.name} lacks {left} {difficulty} questions")
    return world.draw.shuffled(chosen)


def _in_turns(pools: list[list[Candidate]]) -> Iterator[Candidate]:
    for turn in range(max(map(len, pools))):
        for pool in pools:
            if turn < len(pool):
                yield pool[turn]


def is_worth_asking(
    connection: sqlite3.Connection, sql: str, sizes: set[tuple[int]]
) -> bool:
    """Whether an answer is neither empty, nor huge, nor what anybody would guess."""
    found = connection.execute(sql).fetchmany(MAX_ROWS + 1)
    if not found or len(found) > MAX_ROWS:
        return False
    first = found[0]
    is_number = len(set(found)) == 1 and len(first) == 1
    return not (is_number and (first[0] in _EASY_NUMBERS or first in sizes))
