"""Movie's tools: what they show of a reply, and every error, to the letter."""

from __future__ import annotations

import ast
import json

import pytest

from agentgym_envs.movie.database import NOT_FOUND, world
from agentgym_envs.movie.env import MovieEnv
from agentgym_envs.movie.tools import TOOLBOX, show_crew
from agentgym_envs.tools.replies import write_call
from agentgym_envs.tools.state import ToolState


@pytest.fixture
def env():
    env = MovieEnv(parity=True)
    env.reset(seed=0)
    return env


@pytest.fixture(scope="module")
def film():
    return next(f for f in world().films.values() if len(f.cast) > 10)


def ask(env, name, given=None):
    text = env.step(write_call(name, given or {}))[0]
    assert text.startswith("Observation: ") and text.endswith("\nGive me one action.")
    return text.removeprefix("Observation: ").removesuffix("\nGive me one action.")


def value(env, name, given):
    return ast.literal_eval(ask(env, name, given))


def test_the_tools_are_listed_in_the_originals_order(env):
    assert ask(env, "check_valid_actions") == (
        "You can use following valid actions: ['get_search_movie', "
        "'get_movie_details', 'get_movie_production_companies', "
        "'get_movie_production_countries', 'get_movie_cast', 'get_movie_crew', "
        "'get_movie_keywords', 'get_search_person', 'get_person_details', "
        "'get_person_cast', 'get_person_crew', 'get_person_external_ids', "
        "'get_movie_alternative_titles', 'get_movie_translation', "
        "'check_valid_actions', 'finish']"
    )


def test_a_film_is_found_by_its_title(env, film):
    (found,) = value(env, "get_search_movie", {"movie_name": film.title})
    assert list(found) == ["id", "overview", "title"]
    assert found["title"] == film.title


def test_what_is_not_found_is_an_error_for_films_and_nothing_for_people(env):
    assert ask(env, "get_search_movie", {"movie_name": "Qwertz"}) == (
        "ERROR | IndexError(list index out of range)"
    )
    assert ask(env, "get_search_person", {"person_name": "Qwertz"}) == "[]"


def test_ids_may_be_numbers_or_texts(env, film):
    as_number = ask(env, "get_movie_details", {"movie_id": film.id})
    assert as_number == ask(env, "get_movie_details", {"movie_id": str(film.id)})
    details = ast.literal_eval(as_number)
    assert list(details) == [
        "title",
        "budget",
        "genres",
        "revenue",
        "vote_average",
        "release_date",
    ]
    assert list(details["genres"][0]) == ["id", "name"]


@pytest.mark.parametrize(
    ("tool", "key", "fields"),
    [
        (
            "get_movie_production_companies",
            "production_companies",
            ["id", "logo_path", "name", "origin_country"],
        ),
        (
            "get_movie_production_countries",
            "production_countries",
            ["iso_3166_1", "name"],
        ),
        ("get_movie_cast", "cast", ["id", "name", "character"]),
        ("get_movie_crew", "crew", ["id", "name", "job"]),
    ],
)
def test_lists_of_a_film_have_the_services_fields(env, film, tool, key, fields):
    reply = value(env, tool, {"movie_id": film.id})
    assert list(reply) == [key]
    assert all(list(entry) == fields for entry in reply[key])


def test_casts_are_cut_after_ten(env, film):
    reply = value(env, "get_movie_cast", {"movie_id": film.id})
    shown = [(entry["id"], entry["character"]) for entry in reply["cast"]]
    assert shown == [tuple(part) for part in film.cast[:10]]
    busy = max(world().roles, key=lambda person: len(world().roles[person]))
    for tool, key, last in (
        ("get_person_cast", "cast", "character"),
        ("get_person_crew", "crew", "job"),
    ):
        reply = value(env, tool, {"person_id": busy})
        assert list(reply) == [key] and len(reply[key]) <= 10
        assert all(list(entry) == ["id", "title", last] for entry in reply[key])
    assert len(world().roles[busy]) > 10


def entry(person, job):
    return {"id": person, "name": f"P{person}", "job": job, "department": "x"}


def test_a_crew_shows_its_chiefs_in_full():
    crew = [entry(number, "Producer") for number in range(12)] + [entry(99, "Editor")]
    assert [e["id"] for e in show_crew(crew)] == list(range(12))


def test_a_crew_is_filled_up_to_ten_with_people_not_yet_shown():
    crew = [entry(1, "Editor"), entry(2, "Director"), entry(2, "Casting")]
    crew += [entry(3, "Gaffer"), entry(3, "Stunts")]
    crew += [entry(number, "Extra") for number in range(10, 30)]
    shown = show_crew(crew)
    assert [e["id"] for e in shown] == [2, 1, 3, 3, 10, 11, 12, 13, 14, 15]
    assert all(list(e) == ["id", "name", "job"] for e in shown)


def test_people_are_told_of(env):
    person = next(iter(world().people.values()))
    assert value(env, "get_search_person", {"person_name": person.name}) == [
        {"id": person.id, "name": person.name}
    ]
    details = value(env, "get_person_details", {"person_id": person.id})
    assert list(details) == ["name", "biography", "birthday", "place_of_birth"]
    ids = value(env, "get_person_external_ids", {"person_id": person.id})
    assert list(ids) == ["imdb_id", "facebook_id", "instagram_id", "twitter_id"]


def test_titles_abroad_and_translations_have_the_services_shape(env, film):
    reply = value(env, "get_movie_alternative_titles", {"movie_id": film.id})
    assert list(reply) == ["id", "titles"]
    assert list(reply["titles"][0]) == ["iso_3166_1", "title", "type"]
    reply = value(env, "get_movie_translation", {"movie_id": film.id})
    countries = [entry["iso_3166_1"] for entry in reply["translations"]]
    assert sorted(countries) == ["CN", "DE", "JP", "NL", "RU", "US"]
    assert "title" not in reply["translations"][0]["data"]
    assert reply["translations"][0]["data"]["overview"]


class Strange:
    """A service with more languages and fields than the tools show."""

    def get(self, path, query=None):
        return {
            "id": 1,
            "translations": [
                {"iso_3166_1": code, "data": {"title": "t", "overview": code}}
                for code in ("FR", "DE", "BR", "US")
            ],
        }


def test_other_languages_are_left_out():
    reply = TOOLBOX.run(
        Strange(), ToolState(), "get_movie_translation", {"movie_id": 1}
    )
    assert reply == {
        "id": 1,
        "translations": [
            {"iso_3166_1": "DE", "data": {"overview": "DE"}},
            {"iso_3166_1": "US", "data": {"overview": "US"}},
        ],
    }


@pytest.mark.parametrize(
    "tool", [t for t in TOOLBOX.tools if t.arguments and "_id" in t.arguments[0].name]
)
@pytest.mark.parametrize("number", [7, "x", "../11", None, -1, 1.5])
def test_what_has_no_such_id_is_refused_as_the_service_does(env, tool, number):
    text = ask(env, tool.name, {tool.arguments[0].name: number})
    assert text == NOT_FOUND
    assert json.loads(text)["status_code"] == 34


@pytest.mark.parametrize("tool", [tool for tool in TOOLBOX.tools if tool.arguments])
def test_what_is_missing_is_named(env, tool):
    assert ask(env, tool.name) == f"ERROR | KeyError({tool.arguments[0].name!r})"
    text = env.step(f"Action: {tool.name} with Action Input: [1]")[0]
    assert "ERROR | TypeError(list indices must be integers or slices, not str)" in text
