"""The retriever behind HTTP, against a real server that is well or ill."""

from __future__ import annotations

import socket
import time

import pytest
from retrieval_server import search_r1, serving

from agentgym_envs.searchqa import server as module
from agentgym_envs.searchqa.env import SearchQAEnv
from agentgym_envs.searchqa.retrievers import RetrieverError
from agentgym_envs.searchqa.server import HttpRetriever

pytest.importorskip("httpx")

OM, UM = ("3", '"Om"\nOm is a city.'), ("4", '"Um"\nUm is a lake.')


@pytest.fixture(autouse=True)
def _no_proxy_and_short_pauses(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(module, "PAUSE", 0.01)
    module._client.cache_clear()


def test_it_speaks_search_r1():
    with serving(lambda n: (200, search_r1(OM, UM))) as server:
        found = HttpRetriever(server.url).search("where is Om", 2)
        assert server.asked == [
            (
                "/retrieve",
                {"queries": ["where is Om"], "topk": 2, "return_scores": True},
            )
        ]
    assert [(hit["id"], hit["score"]) for hit in found] == [("3", 0.9), ("4", 0.8)]
    assert found[0]["contents"] == OM[1]


def test_answers_without_scores_will_do():
    with serving(lambda n: (200, search_r1(OM, scores=False))) as server:
        (hit,) = HttpRetriever(server.url).search("Om", 2)
    assert (hit["id"], hit["contents"], hit["score"]) == (*OM, 0.0)


def test_a_route_of_the_users_own_is_kept():
    with serving(lambda n: (200, search_r1())) as server:
        assert HttpRetriever(f"{server.url}/v2/find").search("Om", 3) == []
        HttpRetriever(f"{server.url}/").search("Om", 3)
        assert [path for path, _ in server.asked] == ["/v2/find", "/retrieve"]


def test_more_hits_than_asked_for_are_left_out():
    with serving(lambda n: (200, search_r1(OM, UM, OM))) as server:
        assert len(HttpRetriever(server.url).search("Om", 2)) == 2


def test_lone_surrogates_reach_the_server_as_question_marks():
    with serving(lambda n: (200, search_r1())) as server:
        HttpRetriever(server.url).search("\ud800 Öm", 1)
        assert server.asked[0][1]["queries"] == ["? Öm"]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_server_with_a_problem_is_asked_again(status):
    good = (200, search_r1(OM))
    with serving(lambda n: (status, b"busy") if n < 3 else good) as server:
        assert len(HttpRetriever(server.url).search("Om", 3)) == 1
        assert len(server.asked) == 3


def test_a_broken_connection_is_tried_again():
    with serving(lambda n: None if n == 1 else (200, search_r1(OM))) as server:
        assert len(HttpRetriever(server.url).search("Om", 3)) == 1


def test_it_gives_up_after_so_many_attempts():
    with serving(lambda n: (500, b"")) as server:
        with pytest.raises(RetrieverError, match=r"status 500; gave up after 2 attem"):
            HttpRetriever(server.url, attempts=2).search("Om", 3)
        assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        ((404, b"not here"), "status 404"),
        ((422, b'{"detail": "bad"}'), "status 422"),
        ((302, b""), "status 302"),
        ((200, b""), "no JSON"),
        ((200, b"<html>"), "no JSON"),
        ((200, b"\xff\xfe"), "no JSON"),
        ((200, b"[" * 100_000), "no JSON"),
        ((200, b"[]"), "'result' is no list"),
        ((200, b'{"result": "x"}'), "'result' is no list"),
        ((200, b'{"result": []}'), "'result' is no list"),
        ((200, b'{"result": [[], []]}'), "'result' is no list"),
        ((200, b'{"result": ["x"]}'), "no list of documents"),
        ((200, b'{"result": [[5]]}'), "no document"),
        ((200, b'{"result": [[{"document": "x", "score": 1}]]}'), "no document"),
        ((200, b'{"result": [[{"id": "3"}]]}'), "contents"),
        ((200, b'{"result": [[{"contents": "x", "score": "y"}]]}'), "score"),
    ],
)
def test_an_answer_without_sense_is_an_error_at_once(reply, message):
    with serving(lambda n: reply) as server:
        with pytest.raises(RetrieverError, match=message):
            HttpRetriever(server.url).search("Om", 3)
        assert len(server.asked) == 1


def test_a_silent_server_is_not_waited_for():
    def sleep(n: int) -> tuple[int, bytes]:
        time.sleep(0.5)
        return 200, search_r1(OM)

    start = time.monotonic()
    with serving(sleep) as server:
        with pytest.raises(RetrieverError, match="gave up after 2 attempts"):
            HttpRetriever(server.url, timeout=0.1, attempts=2).search("Om", 3)
        assert time.monotonic() - start < 0.5


def test_a_server_that_sends_byte_by_byte_is_not_waited_for():
    late = pytest.raises(RetrieverError, match=r"no whole answer within 0\.2 seconds")
    with serving(lambda n: (200, search_r1(OM)), drip=0.05) as server, late:
        HttpRetriever(server.url, timeout=0.2, attempts=1).search("Om", 3)


def test_answers_without_end_are_not_kept(monkeypatch):
    monkeypatch.setattr(module, "MAX_BYTES", 1000)
    with (
        serving(lambda n: (200, b" " * 2000)) as server,
        pytest.raises(RetrieverError, match="more than 1000 bytes"),
    ):
        HttpRetriever(server.url).search("Om", 3)


def test_nobody_there_is_an_error_that_names_the_address():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(RetrieverError, match=url):
        HttpRetriever(url, attempts=2).search("Om", 3)


def test_an_episode_with_a_server():
    with serving(lambda n: (200, search_r1(OM, UM))) as server:
        env = SearchQAEnv(retriever={"method": "http", "url": server.url})
        env.reset(seed=0)
        text, _, _, truncated, info = env.step("<search>Om</search>")
    assert text.startswith('<information>Doc 1(Title: "Om") Om is a city.\nDoc 2(')
    assert info["retrieved"] == ["3", "4"]
    assert not truncated


@pytest.mark.parametrize("parity", [False, True])
def test_a_dead_server_is_a_crash_and_no_wrong_answer(parity):
    setting = {"method": "http", "attempts": 1}
    with serving(lambda n: (500, b"")) as server:
        env = SearchQAEnv(parity=parity, retriever={**setting, "url": server.url})
        env.reset(seed=0)
        text, reward, done, truncated, info = env.step("<search>Om</search>")
    assert "does not answer" in text and "status 500" in text
    assert (reward, done, truncated) == (0.0, False, True)
    assert info["end_reason"] == "crash"
