"""The invented film world: its facts agree with each other, and never change."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgym_envs.movie.database import NOT_FOUND, Database, World, overview, world
from agentgym_envs.movie.films import FILMS
from agentgym_envs.movie.people import CAREER, PEOPLE
from agentgym_envs.movie.words import folded, words
from agentgym_envs.tools.toolbox import ToolFailure


@pytest.fixture(scope="module")
def films():
    return list(world().films.values())


def test_there_are_as_many_films_and_people_as_promised(films):
    assert len(films) == FILMS == 1500
    assert len(world().people) == PEOPLE == 4000
    assert len({folded(p.name) for p in world().people.values()}) == PEOPLE


def test_people_work_at_an_age_at_which_people_work(films):
    for film in films:
        for person in [p.person for p in film.cast] + [w.person for w in film.crew]:
            age = film.year - world().people[person].birth_year
            assert CAREER[0] <= age <= CAREER[1], film.title


def test_nobody_is_twice_in_a_cast_or_both_before_and_behind_the_camera(films):
    for film in films:
        cast = [part.person for part in film.cast]
        assert len(cast) == len(set(cast)) >= 3
        assert not set(cast) & {work.person for work in film.crew}


def test_every_film_has_what_the_tools_tell(films):
    known = words()
    for film in films:
        jobs = [work.job for work in film.crew]
        assert 1 <= jobs.count("Director") <= 2 and "Producer" in jobs
        assert "Writer" in jobs and film.studios and film.countries
        assert set(film.genres) <= known["genres"].keys()
        assert film.budget > 0 and film.revenue > 0 and 0 < film.rating < 10
        assert "1950-01-01" <= film.released <= "2023-12-31"


def test_some_films_continue_others_and_some_are_made_anew(films):
    titles = [film.title for film in films]
    sequels = [f for f in films if f.title.endswith(" 2") or ":" in f.title]
    assert 50 < len(sequels) < 150
    for film in sequels:
        base = film.title.removesuffix(" 2").split(":")[0]
        before = min(f.released for f in films if f.title == base)
        assert before < film.released
    assert 5 < len(titles) - len(set(titles)) < 60


def test_the_overview_speaks_of_the_lead_in_every_language(films):
    for film in films:
        lead = film.cast[0]
        assert film.role % 2 == world().people[lead.person].is_woman
        for language in words()["languages"]:
            assert lead.character in overview(film, language)


def test_credits_of_films_and_people_say_the_same():
    database = Database()
    for number in list(world().people)[:50]:
        for part in database.get(f"/person/{number}/movie_credits")["cast"]:
            cast = database.get(f"/movie/{part['id']}/credits")["cast"]
            assert {
                "id": number,
                "name": world().people[number].name,
                "character": part["character"],
            } in cast


def test_the_famous_have_more_work_than_the_rest():
    counts = sorted((len(roles) for roles in world().roles.values()), reverse=True)
    assert counts[0] > 30 and counts[len(counts) // 2] < 6


def test_a_search_finds_the_title_itself_before_longer_ones(films):
    sequel = next(film for film in films if film.title.endswith(" 2"))
    title = sequel.title.removesuffix(" 2")
    found = world().search_films(title.upper())
    assert found[0].title == title and sequel in found
    assert world().search_films("no such words at all") == []
    assert world().search_films("") == []


def test_accents_make_no_difference():
    name = next(p.name for p in world().people.values() if "é" in p.name)
    assert world().search_people(name.replace("é", "e"))[0].name == name


@given(st.text(max_size=40))
def test_any_path_and_query_is_answered_or_refused(text):
    database = Database()
    assert len(database.get("/search/movie", text)["results"]) <= 20
    for path in (text, f"/movie/{text}", f"/person/{text}/external_ids"):
        try:
            assert database.get(path)
        except ToolFailure as failure:
            assert str(failure) == NOT_FOUND


def test_the_world_is_the_same_in_every_process():
    code = (
        "from agentgym_envs.movie.database import world; "
        "from hashlib import sha256; w = world(); "
        "print(sha256(repr([*w.films.values(), *w.people.values()]).encode())"
        ".hexdigest())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


def test_two_worlds_are_equal():
    assert World().films == world().films
