"""The Weather environment."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from agentgym_envs.errors import MissingExtra
from agentgym_envs.tasks import TaskSet
from agentgym_envs.tools.backend import Backend, unknown_backend
from agentgym_envs.tools.env import ToolEnv
from agentgym_envs.weather import HORIZON
from agentgym_envs.weather.grading import cleaned
from agentgym_envs.weather.scene import ARCHIVE
from agentgym_envs.weather.state import WeatherState
from agentgym_envs.weather.tasks import open_tasks
from agentgym_envs.weather.tools import TOOLBOX

GUIDE = """\
You answer questions about the weather, by tools. They know the weather of past days, \
of today and of days to come, air quality, and where places lie and how high. Weather \
is asked for by coordinates, which you get from the name of a place. Where the \
question speaks of today or of the user's place, ask for them first. A name that no \
place has is answered by KeyError('results'). When you know the answer, give it with \
the tool finish, in the form that the question asks for: a number as a number, a text \
in quotes, a list in brackets. An input is written as in {'latitude': 52.52, \
'longitude': 13.41}."""


class WeatherEnv(ToolEnv):
    """Answer questions from a weather archive, by tools.

    ## Observations
    At first the goal; then, after each action, the result of the call as Python
    writes it, or what was wrong.

    ## Actions
    A reply whose last line is `Action: get_elevation with Action Input:
    {'latitude': 47.37, 'longitude': 8.54}`; any text may come before it. The input is
    a Python literal, in which small calculations are understood, and `true`, `false`
    and `null` too.

    {tools}

    Past days are before the user's date, days to come after it. Temperatures are in
    °C, rain in mm, snow in cm; air quality is the European index of fine dust. An
    index that lies between the levels (21, 41, 61 and 81) is called extremely poor,
    as by the original.

    ## Rewards
    1.0 for `finish` with the right answer, else 0.0. Numbers are equal whatever
    their type, texts are compared exactly, lists in any order.

    ## Episode end
    Terminates on `finish`. Truncates after 10 steps.

    ## Data
    Generated questions of 32 kinds: 2,000 for training, 200 for testing, and every
    further index is an item too. Those for testing speak of other cities. The archive
    is embedded. Where 450 cities and mountains lie, how high, and how warm and wet
    their seasons are, is as in reality; the weather of a day is invented, by a
    function of the place and the date: disturbances last for days, neighbours share
    them, and it is 2015 to 2024. Elsewhere, climate and height are taken from the
    nearest places. `data=PATH` takes the published `weather.jsonl`, or a folder with
    it. Its first 20 items are for testing, unless the folder has
    `weather_train.json` and `weather_test.json`. Their answers come from the real
    weather, so that only `finish` finds them here, and some can't be found at all.

    ## Keywords
    | Keyword | Meaning |
    |---|---|
    | `backend="embedded"` | what answers: the embedded archive; `"live"`, which is Open-Meteo (see [Live services](../live.md)); or an object with the methods of `WeatherBackend` |
    | `key=None` | a commercial key of Open-Meteo; better the environment variable `WEATHER_KEY` |
    | `json_literals=None` | whether `true`, `false` and `null` are understood; `None`: not with `parity` |

    ## Parity
    `parity=True` answers and grades as AgentGym's server: any result of a tool that
    equals the gold counts as found, any reward above 0 is reported as 1.0, the
    episode ends when `finish` stands anywhere in the action, and a finished episode
    plays on. Replies are those of the embedded archive.

    ## Source
    AgentGym (Xi et al., arXiv 2406.04151), with the tools of AgentBoard (Ma et al.,
    arXiv 2401.13178) for Open-Meteo (https://open-meteo.com). Distances by
    geographiclib (Karney, 2013).

    ## Version history
    - v0: first release
    """  # noqa: E501  # rows of a table can't be broken

    family = "Weather"
    default_horizon = HORIZON
    state_type = WeatherState
    toolbox = TOOLBOX
    guide = GUIDE

    _state: WeatherState

    def _open_tasks(self) -> TaskSet:
        return open_tasks(split=self.split, data=self.data)

    def _setting(self) -> tuple[str, ...] | None:
        # In parity results are compared, and so must not be shared.
        if self.parity or self._backend is not ARCHIVE:
            return None
        return self._state.date, self._state.location

    def _open_backend(self, backend: str | Backend[Any]) -> Backend[Any]:
        if find_spec("geographiclib") is None:
            raise MissingExtra("tools", "geographiclib")
        if not isinstance(backend, str):
            return backend
        if backend == "live":
            from agentgym_envs.weather.live import OpenMeteo

            return OpenMeteo(key=self._key)
        if backend != "embedded":
            raise unknown_backend(backend)
        return ARCHIVE

    def _kept(self, result: Any) -> Any:
        return cleaned(result)

    def _reported(self, *, finished: bool) -> float:
        # The original's server tells of any subgoal as if it were all of them.
        return 1.0 if self._state.level > 0 else 0.0
