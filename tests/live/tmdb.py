"""TMDB on this machine, with the films of the embedded database."""

from __future__ import annotations

import json

from loopback import Answer, Loopback

from agentgym_envs.movie.database import Database
from agentgym_envs.tools.toolbox import ToolFailure

DATABASE = Database()
TOKEN = "a.token-of.somebody"
OLD_KEY = "0123456789abcdef" * 2
# What real answers have besides what the tools show.
MORE = {"adult": False, "popularity": 12.5, "poster_path": None, "order": 0}


class TmdbService(Loopback):
    def answer(self, asked):
        query = dict(asked.query)
        given = asked.headers.get("authorization") or query.pop("api_key", "")
        if given not in (f"Bearer {TOKEN}", OLD_KEY):
            message = f"Invalid API key: You must be granted a valid key, not {given}"
            return Answer(401, {"status_code": 7, "status_message": message})
        path = asked.path.removeprefix("/3")
        if path.startswith("/search/"):
            assert query["include_adult"] == "false" and query["language"] == "en-US"
            assert query["page"] == "1"
        try:
            reply = DATABASE.get(path, query.get("query"))
        except ToolFailure as failure:
            return Answer(404, json.loads(str(failure)))
        return Answer(200, _with_more(reply))


def _with_more(reply):
    """A record, or a list of such, with fields that nobody shows."""
    if "titles" in reply or "translations" in reply:
        return reply  # which is shown as it is
    lists = ("results", "cast", "crew")
    return {
        **{
            name: [{**entry, **MORE} for entry in part] if name in lists else part
            for name, part in reply.items()
        },
        **MORE,
    }
