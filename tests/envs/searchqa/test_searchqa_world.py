"""The embedded world holds together, and each question has one answer in it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from agentgym_envs.searchqa.engine import holds_answer, normalize
from agentgym_envs.searchqa.names import Names
from agentgym_envs.searchqa.nation import NOW, Nation
from agentgym_envs.searchqa.prose import passage
from agentgym_envs.searchqa.questions import COUNTS, measure, questions
from agentgym_envs.searchqa.relations import COMPARISONS, NOUNS, RELATIONS
from agentgym_envs.searchqa.things import Amount, Date, Thing, spellings
from agentgym_envs.searchqa.world import VERSION, load

# What all passages and questions of a version are; a change needs a new version.
DIGESTS = {1: "aab7308a63cfe2730b90be5c7e9748b9460c77e3ac287b2a6a5fc180deca989e"}


def digest() -> str:
    texts = [thing.passage for thing in load()]
    texts += [f"{q.text}\t{q.source}\t{q.targets}\t{q.support}" for q in questions()]
    return sha256("\n\n".join(texts).encode("utf-8")).hexdigest()


def of_kind(kind: str) -> list[Thing]:
    return [thing for thing in load() if thing.kind == kind]


def by_title() -> dict[str, Thing]:
    return {thing.title: thing for thing in load()}


def end(person: Thing) -> int:
    return person.year("died") if "died" in person.facts else NOW


def test_the_world_is_the_one_of_its_version():
    assert digest() == DIGESTS[VERSION]


def test_another_process_with_another_hash_seed_builds_the_same():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); "
        "import test_searchqa_world as w; print(w.digest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(Path(__file__).parent)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "99"},
    )
    assert done.stdout.strip() == digest()


def test_there_are_as_many_passages_and_kinds_as_promised():
    counts = Counter(thing.kind for thing in load())
    assert sum(counts.values()) == 4000
    assert len(counts) == 15
    assert min(counts.values()) == counts["country"] == 40


def test_no_two_things_share_a_name():
    names = Counter(
        normalize(name) for thing in load() for name in dict.fromkeys(thing.spellings)
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_passages_have_the_form_of_the_corpus():
    for thing in load():
        title, _, text = thing.passage.partition("\n")
        assert title == f'"{thing.title}"'
        assert "\n" not in text
        assert 10 <= len(text.split()) <= 130
        assert text.endswith(".")
        assert not set("{}") & set(text)
        assert "a(n)" not in text and "  " not in text and ".." not in text


def test_a_passage_tells_every_fact_that_is_asked_for_and_every_other_name():
    for thing in load():
        for relation, value in thing.facts.items():
            if (thing.kind, relation) in RELATIONS:
                first = [normalize(spellings(value)[0])]
                assert holds_answer([thing.passage], first), (thing.title, relation)
        for alias in thing.aliases:
            assert holds_answer([thing.passage], [normalize(alias)]), alias


def test_facts_connect_things_of_one_side():
    for thing in load():
        linked = [v for v in thing.facts.values() if isinstance(v, Thing)]
        assert all(other.side == thing.side for other in (*linked, *thing.works))


@given(st.integers(0, 2**32))
@settings(max_examples=25)
def test_any_seed_makes_a_country_that_holds_together(seed):
    rng = Random(seed)
    things = Nation(rng, Names(rng), "train").things
    assert len({normalize(thing.title) for thing in things}) == len(things) == 100
    check_lives(things)
    check_rivers(things)
    check_cities(things)
    for thing in things:
        assert passage(rng, thing).startswith(f'"{thing.title}"\n')


def test_people_live_before_they_die_and_work_as_adults():
    check_lives(load())


def check_lives(things: Sequence[Thing]) -> None:
    for person in (thing for thing in things if thing.kind == "person"):
        born, died = person.facts["born"], person.facts.get("died")
        assert isinstance(born, Date)
        assert died is None or isinstance(died, Date)
        if died is not None:
            assert born < died
            assert 30 <= died.year - born.year <= 100
            assert died.year <= NOW
        else:
            assert NOW - born.year <= 100
            assert "deathplace" not in person.facts
        for work in person.works:
            year = next(
                work.year(relation)
                for relation in ("year", "opened", "founded", "climbed")
                if relation in work.facts
            )
            assert born.year + 20 <= year <= end(person), work.title


def test_pupils_grow_up_while_their_teachers_live():
    pupils = [person for person in of_kind("person") if "teacher" in person.facts]
    assert len(pupils) > 100
    for pupil in pupils:
        teacher = pupil.thing("teacher")
        assert teacher.facts["calling"] == pupil.facts["calling"]
        assert teacher.year("born") + 15 <= pupil.year("born")
        assert pupil.year("born") + 15 <= end(teacher)


def test_people_study_at_universities_that_exist():
    for person in of_kind("person"):
        if "university" in person.facts:
            founded = person.thing("university").year("founded")
            assert founded <= person.year("born") + 18


def test_nothing_is_in_a_city_before_the_city_is():
    check_cities(load())


def check_cities(things: Sequence[Thing]) -> None:
    for thing in things:
        for relation in ("city", "setting", "headquarters", "birthplace", "deathplace"):
            if relation in thing.facts:
                year = next(
                    thing.year(r)
                    for r in ("founded", "opened", "year", "born")
                    if r in thing.facts
                )
                assert thing.thing(relation).year("founded") <= year, thing.title


def test_rivers_flow_through_cities_of_their_country():
    check_rivers(load())


def check_rivers(things: Sequence[Thing]) -> None:
    for river in (thing for thing in things if thing.kind == "river"):
        country = river.facts["country"]
        assert river.thing("source").facts["country"] is country
        mouth = river.facts["mouth"]
        assert isinstance(mouth, str) or mouth.facts["country"] is country
        assert river.works
        for city in river.works:
            assert city.facts["river"] is river
            assert city.facts["country"] is country


def test_bridges_cross_the_river_of_their_city():
    for bridge in of_kind("bridge"):
        assert bridge.facts["river"] is bridge.thing("city").facts["river"]


def test_countries_know_their_own_extremes():
    for country in of_kind("country"):
        inside = [t for t in load() if t.facts.get("country") is country]
        heights = {t: t.facts["height"] for t in inside if t.kind == "mountain"}
        lengths = {t: t.facts["length"] for t in inside if t.kind == "river"}
        assert country.facts["highest"] is max(heights, key=heights.__getitem__)
        assert country.facts["longest"] is max(lengths, key=lengths.__getitem__)
        assert len(set(heights.values())) == len(heights)
        assert len(set(lengths.values())) == len(lengths)
        capital = country.thing("capital")
        assert capital in inside
        assert capital.year("founded") < country.year("founded")
        people = [t.facts["population"] for t in inside if t.kind == "city"]
        total = country.facts["population"]
        assert isinstance(total, Amount)
        assert total.number > sum(amount.number for amount in people)


def test_books_come_out_at_publishers_that_exist_and_before_their_films():
    for book in of_kind("book"):
        if "publisher" in book.facts:
            publisher = book.thing("publisher")
            assert publisher.facts["industry"] == "publishing"
            assert publisher.year("founded") <= book.year("year")
    for film in of_kind("film"):
        assert film.year("year") >= 1895
        if "basis" in film.facts:
            assert film.thing("basis").year("year") <= film.year("year")


def test_the_sources_follow_each_other_test_first():
    expected = [
        (side, source)
        for side, sources in COUNTS.items()
        for source, count in sources.items()
        for _ in range(count)
    ]
    assert [(q.side, q.source) for q in questions()] == expected
    assert len(expected) == 3200


def test_no_question_is_asked_twice():
    assert len({question.text for question in questions()}) == len(questions())


def test_following_the_facts_gives_the_answer():
    things = by_title()
    for question in questions():
        first = things[question.support[0]]
        assert first.title in question.text
        if question.source == "comparison":
            continue
        path = [first]
        for relation in question.relations[:-1]:
            path.append(path[-1].thing(relation))
        value = path[-1].facts[question.relations[-1]]
        assert question.targets == tuple(spellings(value))
        assert question.support == tuple(thing.title for thing in path)
        noun = NOUNS.get(first.kind, "")
        assert noun in question.text


def test_comparisons_have_a_winner():
    things = by_title()
    asked = Counter()
    for question in questions():
        if question.source != "comparison":
            continue
        first, second = (things[title] for title in question.support)
        (relation,) = question.relations
        kind = first.kind
        (rule,) = [c for c in COMPARISONS if (c.kind, c.relation) == (kind, relation)]
        assert question.text == rule.ask.format(a=first, b=second)
        one, other = measure(first, relation), measure(second, relation)
        assert one != other
        winner = first if (one > other) is rule.wants_more else second
        assert question.targets == tuple(winner.spellings)
        asked[winner is first] += 1
    assert 0.4 < asked[True] / asked.total() < 0.6


def test_a_chain_can_not_be_answered_without_its_last_passage():
    things = by_title()
    for question in questions():
        if question.source == "comparison":
            continue
        targets = [normalize(target) for target in question.targets]
        *before, last = (things[title].passage for title in question.support)
        assert not holds_answer([question.text, *before], targets), question.text
        assert holds_answer([last], targets), question.text


def test_intermediate_names_are_not_in_the_question():
    for question in questions():
        if question.source != "comparison":
            text = normalize(question.text)
            for title in question.support[1:]:
                # "the University of Om" tells the city Om; that is no other thing.
                if normalize(title) not in normalize(question.support[0]):
                    assert f" {normalize(title)} " not in f" {text} "


def test_training_and_test_questions_share_no_thing():
    supports: dict[str, set[str]] = {"train": set(), "test": set()}
    for question in questions():
        supports[question.side] |= set(question.support)
    assert not supports["train"] & supports["test"]
    answers: dict[str, set[str]] = {"train": set(), "test": set()}
    things = by_title()
    for question in questions():
        last, relation = things[question.support[-1]], question.relations[-1]
        if not isinstance(last.facts[relation], Amount | Date | int):
            answers[question.side].add(question.targets[0])
    assert not answers["train"] & answers["test"]
    assert len(answers["train"]) > 500


def test_questions_are_of_many_kinds():
    kinds = Counter((q.source, q.relations) for q in questions())
    assert len(kinds) > 200
    lookups = [n for (source, _), n in kinds.items() if source == "one-hop"]
    assert max(lookups) < 250
