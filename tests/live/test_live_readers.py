"""Weather and Movie on services that answer as Open-Meteo and TMDB do."""

# ruff: noqa: E501
from __future__ import annotations

import copy
import json
import logging
import pickle

import gymnasium
import pytest
from loopback import (
    BUSY_2,
    BUSY_LONG,
    DOWN,
    DROP,
    EMPTY,
    LASTING,
    PASSING,
    SLOW_ONES,
    Answer,
    Trouble,
)
from open_meteo import OpenMeteoService
from patient import TRIES, Naps, assert_failed_only, patience, state, tell
from tmdb import DATABASE, OLD_KEY, TOKEN, TmdbService

import agentgym_envs  # noqa: F401  # registers the ids
from agentgym_envs.errors import BadOption, MissingExtra, MissingKey
from agentgym_envs.movie.database import world
from agentgym_envs.movie.env import MovieEnv
from agentgym_envs.movie.live import Tmdb
from agentgym_envs.tools.replies import write_call
from agentgym_envs.weather.env import WeatherEnv
from agentgym_envs.weather.live import OpenMeteo

pytest.importorskip("httpx")

FILM = min(world().films)
BERLIN = {"latitude": 52.52, "longitude": 13.41}
LOOK_UPS = {
    "Weather": write_call("get_elevation", BERLIN),
    "Movie": write_call("get_search_movie", {"movie_name": "the"}),
}


@pytest.fixture
def weather():
    with OpenMeteoService() as service:
        yield service


@pytest.fixture
def movie():
    with TmdbService() as service:
        yield service


@pytest.fixture(params=["Weather", "Movie"])
def reader(request):
    """A service, and what makes an environment on it."""
    if request.param == "Weather":
        with OpenMeteoService() as service:
            yield request.param, service, weather_env
    else:
        with TmdbService() as service:
            yield request.param, service, movie_env


def weather_env(service, **options):
    options.setdefault("patience", patience())
    backend = OpenMeteo(base_url=service.url, **options)
    return WeatherEnv(backend=backend, split="test")


def movie_env(service, **options):
    options.setdefault("patience", patience())
    options.setdefault("key", TOKEN)
    backend = Tmdb(base_url=f"{service.url}/3", **options)
    return MovieEnv(backend=backend, split="test")


def test_a_failing_service_is_an_observation_whatever_fails(reader):
    name, service, make = reader
    for trouble in sorted(LASTING):
        env = make(service, patience=patience(slow=trouble in SLOW_ONES))
        env.reset(options={"item": 3})
        before = state(env)
        service.lasting = LASTING[trouble]
        text = assert_failed_only(env, LOOK_UPS[name], before=before)
        assert "Nothing changed" in text and TOKEN not in text
        service.heal()
        assert not tell(env, "check_valid_actions").startswith("Service")
        assert "Service" not in env.step(LOOK_UPS[name])[0]
        env.close()


def test_what_passes_is_not_seen_by_the_agent(reader):
    name, service, make = reader
    calm = make(service)
    calm.reset(options={"item": 3})
    wanted = calm.step(LOOK_UPS[name])[0]
    for trouble in PASSING:
        env = make(service)
        env.reset(options={"item": 3})
        service.asked.clear()
        service.troubles = [LASTING[trouble]] * (TRIES - 1)
        assert env.step(LOOK_UPS[name])[0] == wanted
        assert len(service.asked) == TRIES
        env.close()
    calm.close()


def test_waits_grow_and_a_service_that_says_how_long_is_obeyed(reader):
    name, service, make = reader
    for trouble, waits in ((DOWN, [0.5, 1.0]), (DROP, [0.5, 1.0]), (BUSY_2, [2.0] * 2)):
        naps = Naps()
        env = make(service, patience=patience(naps=naps))
        env.reset(options={"item": 3})
        service.lasting = trouble
        env.step(LOOK_UPS[name])
        assert naps == waits
        service.heal()
        env.close()


def test_a_service_that_asks_for_too_long_a_wait_is_left_alone(reader):
    name, service, make = reader
    naps = Naps()
    env = make(service, patience=patience(naps=naps))
    env.reset(options={"item": 3})
    service.asked.clear()
    service.lasting = BUSY_LONG
    text = env.step(LOOK_UPS[name])[0]
    assert "asks to wait 86400 seconds (after 1 try)" in text
    assert naps == [] and len(service.asked) == 1


def test_a_service_that_is_not_there_is_an_observation(reader):
    name, service, make = reader
    env = make(service)
    env.reset(options={"item": 3})
    before = state(env)
    service.close()
    assert "can't be reached" in assert_failed_only(env, LOOK_UPS[name], before=before)


