"""`/v1`: batches in which each entry fails alone, keys, forks, metrics, a schema."""

from __future__ import annotations

import json

import gymnasium
import msgpack
import pytest
from servers import MOODY, OFFER, Background
from websockets.sync.client import connect

MAZE = "agentgym/Maze-v0"
PACKED = "application/msgpack"


@pytest.fixture(scope="module")
def shared():
    with Background(offer=(OFFER,), max_envs=64).run() as server:
        yield server


@pytest.fixture
def client(shared):
    with shared.client() as client:
        yield client
        entries = [{"session": id} for id in shared.sessions.ids()]
        client.post("/v1/close", json={"entries": entries})


def ask(client, operation, *entries, **more):
    reply = client.post(f"/v1/{operation}", json={"entries": list(entries), **more})
    assert reply.status_code == 200, reply.text
    return reply.json()["results"]


def make(client, *env_ids, **kwargs):
    entries = [{"env_id": env_id, "kwargs": kwargs} for env_id in env_ids]
    return [result["session"] for result in ask(client, "create", *entries)]


def begin(client, *env_ids, **kwargs):
    sessions = make(client, *env_ids, **kwargs)
    ask(client, "reset", *({"session": session, "seed": 7} for session in sessions))
    return sessions


def test_each_entry_of_a_mixed_batch_fails_alone(client):
    good, crashing, ended = begin(
        client,
        MAZE,
        MOODY,
        MAZE,
    )
    fresh, *_ = make(client, MAZE)
    ask(client, "reset", {"session": ended, "options": {"item": 3}})
    for _ in range(15):
        ask(client, "step", {"session": ended, "action": "stay"})
    told = ask(
        client,
        "step",
        {"session": good, "action": "move up"},
        {"session": "nobody", "action": "move up"},
        {"session": crashing, "action": "boom"},
        {"session": fresh, "action": "move up"},
        {"session": ended, "action": "move up"},
        {"session": good, "action": "move down"},
    )
    assert [one.get("error", {}).get("code") for one in told] == [
        None,
        "no_session",
        None,
        "reset_needed",
        "reset_needed",
        None,
    ]
    assert told[0]["info"]["steps"] == 1
    assert told[5]["info"]["steps"] == 2, "one after the other, in their order"
    assert told[2]["truncated"]
    assert told[2]["info"]["end_reason"] == "crash"


def test_a_repeated_key_gives_the_stored_reply(client):
    (session,) = begin(client, MAZE)
    step = {"session": session, "action": "move up"}
    first = ask(client, "step", step, key="a")
    assert ask(client, "step", step, key="a") == first
    assert first[0]["info"]["steps"] == 1
    (told,) = ask(client, "step", {**step, "action": "move down"}, key="a")
    assert told["error"]["code"] == "key_reused"
    assert ask(client, "step", step, key="b")[0]["info"]["steps"] == 2
    assert ask(client, "step", step)[0]["info"]["steps"] == 3
    reset = {"session": session}
    first = ask(client, "reset", reset, key="c")
    assert ask(client, "reset", reset, key="c") == first
    twice = ask(client, "step", step, step, key="d")
    assert twice[1]["error"]["code"] == "bad_request"


def test_a_repeated_key_makes_no_second_environment(client, shared):
    wanted = {"env_id": MAZE}
    first = ask(client, "create", wanted, wanted, key="one")
    assert ask(client, "create", wanted, wanted, key="one") == first
    assert len(shared.sessions) == 2
    reply = client.post("/v1/create", json={"entries": [wanted], "key": "one"})
    assert reply.status_code == 409
    (session,) = begin(client, MAZE)
    fork = {"session": session, "count": 2}
    assert ask(client, "fork", fork, key="f") == ask(client, "fork", fork, key="f")
    assert len(shared.sessions) == 5


def test_forks_and_snapshots_go_on_from_one_state(client):
    (session,) = begin(client, MAZE)
    ask(client, "step", {"session": session, "action": "move up"})
    ((kept,), (forked,)) = (
        ask(client, "snapshot", {"session": session}),
        ask(client, "fork", {"session": session, "count": 3}),
    )
    all_of_them = [session, *forked["sessions"]]
    steps = [{"session": one, "action": "move left"} for one in all_of_them]
    told = ask(client, "step", *steps)
    assert all(one == told[0] for one in told)
    (restored,) = ask(client, "restore", {"session": session, **kept})
    assert restored == {"over": False}
    assert ask(client, "step", steps[0]) == [told[0]]
    assert (
        ask(client, "snapshot", {"session": make(client, MAZE)[0]})[0]["error"]["code"]
        == "reset_needed"
    )


def test_autoreset_is_the_servers_too(client):
    created = ask(
        client,
        "create",
        {"env_id": MAZE, "kwargs": {"horizon": 1}, "autoreset": "SameStep"},
        {"env_id": MAZE, "kwargs": {"horizon": 1}, "autoreset": "NextStep"},
    )
    same, following = (one["session"] for one in created)
    for session in (same, following):
        ask(client, "reset", {"session": session, "seed": 1})
    both = [{"session": one, "action": "move up"} for one in (same, following)]
    first = ask(client, "step", *both)
    assert first[0]["final"]["info"]["steps"] == 1
    assert first[0]["info"]["steps"] == 0
    assert "final" not in first[1]
    second = ask(client, "step", *both)
    assert second[1]["info"]["steps"] == 0
    assert not second[1]["truncated"]


