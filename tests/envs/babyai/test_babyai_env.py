"""The environment: both modes, items, ends, drawings, and nonsense."""

from __future__ import annotations

import copy
import pickle
import re

import gymnasium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("minigrid")

import babyai_stock as stock

import agentgym_envs
from agentgym_envs.babyai import NAMES, tasks
from agentgym_envs.babyai.levels import load
from agentgym_envs.errors import BadOption, UnknownTask


def make(name: str = "BabyAI", **kwargs):
    return gymnasium.make(f"agentgym/{name}-v0", **kwargs).unwrapped


def begin(item: object, **kwargs):
    env = make(**kwargs)
    text, info = env.reset(options={"item": item})
    return env, text, info


def test_the_first_text_of_the_small_room():
    _, text, info = begin(3)
    assert text == (
        "Your goal: go to the blue key\n"
        "In front of you in this room, you can see several objects: There is a blue "
        "key 1 1 steps in front of you and 1 steps to your right.  The room has walls "
        "around you. You are facing a wall 2 steps away. You are not carrying "
        "anything.\n"
        'Available actions: ["turn left", "turn right", "move forward", '
        '"pickup blue key 1", "go to blue key 1", "check available actions"]'
    )
    assert (info["item_id"], info["task"]) == ("babyai_3", "GoToObjS6")


def test_success_ends_the_episode_with_its_reward():
    env, _, _ = begin(3)
    text, reward, terminated, truncated, info = env.step("go to blue key 1")
    assert "\n The task is completed.\nAvailable actions: [" in text
    assert reward == info["score"] == 1 - 0.9 * (2 / 16)
    assert (terminated, truncated, info["success"]) == (True, False, True)
    assert (info["end_reason"], env.admissible_actions()) == ("success", [])


def test_parity_pays_and_repeats_small_rewards_without_an_end():
    env, _, _ = begin(3, parity=True)
    for _ in range(12):
        env.step("turn left")
    text, reward, terminated, _, info = env.step("go to blue key 1")
    assert "\n The task is completed.\n" in text
    assert (reward, terminated) == (pytest.approx(0.2125), False)
    rewards = [env.step(a)[1] for a in ("turn left", "turn right", "", "nonsense")]
    assert rewards == pytest.approx([0.0, 0.1, 0.1, 0.1])
    *_, info = env.step("")
    assert info["original_score"] == pytest.approx(0.6125)
    assert info["success"] is True


def test_parity_goes_on_after_the_limit_and_pays_less_than_nothing():
    env, _, _ = begin(3, parity=True, horizon=100)
    for _ in range(20):
        env.step("turn left")
    _, reward, terminated, truncated, info = env.step("go to blue key 1")
    assert (reward, terminated, truncated) == (pytest.approx(-0.2375), False, False)
    assert info["score"] == 0.0


def test_parity_refuses_steps_after_the_end():
    env, _, _ = begin(3, parity=True)
    assert env.step("go to blue key 1")[2] is True
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.step("turn left")


def test_the_limit_of_the_level_cuts_the_episode():
    env, _, _ = begin(3)
    for _ in range(15):
        assert env.step("turn left")[2:4] == (False, False)
    text, reward, terminated, truncated, info = env.step("turn left")
    assert (reward, terminated, truncated) == (0.0, False, True)
    assert info["end_reason"] == "max_steps"
    assert "The time for this task is over." in text


def test_a_wrong_object_fails_a_strict_mission():
    seed = next(s for s in range(20) if _wrong(s))
    action = _wrong(seed)
    env, _, _ = begin(seed * 40 + 19)
    text, reward, terminated, _, info = env.step(action)
    assert (reward, terminated, info["success"]) == (0.0, True, False)
    assert info["end_reason"] == "failure"
    assert "The task has failed." in text
    env, _, _ = begin(seed * 40 + 19, parity=True)
    text, reward, terminated, _, _ = env.step(action)
    assert "The task is completed." in text
    assert (reward, terminated) == (0, False)


def _wrong(seed: int) -> str | None:
    """An action that picks up a wrong object first thing, if there is one."""
    env = make("BabyAI.PickupDistDebug", parity=True)
    env.reset(options={"item": seed})
    for action in env.admissible_actions():
        if action.startswith("pickup"):
            twin = env._state.world.copy()
            twin.run(action)
            if twin.status == 2:
                return action
    return None


def test_only_parity_runs_past_a_success():
    action = "toggle and go through red closed door 1"
    seed = next(s for s in range(20) if action in begin(s * 40 + 12)[1])
    env, _, _ = begin(seed * 40 + 12)
    _, reward, terminated, _, _ = env.step(action)
    assert reward > 0.5 and terminated
    env, _, _ = begin(seed * 40 + 12, parity=True)
    text, reward, terminated, _, _ = env.step(action)
    assert (reward, terminated) == (0, False)
    assert "completed" not in text


def test_only_parity_hides_the_order():
    for seed in range(10):
        item = seed * 40 + 15
        true, shown = load(16, seed).sentence, begin(item, parity=True)[0].goal
        assert begin(item)[0].goal == true
        assert "then" not in shown and "after you" not in shown
        if ", then " in true:
            assert shown == true.replace(", then ", ", and ")


def test_pick_up_is_understood_as_pickup_by_our_rules():
    env, _, _ = begin(0)
    name = next(a for a in env.admissible_actions() if a.startswith("pickup"))
    spelt = name.replace("pickup", " Pick Up").upper()
    assert env.step(spelt)[4]["invalid_action"] is False
    env, _, _ = begin(0, parity=True)
    text, *_, info = env.step(spelt)
    assert text.startswith(
        "The action is not recognized. Please check valid actions.\n"
    )
    assert info["invalid_action"] is True