def test_snapshots_hold_whole_episodes_of_services_that_are_only_read(reader):
    name, service, make = reader
    env, other = make(service), make(service)
    env.reset(options={"item": 3})
    env.step(LOOK_UPS[name])
    other.restore(env.snapshot())
    assert other.step(LOOK_UPS[name])[:4] == env.step(LOOK_UPS[name])[:4]


def test_experts_play_weather_as_on_the_embedded_archive(weather):
    live, embedded = weather_env(weather), WeatherEnv(split="test")
    for item in range(0, 64, 2):
        assert_same_way(live, embedded, item)


def test_experts_play_movie_as_on_the_embedded_database(movie):
    live, embedded = movie_env(movie), MovieEnv(split="test")
    for item in range(0, 60, 2):
        assert_same_way(live, embedded, item)


def assert_same_way(live, embedded, item):
    assert live.reset(options={"item": item}) == embedded.reset(options={"item": item})
    while not embedded.is_over:
        action = embedded.expert_action()
        assert live.expert_action() == action
        assert live.step(action) == embedded.step(action)
    assert live.is_over


WEATHER_CASES = [
    ("get_elevation", BERLIN),
    ("get_elevation", {"latitude": "52.52", "longitude": 13}),
    ("get_elevation", {"latitude": 95, "longitude": 13}),
    ("get_elevation", {"latitude": [1, 2], "longitude": 13}),
    ("get_elevation", {"latitude": "1,2", "longitude": 13}),
    ("get_latitude_longitude", {"name": "Berlin"}),
    ("get_latitude_longitude", {"name": "Nowhere at all"}),
    ("get_current_temp", {**BERLIN, "current_date": "2023-05-01"}),
    ("get_current_rain", {**BERLIN, "current_date": "2023-05-01"}),
    ("get_current_snow", {**BERLIN, "current_date": "2023-01-15"}),
    ("get_current_rain", {**BERLIN, "current_date": "1999-01-01"}),
    ("get_current_rain", {**BERLIN, "current_date": "today"}),
    ("get_current_air_quality_index", {**BERLIN, "current_date": "2023-05-01"}),
    ("get_air_quality_level", {"air_quality_index": 34}),
    ("get_distance", {"latitude1": 1, "longitude1": 2, "latitude2": 3, "longitude2": 4}),
    *(
        (f"get_historical_{what}", {**BERLIN, "start_date": first, "end_date": last})
        for what in ("temp", "rain", "snow", "air_quality_index")
        for first, last in (("2016-02-27", "2016-03-02"), ("2016-03-02", "2016-02-27"))
    ),
    *(
        (f"get_{what}_forecast", {**BERLIN, "start_date": day, "end_date": day})
        for what in ("temp", "rain", "snow")
        for day in ("2024-12-30", "2030-01-01", "soon")
    ),
]  # fmt: skip


def test_every_weather_tool_says_what_it_says_of_the_embedded_archive(weather):
    live, embedded = weather_env(weather), WeatherEnv(split="test")
    for env in (live, embedded):
        env.reset(options={"item": 3})
        env.horizon = 1000
    for name, arguments in WEATHER_CASES:
        call = write_call(name, arguments)
        assert live.step(call) == embedded.step(call), call


def test_answers_of_open_meteo_are_cut_down_to_what_the_tools_show(weather):
    env = weather_env(weather)
    env.reset(options={"item": 3})
    weather.troubles = [
        Trouble(
            "answer",
            Answer(
                200,
                {
                    "latitude": 31.200005,
                    "longitude": 121.5,
                    "generationtime_ms": 0.04,
                    "utc_offset_seconds": 0,
                    "timezone": "GMT",
                    "timezone_abbreviation": "GMT",
                    "elevation": 7.0,
                    "daily_units": {"time": "iso8601", "rain_sum": "mm"},
                    "daily": {"time": ["2023-05-01"], "rain_sum": [None]},
                },
            ),
        ),
    ]
    place = {"latitude": 31.22222, "longitude": 121.45806, "current_date": "2023-05-01"}
    assert tell(env, "get_current_rain", **place) == (
        "{'latitude': 31.200005, 'longitude': 121.5, "
        "'daily_units': {'time': 'iso8601', 'rain_sum': 'mm'}, "
        "'daily': {'time': ['2023-05-01'], 'rain_sum': [None]}}"
    )
    assert weather.asked[-1].path == "/v1/archive"
    assert weather.asked[-1].query == {
        "latitude": "31.22222",
        "longitude": "121.45806",
        "start_date": "2023-05-01",
        "end_date": "2023-05-01",
        "timezone": "GMT",
        "daily": "rain_sum",
    }


