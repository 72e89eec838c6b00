"""The embedded film database: it answers as TMDB's public interface (version 3) does.

The shapes are those of https://developer.themoviedb.org, cut down to what the tools
show. Films, people and companies are invented; see `films` and `people`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from random import Random
from typing import Any

from agentgym_envs.movie.films import FILMS, Film, FilmMaker, make_studios
from agentgym_envs.movie.people import Person, make_people
from agentgym_envs.movie.words import folded, words
from agentgym_envs.once import once
from agentgym_envs.tasks import Task
from agentgym_envs.tools.state import ToolState
from agentgym_envs.tools.toolbox import ToolFailure

NOT_FOUND = (
    '{"success":false,"status_code":34,'
    '"status_message":"The resource you requested could not be found."}'
)
PAGE = 20  # search results that a page holds
SEED = "the films of Movie-v0"

Reply = dict[str, Any]


class World:
    """All films and people, and how they hang together."""

    def __init__(self) -> None:
        rng = Random(SEED)
        people = make_people(rng)
        films = FilmMaker(rng, people, make_studios(rng)).make(FILMS)
        self.films = {film.id: film for film in films}
        self.people = {person.id: person for person in people}
        self.studios = {studio.id: studio for film in films for studio in film.studios}
        # Most services list the work of a person by fame.
        ranked = sorted(films, key=lambda film: (-film.popularity, film.id))
        self.roles: dict[int, list[tuple[Film, str]]] = {}
        self.works: dict[int, list[tuple[Film, str]]] = {}
        for film in ranked:
            for part in film.cast:
                self.roles.setdefault(part.person, []).append((film, part.character))
            for work in film.crew:
                self.works.setdefault(work.person, []).append((film, work.job))
        self._films_by_word = _index((film.title, film) for film in ranked)
        self._people_by_word = _index((person.name, person) for person in people)

    def search_films(self, query: str) -> list[Film]:
        """The films whose titles have all the words: that title first, then by fame."""
        return _found(self._films_by_word, query, lambda film: film.title)

    def search_people(self, query: str) -> list[Person]:
        """The people whose names have all the words, as for films."""
        return _found(self._people_by_word, query, lambda person: person.name)


def _index(named: Any) -> dict[str, dict[int, Any]]:
    """For each word, what has it in its name: by id, in the order given."""
    index: dict[str, dict[int, Any]] = {}
    for name, thing in named:
        for word in folded(name).split():
            index.setdefault(word, {})[thing.id] = thing
    return index


def _found(
    index: Mapping[str, Mapping[int, Any]], query: str, name: Callable[[Any], str]
) -> list[Any]:
    wanted = folded(query)
    holders = [index.get(word, {}) for word in wanted.split() or [""]]
    # All are in the same order, so the shortest tells the hits as any other does.
    rarest = min(holders, key=len)
    found = [
        thing
        for number, thing in rarest.items()
        if all(number in holder for holder in holders)
    ]
    return sorted(found, key=lambda thing: folded(name(thing)) != wanted)


@once
def world() -> World:
    """The one world that all environments of a process share."""
    return World()


class Database:
    """Films and people by the paths of TMDB; it has no state."""

    def start(self, task: Task) -> ToolState:
        """Give the state in which an item begins."""
        return ToolState()

    def resume(self, task: Task, state: ToolState) -> None:
        """Every state makes sense: nothing in it is of the backend's."""

    def close(self) -> None:
        """There is nothing to let go of."""

    def get(self, path: str, query: str | None = None) -> Reply:
        """Answer a request; the reply is shared, and not to be changed.

        Args:
            path: Such as ``/movie/11/credits``.
            query: The text of a search.

        Raises:
            ToolFailure: with the body of the reply, if there is no such resource.
        """
        return _reply(path[:200], None if query is None else query[:500])


@lru_cache(maxsize=8192)
def _reply(path: str, query: str | None) -> Reply:
    match path.split("/")[1:]:
        case ["search", "movie"]:
            films = world().search_films(query or "")
            return {"results": [_brief(film) for film in films[:PAGE]]}
        case ["search", "person"]:
            people = world().search_people(query or "")
            return {"results": [{"id": p.id, "name": p.name} for p in people[:PAGE]]}
        case ["movie", number, *part] if "/".join(part) in _OF_FILM:
            film = world().films.get(_number(number))
            if film is not None:
                return _OF_FILM["/".join(part)](film)
        case ["person", number, *part] if "/".join(part) in _OF_PERSON:
            person = world().people.get(_number(number))
            if person is not None:
                return _OF_PERSON["/".join(part)](person)
    raise ToolFailure(NOT_FOUND)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _brief(film: Film) -> Reply:
    return {"id": film.id, "overview": overview(film, "en"), "title": film.title}


