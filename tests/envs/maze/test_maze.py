from __future__ import annotations

import gymnasium
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgym_envs.errors import BadOption, ResetNeeded, UnknownTask
from agentgym_envs.maze import engine
from agentgym_envs.maze.tasks import STARTS

MAZE_0 = [
    "###########",
    "#.........#",
    "###.#.#.###",
    "#.#.#.#...#",
    "#.#.#####.#",
    "#.....#...#",
    "#.#.###.#.#",
    "#.#.....#.#",
    "###.#####.#",
    "#.....#...#",
    "###########",
]
GOAL_0 = (5, 5)
START_0 = (7, 3)

HERE = "The goal is at position 8, 6. Your current position is at position "


def parity_env(item=0):
    env = gymnasium.make("agentgym/Maze-v0", parity=True, max_episode_steps=-1)
    text, _ = env.reset(options={"item": item})
    return env, text


# The original's map, worked by hand


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (0, "1, 1. There are walls to your left, above you, below you."),
        (2, "1, 3. There is a wall above you."),
        (3, "1, 4. There are walls above you, below you."),
        (10, "2, 3. There are walls to your right, to your left."),
        (13, "5, 3. There are walls to your left, below you."),
        (16, "5, 6. There is a wall above you."),
        (18, "7, 6. There are walls to your right, to your left."),
        (21, "5, 9. There are walls to your right, below you."),
        (24, "2, 9. There are walls to your right, to your left."),
    ],
)
def test_walls_are_told_in_the_originals_words_and_order(item, text):
    assert parity_env(item)[1] == HERE + text


def test_no_wall_has_words_of_its_own():
    maze = engine.build("#####" + "#...#" + "#...#" + "#...#" + "#####", 5, 6)
    assert maze.plain(12).text.endswith("position 2, 2. There are no walls near you.")


def test_a_dialogue_by_the_letter_of_the_original():
    env, _ = parity_env(18)
    wall = HERE + "7, 6. There are walls to your right, to your left."
    for action in ("move left", "move right", "Move down", "move down ", "down", ""):
        text, reward, terminated, truncated, info = env.step(action)
        assert (text, reward, terminated, truncated) == (wall, 0.0, False, False)
        assert info["invalid_action"] == (action not in engine.MOVES)
    text, *_ = env.step("move up")
    assert text == HERE + "6, 6. There are walls to your right, to your left."
    env.step("move down")
    text, reward, terminated, _, info = env.step("move down")
    assert (text, reward, terminated) == ("Success\n", 1.0, True)
    assert info["success"] and info["score"] == 1.0 and info["end_reason"] == "success"
    with pytest.raises(ResetNeeded):
        env.step("move up")


def test_the_51st_step_of_the_original_fails_without_moving():
    env, _ = parity_env(18)
    for _ in range(50):
        text, reward, terminated, *_ = env.step("nonsense")
        assert (reward, terminated) == (0.0, False)
    text, reward, terminated, _, info = env.step("move down")
    assert (text, reward, terminated) == ("Failure\n", -1.0, True)
    assert not info["success"]
    assert info["end_reason"] == "failure"


def test_success_at_the_50th_counted_step_is_still_success():
    env, _ = parity_env(18)
    for _ in range(49):
        env.step("move left")
    assert env.step("move down")[0] == "Success\n"


def test_the_originals_starts_and_their_ways():
    assert len(STARTS) == len(set(STARTS)) == 25
    maze = engine.double_t()
    lengths = [maze.distance[row * 13 + column] for row, column in STARTS]
    assert lengths[0] == lengths[9] == 12 == max(lengths)
    assert lengths[18] == 1 == min(lengths)
    open_cells = {i for i, mark in enumerate(maze.grid) if mark == "."}
    assert open_cells == {r * 13 + c for r, c in STARTS} | {maze.goal}


@pytest.mark.parametrize("item", [25, -1, -2, 26, "maze_25", "maze_-2"])
def test_starts_that_the_original_refuses_are_no_items(item):
    env, _ = parity_env()
    with pytest.raises(UnknownTask, match=r"0\.\.24"):
        env.reset(options={"item": item})


def test_published_ids_name_the_same_items():
    env, text = parity_env("lmrlgym_maze_7")
    assert text == parity_env(7)[1]
    assert env.unwrapped.task.id == "maze_7"


@pytest.mark.parametrize("item", range(25))
def test_the_expert_takes_a_shortest_way_from_every_start(item):
    env, _ = parity_env(item)
    row, column = STARTS[item]
    for _ in range(engine.double_t().distance[row * 13 + column]):
        *_, terminated, _, info = env.step(env.unwrapped.expert_action())
    assert terminated and info["success"]


