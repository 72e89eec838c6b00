"""Episodes: options, infos, ends, snapshots, retrievers that fail."""

from __future__ import annotations

import subprocess
import sys

import gymnasium
import pytest
from hypothesis import given
from hypothesis import strategies as st

import agentgym_envs  # noqa: F401
from agentgym_envs.errors import (
    BadOption,
    MissingExtra,
    ResetNeeded,
    SnapshotError,
    UnknownTask,
)
from agentgym_envs.outcome import MalformedReply
from agentgym_envs.schema import render_call
from agentgym_envs.searchqa.engine import INVALID, RIGHT, WRONG, WRONG_AT_LAST
from agentgym_envs.searchqa.env import MAX_REPLY, SearchQAEnv
from agentgym_envs.snapshot import pack, unpack
from agentgym_envs.testing import check_agent_env

ID = "agentgym/SearchQA-v0"


def right_answer(env) -> str:
    return f"<answer>{env.unwrapped.task.payload['targets'][0]}</answer>"


def test_it_keeps_all_promises_with_options_of_its_own():
    check_agent_env(ID, topk=1, end_on_wrong=True, max_turns=400)


def test_an_episode_reads_as_a_dialogue():
    env = SearchQAEnv(split="test")
    env.reset(options={"item": 1})
    assert env.goal == "What is the highest mountain of Griowica?"
    text, reward, done, _, info = env.step("<think>?</think><search>Griowica</search>")
    assert text.startswith('<information>Doc 1(Title: "Griowica") Griowica')
    assert text.count("Doc ") == 3
    assert text.endswith("</information>")
    assert (reward, done) == (0.0, False)
    assert len(info["retrieved"]) == 3
    assert info["retrieval_hit"]
    answer = env.task.payload["targets"][0]
    assert answer in text
    text, reward, done, _, info = env.step(f"<answer>The {answer.upper()}!</answer>")
    assert (text, reward, done) == (RIGHT, 1.0, True)
    assert info["success"]
    assert info["em"] == info["score"] == 1.0
    assert info["golden_answers"] == env.task.payload["targets"]
    with pytest.raises(ResetNeeded):
        env.step("<search>more</search>")


def test_infos_tell_what_the_step_did():
    env = SearchQAEnv()
    _, info = env.reset(options={"item": 205})
    assert info["data_source"] == "two-hop"
    assert info["retrieved"] == [] and not info["retrieval_hit"]
    assert "golden_answers" not in info
    *_, info = env.step("<search>the of and</search>")
    assert info["retrieved"] == []
    *_, info = env.step("<answer>no</answer>")
    assert (info["em"], info["success"], info["score"]) == (0.0, False, 0.0)
    assert "golden_answers" not in info
    *_, info = env.step("nonsense")
    assert info["invalid_action"]
    assert info["end_reason"] == ""


def test_the_horizon_shows_the_answers():
    env = SearchQAEnv(horizon=1)
    env.reset(seed=0)
    *_, truncated, info = env.step("nonsense")
    assert truncated
    assert info["end_reason"] == "horizon"
    assert info["golden_answers"] == env.task.payload["targets"]


def test_a_wrong_answer_may_be_followed_by_others():
    env = SearchQAEnv()
    env.reset(seed=0)
    for _ in range(3):
        assert env.step("<answer>no</answer>")[:3] == (WRONG, 0.0, False)
    assert env.step(right_answer(env))[:3] == (RIGHT, 1.0, True)


def test_a_wrong_answer_ends_the_episode_if_asked_for():
    env = SearchQAEnv(end_on_wrong=True)
    env.reset(seed=0)
    text, reward, done, truncated, info = env.step("<answer>no</answer>")
    assert (text, reward, done, truncated) == (WRONG_AT_LAST, 0.0, True, False)
    assert info["end_reason"] == "failure"
    assert "one answer" in env.instructions
    assert "one answer" not in SearchQAEnv().instructions


def test_turns_can_be_limited():
    env = SearchQAEnv(max_turns=2)
    env.reset(seed=0)
    assert env.step("nonsense")[2:4] == (False, False)
    _, _, done, truncated, info = env.step("<answer>no</answer>")
    assert (done, truncated, info["end_reason"]) == (False, True, "turn limit")
    env.reset(seed=0)
    env.step("nonsense")
    _, reward, done, truncated, info = env.step(right_answer(env))
    assert (reward, done, truncated) == (1.0, True, False)
    assert info["end_reason"] == "success"


