"""WebArena's routes: what each gives, and what it says of mistakes."""

from __future__ import annotations

import gymnasium
import httpx
import pytest
from dialect_table import FAILED, NOBODY

import agentgym_envs  # noqa: F401  # registers the ids

ITEM = 3


@pytest.fixture
def number(http):
    made = http.post("/webarena/create")
    assert made.status_code == 200 and list(made.json()) == ["env_idx"]
    yield made.json()["env_idx"]
    http.post("/webarena/close", json={"env_idx": made.json()["env_idx"]})


def post(http, path, **body):
    return http.post(f"/webarena/{path}", json=body)


def failed(reply):
    return (reply.status_code, reply.text) == (500, FAILED)


def test_the_root_says_ok_as_text(http):
    reply = http.get("/webarena/")
    assert (reply.text, reply.headers["content-type"][:10]) == ("ok", "text/plain")


def test_a_reset_gives_the_tree_and_observation_the_prompt(http, number):
    begun = post(http, "reset", env_idx=number, seed=0, idx=ITEM).json()
    assert list(begun) == ["observation", "sites", "object"]
    assert begun["observation"].startswith("Tab 0 (current): ")
    assert all(type(site) is str for site in begun["sites"])
    seen = http.get("/webarena/observation", params={"env_idx": number}).json()
    assert seen.startswith(f"OBSERVATION:\n{begun['observation']}\nURL: http://")
    assert f"OBJECTIVE: {begun['object']}\nPREVIOUS ACTION: None" in seen


def test_a_step_gives_five_fields_and_the_page(http, number):
    post(http, "reset", env_idx=number, seed=0, idx=ITEM)
    told = post(http, "step", env_idx=number, action="I look.\n```scroll [down]```")
    told = told.json()
    fields = ["observation", "reward", "terminated", "truncated", "info"]
    assert list(told) == fields
    assert (told["reward"], told["terminated"], told["truncated"]) == (
        1.0,
        False,
        False,
    )
    assert "PREVIOUS ACTION: scroll [down]" in told["observation"]
    assert list(told["info"]) == ["page", "fail_error", "observation_metadata"]
    assert told["info"]["page"]["content"].startswith("<!")
    nodes = told["info"]["observation_metadata"]["text"]["obs_nodes_info"]
    first = told["observation"].partition("\n\n")[2].partition("\n")[0]
    assert nodes["1"]["text"] == first
    closer = http.get("/webarena/observation_metadata", params={"env_idx": number})
    assert closer.json()["text"]["obs_nodes_info"] == nodes


def test_an_action_that_fails_is_told_in_the_info_alone(http, number):
    post(http, "reset", env_idx=number, seed=0, idx=ITEM)
    told = post(http, "step", env_idx=number, action="```click [99999]```").json()
    assert told["reward"] == 0.0 and told["observation"].startswith("OBSERVATION:")
    assert told["info"]["fail_error"]


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ("```click```", "Invalid click action click"),
        ("```dance [1]```", "Invalid action dance [1]"),
        ("no fence", "Cannot parse action from response no fence"),
    ],
)
def test_a_reply_that_cannot_be_read_is_the_bare_error(http, number, reply, text):
    post(http, "reset", env_idx=number, seed=0, idx=ITEM)
    told = post(http, "step", env_idx=number, action=reply).json()
    assert told == {
        "observation": text,
        "reward": 0.0,
        "terminated": False,
        "truncated": False,
        "info": None,
    }


def test_a_task_that_does_not_exist_times_out(http, number):
    reply = post(http, "reset", env_idx=number, seed=0, idx=10**6)
    assert (reply.status_code, reply.json()) == (
        200,
        {"observation": "TimeoutError", "sites": "Error", "object": "Error"},
    )


def test_before_a_reset_a_step_is_told_why_not(http, number):
    told = post(http, "step", env_idx=number, action="```scroll [down]```").json()
    assert (told["reward"], told["terminated"], told["info"]) == (0.0, False, None)
    assert "reset" in told["observation"]
    assert failed(http.get("/webarena/observation", params={"env_idx": number}))


def test_unknown_environments_and_missing_fields(http, number):
    assert failed(post(http, "step", env_idx=NOBODY, action="x"))
    assert failed(post(http, "reset", env_idx=NOBODY, seed=0, idx=0))
    assert failed(http.get("/webarena/observation", params={"env_idx": NOBODY}))
    for path, body in (
        ("step", {"env_idx": number}),
        ("step", {"env_idx": "x", "action": ""}),
        ("reset", {"env_idx": number, "seed": 0}),
        ("close", {}),
    ):
        assert post(http, path, **body).status_code == 422
    assert http.get("/webarena/observation").status_code == 422


def test_closing_twice_says_the_same(http):
    number = http.post("/webarena/create").json()["env_idx"]
    assert number in http.get("/webarena/list_envs").json()
    for _ in range(2):
        closed = post(http, "close", env_idx=number)
        assert (closed.status_code, closed.json()) == (200, {"closed": "closed"})
    assert number not in http.get("/webarena/list_envs").json()
    assert failed(post(http, "step", env_idx=number, action="x"))


class Client:
    """Does what AgentGym's client does: a connection per call, fences checked here."""

    def __init__(self, base):
        self.base = base
        self.number = httpx.post(f"{base}/create", timeout=300).json()["env_idx"]

    def reset(self, item):
        body = {"env_idx": self.number, "seed": 0, "idx": item}
        told = httpx.post(f"{self.base}/reset", json=body, timeout=300).json()
        if told["observation"] == "TimeoutError":
            raise TimeoutError

    def observe(self):
        query = {"env_idx": self.number}
        return httpx.get(f"{self.base}/observation", params=query, timeout=300).json()

    def step(self, text):
        body = {"env_idx": self.number, "action": text}
        told = httpx.post(f"{self.base}/step", json=body, timeout=300).json()
        reward = told["reward"] if told["terminated"] else 0
        return told["observation"], reward, told["terminated"]


@pytest.mark.parametrize("item", [0, 200])
def test_an_expert_plays_through_a_client(address, item):
    env = gymnasium.make("agentgym/WebArena-v0", parity=True, split="all")
    env.reset(options={"item": item})
    client = Client(f"{address}/webarena")
    client.reset(item)
    assert client.observe() == env.unwrapped.prompt
    done = False
    while not done:
        action = env.unwrapped.expert_action()
        text, reward, done, _, info = env.step(action)
        told = client.step(f"I know what to do.\n{action}")
        assert told == (text, reward if done else 0, done)
    assert info["success"] and told[1] == 1.0


def test_after_the_stop_nothing_breaks(http, number):
    post(http, "reset", env_idx=number, seed=0, idx=ITEM)
    told = post(http, "step", env_idx=number, action="```stop [wrong]```").json()
    assert (told["reward"], told["terminated"]) == (0.0, True)
    again = post(http, "step", env_idx=number, action="```scroll [down]```")
    assert again.status_code == 200
    begun = post(http, "reset", env_idx=number, seed=0, idx=ITEM).json()
    assert begun["observation"] != "TimeoutError"


def test_with_the_family_the_routes_are_at_the_root(background):
    server = background(family="webarena")
    made = httpx.post(f"{server.address}/create", timeout=300)
    assert list(made.json()) == ["env_idx"]
