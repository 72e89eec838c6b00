"""What is particular to families whose environments are named by ``env_idx``."""

from __future__ import annotations

import gymnasium
import pytest
from dialect_table import FAILED, INDEXED, TOOLS, Player

from agentgym_envs.tools.env import FORMAT_ERROR

OF = {dialect.prefix: dialect for dialect in INDEXED}
tools = pytest.mark.parametrize("dialect", TOOLS, ids=str)


@pytest.fixture
def play(http):
    players = []

    def start(prefix):
        players.append(Player(http, OF[prefix]))
        return players[-1]

    yield start
    for player in players:
        player.post("close")


def failed(reply):
    return (reply.status_code, reply.text) == (500, FAILED)


# WebShop


def test_the_shop_is_open_before_the_first_reset(play):
    player = play("webshop")
    page = player.get("observation").json()
    assert page.startswith("WebShop [SEP] Instruction: [SEP] ")
    assert player.get("available_actions").json() == {
        "has_search_bar": True,
        "clickables": ["search"],
    }


def test_the_instruction_has_a_space_on_the_first_page_only(play):
    player = play("webshop")
    text = player.reset().json()[0].split(" [SEP] ")[2]
    assert player.get("instruction_text").json() == f"Instruction: {text}"
    player.step("search[tea]")
    assert player.get("instruction_text").json() == f"Instruction:{text}"


def test_the_receipt_has_no_instruction(play):
    player = play("webshop")
    player.win()
    assert failed(player.get("instruction_text"))
    assert player.get("available_actions").json() == {
        "has_search_bar": False,
        "clickables": [],
    }


def test_the_shop_tells_the_names_of_its_state(play):
    assert list(play("webshop").get("state").json().items()) == [
        ("url", "url"),
        ("html", "html"),
        ("instruction_text", "instruction_text"),
    ]


@pytest.mark.parametrize("action", ["search[<a> cotton]", "search[<c>]"])
def test_a_search_that_breaks_the_original_is_an_error_and_changes_nothing(
    play, action
):
    player = play("webshop")
    player.reset()
    page = player.step("search[tea]").json()["state"]
    offers = player.get("available_actions").json()
    assert failed(player.step(action))
    assert player.get("observation").json() == page
    assert player.get("available_actions").json() == offers


def test_goals_are_counted_from_the_end_too_and_end_somewhere(play):
    player = play("webshop")
    last = player.reset(-1).json()
    count = len(gymnasium.make("agentgym/WebShop-v0", split="all").unwrapped.tasks)
    assert player.reset(count - 1).json() == last
    assert failed(player.reset(count))
    assert player.get("observation").json() == last[0]


@pytest.mark.parametrize("body", [{}, {"session_id": None}], ids=str)
def test_without_a_goal_one_is_drawn(play, body):
    player = play("webshop")
    drawn = {player.post("reset", body).json()[0] for _ in range(8)}
    assert len(drawn) > 1


def test_after_a_purchase_another_one_pays_again(play):
    player = play("webshop")
    assert player.win().json()["reward"] == 1.0
    player.step("search[tea]")
    item = player.get("available_actions").json()["clickables"][2]
    player.step(f"click[{item}]")
    bought = player.step("click[buy now]").json()
    assert bought["done"] is True and 0 <= bought["reward"] <= 1


# SQLGym


def test_nothing_is_there_before_the_first_reset(play):
    player = play("sqlgym")
    assert failed(player.get("observation"))
    assert failed(player.step("SELECT 1"))


@pytest.mark.parametrize("item", [-1, 9427, 10961, 10962, 10**30])
def test_items_outside_the_data_fail(play, item):
    player = play("sqlgym")
    first = player.reset().json()
    assert failed(player.reset(item))
    assert [player.get("observation").json(), None] == first


def test_a_right_statement_pays_and_the_gold_one_is_told(play):
    player = play("sqlgym")
    first = player.reset().json()[0]
    gold = player.step("SELECT 1").json()["info"]
    assert list(gold) == ["ground_truth"]
    right = player.step(gold["ground_truth"]).json()
    assert right["reward"] == 1.0 and right["done"] is True
    assert player.get("observation").json() == first


