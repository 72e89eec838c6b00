"""The questions about the embedded world, each with one answer.

A question follows facts from one thing to the next. A thing has at most one fact per
relation and no two things share a name, so there is one answer. Where several facts
have to be followed, the answer is in the passage of the last thing alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import NamedTuple

from agentgym_envs.searchqa.draws import choose, shuffled
from agentgym_envs.searchqa.engine import holds_answer, normalize
from agentgym_envs.searchqa.things import Amount, Date, Fact, Thing, spellings
from agentgym_envs.searchqa.world import SEED, load

# The sources in the order of their items, the test items first, as in the original.
COUNTS = {
    "test": {"one-hop": 200, "two-hop": 200, "comparison": 100, "three-hop": 100},
    "train": {"one-hop": 1200, "two-hop": 1000, "comparison": 400},
}
HOPS = {"one-hop": 1, "two-hop": 2, "three-hop": 3}
MOST_STARTS = 2  # questions of one source that begin at the same thing


class Relation(NamedTuple):
    """How one asks for a fact, and how one names its value without saying it."""

    asks: tuple[str, ...]
    phrase: str = ""


RELATIONS: dict[tuple[str, str], Relation] = {
    ("country", "capital"): Relation(
        ("What is the capital of {x}?", "Which city is the capital of {x}?"),
        "the capital of {x}",
    ),
    ("country", "currency"): Relation(
        ("What is the currency of {x}?", "Which currency is used in {x}?")
    ),
    ("country", "highest"): Relation(
        ("What is the highest mountain of {x}?",), "the highest mountain of {x}"
    ),
    ("country", "longest"): Relation(
        ("What is the longest river of {x}?",), "the longest river of {x}"
    ),
    ("country", "founded"): Relation(("In what year did {x} become independent?",)),
    ("city", "country"): Relation(
        ("In which country is {x}?", "Which country does {x} belong to?"),
        "the country of {x}",
    ),
    ("city", "founded"): Relation(("In what year was {x} founded?",)),
    ("city", "population"): Relation(("How many inhabitants does {x} have?",)),
    ("city", "river"): Relation(
        ("Which river flows through {x}?", "On which river does {x} lie?"),
        "the river that flows through {x}",
    ),
    ("mountain", "country"): Relation(
        ("In which country is {x}?",), "the country of {x}"
    ),
    ("mountain", "height"): Relation(
        ("How high is {x}?", "What is the height of {x}?")
    ),
    ("mountain", "climber"): Relation(
        ("Who was the first to climb {x}?",), "the first person to climb {x}"
    ),
    ("mountain", "climbed"): Relation(("In what year was {x} first climbed?",)),
    ("lake", "country"): Relation(("In which country is {x}?",), "the country of {x}"),
    ("lake", "area"): Relation(("What is the area of {x}?",)),
    ("lake", "depth"): Relation(("How deep is {x}?",)),
    ("river", "country"): Relation(("In which country is {x}?",), "the country of {x}"),
    ("river", "source"): Relation(
        ("On which mountain does {x} rise?",), "the mountain where {x} rises"
    ),
    ("river", "mouth"): Relation(
        ("Into which body of water does {x} flow?", "Where does {x} end?"),
        "the body of water into which {x} flows",
    ),
    ("river", "length"): Relation(("How long is {x}?", "What is the length of {x}?")),
    ("university", "city"): Relation(
        ("In which city is {x}?",), "the city where {x} is located"
    ),
    ("university", "founded"): Relation(("In what year was {x} founded?",)),
    ("person", "born"): Relation(
        ("When was {x} born?", "What is the date of birth of {x}?")
    ),
    ("person", "died"): Relation(("When did {x} die?", "On what date did {x} die?")),
    ("person", "birthplace"): Relation(
        ("In which city was {x} born?", "What is the birthplace of {x}?"),
        "the city where {x} was born",
    ),
    ("person", "deathplace"): Relation(
        ("In which city did {x} die?", "What is the place of death of {x}?"),
        "the city where {x} died",
    ),
    ("person", "university"): Relation(
        ("Which university did {x} attend?", "Where did {x} study?"),
        "the university that {x} attended",
    ),
    ("person", "teacher"): Relation(
        ("Who taught {x}?", "Who was the teacher of {x}?"), "the teacher of {x}"
    ),
    ("book", "author"): Relation(
        ("Who wrote {x}?", "Who is the author of {x}?"), "the author of {x}"
    ),
    ("book", "year"): Relation(
        ("In what year was {x} published?", "When did {x} first appear?")
    ),
    ("book", "publisher"): Relation(
        ("Which company first published {x}?",), "the first publisher of {x}"
    ),
    ("book", "setting"): Relation(
        ("In which city is {x} set?",), "the city in which {x} is set"
    ),
    ("film", "director"): Relation(
        ("Who directed {x}?", "Who is the director of {x}?"), "the director of {x}"
    ),
    ("film", "year"): Relation(("From which year is the film {x}?",)),
    ("film", "composer"): Relation(
        ("Who composed the music for {x}?",), "the composer of the music for {x}"
    ),
    ("film", "basis"): Relation(
        ("On which novel is {x} based?",), "the novel on which {x} is based"
    ),
    ("painting", "painter"): Relation(
        ("Who painted {x}?", "Which artist painted {x}?"), "the painter of {x}"
    ),
    ("painting", "year"): Relation(("In what year was {x} painted?",)),
    ("painting", "museum"): Relation(
        ("In which museum is {x}?",), "the museum that holds {x}"
    ),
    ("company", "founder"): Relation(
        ("Who founded {x}?", "Who was the founder of {x}?"), "the founder of {x}"
    ),
    ("company", "founded"): Relation(("In what year was {x} founded?",)),
    ("company", "headquarters"): Relation(
        ("In which city are the headquarters of {x}?",),
        "the city where {x} has its headquarters",
    ),
    ("museum", "architect"): Relation(
        ("Who designed the building of {x}?",), "the architect of {x}"
    ),
    ("museum", "opened"): Relation(("In what year did {x} open?",)),
    ("museum", "city"): Relation(
        ("In which city is {x}?",), "the city where {x} is located"
    ),
    ("bridge", "designer"): Relation(
        ("Who designed {x}?", "Which engineer designed {x}?"), "the designer of {x}"
    ),
    ("bridge", "opened"): Relation(("In what year was {x} opened?",)),
    ("bridge", "river"): Relation(
        ("Which river does {x} cross?",), "the river under {x}"
    ),
    ("bridge", "city"): Relation(
        ("In which city is {x}?",), "the city where {x} is located"
    ),
    ("bridge", "length"): Relation(("How long is {x}?",)),
    ("newspaper", "founder"): Relation(("Who founded {x}?",), "the founder of {x}"),
    ("newspaper", "founded"): Relation(("In what year was {x} founded?",)),
    ("newspaper", "city"): Relation(
        ("In which city is {x} published?",), "the city where {x} is published"
    ),
    ("club", "city"): Relation(
        ("In which city is {x} based?",), "the home city of {x}"
    ),
    ("club", "founded"): Relation(("In what year was {x} founded?",)),
    ("club", "ground"): Relation(("Where does {x} play its home matches?",)),
}
# What a question says before a name that doesn't tell by itself what it names.
NOUNS = {"book": "the novel", "film": "the film", "painting": "the picture"}


class Comparison(NamedTuple):
    """How one asks which of two things has more, or less, of something."""

    kind: str
    relation: str
    ask: str
    wants_more: bool


COMPARISONS = (
    Comparison("person", "born", "Who was born earlier, {a} or {b}?", False),
    Comparison("river", "length", "Which river is longer, {a} or {b}?", True),
    Comparison("mountain", "height", "Which mountain is higher, {a} or {b}?", True),
    Comparison("lake", "area", "Which lake is larger, {a} or {b}?", True),
    Comparison("lake", "depth", "Which lake is deeper, {a} or {b}?", True),
    Comparison("city", "population", "Which city has more people, {a} or {b}?", True),
    Comparison("city", "founded", "Which city is older, {a} or {b}?", False),
    Comparison("book", "year", "Which novel appeared first, {a} or {b}?", False),
    Comparison("film", "year", "Which film is older, {a} or {b}?", False),
    Comparison("company", "founded", "Which company is older, {a} or {b}?", False),
    Comparison("bridge", "length", "Which bridge is longer, {a} or {b}?", True),
    Comparison("museum", "opened", "Which museum opened later, {a} or {b}?", True),
)


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


@lru_cache(maxsize=1)
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
