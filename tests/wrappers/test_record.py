from __future__ import annotations

import copy
import json

import gymnasium
import pytest

from agentgym_envs import MalformedReply
from agentgym_envs.errors import UnknownTask
from agentgym_wrappers import (
    AdmissibleActions,
    ChatObservation,
    FunctionCallAction,
    ReActAction,
    RecordTrajectory,
)
from agentgym_wrappers.trajectory import CONSENT, read

# The third start of the original map is 10 moves away, this one is 1.
NEAR = {"item": 18}


def lines(path):
    return list(read(path))


def play(env, *actions, **options):
    env.reset(**options)
    for action in actions:
        env.step(action)
    return env.trajectory


def test_a_record_has_the_published_shape(maze):
    env = RecordTrajectory(maze, policy="me")
    record = play(env, "move up", "move down", "move down", options=NEAR)
    assert list(record) == ["conversations", "item_id", "reward", "success", "meta"]
    told = record["conversations"]
    assert all(list(message) == ["from", "loss", "value"] for message in told)
    assert [(m["from"], m["loss"]) for m in told] == [
        ("human", None),
        ("gpt", False),
        *[("human", None), ("gpt", True)] * 3,
    ]
    values = [m["value"] for m in told]
    assert values[:2] == [maze.unwrapped.instructions, CONSENT]
    assert values[2].startswith("The goal is at position 8, 6.")
    assert values[3::2] == ["move up", "move down", "move down"]
    assert (record["item_id"], record["reward"], record["success"]) == ("maze_18", 1, 1)
    assert type(record["reward"]) is float and type(record["success"]) is int


def test_meta_holds_the_rest(maze):
    env = RecordTrajectory(maze, policy="me")
    meta = play(env, "fly", "move down", seed=7, options=NEAR)["meta"]
    assert meta == {
        "env_id": "agentgym/Maze-v0",
        "version": meta["version"],
        "kwargs": {"parity": True},
        "horizon": maze.unwrapped.horizon,
        "seed": 7,
        "options": NEAR,
        "policy": "me",
        "action_format": "text",
        "task": "Maze",
        "split": "train",
        "actions": ["fly", "move down"],
        "reply_errors": ["", ""],
        "rewards": [0.0, 1.0],
        "scores": [0.0, 1.0],
        "invalid": [True, False],
        "terminated": True,
        "truncated": False,
        "end_reason": "success",
    }


def test_the_last_observation_is_told_on_request(maze):
    env = RecordTrajectory(maze, end_with_observation=True)
    told = play(env, "move down", options=NEAR)["conversations"]
    assert told[-1] == {"from": "human", "loss": None, "value": "Success\n"}


def test_outside_a_parser_replies_and_actions_are_recorded(maze):
    env = RecordTrajectory(ReActAction(maze))
    record = play(env, "hm", "Thought: x\nAction: move down", options=NEAR)
    replies = [m["value"] for m in record["conversations"] if m["from"] == "gpt"]
    assert replies == [CONSENT, "hm", "Thought: x\nAction: move down"]
    assert "Thought:" in record["conversations"][0]["value"]
    meta = record["meta"]
    assert meta["action_format"] == "react"
    assert meta["actions"] == ["", "move down"]
    assert "Reply in this form" in meta["reply_errors"][0]
    assert meta["reply_errors"][1] == "" and meta["invalid"] == [True, False]


def test_inside_a_parser_bare_actions_are_recorded(maze):
    inside = RecordTrajectory(maze)
    env = ReActAction(inside)
    env.reset(options=NEAR)
    env.step("hm")
    env.step("Action: move down")
    meta = inside.trajectory["meta"]
    assert meta["action_format"] == "text"
    assert meta["actions"] == ["", "move down"]
    assert "Reply in this form" in meta["reply_errors"][0]


def test_a_record_can_be_played_again(maze):
    env = RecordTrajectory(FunctionCallAction(maze))
    call = env.env.write("move", {"direction": "down"})
    record = play(env, "nonsense", call, options=NEAR)
    again = RecordTrajectory(gymnasium.make("agentgym/Maze-v0", parity=True))
    again.reset(options=record["meta"]["options"])
    for action, error in zip(
        record["meta"]["actions"], record["meta"]["reply_errors"], strict=True
    ):
        again.step(MalformedReply(action, error) if error else action)
    for key in ("actions", "reply_errors", "rewards", "scores", "invalid"):
        assert again.trajectory["meta"][key] == record["meta"][key]
    told, retold = record["conversations"], again.trajectory["conversations"]
    assert told[2::2] == retold[2::2]