def test_a_long_result_is_cut(play):
    player = play("sqlgym")
    player.reset()
    state = player.step("SELECT printf('%200s', 'x')").json()["state"]
    assert len(state) == 103 and state.endswith("...")


# Tools


@tools
def test_a_reply_without_a_call_is_told_so(play, dialect):
    player = play(dialect.prefix)
    assert player.step("I give up").json() == {
        "observation": FORMAT_ERROR,
        "reward": 0.0,
        "done": False,
    }


@tools
def test_the_first_text_is_observed_for_ever(play, dialect):
    player = play(dialect.prefix)
    first = player.reset().json()
    assert first.startswith("Now new trial starts.\nYou should perform actions ")
    assert first.endswith("\nGive me one action.")
    text = player.step("Action: finish with Action Input: {'answer': 1}").json()
    assert text["observation"].startswith("Observation: ") and text["done"] is True
    assert player.get("observation").json() == first


@tools
def test_a_reset_without_an_item_begins_the_same_again(play, dialect):
    player = play(dialect.prefix)
    first = player.reset(2).json()
    assert player.post("reset", {"id": None}).json() == first
    assert player.post("reset", {}).json() == first
    assert player.reset(3).json() != first


@tools
def test_items_are_counted_from_the_end_too(play, dialect):
    player = play(dialect.prefix)
    env = gymnasium.make(f"agentgym/{dialect.env}-v0", parity=True, split="all")
    last = env.reset(options={"item": len(env.unwrapped.tasks) - 1})[0]
    assert player.reset(-1).json() == last
    assert failed(player.reset(-(10**6)))
    assert player.get("observation").json() == last


@tools
def test_a_new_environment_begins_with_its_item(http, play, dialect):
    player = play(dialect.prefix)
    made = http.post(f"/{dialect.prefix}/create", json={"id": 4}).json()
    query = {"env_idx": made}
    seen = http.get(f"/{dialect.prefix}/observation", params=query).json()
    assert seen == player.reset(4).json()
    listed = http.get(f"/{dialect.prefix}/list_envs").json()
    assert {made, player.number} <= set(listed)
    http.post(f"/{dialect.prefix}/close", json=query)
    assert made not in http.get(f"/{dialect.prefix}/list_envs").json()


@tools
def test_a_creation_that_fails_uses_up_its_number(http, play, dialect):
    before = play(dialect.prefix).number
    assert failed(http.post(f"/{dialect.prefix}/create", json={"id": 10**20}))
    assert play(dialect.prefix).number == before + 2
    wrong = http.post(f"/{dialect.prefix}/create", json={"id": "some"})
    assert wrong.status_code == 422


def test_where_the_user_is_gets_lost_when_a_task_begins_again(play):
    player = play("todo")
    ask = "Action: get_user_current_{} with Action Input: {{}}"
    player.reset(0)
    place = player.step(ask.format("location")).json()["observation"]
    date = player.step(ask.format("date")).json()["observation"]
    player.post("reset", {"id": None})
    assert player.step(ask.format("location")).json()["observation"] == date != place
    player.reset(0)
    assert player.step(ask.format("location")).json()["observation"] == place


# SearchQA


def test_a_wrong_answer_may_be_followed_by_others(play):
    player = play("searchqa")
    prompt = player.reset().json()
    assert "\n\n Question: " in prompt
    found = player.step("<search>the capital</search>").json()
    assert found["observation"].startswith("<information>Doc 1(Title: ")
    wrong = player.step("<answer>nobody at all</answer>").json()
    assert wrong == {
        "observation": "Sorry, your answer is incorrect. Please try again.",
        "reward": 0.0,
        "done": False,
        "info": None,
    }
    assert player.get("observation").json() == prompt


@pytest.mark.parametrize("item", [-1, 10**7])
def test_questions_outside_the_data_fail(http, play, item):
    player = play("searchqa")
    assert failed(player.reset(item))
    assert failed(http.post("/searchqa/create", json={"id": item}))


def test_the_searching_server_lists_nothing(http):
    assert http.get("/searchqa/list_envs").status_code == 404
