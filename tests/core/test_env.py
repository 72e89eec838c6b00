from __future__ import annotations

import copy

import gymnasium
import pytest
from gymnasium.wrappers import RecordEpisodeStatistics, TimeLimit

from agentgym_envs import MalformedReply
from agentgym_envs.errors import BadOption, ResetNeeded, SnapshotError, UnknownTask


def make(**kwargs):
    return gymnasium.make("agentgym/Maze-v0", **kwargs)


def test_the_registered_horizon_truncates():
    env = make()
    env.reset(seed=0)
    for _ in range(15):
        *_, terminated, truncated, info = env.step("stand still")
    assert (terminated, truncated) == (False, True)
    assert info["end_reason"] == "horizon"
    assert env.spec.max_episode_steps == 15


def test_gymnasiums_time_limit_is_replaced_not_doubled():
    env = make()
    while env is not env.unwrapped:
        assert not isinstance(env, TimeLimit)
        env = env.env


@pytest.mark.parametrize(
    ("kwargs", "horizon"),
    [
        ({"horizon": 40}, 40),
        ({"max_episode_steps": 40}, 40),
        ({"horizon": 40, "max_episode_steps": 7}, 40),
        ({"horizon": 40, "max_episode_steps": -1}, 40),
    ],
)
def test_a_callers_limit_wins(kwargs, horizon):
    env = make(**kwargs)
    assert env.unwrapped.horizon == horizon
    assert env.spec.max_episode_steps == horizon
    assert gymnasium.make(env.spec).unwrapped.horizon == horizon


def test_minus_one_means_no_limit():
    env = make(max_episode_steps=-1)
    env.reset(seed=0)
    for _ in range(200):
        *_, truncated, _ = env.step("stand still")
        assert not truncated
    assert env.spec.max_episode_steps is None


def test_going_back_gives_the_steps_back():
    env = make()
    env.reset(seed=0)
    kept = env.unwrapped.snapshot()
    for _ in range(5):
        for _ in range(14):
            *_, truncated, _ = env.step("stand still")
            assert not truncated
        env.unwrapped.restore(kept)


def test_a_restored_episode_needs_no_reset():
    env, other = make(), make()
    env.reset(seed=0)
    other.unwrapped.restore(env.unwrapped.snapshot())
    assert other.step("move up") == env.step("move up")


def test_snapshots_of_other_families_modes_and_versions_are_refused(monkeypatch):
    env = make()
    env.reset(seed=0)
    kept = env.unwrapped.snapshot()
    with pytest.raises(SnapshotError, match="snapshot of 'Maze', not Wordle"):
        gymnasium.make("agentgym/Wordle-v0").unwrapped.restore(kept)
    with pytest.raises(SnapshotError, match="'parity': False"):
        make(parity=True).unwrapped.restore(kept)
    with pytest.raises(SnapshotError, match="'size': 11"):
        make(size=9).unwrapped.restore(kept)
    monkeypatch.setattr("agentgym_envs.env.__version__", "9.9.9")
    with pytest.raises(SnapshotError, match=r"version '0\.1\.0', not 9\.9\.9"):
        make().unwrapped.restore(kept)


def test_a_snapshot_crosses_splits_and_limits():
    env = make(split="test")
    env.reset(seed=0)
    other = make(split="train", horizon=3)
    other.unwrapped.restore(env.unwrapped.snapshot())
    assert other.step("move up")[0] == env.step("move up")[0]


def test_wrong_keywords_and_options_say_what_is_right():
    with pytest.raises(BadOption, match="train, test, all"):
        make(split="validation")
    with pytest.raises(BadOption, match="positive int"):
        make(horizon=-3)
    with pytest.raises(BadOption, match="True or False"):
        make(parity="yes")
    with pytest.raises(TypeError, match="agentgym/Maze-v0"):
        make(nonsense=1)
    with pytest.raises(BadOption, match="no option 'itm'; it has item"):
        make().reset(options={"itm": 1})
    with pytest.raises(UnknownTask, match="no item -5"):
        make().reset(options={"item": -5})


def test_a_failed_reset_leaves_the_episode_alone():
    env = make()
    env.reset(seed=0)
    kept = env.unwrapped.snapshot()
    with pytest.raises(UnknownTask):
        env.reset(options={"item": "maze_x"})
    assert env.unwrapped.snapshot() == kept


def test_long_actions_are_refused_in_words():
    env = make()
    env.reset(seed=0)
    text, reward, terminated, _, info = env.step("x" * 4097)
    assert text == "The action has 4097 characters; no action has more than 4096."
    assert (reward, terminated, info["invalid_action"]) == (0.0, False, True)


def test_a_malformed_reply_is_answered_with_its_reason_through_all_wrappers():
    env = RecordEpisodeStatistics(make())
    env.reset(seed=0)
    text, *_, info = env.step(MalformedReply("hello", reason="Name an action."))
    assert text == "Name an action."
    assert info["invalid_action"]
    assert info["steps"] == 1


def test_statistics_wrappers_find_their_key_free():
    env = RecordEpisodeStatistics(make())
    env.reset(seed=0)
    while True:
        *_, terminated, truncated, info = env.step(env.unwrapped.expert_action())
        if terminated or truncated:
            break
    assert info["episode"]["r"] == 1.0


def test_stepping_on_after_the_horizon_is_allowed_in_parity_mode_only():
    env = make(parity=True, horizon=1)
    env.reset(seed=0)
    assert env.step("stand still")[3]
    assert env.step("stand still")[3]
    env = make(horizon=1)
    env.reset(seed=0)
    env.step("stand still")
    with pytest.raises(ResetNeeded):
        env.step("stand still")


def test_rendering_without_a_mode_warns():
    env = make()
    env.reset(seed=0)
    with pytest.warns(UserWarning, match="render_mode"):
        assert env.render() is None


def test_ansi_has_colour_on_a_terminal_only(monkeypatch):
    env = make(render_mode="ansi")
    env.reset(seed=0)
    assert "\x1b[" not in env.render()
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" in env.render()
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in env.render()


def test_deep_copies_share_the_item_but_not_the_state():
    env = make()
    env.reset(seed=0)
    other = copy.deepcopy(env)
    assert other.unwrapped.task is env.unwrapped.task
    legal = env.unwrapped.admissible_actions()[0]
    before = env.unwrapped.snapshot()
    other.step(legal)
    assert env.unwrapped.snapshot() == before


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_make_vec_makes_vector_envs_with_keywords_and_wrappers(mode):
    vector = gymnasium.make_vec(
        "agentgym/Maze-v0",
        num_envs=2,
        vectorization_mode=mode,
        wrappers=[RecordEpisodeStatistics],
        horizon=2,
        split="test",
    )
    try:
        texts, infos = vector.reset(seed=1)
        assert len(texts) == 2
        assert list(infos["split"]) == ["test", "test"]
        vector.step(("stand", "still"))
        *_, truncated, infos = vector.step(("stand", "still"))
        assert truncated.all()
        assert list(infos["episode"]["l"]) == [2, 2]
    finally:
        vector.close()
