"""What is particular to families whose environments are named by ``id``."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
import pytest
from dialect_table import BY_ID, FAILED, Player, needs_engine

from agentgym_envs.sciworld.tasks import SERVED
from agentgym_envs.wordle.original import WORDS

OF = {dialect.prefix: dialect for dialect in BY_ID}
RANGE = {"error": "list index out of range"}


@pytest.fixture
def play(http):
    players = []

    def start(prefix):
        needs_engine(OF[prefix])
        players.append(Player(http, OF[prefix]))
        return players[-1]

    yield start
    for player in players:
        player.post("close")


# ALFWorld


def test_a_game_begins_with_its_name_and_commands(play):
    player = play("alfworld")
    begun = player.reset().json()
    assert list(begun) == ["id", "observation", "available_actions", "task_type"]
    assert begun["id"] == player.number
    room, task = begun["observation"].split("\n")
    assert room.startswith("You are in the middle of a room. ")
    assert task.startswith("Your task is to: ")
    folder, trial = begun["task_type"].split("/")
    assert folder.count("-") == 4 and trial == "trial_0"
    commands = begun["available_actions"]
    assert commands == sorted(commands) and "look" in commands


def test_the_detail_of_a_game(play):
    player = play("alfworld")
    assert list(player.get("detail").json().items()) == [
        ("done", False),
        ("reward", 0),
        ("deleted", False),
    ]
    player.reset()
    player.post("reset", {"game": 1, "world_type": "Embody"})
    stepped = player.step("look").json()
    assert list(player.get("detail").json().items()) == [
        ("world_type", "Embody"),
        ("game", 1),
        ("observation", stepped["observation"]),
        ("available_actions", stepped["available_actions"]),
        ("done", False),
        ("reward", 0.0),
        ("deleted", False),
    ]
    assert player.get("available_actions").json() == stepped["available_actions"]


def test_worlds_that_there_are_not(play):
    player = play("alfworld")
    reply = player.post("reset", {"game": 0, "world_type": "text"})
    text = 'world_type must be one of "Text", "Embody" and "Hybrid"'
    assert (reply.status_code, reply.json()) == (200, {"error": text})


def test_games_are_a_list(play):
    player = play("alfworld")
    last = player.reset(-1).json()
    assert "error" not in last and player.reset(0).json() != last
    assert player.reset(10**6).json() == RANGE
    assert player.reset(-(10**6)).json() == RANGE
    assert player.step().json().keys() == OF["alfworld"].step.keys()


def test_the_last_step_of_a_won_game_tells_commands(play):
    player = play("alfworld")
    won = player.win().json()
    assert (won["reward"], won["done"]) == (1.0, True)
    assert "look" in won["available_actions"]


def test_nothing_is_known_of_a_game_before_it_begins(play):
    player = play("alfworld")
    assert player.get("observation").json() == {"error": "'observation'"}
    assert player.get("available_actions").json() == {"error": "'available_actions'"}


# BabyAI


def test_a_level_begins_with_a_dict_of_numbers(play):
    player = play("babyai")
    assert list(player.get("observation").json().items()) == [
        ("observation", "Environment not initialized"),
        ("reward", 0),
        ("score", 0),
        ("done", False),
        ("deleted", False),
    ]
    begun = player.reset()
    text = begun.json()["observation"]
    assert begun.text.endswith('"reward":0,"score":0,"deleted":false,"done":false}')
    goal, _, actions = text.split("\n")
    assert goal == "Your goal: go to the red ball"
    assert actions.startswith('Available actions: ["turn left", "turn right", ')


def test_observing_a_level_repeats_its_goal(play):
    player = play("babyai")
    player.reset()
    text = player.step().json()["observation"]
    assert not text.startswith("Your goal")
    assert player.get("observation").json() == {
        "observation": f"Your goal: go to the red ball\n{text}",
        "reward": 0,
        "score": 0,
        "done": False,
        "deleted": False,
    }


def test_the_score_of_a_level_is_the_sum_of_its_rewards(play):
    player = play("babyai")
    won = player.win().json()
    assert type(won["reward"]) is float and 0.5 < won["reward"] == won["score"] <= 1


@pytest.mark.parametrize(("item", "seed"), [(-1, -1), (-40, -1), (-41, -2)])
def test_seeds_below_zero(play, item, seed):
    text = f"Seed must be greater or equal to zero, actual value: {seed}"
    assert play("babyai").reset(item).json() == {"error": text}


def test_a_level_can_be_seen(play):
    player = play("babyai")
    assert player.post("render").json() == {"error": str(player.number)}
    player.reset()
    kind, _, data = player.post("render").json().partition(",")
    assert kind == "data:image/png;base64"
    image = pixels(base64.b64decode(data))
    player.step("turn left")
    other = pixels(base64.b64decode(player.post("render").json().partition(",")[2]))
    assert image.shape == other.shape and (image != other).any()
    assert len(np.unique(image.reshape(-1, 3), axis=0)) > 3


def pixels(image):
    """Read a PNG with a single kind of rows, as any reader would."""
    assert image[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = {}, 8
    while at < len(image):
        size, kind = struct.unpack(">I4s", image[at : at + 8])
        chunks[kind] = image[at + 8 : at + 8 + size]
        (check,) = struct.unpack(">I", image[at + 8 + size : at + 12 + size])
        assert check == zlib.crc32(kind + chunks[kind])
        at += 12 + size
    width, height, depth, colours = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (depth, colours) == (8, 2) and chunks[b"IEND"] == b""
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8)
    rows = rows.reshape(height, 1 + 3 * width)
    assert not rows[:, 0].any()
    return rows[:, 1:].reshape(height, width, 3)


def test_the_original_denies_to_close_what_never_began(play):
    player = play("babyai")
    assert player.post("close").json() is False
    assert player.reset().json() == {"error": f"The id {player.number} is not valid."}


# SciWorld


def test_a_task_begins_with_all_about_it(play):
    player = play("sciworld")
    begun = player.reset(101).json()
    assert list(begun) == (
        "task_name var_num task_description observation reward score deleted done"
    ).split(" ")
    assert (begun["task_name"], begun["var_num"]) == (
        "change-the-state-of-matter-of",
        11,
    )
    assert begun["task_description"].startswith("Your task is to ")
    assert begun["observation"].startswith("This room is called the ")
    assert (begun["deleted"], begun["done"]) == (False, False)


def test_a_first_look_may_earn_something(play):
    begun = play("sciworld").reset(1401).json()
    assert begun["task_name"] == "power-component"
    assert type(begun["score"]) is int and begun["score"] == begun["reward"] == 7


def test_tasks_are_a_list(play):
    player = play("sciworld")
    assert player.reset(-1).json() == player.reset(SERVED - 1).json()
    assert player.reset(SERVED).json() == RANGE
    assert player.reset(-SERVED - 1).json() == RANGE


def test_the_detail_of_a_task_grows(play):
    player = play("sciworld")
    assert player.get("detail").text == '{"deleted":false,"done":false}'
    begun = player.reset().json()
    names = list(begun)
    keys = ["deleted", "done", *names[:6]]
    assert list(player.get("detail").json()) == keys
    stepped = player.step("wait1").json()
    assert player.get("detail").json() == {**begun, **stepped}
    player.post("step_visual", {"action": "wait1"})
    more = ["info", "object_tree", "inventory", "moves"]
    assert list(player.get("detail").json()) == [*keys, *more]


def test_hints_and_goals(play):
    player = play("sciworld")
    uninitialized = "ERROR: Interface is not initialized"
    for path in ("action_hint", "goals", "state", "object_tree"):
        assert player.get(path).json()["error"].startswith(uninitialized)
    player.reset(0)
    hint = player.get("action_hint").json()
    assert list(hint) == ["possible_actions", "possible_objects"]
    assert "connect OBJ to OBJ" in hint["possible_actions"]
    assert "hallway" in hint["possible_objects"]
    goals = player.get("goals").json()
    assert list(goals) == ["goals"] and "Sequential Subgoals:" in goals["goals"]
    assert player.get("object_tree").json()["object_tree"]["name"] == "universe"


def test_the_state_of_a_task(play):
    player = play("sciworld")
    begun = player.reset(0).json()
    player.step("wait1")
    state = player.get("state").json()
    assert list(state) == (
        "observation inventory task_description goal_progress possible_actions "
        "possible_objects current_moves environment_info"
    ).split(" ")
    assert state["task_description"] == begun["task_description"]
    assert state["inventory"].startswith("In your inventory, you see:\n")
    assert state["environment_info"] == player.get("detail").json()
    assert len(state["possible_actions"]) == len(state["possible_objects"]) == 10
    assert state["current_moves"] == 2
    assert player.get("task_description").json() == {
        "task_description": begun["task_description"]
    }


def test_a_step_of_the_front_end_reads_a_whole_reply(play):
    player = play("sciworld")
    player.reset(0)
    reply = "Thought: open it.\nAction: open door to kitchen</s>"
    told = player.post("step_visual", {"action": reply}).json()
    assert told["observation"] == "The door is now open."
    assert list(told) == (
        "observation reward score done info object_tree inventory moves"
    ).split(" ")
    info = told["info"]
    assert list(info) == (
        "moves score reward look inv taskDesc valid variationIdx taskName "
        "simplificationStr"
    ).split(" ")
    assert "(that is open)" in info["look"]
    assert (info["taskName"], info["variationIdx"]) == ("boil", 0)
    assert info["taskDesc"].startswith("Task Description:\nYour task is to boil")
    assert info["inv"] == told["inventory"] and info["moves"] == told["moves"] == 1
    assert "close door to kitchen" in info["valid"]


def test_a_wrong_focus_ends_a_task_with_minus_hundred(play):
    player = play("sciworld")
    player.reset(0)
    lost = player.step("focus on air").json()
    assert (lost["score"], lost["done"]) == (-100, True)
    assert lost["reward"] == -100
    assert player.get("goals").json()["error"].endswith("has finished.")


def test_an_unknown_task_cannot_be_closed(play, http):
    player = play("sciworld")
    reply = http.post("/sciworld/close", json={"id": player.number + 1000})
    assert (reply.status_code, reply.text) == (500, FAILED)


# TextCraft


def test_a_new_environment_crafts_what_its_number_says(play):
    player = play("textcraft")
    made = player.reply.json()
    assert list(made) == ["id", "observation", "done", "reward"]
    assert made == player.reset(player.number).json()


@pytest.mark.parametrize(
    ("item", "same"), [(999_999, 999_999 % 544), (-1, 543), (10**30, 10**30 % 544)]
)
def test_any_number_is_a_goal(play, item, same):
    player = play("textcraft")
    assert player.reset(item).json() == player.reset(same).json()


@pytest.mark.parametrize("body", [{}, {"data_idx": None}], ids=str)
def test_no_number_means_the_first_goal(play, body):
    player = play("textcraft")
    assert player.post("reset", body).json() == player.reset(0).json()


def test_commands_and_goals_of_ones_own_are_lost(http):
    body = {"commands": "craft 1 x using 1 y", "goal": "x"}
    made = http.post("/textcraft/create", json=body).json()
    assert "craft 1 x" not in made["observation"]
    wrong = http.post("/textcraft/create", json={"goal": 5})
    assert wrong.status_code == 422
    http.post("/textcraft/close", json={"id": made["id"]})


@pytest.mark.parametrize("path", ["commands", "goal"])
def test_two_routes_of_the_original_are_broken(play, path):
    player = play("textcraft")
    reply = player.get(path)
    assert (reply.status_code, reply.text) == (500, FAILED)


def test_crafting_goes_on_after_the_goal(play):
    player = play("textcraft")
    assert player.win().json()["reward"] == 1
    detail = player.get("detail").json()
    assert list(detail) == ["observation", "done", "reward", "deleted"]
    assert (detail["done"], detail["reward"], detail["deleted"]) == (True, 1, False)
    again = player.step("inventory").json()
    assert (again["done"], again["reward"]) == (False, 0)


# Maze


def test_starts_are_a_list_whose_last_is_the_goal(play):
    player = play("maze")
    assert player.reset(26).json() == {"error": "The game 26 is not valid."}
    assert player.reset(25).json() == {"error": ""}
    assert player.reset(-1).json() == {"error": ""}
    assert player.reset(-27).json() == RANGE
    assert player.reset(-2).json() == player.reset(24).json()
    assert list(player.reset(0).json()) == ["observation"]


def test_the_moves_of_the_maze_need_no_id(http):
    assert http.get("/maze/available_actions").json() == [
        "move left",
        "move right",
        "move up",
        "move down",
    ]


def test_the_maze_pays_with_integers_until_the_end(play):
    player = play("maze")
    player.reset(17)
    assert player.step("move down").text.endswith('"reward":0,"done":false}')
    assert list(player.get("detail").json().items())[2:] == [
        ("done", False),
        ("reward", 0),
        ("deleted", False),
    ]
    won = player.step("move down")
    assert won.text == '{"observation":"Success\\n","reward":1.0,"done":true}'


def test_the_fifty_first_step_in_the_maze_is_lost(play):
    player = play("maze")
    player.reset(0)
    for _ in range(50):
        assert player.step("dance").json()["done"] is False
    assert player.step("move right").json() == {
        "observation": "Failure\n",
        "reward": -1.0,
        "done": True,
    }


def test_the_maze_misses_its_goal_before_it_begins(play):
    player = play("maze")
    assert player.get("detail").json() == {"error": "'goal_position'"}
    assert player.get("observation").json() == {"error": "'observation'"}


# Wordle


def test_the_words_are_there_before_the_first_reset(play):
    player = play("wordle")
    assert player.get("filtered_vocab").json() == list(WORDS)
    assert player.get("observation").json() == {"error": "'observation'"}
    assert player.get("detail").text == '{"done":false,"reward":0,"deleted":false}'


def test_a_game_of_words(play):
    player = play("wordle")
    begun = player.reset(3).json()
    assert begun == {"id": player.number, "observation": "Let's start Wordle!"}
    assert list(player.get("detail").json().items()) == [
        ("done", False),
        ("reward", 0),
        ("deleted", False),
        ("seed", 3),
        ("observation", "Let's start Wordle!"),
    ]
    guessed = player.step("p a n i c").text
    assert guessed == '{"observation":"b b y b b\\n","reward":0,"done":false}'
    wrong = player.step("PANIC").text
    assert wrong == '{"observation":"invalid word","reward":0.0,"done":false}'
    assert player.get("filtered_vocab").json() == ["knoll", "mount", "wrung", "thorn"]


def test_the_sixth_word_is_the_last(play):
    player = play("wordle")
    player.reset()
    replies = [player.step("zzzzz").json() for _ in range(6)]
    assert [reply["done"] for reply in replies] == [False] * 5 + [True]


def test_a_solved_riddle_pays_an_integer(play):
    player = play("wordle")
    assert player.win().text.endswith('"reward":1,"done":true}')


def test_a_seed_and_its_negative_are_one(play):
    player = play("wordle")
    player.reset(-3)
    assert player.get("detail").json()["seed"] == -3
    assert player.step("panic").json()["observation"] == "b b y b b\n"
