"""The real film database: TMDB (https://www.themoviedb.org), through httpx.

This product uses the TMDB API but is not endorsed or certified by TMDB, whose terms
ask everybody who shows its data to say so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from agentgym_envs.movie.database import NOT_FOUND, Database
from agentgym_envs.tools.keys import Secret, find_key
from agentgym_envs.tools.patience import Patience
from agentgym_envs.tools.toolbox import ToolFailure
from agentgym_envs.tools.web import JsonService, check_url, nonsense

if TYPE_CHECKING:
    import httpx

NAME = "TMDB"
VARIABLE = "MOVIE_KEY"
BASE_URL = "https://api.themoviedb.org/3"
MAX_PATH, MAX_QUERY = 200, 500  # characters

_OLD_KEY = re.compile(r"[0-9a-f]{32}")  # of version 3, which goes into the query

# What an answer must have for the tools, by the last part of its path. Lists hold
# objects, for which the fields are named.
_LISTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "search/movie": {"results": ("id", "overview", "title")},
    "search/person": {"results": ("id", "name")},
    "movie": {
        "genres": ("id", "name"),
        "production_companies": ("id", "logo_path", "name", "origin_country"),
        "production_countries": ("iso_3166_1", "name"),
    },
    "credits": {"cast": ("id", "name", "character"), "crew": ("id", "name", "job")},
    "keywords": {"keywords": ("name",)},
    "movie_credits": {
        "cast": ("id", "title", "character"),
        "crew": ("id", "title", "job"),
    },
    "alternative_titles": {"titles": ("iso_3166_1", "title", "type")},
    "translations": {"translations": ("iso_3166_1", "data")},
}
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "movie": ("title", "budget", "revenue", "vote_average", "release_date"),
    "person": ("name", "biography", "birthday", "place_of_birth"),
    "external_ids": ("imdb_id", "facebook_id", "instagram_id", "twitter_id"),
    "alternative_titles": ("id",),
    "translations": ("id",),
}


class Tmdb(Database):
    """Films and people of the real world; no episode changes anything.

    Args:
        key: A read access token, or a key of version 3 of the interface; by default
            that of the environment variable ``MOVIE_KEY``.
        base_url: Where the interface is.
        patience: How long and how often it is asked.

    Raises:
        MissingKey: if there is no key.
        BadOption: for a value that makes no sense.
        MissingExtra: if httpx is not installed.
    """

    def __init__(
        self,
        *,
        key: str | Secret | None = None,
        base_url: str = BASE_URL,
        patience: Patience | None = None,
    ) -> None:
        self._key = find_key(key, VARIABLE, NAME)
        self._base_url = check_url(base_url)
        self._patience = patience or Patience()
        self._service = JsonService(NAME, self._patience, self._key, self._signed)

    def _signed(self, request: httpx.Request) -> httpx.Request:
        key = self._key.reveal()
        if _OLD_KEY.fullmatch(key):
            request.url = request.url.copy_add_param("api_key", key)
        else:
            request.headers["Authorization"] = f"Bearer {key}"
        return request

    def __reduce__(self) -> Any:
        # A copy finds its key where it is: in the environment.
        return _again, (self._base_url,)

    def __deepcopy__(self, memo: dict[int, Any]) -> Tmdb:
        return Tmdb(key=self._key, base_url=self._base_url, patience=self._patience)

    def close(self) -> None:
        """Close all connections."""
        self._service.close()

    def get(self, path: str, query: str | None = None) -> dict[str, Any]:
        """Answer a request; see `Database.get`.

        Raises:
            ToolFailure: with the body of the reply, if the status isn't 200.
            ServiceFailure: if there is no answer, or none that makes sense.
        """
        parts = path[:MAX_PATH].split("/")[1:]
        # An id is a model's text, and must not lead to other routes.
        if any(part in ("", ".", "..") for part in parts):
            raise ToolFailure(NOT_FOUND)
        # Half of a character, which a model can write, is no text for a server.
        way = "/".join(quote(part, safe="", errors="replace") for part in parts)
        parameters = None
        if query is not None:
            parameters = {
                "query": query[:MAX_QUERY].encode("utf-8", "replace").decode("utf-8"),
                "include_adult": "false",
                "language": "en-US",
                "page": "1",
            }
        reply = self._service.get(f"{self._base_url}/{way}", parameters)
        if not _is_complete(_kind(parts), reply):
            raise nonsense(NAME)
        answer: dict[str, Any] = reply
        return answer


def _again(base_url: str) -> Tmdb:
    return Tmdb(base_url=base_url)


def _kind(parts: list[str]) -> str:
    if parts[0] == "search":
        return "/".join(parts)
    return parts[-1] if len(parts) > 2 else parts[0]


def _is_complete(kind: str, reply: object) -> bool:
    """Whether an answer has all that the tools show of it."""
    if not isinstance(reply, dict):
        return False
    if not all(name in reply for name in _FIELDS.get(kind, ())):
        return False
    for name, fields in _LISTS.get(kind, {}).items():
        entries = reply.get(name)
        if not isinstance(entries, list) or not all(
            isinstance(entry, dict) and all(field in entry for field in fields)
            for entry in entries
        ):
            return False
    if kind == "translations":
        return all(isinstance(entry["data"], dict) for entry in reply[kind])
    return True