def test_parity_plays_on_after_the_right_answer():
    env = SearchQAEnv(parity=True)
    env.reset(seed=0)
    assert env.step(right_answer(env))[1:3] == (1.0, True)
    text, reward, done, _, info = env.step("<answer>no</answer>")
    assert (text, reward, done) == (WRONG, 0.0, False)
    assert info["score"] == 1.0
    assert env.step(right_answer(env))[1:3] == (1.0, True)
    assert env.step("?")[0] == INVALID


def test_parity_refuses_items_outside_the_data():
    env = SearchQAEnv(parity=True)
    for item in (-1, 3200):
        with pytest.raises(UnknownTask, match=f"^Item id {item} is out of range"):
            env.reset(options={"item": item})


@pytest.mark.parametrize("topk", [1, 3, 7])
def test_topk_is_how_many_passages_are_shown(topk):
    env = SearchQAEnv(topk=topk)
    env.reset(options={"item": 0})
    text, *_, info = env.step("<search>a novel set in a city</search>")
    assert len(info["retrieved"]) == len(set(info["retrieved"])) == topk
    assert f"Doc {topk}(" in text and f"Doc {topk + 1}(" not in text


@pytest.mark.parametrize(
    "keywords",
    [
        {"topk": 0},
        {"topk": 101},
        {"topk": True},
        {"topk": "3"},
        {"end_on_wrong": 1},
        {"max_turns": 0},
        {"max_turns": 2.5},
        {"retriever": "bm26"},
        {"retriever": {"method": "bm25", "k1": 0.9}},
        {"retriever": {}},
        {"retriever": 3},
        {"retriever": {"method": "http"}},
        {"retriever": {"method": "http", "url": "ftp://x"}},
        {"retriever": {"method": "http", "url": "http://x", "timeout": 0}},
        {"retriever": {"method": "http", "url": "http://x", "timeout": "1"}},
        {"retriever": {"method": "http", "url": "http://x", "attempts": 0}},
        {"retriever": {"method": "dense"}},
        {"retriever": {"method": "dense", "model": "m", "device": 0}},
        {"retriever": {"method": "dense", "model": "m", "fp16": "yes"}},
        {"retriever": {"method": "dense", "model": "m", "batch_size": 0}},
        {"retriever": {"method": "dense", "model": "m", "index": 1}},
    ],
    ids=str,
)
def test_a_keyword_with_a_wrong_value_is_refused_at_once(keywords):
    with pytest.raises(BadOption):
        SearchQAEnv(**keywords)


def test_what_is_not_installed_is_named_with_its_extra(monkeypatch):
    from agentgym_envs.searchqa import server

    server._client.cache_clear()
    for package in ("httpx", "torch"):
        monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match=r"httpx.*agentgym-envs\[searchqa\]"):
        SearchQAEnv(retriever={"method": "http", "url": "http://127.0.0.1:9"})
    with pytest.raises(MissingExtra, match=r"torch.*agentgym-envs\[searchqa-dense\]"):
        SearchQAEnv(retriever={"method": "dense", "model": "e5-base-v2"})