def test_numbers_are_recorded_as_their_actions(maze):
    env = RecordTrajectory(AdmissibleActions(maze, 4))
    env.reset(options=NEAR)
    env.step(7)
    env.step(env.env.refresh()["admissible_actions"].index("move down"))
    meta = env.trajectory["meta"]
    assert meta["actions"] == ["", "move down"] and meta["reply_errors"][1] == ""
    assert env.trajectory["conversations"][-1]["value"] == "move down"


def test_chats_are_recorded_by_their_latest_text(maze):
    env = RecordTrajectory(ChatObservation(maze), end_with_observation=True)
    record = play(env, "move down", options=NEAR)
    assert record["conversations"][-1]["value"] == "Success\n"


def test_the_wrapper_changes_nothing(maze):
    env = RecordTrajectory(gymnasium.make("agentgym/Maze-v0", parity=True))
    assert env.reset(seed=3) == maze.reset(seed=3)
    for action in ("move up", "fly", "", "move left"):
        assert env.step(action) == maze.step(action)


def test_a_limit_of_an_outer_kind_is_a_horizon(wordle):
    env = RecordTrajectory(gymnasium.wrappers.TimeLimit(wordle, 2))
    meta = play(env, "crane", "slump", options={"item": 0})["meta"]
    assert meta["truncated"] and meta["end_reason"] == "horizon"


def test_play_after_the_horizon_is_beyond_the_record():
    env = gymnasium.make("agentgym/Maze-v0", parity=True, horizon=2)
    record = play(RecordTrajectory(env), *["move up"] * 4, options={"item": 0})
    assert len(record["meta"]["actions"]) == 2


def test_unfinished_episodes_are_dropped_or_kept(tmp_path, maze):
    for keep in (False, True):
        path = tmp_path / f"{keep}.jsonl"
        env = RecordTrajectory(maze, path, keep_unfinished=keep)
        env.reset(options={"item": 0})
        env.reset(options={"item": 1})
        env.step("move right")
        env.reset(options={"item": 2})
        env.step("move left")
        env.close()
        env.close()
        kept = lines(path) if path.exists() else []
        assert [r["item_id"] for r in kept] == ["maze_1", "maze_2"] * keep
        assert all(r["meta"]["end_reason"] == "unfinished" for r in kept)


def test_each_finished_episode_is_a_line(tmp_path, maze):
    path = tmp_path / "new" / "records.jsonl"
    env = RecordTrajectory(maze, path)
    first = play(env, "move down", options=NEAR)
    assert lines(path) == [first]
    second = play(env, "größe \ud800\x85\u2028", "move down", options=NEAR)
    assert lines(path) == [first, second]
    assert len(path.read_bytes().decode("utf-8").splitlines()) == 2
    assert "größe" in path.read_text(encoding="utf-8")


def test_copies_record_on_their_own(maze):
    env = RecordTrajectory(maze)
    env.reset(options=NEAR)
    env.step("move up")
    other = copy.deepcopy(env)
    other.step("move down")
    env.step("move left")
    other.step("move down")
    assert other.trajectory["meta"]["actions"] == ["move up", "move down", "move down"]
    assert env.trajectory is None


def test_paths_in_keywords_are_written_as_texts(tmp_path, maze):
    env = RecordTrajectory(maze, tmp_path / "x.jsonl")
    env.unwrapped.spec.kwargs["data"] = tmp_path
    record = play(env, "move down", options=NEAR)
    assert record["meta"]["kwargs"]["data"] == str(tmp_path)
    assert json.loads(json.dumps(record)) == record


def test_environments_of_others_are_refused():
    with pytest.raises(TypeError, match="CartPole"):
        RecordTrajectory(gymnasium.make("CartPole-v1"))


def test_each_family_is_recorded(family):
    env = RecordTrajectory(gymnasium.make(f"agentgym/{family}-v0"))
    _, info = env.reset(seed=1)
    while env.trajectory is None:
        env.step("no action of any game")
    meta = env.trajectory["meta"]
    assert env.trajectory["item_id"] == info["item_id"]
    assert env.trajectory["success"] == 0 and all(meta["invalid"])
    assert len(env.trajectory["conversations"]) == 2 * len(meta["actions"]) + 2


def test_a_refused_reset_leaves_the_record_of_the_old_episode_going(maze):
    env = RecordTrajectory(maze, keep_unfinished=True)
    env.reset(options=NEAR)
    env.step("move up")
    with pytest.raises(UnknownTask):
        env.reset(seed=9, options={"item": 10**9})
    assert env.trajectory is None
    env.step("move down")
    env.step("move down")
    meta = env.trajectory["meta"]
    assert meta["actions"] == ["move up", "move down", "move down"]
    assert (meta["seed"], meta["options"]) == (None, NEAR)
