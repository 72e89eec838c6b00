from __future__ import annotations

import gymnasium
import numpy as np
import pytest

from agentgym_wrappers import AdmissibleActions, ShowAdmissible


def test_a_number_does_the_action_of_its_place(maze):
    env = AdmissibleActions(maze, max_actions=4)
    _, info = env.reset(options={"item": 2})
    index = info["admissible_actions"].index("move left")
    text, *_, info = env.step(np.int64(index))
    assert "position 1, 2" in text
    assert info["action"] == "move left" and not info["invalid_action"]
    assert info["admissible_actions"] == ["move left", "move right"]


def test_the_mask_tells_how_many_actions_there_are(maze):
    env = AdmissibleActions(maze, max_actions=5)
    _, info = env.reset(options={"item": 2})
    assert env.action_masks().tolist() == [True, True, True, False, False]
    assert env.action_masks().dtype == np.bool_
    assert info["action_mask"].dtype == np.int8
    assert env.action_space.sample(info["action_mask"]) < 3


def test_the_mask_is_found_through_outer_wrappers(maze):
    env = AdmissibleActions(maze, max_actions=4)
    outer = gymnasium.wrappers.RecordEpisodeStatistics(env)
    outer.reset(options={"item": 2})
    assert outer.get_wrapper_attr("action_masks")().sum() == 3


@pytest.mark.parametrize("index", [3, 4, 99, -1])
def test_a_number_without_an_action_is_an_invalid_action(maze, index):
    env = AdmissibleActions(maze, max_actions=4)
    env.reset(options={"item": 2})
    text, reward, *_, info = env.step(index)
    assert text == f"There is no action {index}; 3 are admissible."
    assert info["invalid_action"] and info["steps"] == 1 and reward == 0.0
    assert len(info["admissible_actions"]) == 3


def test_a_word_is_no_number(maze):
    env = AdmissibleActions(maze, max_actions=4)
    env.reset()
    with pytest.raises(TypeError):
        env.step("move left")


def test_a_long_list_is_cut_or_refused(wordle):
    env = AdmissibleActions(wordle, max_actions=10)
    _, info = env.reset(seed=0)
    assert len(info["admissible_actions"]) == 10
    env = AdmissibleActions(wordle, max_actions=10, overflow="raise")
    with pytest.raises(ValueError, match="max_actions is 10"):
        env.reset(seed=0)


def orders(seed):
    env = gymnasium.make("agentgym/Maze-v0", parity=True)
    env = AdmissibleActions(env, max_actions=4, shuffle=True)
    env.reset(seed=seed)
    seen = []
    for _ in range(8):
        _, info = env.reset(options={"item": 2})
        seen.append(tuple(info["admissible_actions"]))
    return seen


def test_the_seed_fixes_the_order():
    assert orders(1) == orders(1)
    assert orders(1) != orders(2)
    assert len(set(orders(1))) > 1


def test_shuffling_does_not_change_the_items():
    plain = gymnasium.make("agentgym/Maze-v0")
    mixed = AdmissibleActions(gymnasium.make("agentgym/Maze-v0"), 4, shuffle=True)
    plain.reset(seed=5)
    mixed.reset(seed=5)
    for _ in range(5):
        assert plain.reset()[1]["item_id"] == mixed.reset()[1]["item_id"]


def test_nothing_is_admissible_after_the_end(maze):
    env = AdmissibleActions(maze, max_actions=4)
    _, info = env.reset(options={"item": 18})
    while not info["end_reason"]:
        action = env.unwrapped.expert_action()
        *_, info = env.step(info["admissible_actions"].index(action))
    assert info["admissible_actions"] == [] and not env.action_masks().any()


def test_refresh_lists_the_actions_of_a_restored_state(maze):
    env = AdmissibleActions(maze, max_actions=4)
    _, first = env.reset(options={"item": 2})
    snapshot = env.unwrapped.snapshot()
    env.step(0)
    env.unwrapped.restore(snapshot)
    assert env.refresh()["admissible_actions"] == first["admissible_actions"]


@pytest.mark.parametrize("wrap", [lambda e: AdmissibleActions(e, 4), ShowAdmissible])
def test_a_family_without_a_list_is_refused(maze, monkeypatch, wrap):
    kind = type(maze.unwrapped)
    monkeypatch.setattr(kind, "lists_actions", False)
    with pytest.raises(ValueError, match="Maze does not list"):
        wrap(maze)


@pytest.mark.parametrize("wrap", [lambda e: AdmissibleActions(e, 4), ShowAdmissible])
def test_a_mode_without_a_list_is_refused_at_reset(maze, monkeypatch, wrap):
    monkeypatch.setattr(type(maze.unwrapped), "admissible_actions", lambda self: None)
    with pytest.raises(ValueError, match="Maze does not list"):
        wrap(maze).reset()


def test_the_list_is_shown_always(maze):
    env = ShowAdmissible(maze)
    text, _ = env.reset(options={"item": 2})
    assert text.endswith("\nAvailable actions: move left, move right, move down")
    text, *_ = env.step("move left")
    assert text.endswith("\nAvailable actions: move left, move right")


def test_the_list_is_shown_first_only(maze):
    env = ShowAdmissible(maze, "first", template="{actions} | {observation}")
    text, _ = env.reset(options={"item": 2})
    assert text.startswith("move left, move right, move down | The goal")
    text, *_ = env.step("move left")
    assert text.startswith("The goal") and text.endswith("below you.")


def test_no_list_is_shown_after_the_end(maze):
    env = ShowAdmissible(maze)
    env.reset(options={"item": 18})
    text, *_ = env.step("move down")
    assert text == "Success\n"


def test_a_long_list_stays_in_the_space(wordle):
    env = ShowAdmissible(wordle)
    text, _ = env.reset(seed=0)
    assert text in env.observation_space and len(text) > 30_000


@pytest.mark.parametrize("template", ["{observation}", "{actions}{x}", "{", "{0}"])
def test_a_wrong_template_is_refused(maze, template):
    with pytest.raises(ValueError, match="template"):
        ShowAdmissible(maze, template=template)
