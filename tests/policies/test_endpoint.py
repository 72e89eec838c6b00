from __future__ import annotations

import asyncio
import json

import gymnasium
import pytest
from fault_server import completion, failure, ok, serving, slowly

import agentgym_envs  # noqa: F401  # registers the ids
from agentgym_envs.errors import BadOption
from agentgym_policies import History, Prompt
from agentgym_policies.evaluate import Settings, plan, play
from agentgym_policies.record import record_of
from agentgym_policies.report import summarise

pytest.importorskip("openai")

from agentgym_policies.endpoint import OpenAIPolicy

ID = "agentgym/Maze-v0"
GARBAGE = {
    "no JSON": (200, "<html>busy</html>", {}),
    "HTML": (200, "<html>busy</html>", {"kind": "text/html"}),
    "cut JSON": (200, json.dumps(completion("move up"))[:90], {}),
    "no choices": (200, json.dumps({"choices": []}), {}),
    "null choices": (200, json.dumps({"choices": None}), {}),
    "another object": (200, json.dumps({"detail": "busy"}), {}),
    "a list": (200, "[]", {}),
    "no text": (200, json.dumps(completion({"a": 1})), {}),
    "nothing": (200, "", {}),
    "a hang-up": None,
}


def history(item=3, seed=0):
    env = gymnasium.make(ID)
    observation, info = env.reset(options={"item": item})
    return History(env, seed, [observation], [info])


@pytest.fixture
def ask():
    """Ask one policy against a server; give its actions and the requests."""
    policies = []

    def run(answer, *, histories=None, **options):
        options = {"wait": 0.001, "retries": 3, "timeout": 10.0, **options}
        with serving(answer) as server:
            policy = OpenAIPolicy("m", server.url, **options)
            policies.append(policy)
            actions = policy.act(histories or [history()])
            return actions, server, policy

    yield run
    for policy in policies:
        policy.close()


def test_the_episode_is_told_as_a_chat(ask):
    one = history()
    options = {"prompt": Prompt(system="Go."), "seed": 4, "stop": ["\n"], "top_p": 0.9}

    _, server, _ = ask(
        lambda n, body: ok("move up"),
        histories=[one],
        extra={"guided_regex": "move .*"},
        **options,
    )

    [body] = server.requests
    assert body["messages"] == [
        {"role": "system", "content": "Go."},
        {"role": "user", "content": one.observations[0]},
    ]
    assert body["model"] == "m"
    assert body["temperature"] == 0.0
    assert body["top_p"] == 0.9
    assert body["stop"] == ["\n"]
    assert body["guided_regex"] == "move .*"
    assert 0 <= body["seed"] < 2**31


def test_text_thoughts_and_tokens_are_kept(ask):
    [action], _, policy = ask(
        lambda n, body: ok("move up", reasoning_content="Up is free."),
        prices=(2.0, 10.0),
    )

    assert action.text == "move up"
    assert action.reasoning == "Up is free."
    assert action.finish == "end"
    assert action.usage.prompt_tokens == 100
    assert action.usage.completion_tokens == 7
    assert action.usage.cost == pytest.approx((100 * 2 + 7 * 10) / 1e6)
    assert policy.usage == action.usage


def test_thoughts_inside_the_text_are_parted_from_it(ask):
    [action], _, _ = ask(lambda n, body: ok("<think>hm</think>\nmove up"))

    assert (action.reasoning, action.text) == ("hm", "move up")


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 529])
def test_what_may_pass_is_tried_again(ask, status):
    [action], server, _ = ask(
        lambda n, body: failure(status) if n < 2 else ok("move up")
    )

    assert action.text == "move up"
    assert not action.error
    assert action.usage.requests == len(server.requests) == 3


@pytest.mark.parametrize("kind", GARBAGE)
def test_garbage_is_tried_again_and_never_played(ask, kind):
    def answer(number, body):
        answered = GARBAGE[kind]
        if number < 2:
            return answered and (*answered[:2], dict(answered[2]))
        return ok("move up")

    [action], server, _ = ask(answer)

    assert (action.text, action.error) == ("move up", "")
    assert len(server.requests) == 3


def test_a_server_is_waited_for_as_it_asks(ask, monkeypatch):
    waits = []
    sleep = asyncio.sleep

    async def noted(seconds):
        waits.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", noted)

    ask(lambda n, body: failure(429, retry_after="7") if n < 1 else ok("move up"))
    ask(lambda n, body: failure(500) if n < 3 else ok("move up"), wait=1.0)

    assert waits[0] == 7
    assert 0.5 <= waits[1] < 1.5
    assert 1.0 <= waits[2] < 3.0
    assert 2.0 <= waits[3] < 6.0


def test_where_nothing_helps_the_action_has_an_error(ask):
    [action], server, _ = ask(lambda n, body: failure(503, "overloaded"))

    assert action.text == action.stop == ""
    assert "overloaded" in action.error
    assert action.error.endswith("(asked 4 times)")
    assert len(server.requests) == 4


