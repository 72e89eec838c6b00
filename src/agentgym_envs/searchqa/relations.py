"""How one asks for the facts of the embedded world."""

from __future__ import annotations

from typing import NamedTuple


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
