"""The questions about the embedded world, each with one answer.

A question follows facts from one thing to the next. A thing has at most one fact per
relation and no two things share a name, so there is one answer. Where several facts
have to be followed, the answer is in the passage of the last thing alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from agentgym_envs.draws import choose, shuffled
from agentgym_envs.once import once
from agentgym_envs.searchqa.engine import holds_answer, normalize
from agentgym_envs.searchqa.relations import COMPARISONS, NOUNS, RELATIONS
from agentgym_envs.searchqa.things import Amount, Date, Fact, Thing, spellings
from agentgym_envs.searchqa.world import SEED, load

# The sources in the order of their items, the test items first, as in the original.
COUNTS = {
    "test": {"one-hop": 200, "two-hop": 200, "comparison": 100, "three-hop": 100},
    "train": {"one-hop": 1200, "two-hop": 1000, "comparison": 400},
}
HOPS = {"one-hop": 1, "two-hop": 2, "three-hop": 3}
MOST_STARTS = 2  # questions of one source that begin at the same thing


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what it takes to answer it."""

    text: str
    source: str
    side: str
    targets: tuple[str, ...]
    """Right answers, the plainest first."""
    support: tuple[str, ...]
    """Titles of the passages that lead to the answer, in this order."""
    relations: tuple[str, ...]
    """The facts to follow, or the one to compare."""


@once
def questions() -> tuple[Question, ...]:
    """All questions in the order of their items, made once per process."""
    rng = Random(SEED + 1)
    return tuple(
        question
        for side, sources in COUNTS.items()
        for source, count in sources.items()
        for question in _of_source(rng, side, source, count)
    )


def _of_source(rng: Random, side: str, source: str, count: int) -> list[Question]:
    things = [thing for thing in load() if thing.side == side]
    if source == "comparison":
        return _comparisons(rng, things, count)
    return _chains(rng, things, source, count)


def _chains(
    rng: Random, things: list[Thing], source: str, count: int
) -> list[Question]:
    """Draw questions of as many different kinds as there are, in turn."""
    groups: dict[tuple[str, ...], list[Thing]] = {}
    for thing in things:
        for path in _paths(thing, HOPS[source]):
            groups.setdefault((thing.kind, *path), []).append(thing)
    waiting = [(key[1:], shuffled(rng, groups[key])) for key in sorted(groups)]
    starts: dict[str, int] = {}
    found: list[Question] = []
    while len(found) < count:
        for path, left in shuffled(rng, waiting):
            question = None
            while left and question is None:
                start = left.pop()
                if starts.get(start.title, 0) < MOST_STARTS:
                    question = _chain(rng, start, path, source)
            if question is not None and len(found) < count:
                starts[start.title] = starts.get(start.title, 0) + 1
                found.append(question)
    return found


def _paths(thing: Thing, hops: int) -> Iterator[tuple[str, ...]]:
    """The chains of facts that begin at a thing and can be asked for."""
    for relation, value in thing.facts.items():
        known = RELATIONS.get((thing.kind, relation))
        if known is None:
            continue
        if hops == 1:
            yield (relation,)
        elif known.phrase and isinstance(value, Thing):
            for rest in _paths(value, hops - 1):
                yield relation, *rest


def _chain(
    rng: Random, start: Thing, path: tuple[str, ...], source: str
) -> Question | None:
    """Ask for the end of a chain; None if it can be known without the whole."""
    things, value = follow(start, path)
    targets = tuple(spellings(value))
    phrase = f"{NOUNS[start.kind]} {start}" if start.kind in NOUNS else str(start)
    for thing, relation in zip(things, path[:-1], strict=False):
        phrase = RELATIONS[thing.kind, relation].phrase.format(x=phrase)
    ask = choose(rng, RELATIONS[things[-1].kind, path[-1]].asks)
    text = ask.format(x=phrase)
    earlier = [text, *(thing.passage for thing in things[:-1])]
    if holds_answer(earlier, [normalize(target) for target in targets]):
        return None
    support = tuple(thing.title for thing in things)
    return Question(text, source, start.side, targets, support, path)


def follow(start: Thing, path: tuple[str, ...]) -> tuple[list[Thing], Fact]:
    """Follow facts; give the things on the way and the last value."""
    things = [start]
    for relation in path[:-1]:
        things.append(things[-1].thing(relation))
    return things, things[-1].facts[path[-1]]


def _comparisons(rng: Random, things: list[Thing], count: int) -> list[Question]:
    """Draw pairs of things of a kind, in turn for each thing to compare."""
    by_kind: dict[str, list[Thing]] = {}
    for thing in things:
        by_kind.setdefault(thing.kind, []).append(thing)
    found: dict[tuple[str, ...], Question] = {}
    turn = 0
    while len(found) < count:
        kind, relation, ask, wants_more = COMPARISONS[turn % len(COMPARISONS)]
        turn += 1
        first, second = choose(rng, by_kind[kind]), choose(rng, by_kind[kind])
        one, other = measure(first, relation), measure(second, relation)
        if one == other:
            continue
        winner = first if (one > other) == wants_more else second
        text = ask.format(a=first, b=second)
        found[relation, *sorted((first.title, second.title))] = Question(
            text,
            "comparison",
            first.side,
            tuple(winner.spellings),
            (first.title, second.title),
            (relation,),
        )
    return list(found.values())


def measure(thing: Thing, relation: str) -> int:
    """What two things are compared by; of dates the year, so that none are close."""
    value = thing.facts[relation]
    if isinstance(value, Amount):
        return value.number
    return value.year if isinstance(value, Date) else thing.year(relation)