def test_a_slow_server_is_given_up(ask):
    [action], server, _ = ask(
        lambda n, body: slowly(1.0, ok("move up")), timeout=0.05, retries=1
    )

    assert action.error
    assert len(server.requests) <= 2


def test_after_a_dead_end_requests_are_tried_once(ask):
    histories = [history(seed=seed) for seed in range(6)]

    actions, server, _ = ask(
        lambda n, body: failure(500), histories=histories, concurrency=1
    )

    assert all(action.error for action in actions)
    assert len(server.requests) == 4 + 5


@pytest.mark.parametrize("status", [401, 403, 404])
def test_what_is_wrong_in_every_episode_is_said_at_once(ask, status):
    with pytest.raises(BadOption, match=r"http://127\.0\.0\.1.*no such model"):
        ask(
            lambda n, body: failure(status, "no such model"),
            histories=[history(seed=seed) for seed in range(3)],
        )


def test_a_refused_request_is_not_repeated(ask):
    [action], server, _ = ask(lambda n, body: failure(400, "bad field"))

    assert "bad field" in action.error
    assert len(server.requests) == 1


def test_a_conversation_that_is_too_long_ends_the_episode(ask):
    [action], _, _ = ask(
        lambda n, body: failure(400, "too big", code="context_length_exceeded")
    )

    assert action.stop.startswith("the conversation is too long")
    assert not action.error
    assert action.usage.requests == 1


def test_too_many_tokens_in_a_while_are_no_long_conversation(ask):
    busy = failure(429, "Too many tokens, please wait before trying again.")

    [action], server, _ = ask(lambda n, body: busy if n < 1 else ok("move up"))

    assert (action.text, action.stop) == ("move up", "")
    assert len(server.requests) == 2


@pytest.mark.parametrize("usage", [[], "x", {"prompt_tokens": "many"}])
@pytest.mark.parametrize("told", [{"content": [{"token": "a"}]}, {"content": "a"}])
def test_a_message_counts_whatever_is_told_beside_it(ask, usage, told):
    body = {**completion("move up"), "usage": usage}
    body["choices"][0]["logprobs"] = told

    [action], server, _ = ask(lambda n, _: (200, json.dumps(body), {}))

    assert (action.text, action.error, action.logprobs) == ("move up", "", ())
    assert action.usage.prompt_tokens == 0
    assert len(server.requests) == 1


def test_requests_run_at_once_but_not_too_many(ask):
    histories = [history(seed=seed) for seed in range(12)]

    actions, server, _ = ask(
        lambda n, body: slowly(0.05, ok("move up")),
        histories=histories,
        concurrency=4,
    )

    assert [action.text for action in actions] == ["move up"] * 12
    assert 1 < server.most_at_once <= 4


def test_actions_come_in_the_order_of_their_episodes(ask):
    histories = [history(item) for item in range(6)]

    def answer(number, body):
        return slowly(0.02 * (number % 3), ok(body["messages"][-1]["content"][-20:]))

    actions, _, _ = ask(answer, histories=histories)

    assert [a.text for a in actions] == [
        h.observations[0][-20:].strip() for h in histories
    ]


def test_half_a_surrogate_pair_is_no_end_of_the_game(ask):
    one = history()
    one.observations[0] = "A face: \ud83d"

    [action], server, _ = ask(lambda n, body: ok("move up"), histories=[one])

    assert action.text == "move up"
    assert server.requests[0]["messages"][-1]["content"] == "A face: ?"


def test_it_works_inside_a_running_loop(ask):
    async def main():
        first, _, _ = ask(lambda n, body: ok("move up"))
        return first

    assert asyncio.run(main())[0].text == "move up"


def test_a_dying_server_ends_in_a_report_without_a_wrong_number():
    settings = Settings(policy="openai:m", env_ids=(ID,), items=6, horizon=3)

    with serving(lambda n, body: ok("move up")) as server:
        policy = OpenAIPolicy("m", server.url, wait=0.001, retries=1, timeout=5.0)
        records = []
        for episode in play(settings, policy, plan(settings)):
            records.append(record_of(episode))
            if len(records) == 2:
                server.die()
    policy.close()

    report = summarise(settings, records)
    assert [record.crashed for record in records] == [False] * 2 + [True] * 4
    assert report.total.episodes == 2
    assert report.total.crashed == 4
    assert "Connection" in records[-1].error
    assert "success" not in records[-1].to_json()


def test_a_key_is_needed_for_hosted_models(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    with pytest.raises(BadOption, match="OPENAI_API_KEY"):
        OpenAIPolicy("gpt")


@pytest.mark.parametrize(
    "wrong",
    [
        {"concurrency": 0},
        {"retries": -1},
        {"timeout": 0},
        {"wait": -1},
        {"stop": "\n"},
        {"prices": 0.4},
        {"prices": [0.4]},
    ],
)
def test_options_that_make_no_sense_are_refused(wrong):
    with pytest.raises(BadOption):
        OpenAIPolicy("m", "http://127.0.0.1:9/v1", **wrong)