def test_the_embedded_world_needs_no_further_package():
    code = (
        "import sys\n"
        "for name in ('httpx', 'pyarrow', 'torch', 'transformers', 'rich'):\n"
        "    sys.modules[name] = None\n"
        "from agentgym_envs.searchqa.env import SearchQAEnv\n"
        "env = SearchQAEnv()\n"
        "env.reset(options={'item': 1})\n"
        "while not env.is_over:\n"
        "    reply = env.step(env.expert_action())\n"
        "print(reply[1])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "1.0\n"


def test_a_spec_with_options_serialises():
    url = {"method": "http", "url": "http://127.0.0.1:9/retrieve"}
    spec = gymnasium.make(ID, topk=2, retriever=url).spec
    again = gymnasium.make(type(spec).from_json(spec.to_json()))
    assert again.unwrapped._topk == 2
    again.reset(seed=0)
    assert gymnasium.spec(ID).kwargs == {}


def test_long_replies_are_read_up_to_a_limit():
    env = SearchQAEnv()
    env.reset(seed=0)
    thought = "hm " * 15_000
    reply = f"<think>{thought}</think>{right_answer(env)}"
    assert 4096 < len(reply) <= MAX_REPLY
    assert reply in env.action_space
    assert env.step(reply)[1] == 1.0
    env.reset(seed=0)
    text, *_, info = env.step("x" * MAX_REPLY + right_answer(env))
    assert info["invalid_action"]
    assert text != INVALID


def test_what_is_too_long_finds_nothing():
    env = SearchQAEnv()
    env.reset(seed=0)
    assert env.step("<search>river</search>")[-1]["retrieved"]
    *_, info = env.step("x" * (MAX_REPLY + 1))
    assert (info["invalid_action"], info["retrieved"]) == (True, [])


def test_a_malformed_reply_is_answered_with_its_reason():
    env = SearchQAEnv()
    env.reset(seed=0)
    reply = MalformedReply(right_answer(env), "Say it plainly.")
    assert env.step(reply)[:3] == ("Say it plainly.", 0.0, False)


def test_the_schema_writes_actions():
    env = SearchQAEnv()
    call = render_call(env.action_schema, "search", {"query": "Om"})
    assert call == "<search>Om</search>"
    call = render_call(env.action_schema, "answer", {"answer": "Om"})
    assert call == "<answer>Om</answer>"


def test_a_function_finds_the_passages():
    asked = []

    def find(query, k):
        asked.append((query, k))
        return [{"id": 5, "contents": '"Om"\nOm is a city.', "score": 1}]

    env = SearchQAEnv(retriever=find, topk=4)
    env.reset(seed=0)
    text, *_, info = env.step("<search> Om? </search>")
    assert asked == [("Om?", 4)]
    assert info["retrieved"] == ["5"]
    assert text == '<information>Doc 1(Title: "Om") Om is a city.</information>'


def test_more_passages_than_asked_for_are_left_out():
    env = SearchQAEnv(retriever=lambda query, k: [{"contents": "T\nx"}] * 9, topk=2)
    env.reset(seed=0)
    text, *_ = env.step("<search>x</search>")
    assert text == "<information>Doc 1(Title: T) x\nDoc 2(Title: T) x</information>"


def test_passages_without_end_are_cut():
    env = SearchQAEnv(retriever=lambda query, k: [{"contents": "T\n" + "x" * 10**6}])
    env.reset(seed=0)
    text, *_ = env.step("<search>x</search>")
    assert text in env.observation_space
    assert len(text) == 2**16
    assert text.endswith("xx</information>")


@pytest.mark.parametrize(
    "hits",
    [
        None,
        "text",
        5,
        [None],
        [{}],
        [{"contents": 3}],
        [{"contents": "x", "score": "y"}],
    ],
    ids=repr,
)
def test_what_is_no_list_of_passages_is_a_crash(hits):
    env = SearchQAEnv(retriever=lambda query, k: hits)
    env.reset(seed=0)
    _, reward, done, truncated, info = env.step("<search>x</search>")
    assert (reward, done, truncated, info["end_reason"]) == (0.0, False, True, "crash")


def test_a_retriever_that_raises_is_a_crash_and_the_next_episode_is_played():
    def find(query, k):
        if query == "boom":
            raise ConnectionError("no route")
        return []

    env = SearchQAEnv(retriever=find)
    env.reset(seed=0)
    text, _, done, truncated, info = env.step("<search>boom</search>")
    assert "ConnectionError: no route" in text
    assert (done, truncated, info["end_reason"]) == (False, True, "crash")
    with pytest.raises(ResetNeeded):
        env.step("<search>x</search>")
    env.reset(seed=0)
    assert env.step("<search>x</search>")[0] == "<information></information>"


def test_snapshots_carry_what_the_expert_has_read():
    env, other = SearchQAEnv(), SearchQAEnv()
    env.reset(options={"item": 510})
    first = env.expert_action()
    env.step(first)
    other.restore(env.snapshot())
    assert other.expert_action() == env.expert_action() != first
    assert len(env.snapshot()) < 500


def test_snapshots_of_other_rules_or_titles_are_refused():
    env = SearchQAEnv()
    env.reset(options={"item": 510})
    kept = env.snapshot()
    for other in (SearchQAEnv(topk=4), SearchQAEnv(end_on_wrong=True)):
        with pytest.raises(SnapshotError):
            other.restore(kept)
    *content, (todo, solved) = unpack(kept)
    for wrong in (["Om"], todo[::-1], [*todo, todo[0]]):
        with pytest.raises(SnapshotError):
            env.restore(pack([*content, [wrong, solved]]))
    assert env.snapshot() == kept


@given(st.text(max_size=80))
def test_any_query_is_answered(query):
    env = SearchQAEnv()
    env.reset(options={"item": 0})
    text, reward, *_ = env.step(f"<search>{query}</search>")
    assert reward == 0.0
    assert text.startswith("<information>") or text in (INVALID, RIGHT, WRONG)


def test_lone_surrogates_are_a_query_too():
    env = SearchQAEnv()
    env.reset(options={"item": 0})
    text, *_ = env.step("<search>\ud800 Griowica \udfff</search>")
    assert '"Griowica"' in text


def test_the_drawing_shows_question_and_titles():
    env = SearchQAEnv(render_mode="ansi")
    env.reset(options={"item": 1})
    env.step("<search>Griowica</search>")
    assert "Question: What is the highest" in env.render()
    assert "\n  Griowica" in env.render()