@pytest.mark.parametrize(
    ("name", "arguments", "answer"),
    [
        ("get_elevation", BERLIN, {"elevation": "high"}),
        ("get_elevation", BERLIN, {"elevation": [None]}),
        ("get_latitude_longitude", {"name": "x"}, {"results": [{"name": "x"}]}),
        ("get_latitude_longitude", {"name": "x"}, {"results": {}}),
        *(
            ("get_current_rain", {**BERLIN, "current_date": "2023-05-01"}, {**whole, **part})
            for whole in [
                {
                    "latitude": 1.0,
                    "longitude": 1.0,
                    "daily_units": {"time": "iso8601", "rain_sum": "mm"},
                    "daily": {"time": ["2023-05-01"], "rain_sum": [0.0]},
                }
            ]
            for part in (
                {"latitude": "1"},
                {"daily": []},
                {"daily": {"time": ["2023-05-01"], "rain_sum": []}},
                {"daily": {"time": ["2023-05-01"], "rain_sum": ["wet"]}},
                {"daily": {"time": [1], "rain_sum": [0.0]}},
                {"daily_units": {"time": "iso8601"}},
            )
        ),
    ],
)  # fmt: skip
def test_weather_of_the_wrong_shape_is_no_answer(weather, name, arguments, answer):
    env = weather_env(weather)
    env.reset(options={"item": 3})
    before = state(env)
    weather.lasting = Trouble("answer", Answer(200, answer))
    call = write_call(name, arguments)
    assert "makes no sense" in assert_failed_only(env, call, before=before)


MOVIE_ARGUMENTS = ("movie_id", "movie_name", "person_id", "person_name")
ODD = ("1/../2", "a?b=c&d#e", "", "é %2e", "\ud800", None, [1])
MOVIE_TOOLS = [
    tool.name for tool in MovieEnv.toolbox.tools if tool.name.startswith("get_")
]


def test_every_movie_tool_says_what_it_says_of_the_embedded_database(movie):
    live, embedded = movie_env(movie), MovieEnv(split="test")
    for env in (live, embedded):
        env.reset(options={"item": 3})
        env.horizon = 1000
    person = min(world().people)
    for name in MOVIE_TOOLS:
        for value in (FILM, str(person), "the", "no such", 10**8, *ODD):
            arguments = dict.fromkeys(MOVIE_ARGUMENTS, value)
            call = write_call(name, arguments)
            assert live.step(call) == embedded.step(call), call


@pytest.mark.parametrize("name", MOVIE_TOOLS)
def test_a_film_without_what_a_tool_shows_is_no_answer(movie, name):
    env = movie_env(movie)
    env.reset(options={"item": 3})
    before = state(env)
    movie.lasting = EMPTY
    arguments = dict.fromkeys(MOVIE_ARGUMENTS, 5)
    call = write_call(name, arguments)
    assert "makes no sense" in assert_failed_only(env, call, before=before)


def test_an_id_never_leads_out_of_its_route(movie):
    env = movie_env(movie)
    env.reset(options={"item": 3})
    for number in (
        "../account",
        "5/../../account",
        ".",
        "..",
        "5?x=1",
        "%2e%2e/account",
    ):
        movie.asked.clear()
        text = tell(env, "get_movie_details", movie_id=number)
        assert "could not be found" in text
        for asked in movie.asked:
            assert asked.path.startswith("/3/movie/") and "/../" not in asked.path
            assert asked.query == {}


def test_a_refusal_is_told_as_the_service_words_it(movie, weather):
    env = movie_env(movie)
    env.reset(options={"item": 3})
    assert json.loads(tell(env, "get_movie_details", movie_id=99999999)) == {
        "success": False,
        "status_code": 34,
        "status_message": "The resource you requested could not be found.",
    }
    env = weather_env(weather)
    env.reset(options={"item": 3})
    weather.lasting = Trouble("answer", Answer(400, b"x" * 5000))
    assert len(tell(env, "get_elevation", **BERLIN)) < 2100


@pytest.mark.parametrize("key", [TOKEN, OLD_KEY])
def test_both_kinds_of_keys_open_tmdb(movie, key):
    env = movie_env(movie, key=key)
    env.reset(options={"item": 3})
    assert "title" in tell(env, "get_movie_details", movie_id=FILM)


def test_a_wrong_key_is_refused_without_being_told(movie, caplog):
    wrong = "wrong-and-secret"
    env = movie_env(movie, key=wrong)
    env.reset(options={"item": 3})
    text = tell(env, "get_movie_details", movie_id=FILM)
    assert "Invalid API key" in text and wrong not in text and "<hidden>" in text