def overview(film: Film, language: str) -> str:
    """What a film is about, in one sentence."""
    table = words()
    sentence: str = table["sentences"][language]
    return sentence.format(
        name=film.cast[0].character,
        role=table["roles"][language][film.role],
        quest=table["quests"][language][film.quest],
    )


def _film(film: Film) -> Reply:
    names = {country["code"]: country["name"] for country in words()["countries"]}
    numbers = words()["genres"]
    return {
        **_brief(film),
        "budget": film.budget,
        "genres": [{"id": numbers[name], "name": name} for name in film.genres],
        "revenue": film.revenue,
        "vote_average": film.rating,
        "release_date": film.released,
        "production_companies": [
            {
                "id": studio.id,
                "logo_path": None,
                "name": studio.name,
                "origin_country": studio.country,
            }
            for studio in film.studios
        ],
        "production_countries": [
            {"iso_3166_1": code, "name": names[code]} for code in film.countries
        ],
    }


def _credits(film: Film) -> Reply:
    people = world().people
    return {
        "id": film.id,
        "cast": [
            {
                "id": part.person,
                "name": people[part.person].name,
                "character": part.character,
            }
            for part in film.cast
        ],
        "crew": [
            {"id": work.person, "name": people[work.person].name, "job": work.job}
            for work in film.crew
        ],
    }


def _keywords(film: Film) -> Reply:
    numbers = {
        word: i for i, word in enumerate(words()["keywords"]["words"].split(", "))
    }
    return {
        "id": film.id,
        "keywords": [{"id": numbers[name], "name": name} for name in film.keywords],
    }


def _titles(film: Film) -> Reply:
    patterns = words()["abroad"]
    return {
        "id": film.id,
        "titles": [
            {
                "iso_3166_1": code,
                "title": patterns[code].format(title=film.title),
                "type": "",
            }
            for code in film.abroad
        ],
    }


def _translations(film: Film) -> Reply:
    table = words()
    return {
        "id": film.id,
        "translations": [
            {
                "iso_3166_1": country,
                "iso_639_1": code,
                "name": name,
                "english_name": english,
                "data": {
                    "homepage": "",
                    "overview": overview(film, code),
                    "runtime": 80 + film.id % 80,
                    "tagline": table["taglines"][code][film.tagline],
                    "title": film.title if code == "en" else "",
                },
            }
            for code, (country, name, english) in table["languages"].items()
        ],
    }


def _person(person: Person) -> Reply:
    year = person.birth_year
    famous = world().roles.get(person.id) or world().works.get(person.id) or ()
    known = f" Known for {famous[0][0].title}." if famous else ""
    return {
        "id": person.id,
        "name": person.name,
        "biography": f"{person.name} (born {year}) works in film.{known}",
        "birthday": person.birthday,
        "place_of_birth": person.birthplace,
    }


def _work(person: Person) -> Reply:
    return {
        "id": person.id,
        "cast": [
            {"id": film.id, "title": film.title, "character": character}
            for film, character in world().roles.get(person.id, ())
        ],
        "crew": [
            {"id": film.id, "title": film.title, "job": job}
            for film, job in world().works.get(person.id, ())
        ],
    }


def _external_ids(person: Person) -> Reply:
    handle = folded(person.name).replace(" ", "")
    # Not everybody is everywhere.
    return {
        "id": person.id,
        "imdb_id": f"nm{person.id * 3 + 1:07d}",
        "facebook_id": handle if person.id % 3 else None,
        "instagram_id": f"{handle}official" if person.id % 4 else None,
        "twitter_id": f"{handle}{person.birth_year % 100:02d}"
        if person.id % 5
        else None,
    }


_OF_FILM: dict[str, Callable[[Film], Reply]] = {
    "": _film,
    "credits": _credits,
    "keywords": _keywords,
    "alternative_titles": _titles,
    "translations": _translations,
}
_OF_PERSON: dict[str, Callable[[Person], Reply]] = {
    "": _person,
    "movie_credits": _work,
    "external_ids": _external_ids,
}
