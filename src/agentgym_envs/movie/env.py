"""The Movie environment."""

from __future__ import annotations

from typing import Any

from agentgym_envs.movie import HORIZON
from agentgym_envs.movie.scene import DATABASE
from agentgym_envs.movie.tasks import open_tasks
from agentgym_envs.movie.tools import TOOLBOX
from agentgym_envs.tasks import TaskSet
from agentgym_envs.tools.backend import Backend, unknown_backend
from agentgym_envs.tools.env import ToolEnv

GUIDE = """\
You answer questions about films and the people who make them, by tools of a film \
database. Films and people have ids: find those by title or name first, then ask for \
what you need to know. Lists of credits are cut off after ten entries, except that \
all directors, producers and writers of a film are shown. A title that no film has is \
answered by IndexError, a name that nobody has by an empty list. When you know the \
answer, give it with the tool finish, in the form that the question asks for: a number \
as a number, a text in quotes, a list in brackets. An input is written as in \
{'movie_name': 'The Lantern'}."""

# What the original leaves out of a result before it compares.
LEFT_OUT = {
    "overview",
    "biography",
    "vote_average",
    "genres",
    "revenue",
    "budget",
    "release_date",
}


def cleaned(result: Any) -> Any:
    """A result without what changes with time, as the original compares it."""
    if isinstance(result, dict):
        return {key: value for key, value in result.items() if key not in LEFT_OUT}
    if isinstance(result, list):
        return [cleaned(v) if isinstance(v, dict) else v for v in result]
    return result


class MovieEnv(ToolEnv):
    """Answer questions from a film database, by tools.

    ## Observations
    At first the goal; then, after each action, the result of the call as Python
    writes it, or what was wrong.

    ## Actions
    A reply whose last line is `Action: get_search_movie with Action Input:
    {'movie_name': 'The Lantern'}`; any text may come before it. The input is a Python
    literal, in which small calculations are understood, and `true`, `false` and
    `null` too. Ids may be numbers or texts.

    {tools}

    A search tells the first hit alone: what is called so, before what has all the
    words in its name. Of a crew, all directors, producers and writers are shown, then
    others until there are ten entries.

    ## Rewards
    1.0 for `finish` with the right answer, else 0.0. Numbers are equal whatever
    their type, texts are compared exactly, lists in any order.

    ## Episode end
    Terminates on `finish`. Truncates after 12 steps.

    ## Data
    Generated questions of 30 kinds: 2,000 for training, 200 for testing, and every
    further index is an item too. Those for testing name other films and people. The
    database is embedded and invented: 1,500 films from 1950 to 2023, sequels and
    remakes among them, 4,000 people with careers that fit their years, 60 companies,
    overviews in six languages. `data=PATH` takes the published `movie.jsonl`, or a
    folder with it. Its first 20 items are for testing, unless the folder has
    `movie_train.json` and `movie_test.json`. They ask for real films, so that only
    `finish` finds their answers here, and some of those have changed since.

    ## Keywords
    | Keyword | Meaning |
    |---|---|
    | `backend="embedded"` | what answers: the embedded database; `"live"`, which is TMDB (see [Live services](../live.md)); or an object with the method of `MovieBackend` |
    | `key=None` | the key of TMDB; better the environment variable `MOVIE_KEY` |
    | `json_literals=None` | whether `true`, `false` and `null` are understood; `None`: not with `parity` |

    ## Parity
    `parity=True` answers and grades as AgentGym's server: any result of a tool that
    equals the gold counts as found, the episode ends when `finish` stands anywhere in
    the action, film titles included, and a finished episode plays on. Replies are
    those of the embedded database.

    ## Source
    AgentGym (Xi et al., arXiv 2406.04151), with the tools of AgentBoard (Ma et al.,
    arXiv 2401.13178) for TMDB (https://www.themoviedb.org).

    ## Version history
    - v0: first release
    """  # noqa: E501  # rows of a table can't be broken

    family = "Movie"
    default_horizon = HORIZON
    toolbox = TOOLBOX
    guide = GUIDE

    def _open_tasks(self) -> TaskSet:
        return open_tasks(split=self.split, data=self.data)

    def _setting(self) -> tuple[str, ...] | None:
        # In parity results are compared, and so must not be shared.
        return None if self.parity or self._backend is not DATABASE else ()

    def _open_backend(self, backend: str | Backend[Any]) -> Backend[Any]:
        if not isinstance(backend, str):
            return backend
        if backend == "live":
            from agentgym_envs.movie.live import Tmdb

            return Tmdb(key=self._key)
        if backend != "embedded":
            raise unknown_backend(backend)
        return DATABASE

    def _kept(self, result: Any) -> Any:
        return cleaned(result)