@pytest.mark.parametrize(
    "answer",
    [
        Answer(400, b"x" * 1990 + TOKEN.encode()),  # the text is cut amid the key
        Answer(200, {"title": f"Film {TOKEN}"}),
    ],
)
def test_a_key_that_a_service_repeats_is_covered(movie, answer):
    env = movie_env(movie)
    env.reset(options={"item": 3})
    if answer.status == 200:
        film = json.loads(json.dumps(DATABASE.get(f"/movie/{FILM}")))
        answer = Answer(200, {**film, **answer.body})
    movie.lasting = Trouble("answer", answer)
    text = tell(env, "get_movie_details", movie_id=FILM)
    assert "<hidden>"[:8] in text and TOKEN[:8] not in text


def test_a_commercial_key_is_sent_and_never_logged(weather, movie, caplog):
    caplog.set_level(logging.DEBUG)
    weather.key = "very-secret"
    env = weather_env(weather, key="very-secret")
    env.reset(options={"item": 3})
    assert "elevation" in tell(env, "get_elevation", **BERLIN)
    assert weather.asked[-1].query["apikey"] == "very-secret"
    other = movie_env(movie, key=OLD_KEY)
    other.reset(options={"item": 3})
    tell(other, "get_movie_details", movie_id=FILM)
    movie.lasting = DROP
    tell(other, "get_movie_details", movie_id=FILM)
    assert "HTTP Request" in caplog.text
    assert "very-secret" not in caplog.text and OLD_KEY not in caplog.text


def test_keys_stay_out_of_sight(monkeypatch):
    monkeypatch.setenv("MOVIE_KEY", "from-the-environment")
    backend = Tmdb(key="my-secret", base_url="http://127.0.0.1:1")
    env = gymnasium.make("agentgym/Movie-v0", backend=backend)
    env.reset(seed=1)
    agent = env.unwrapped
    texts = [
        repr(backend),
        repr(vars(backend)),
        repr(vars(agent)),
        repr(copy.deepcopy(backend)),
        repr(env.spec),
        repr(agent.snapshot()),
        agent.instructions,
    ]
    assert not any("my-secret" in text for text in texts)
    kept = pickle.dumps(backend)
    assert b"my-secret" not in kept
    again = pickle.loads(kept)
    assert again._key.reveal() == "from-the-environment"
    assert copy.deepcopy(backend)._key.reveal() == "my-secret"


def test_a_key_as_a_keyword_is_not_kept_in_the_spec(monkeypatch):
    monkeypatch.delenv("MOVIE_KEY", raising=False)
    env = gymnasium.make("agentgym/Movie-v0", backend="live", key="my-secret")
    env.reset(seed=1)
    assert env.spec.kwargs == {"backend": "live"}
    assert "my-secret" not in env.spec.to_json() + repr(env.unwrapped.spec)
    assert "my-secret" not in repr(vars(env.unwrapped))
    with pytest.raises(MissingKey, match="MOVIE_KEY"):
        gymnasium.make(env.spec)
    monkeypatch.setenv("MOVIE_KEY", "another")
    gymnasium.make(env.spec).reset(seed=1)


def test_mistakes_of_the_caller_are_told_at_once(monkeypatch):
    monkeypatch.delenv("MOVIE_KEY", raising=False)
    with pytest.raises(MissingKey, match="MOVIE_KEY"):
        MovieEnv(backend="live")
    for key in (5, "two\nlines", "ключ"):
        with pytest.raises(BadOption, match="printable ASCII") as caught:
            MovieEnv(backend="live", key=key)
        assert str(key) not in str(caught.value)
    with pytest.raises(BadOption, match='backend="live" alone'):
        MovieEnv(key="x")
    with pytest.raises(BadOption, match="'embedded', 'live' or an object"):
        WeatherEnv(backend="real")
    for url in ("ftp://x", 3, "", "http://", "http://127.0.0.1:abc", "http://[::1"):
        with pytest.raises(BadOption, match="base_url"):
            OpenMeteo(base_url=url)
    for wrong in ({"tries": 0}, {"timeout": -1}, {"first_wait": "long"}):
        with pytest.raises(BadOption, match=next(iter(wrong))):
            patience_of(**wrong)
    assert WeatherEnv(backend="live")._backend._key.reveal() == ""


def patience_of(**options):
    from agentgym_envs.tools.patience import Patience

    return Patience(**options)


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "httpx", None)
    monkeypatch.delitem(
        __import__("sys").modules, "agentgym_envs.tools.transport", raising=False
    )
    with pytest.raises(MissingExtra, match=r"agentgym-envs\[tools-live\]"):
        WeatherEnv(backend="live")