def test_answers_that_move_nothing():
    env, first, _ = begin(3)
    offers = first.rpartition("\n")[2]
    text, *_, info = env.step("please check")
    assert text == (
        "You can take the following actions: turn left, turn right, move forward, "
        f"pickup blue key 1, go to blue key 1, check available actions\n{offers}"
    )
    assert info["invalid_action"] is False
    text, *_, info = env.step(" ")
    assert (text, info["invalid_action"]) == (f"No change in state.\n{offers}", True)
    env.step("move forward")
    text, *_, info = env.step("move forward")
    assert text.startswith(
        "There is a barrier in front of you, you can't move forward."
    )
    assert (info["invalid_action"], info["steps"]) == (True, 4)


def test_going_where_one_is_changes_nothing():
    env, _, _ = begin(9)
    while not any(a.startswith("go to") for a in env.admissible_actions()):
        env.step("turn left")
    name = next(a for a in env.admissible_actions() if a.startswith("go to"))
    for _ in range(5):
        if name not in env.admissible_actions():
            break
        env.step(name)
    if not env.is_over:
        assert env.step(name)[0].startswith("No change in state.")


def test_an_item_is_the_same_by_family_and_by_task():
    family, one = make(), make("BabyAI.GoToDoor")
    text, info = family.reset(options={"item": 7 * 40 + 9})
    assert one.reset(options={"item": 7}) == (text, info)
    assert one.reset(options={"item": "babyai_289"}) == (text, info)
    assert one.tasks[7].id == "babyai_289"
    assert one.tasks[7].index == 7


@pytest.mark.parametrize("item", ["babyai_288", "maze_1", "babyai_-1", -1, 1.5, True])
def test_items_of_other_tasks_are_refused(item):
    with pytest.raises(UnknownTask) as caught:
        make("BabyAI.GoToDoor").reset(options={"item": item})
    assert str(caught.value)


def test_the_refusal_says_which_ids_are_valid():
    with pytest.raises(UnknownTask, match=r"BabyAI\.GoToDoor .* N % 40 == 9.*babyai_9"):
        make("BabyAI.GoToDoor").tasks.find("babyai_288")


def test_splits():
    family = make()
    assert (len(family.tasks), family.tasks[0].index) == (40000, 0)
    assert len(make(split="test").tasks) == 1000
    assert make(split="test").tasks[0].id == "babyai_40000"
    assert len(make("BabyAI.Open", split="all").tasks) == 1025
    assert family.tasks.at(39_999).split == "train"
    assert family.tasks.at(40_999).split == "test"
    assert family.tasks.at(41_000).split == "unlisted"


def test_a_task_name_must_exist():
    with pytest.raises(BadOption, match="GoToRedBall"):
        make(task="GoToTheMoon")


def test_looking_at_tasks_generates_nothing_until_a_goal_is_wanted(monkeypatch):
    loaded = []
    real = tasks.load

    def count(*args, **kwargs):
        loaded.append(args)
        return real(*args, **kwargs)

    monkeypatch.setattr(tasks, "load", count)
    item = make().tasks[1234]
    assert (item.id, loaded) == ("babyai_1234", [])
    assert item.goal and len(loaded) == 1


def test_tasks_can_be_copied_and_pickled():
    item = make(parity=True).tasks[15]
    for twin in (copy.deepcopy(item), pickle.loads(pickle.dumps(item))):
        assert twin == item
        assert twin.goal == item.goal
    with pytest.raises(AttributeError):
        item.index = 3


def test_every_task_is_registered():
    listed = {t.task for t in agentgym_envs.list_tasks() if t.family == "BabyAI"}
    assert listed == set(NAMES)


def test_an_ansi_drawing_shows_the_whole_level():
    env, _, _ = begin(3, render_mode="ansi")
    lines = env.render().splitlines()
    assert lines[0] == "go to the blue key"
    assert lines[1:5][0] == "########" == lines[4]
    assert "Kb" in env.render()
    assert any(arrow in env.render() for arrow in (">>", "vv", "<<", "^^"))


def test_colours_are_put_around_the_same_drawing():
    env, _, _ = begin(38)
    plain, painted = env._ansi(colour=False), env._ansi(colour=True)
    bare = re.sub(r"\x1b\[\d+m", "", painted)
    assert [line.rstrip() for line in bare.splitlines()] == plain.splitlines()


def test_the_picture_is_minigrids_own():
    for level in (4, 13, 23, 39):
        theirs = stock.make(level)
        stock.reset(theirs, 0)
        env, _, _ = begin(level - 1, render_mode="rgb_array")
        for action, name in ((0, "turn left"), (1, "turn right"), (1, "turn right")):
            theirs.step(action)
            env.step(name)
        expected = theirs.get_frame(highlight=True, tile_size=32)
        assert (env.render() == expected).all()


TEXTS = st.one_of(
    st.text(),
    st.sampled_from(["go to ", "pickup red ball 1", "toggle", "turn left\0", "check"]),
    st.text(alphabet=st.characters(categories=["Cs", "Cc", "Nd"])),
)


@pytest.mark.parametrize("parity", [False, True])
def test_any_text_is_answered(parity):
    env = make(parity=parity, horizon=10**9)
    env.reset(options={"item": 38})

    @settings(max_examples=200, deadline=None)
    @given(TEXTS)
    def check(action):
        if env.is_over:
            env.reset(options={"item": 38})
        text, _, _, _, info = env.step(action)
        assert text and type(info["invalid_action"]) is bool

    check()
    env.reset(options={"item": 38})
    env.step("x" * 1_000_000)
    assert env.step("turn left")[4]["invalid_action"] is False
