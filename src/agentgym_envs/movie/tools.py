"""The tools of Movie, in the order and with the texts of the original."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from agentgym_envs.tools.state import ToolState
from agentgym_envs.tools.toolbox import FINISH, TEXT, Argument, Tool, Toolbox

FIRST = 10  # entries of a list of credits that are shown
CHIEFS = ("Director", "Producer", "Writer")  # shown before all others, and in full
TRANSLATED = ("NL", "CN", "US", "DE", "RU", "JP")  # countries whose language is shown


class MovieBackend(Protocol):
    """What the tools ask for: the embedded database, or a service of its kind."""

    def get(self, path: str, query: str | None = None) -> Mapping[str, Any]:
        """Answer a request as TMDB does; the tools don't change the reply.

        Raises:
            ToolFailure: with the body of the reply, if the status isn't 200.
        """


def only(entry: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """Some of a record's fields, in this order."""
    return {key: entry[key] for key in keys}


def show_crew(crew: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The entries of a crew that are shown.

    First all directors, producers and writers; while there are fewer than ten, then
    those whose people are not yet among them. The original looks at who is among them
    before it adds any, so that others who did two things appear twice.
    """
    entries = [only(entry, "id", "name", "job") for entry in crew]
    shown = [entry for entry in entries if entry["job"] in CHIEFS]
    known = {entry["id"] for entry in shown}
    others = [entry for entry in entries if entry["id"] not in known]
    return shown + others[: max(FIRST - len(shown), 0)]


def _search_movie(backend: MovieBackend, state: ToolState, name: Any) -> Any:
    # Where nothing is found, the original asks for the first hit all the same.
    first = backend.get("/search/movie", str(name))["results"][0]
    return [only(first, "id", "overview", "title")]


def _search_person(backend: MovieBackend, state: ToolState, name: Any) -> Any:
    found = backend.get("/search/person", str(name))["results"]
    return [only(entry, "id", "name") for entry in found[:1]]


def _of(path: str, *keys: str) -> Callable[[MovieBackend, ToolState, Any], Any]:
    """A tool that shows some fields of what is at a path."""

    def run(backend: MovieBackend, state: ToolState, number: Any) -> dict[str, Any]:
        return only(backend.get(path.format(number)), *keys)

    return run


def _entries(
    path: str, part: str, *keys: str, limit: int | None = FIRST
) -> Callable[[MovieBackend, ToolState, Any], Any]:
    """A tool that shows some fields of the first entries of a list."""

    def run(backend: MovieBackend, state: ToolState, number: Any) -> dict[str, Any]:
        entries = backend.get(path.format(number))[part][:limit]
        return {part: [only(entry, *keys) for entry in entries]}

    return run


def _movie_crew(backend: MovieBackend, state: ToolState, number: Any) -> Any:
    return {"crew": show_crew(backend.get(f"/movie/{number}/credits")["crew"])}


def _keywords(backend: MovieBackend, state: ToolState, number: Any) -> Any:
    found = backend.get(f"/movie/{number}/keywords")["keywords"]
    return {"keywords": [entry["name"] for entry in found]}


def _titles(backend: MovieBackend, state: ToolState, number: Any) -> Any:
    reply = backend.get(f"/movie/{number}/alternative_titles")
    return {**reply, "titles": [dict(title) for title in reply["titles"]]}


def _translation(backend: MovieBackend, state: ToolState, number: Any) -> Any:
    reply = backend.get(f"/movie/{number}/translations")
    return {
        "id": reply["id"],
        "translations": [
            {
                **entry,
                "data": {k: v for k, v in entry["data"].items() if k != "title"},
            }
            for entry in reply["translations"]
            if entry["iso_3166_1"] in TRANSLATED
        ],
    }


_MOVIE = (Argument("movie_id", {"type": ["integer", "string"]}),)
_PERSON = (Argument("person_id", {"type": ["integer", "string"]}),)

TOOLBOX: Toolbox[MovieBackend, ToolState] = Toolbox(
    [
        Tool(
            "get_search_movie",
            "Find a film by its title; tells its id.",
            (Argument("movie_name", TEXT),),
            _search_movie,
        ),
        Tool(
            "get_movie_details",
            "Tell a film's budget, genres, revenue, rating and release date.",
            _MOVIE,
            _of(
                "/movie/{}",
                "title",
                "budget",
                "genres",
                "revenue",
                "vote_average",
                "release_date",
            ),
        ),
        Tool(
            "get_movie_production_companies",
            "Tell which companies made a film.",
            _MOVIE,
            _entries(
                "/movie/{}",
                "production_companies",
                "id",
                "logo_path",
                "name",
                "origin_country",
                limit=None,
            ),
        ),
        Tool(
            "get_movie_production_countries",
            "Tell which countries a film was made in.",
            _MOVIE,
            _entries(
                "/movie/{}", "production_countries", "iso_3166_1", "name", limit=None
            ),
        ),
        Tool(
            "get_movie_cast",
            "Tell the first 10 of a film's cast, and whom they play.",
            _MOVIE,
            _entries("/movie/{}/credits", "cast", "id", "name", "character"),
        ),
        Tool(
            "get_movie_crew",
            "Tell a film's directors, producers and writers, and others of its crew.",
            _MOVIE,
            _movie_crew,
        ),
        Tool("get_movie_keywords", "Tell a film's keywords.", _MOVIE, _keywords),
        Tool(
            "get_search_person",
            "Find a person by name; tells the id.",
            (Argument("person_name", TEXT),),
            _search_person,
        ),
        Tool(
            "get_person_details",
            "Tell a person's biography, birthday and place of birth.",
            _PERSON,
            _of("/person/{}", "name", "biography", "birthday", "place_of_birth"),
        ),
        Tool(
            "get_person_cast",
            "Tell the first 10 films that a person plays in, and whom.",
            _PERSON,
            _entries("/person/{}/movie_credits", "cast", "id", "title", "character"),
        ),
        Tool(
            "get_person_crew",
            "Tell the first 10 films that a person worked on, and as what.",
            _PERSON,
            _entries("/person/{}/movie_credits", "crew", "id", "title", "job"),
        ),
        Tool(
            "get_person_external_ids",
            "Tell a person's ids at IMDb, Facebook, Instagram and Twitter.",
            _PERSON,
            _of(
                "/person/{}/external_ids",
                "imdb_id",
                "facebook_id",
                "instagram_id",
                "twitter_id",
            ),
        ),
        Tool(
            "get_movie_alternative_titles",
            "Tell a film's titles in other countries.",
            _MOVIE,
            _titles,
        ),
        Tool(
            "get_movie_translation",
            "Tell a film's overview and tagline in other languages.",
            _MOVIE,
            _translation,
        ),
        FINISH,
    ]
)