# Generated mazes


@given(
    st.integers(0, 10**6),
    st.sampled_from([5, 7, 11, 21]),
    st.floats(0, 1),
    st.integers(1, 4),
)
def test_every_generated_maze_is_walled_connected_and_winnable(
    index, size, loops, nearest
):
    maze, start = engine.generate(index, size, loops, nearest, 12)
    rows = maze.rows
    assert len(rows) == size and all(len(row) == size for row in rows)
    assert set(rows[0] + rows[-1]) == {"#"}
    assert all(row[0] == row[-1] == "#" for row in rows)
    for cell, mark in enumerate(maze.grid):
        assert (mark == ".") == (maze.distance[cell] >= 0)
    assert nearest <= maze.distance[start] <= 12


def test_without_loops_there_is_one_way_only():
    for index in range(20):
        maze, _ = engine.generate(index, 11, 0.0, 4, 12)
        open_cells = maze.grid.count(".")
        doors = sum(len(maze.exits(c)) for c, m in enumerate(maze.grid) if m == ".")
        assert doors // 2 == open_cells - 1  # a tree


def test_full_loops_open_every_inner_wall():
    maze, _ = engine.generate(0, 7, 1.0, 1, 12)
    assert maze.grid.count(".") == 9 + 12


def test_mazes_of_test_and_training_differ():
    shape = (11, 0.1, 4, 12)
    train = {engine.generate(i, *shape)[0].grid for i in range(2000)}
    test = {engine.generate(i, *shape)[0].grid for i in range(2000, 2200)}
    assert len(train) == 2000
    assert len(test) == 200
    assert not train & test


def test_an_item_is_the_same_for_ever():
    maze, start = engine.generate(0, 11, 0.1, 4, 12)
    assert maze.rows == MAZE_0
    assert (divmod(maze.goal, 11), divmod(start, 11)) == (GOAL_0, START_0)


def test_the_default_tells_an_unknown_action():
    env = gymnasium.make("agentgym/Maze-v0")
    first, _ = env.reset(options={"item": 0})
    text, _, _, _, info = env.step("go north")
    assert text == (
        "Unknown action; use one of move left, move right, move up, move down. " + first
    )
    assert info["invalid_action"]


def test_every_test_maze_is_won_by_the_expert_within_the_horizon():
    env = gymnasium.make("agentgym/Maze-v0", split="test")
    for task in env.unwrapped.tasks:
        env.reset(options={"item": task.index})
        ended = False
        while not ended:
            *_, terminated, truncated, info = env.step(env.unwrapped.expert_action())
            ended = terminated or truncated
        assert info["success"], task.id


def test_bigger_mazes_need_and_take_a_longer_horizon():
    env = gymnasium.make(
        "agentgym/Maze-v0", size=25, loops=0.0, distance=[40, 100], horizon=100
    )
    env.reset(seed=0)
    steps = 0
    terminated = False
    while not terminated:
        *_, terminated, truncated, info = env.step(env.unwrapped.expert_action())
        steps += 1
        assert not truncated
    assert info["success"] and 40 <= steps <= 100


@pytest.mark.parametrize(
    "keywords",
    [
        {"size": 10},
        {"size": 3},
        {"size": "11"},
        {"loops": 1.5},
        {"distance": [5, 4]},
        {"distance": [0, 4]},
        {"distance": [4, 20]},  # farther than the horizon
        {"distance": [4]},
        {"distance": "far"},
    ],
)
def test_impossible_keywords_raise(keywords):
    with pytest.raises(BadOption):
        gymnasium.make("agentgym/Maze-v0", **keywords)


def test_a_size_without_such_ways_says_so():
    env = gymnasium.make("agentgym/Maze-v0", size=5, distance=[10, 12])
    with pytest.raises(ValueError, match="no maze of size 5"):
        env.reset(seed=0)


def test_the_picture_shows_walls_goal_and_walker():
    env = gymnasium.make("agentgym/Maze-v0", render_mode="rgb_array")
    env.reset(options={"item": 0})
    before = env.render()
    assert before.shape == (11 * 24, 11 * 24, 3)
    assert before.dtype == np.uint8
    env.step(env.unwrapped.admissible_actions()[0])
    assert (env.render() != before).any()


def test_the_text_drawing_has_one_goal_and_one_walker():
    env = gymnasium.make("agentgym/Maze-v0", render_mode="ansi")
    env.reset(options={"item": 0})
    drawing = env.render()
    assert drawing.count("A") == drawing.count("G") == 1
    assert [len(line) for line in drawing.splitlines()] == [11] * 11