def test_json_and_messagepack_say_the_same(client):
    (session,) = begin(client, MAZE)
    (kept,) = ask(client, "snapshot", {"session": session})
    body = {"entries": [{"session": session, "action": "wörds \n"}], "snapshots": True}
    as_json = client.post("/v1/step", json=body).json()
    ask(client, "restore", {"session": session, **kept})
    reply = client.post(
        "/v1/step", content=msgpack.packb(body), headers={"content-type": PACKED}
    )
    assert reply.headers["content-type"] == PACKED
    packed = msgpack.unpackb(reply.content)
    assert isinstance(packed["results"][0].pop("snapshot"), bytes)
    as_json["results"][0].pop("snapshot")
    assert packed == as_json
    reply = client.post("/v1/close", json={"entries": []}, headers={"accept": PACKED})
    assert msgpack.unpackb(reply.content) == {"results": []}


def test_questions_are_answered(client):
    (session,) = begin(client, MAZE)
    names = ("goal", "admissible_actions", "expert_action", "horizon", "is_over")
    told = ask(client, "call", *({"session": session, "name": n} for n in names))
    game = gymnasium.make(MAZE).unwrapped
    game.reset(seed=7)
    assert [one["value"] for one in told] == [
        game.goal,
        game.admissible_actions(),
        game.expert_action(),
        15,
        False,
    ]


def test_the_websocket_takes_the_same_messages(client, shared):
    (slow, quick) = begin(client, MOODY, MOODY)
    url = shared.address.replace("http", "ws") + "/v1/socket"
    with connect(url) as link:
        entries = [
            {"session": slow, "action": "sleep 0.3"},
            {"session": quick, "action": "a"},
        ]
        link.send(json.dumps({"id": 5, "op": "step", "entries": entries}))
        reply = json.loads(link.recv(timeout=10))
        assert (reply["id"], len(reply["results"]), reply["done"]) == (5, 2, True)
        packed = {"id": 6, "op": "step", "entries": entries, "eager": True}
        link.send(msgpack.packb(packed))
        first = msgpack.unpackb(link.recv(timeout=10))
        assert (first["id"], first["places"], first["done"]) == (6, [1], False)
        second = msgpack.unpackb(link.recv(timeout=10))
        assert (second["id"], second["places"], second["done"]) == (6, [0], True)
        link.send(json.dumps({"id": 7, "op": "create", "entries": [{"env_id": MAZE}]}))
        assert json.loads(link.recv(timeout=10))["results"][0]["session"]


def test_beyond_the_cap_is_503(client):
    sessions = make(client, *[MAZE] * 64)
    reply = client.post("/v1/create", json={"entries": [{"env_id": MAZE}]})
    assert reply.status_code == 503
    assert reply.json()["results"][0]["error"]["code"] == "full"
    assert ask(client, "close", {"session": sessions[0]}) == [{"closed": True}]
    assert ask(client, "close", {"session": sessions[0]}) == [{"closed": False}]
    assert len(make(client, MAZE)) == 1


def test_tasks_are_listed(client):
    tasks = {task["env_id"]: task for task in client.get("/v1/tasks").json()["tasks"]}
    assert tasks[MAZE]["ready"]
    assert tasks[MAZE]["horizon"] == 15
    assert "data" not in tasks["agentgym/WebShop-v0"]["kwargs"]


def test_the_schema_describes_what_is_sent_and_what_comes(client):
    schema = client.get("/openapi.json").json()
    operations = "create reset step snapshot restore fork close call".split()
    for name in operations:
        route = schema["paths"][f"/v1/{name}"]["post"]
        for kind in ("application/json", PACKED):
            reference = route["requestBody"]["content"][kind]["schema"]["$ref"]
            assert reference.rpartition("/")[2] in schema["components"]["schemas"]
        content = route["responses"]["200"]["content"]["application/json"]["schema"]
        assert content["$ref"].endswith("Results")
    entry = schema["components"]["schemas"]["StepEntry"]
    assert entry["properties"]["action"]["type"] == "string"
    assert entry["required"] == ["session", "action"]
    stepped = schema["components"]["schemas"]["Stepped"]["properties"]
    assert {"observation", "reward", "terminated", "truncated", "info"} <= set(stepped)


def test_metrics_count_what_happens(client, shared):
    def value(line):
        text = client.get("/metrics").text
        found = [one for one in text.splitlines() if one.startswith(line + " ")]
        return float(found[0].split()[-1]) if found else 0.0

    steps = 'agentgym_calls_total{family="Maze",operation="step"}'
    alive = 'agentgym_environments{family="Maze"}'
    failures = "agentgym_failures_total"
    latency = 'agentgym_request_seconds_count{route="/v1/step",status="200"}'
    before = [value(line) for line in (steps, alive, failures, latency)]
    (maze, moody) = begin(client, MAZE, MOODY)
    ask(client, "step", {"session": maze, "action": "move up"})
    ask(client, "step", {"session": moody, "action": "boom"})
    after = [value(line) for line in (steps, alive, failures, latency)]
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 1, 1, 2]
    assert value("agentgym_leases_expired_total") == 0.0


def test_a_message_of_no_entries_is_answered_at_once(shared):
    url = shared.address.replace("http", "ws") + "/v1/socket"
    with connect(url) as link:
        for eager in (False, True):
            message = {"id": 1, "op": "step", "entries": [], "eager": eager}
            link.send(json.dumps(message))
            reply = json.loads(link.recv(timeout=10))
            assert (reply["id"], reply["results"], reply["done"]) == (1, [], True)


def test_what_there_was_no_room_for_may_be_asked_for_again_by_its_key(client, shared):
    sessions = make(client, *[MAZE] * 63)
    message = {"entries": [{"env_id": MAZE}] * 2, "key": "later"}
    first = client.post("/v1/create", json=message).json()["results"]
    assert first[1]["error"]["code"] == "full"
    ask(client, "close", {"session": sessions[0]})
    second = client.post("/v1/create", json=message).json()["results"]
    assert second[0] == first[0] and "session" in second[1]
    assert len(shared.sessions) == 64
