"""A vector of text environments behaves as Gymnasium's own."""

from __future__ import annotations

import sys
from functools import partial

import gymnasium
import numpy as np
import pytest
from gymnasium.error import ClosedEnvironmentError
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from vector_games import Odd, impossible, moody

from agentgym_envs import TextSpace
from agentgym_envs.errors import BadOption, MissingExtra, ResetNeeded, UnknownTask
from agentgym_wrappers import AdmissibleActions, ByteTokens, TextVectorEnv
from agentgym_wrappers.vector import launch

MODES = list(AutoresetMode)
MAZE, WORDLE = "agentgym/Maze-v0", "agentgym/Wordle-v0"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Starts workers in milliseconds: test_vector_close.py starts them otherwise."""
    monkeypatch.setattr(launch, "PREFERRED", ("fork",))


@pytest.fixture(params=[0, 2], ids=["in process", "two workers"])
def workers(request):
    return request.param


def same(one, other):
    """Equal, types included, whatever is nested in it."""
    if isinstance(one, np.ndarray):
        assert isinstance(other, np.ndarray)
        assert one.dtype == other.dtype
        assert one.shape == other.shape
        one, other = one.tolist(), other.tolist()
    assert type(one) is type(other)
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for key in one:
            same(one[key], other[key])
    elif isinstance(one, list | tuple):
        assert len(one) == len(other)
        for pair in zip(one, other, strict=True):
            same(*pair)
    else:
        assert one == other


def play(envs, mode, actions, seed=7):
    """Everything that a vector says while these actions are played."""
    seen = [envs.reset(seed=seed)]
    for action in actions:
        seen.append(envs.step(action))
        over = seen[-1][2] | seen[-1][3]
        if mode is AutoresetMode.DISABLED and over.any():
            seen.append(envs.reset(options={"reset_mask": over}))
    envs.close()
    return seen


@pytest.mark.parametrize("mode", MODES)
def test_texts_are_those_of_gymnasiums_vector_in_each_mode(mode, workers):
    makers = [
        partial(gymnasium.make, MAZE, horizon=3),
        partial(gymnasium.make, MAZE, horizon=2, split="test"),
        partial(gymnasium.make, MAZE, horizon=4),
    ]
    actions = [("move up", "move left", f"move {word}") for word in "up down x".split()]
    theirs = SyncVectorEnv(makers, autoreset_mode=mode)
    ours = TextVectorEnv(
        [MAZE] * 3,
        workers=workers,
        kwargs=[{"horizon": 3}, {"horizon": 2, "split": "test"}, {"horizon": 4}],
        autoreset_mode=mode,
    )
    assert ours.metadata == theirs.metadata
    assert ours.observation_space == theirs.observation_space
    assert ours.single_action_space == theirs.single_action_space
    same(play(ours, mode, 4 * actions), play(theirs, mode, 4 * actions))


@pytest.mark.parametrize("mode", MODES)
def test_arrays_and_odd_infos_are_those_of_gymnasiums_vector(mode, workers):
    actions = [np.array(a) for a in ([1, 0], [2, 1], [0, 3], [3, 1], [2, 2], [1, 1])]
    theirs = play(SyncVectorEnv([Odd, Odd], autoreset_mode=mode), mode, actions)
    ours = TextVectorEnv(Odd, 2, workers=workers, autoreset_mode=mode)
    same(play(ours, mode, actions), theirs)


def test_a_list_of_infos_holds_what_the_dictionary_holds(workers):
    options = {"workers": workers, "autoreset_mode": "SameStep"}
    options |= {"kwargs": [{"horizon": 2}, {"horizon": 3}]}
    listed = TextVectorEnv([MAZE, WORDLE], infos="list", **options)
    batched = TextVectorEnv([MAZE, WORDLE], **options)
    _, one = listed.reset(seed=1)
    _, other = batched.reset(seed=1)
    for _ in range(4):
        for slot, info in enumerate(one):
            present = {key for key in other if f"_{key}" in other}
            assert info.keys() == {key for key in present if other[f"_{key}"][slot]}
            assert info["item_id"] == other["item_id"][slot]
            assert type(info["score"]) is float
            if "final_info" in info:
                assert info["final_obs"] == other["final_obs"][slot]
                steps = other["final_info"]["steps"][slot]
                assert info["final_info"]["steps"] == steps
        *_, one = listed.step(["move up", "crane"])
        *_, other = batched.step(["move up", "crane"])
    listed.close()
    batched.close()


def test_environments_that_tell_nothing_have_empty_infos():
    envs = TextVectorEnv(lambda: gymnasium.make("CartPole-v1"), 2, infos="list")
    assert envs.reset(seed=0)[1] == [{}, {}]
    assert envs.step([0, 1])[4] == [{}, {}]
    envs.close()


def test_families_of_different_bounds_share_a_vector(workers):
    sources = [MAZE, lambda: gymnasium.make(WORDLE), moody]
    envs = TextVectorEnv(sources, 6, workers=workers)
    assert envs.single_observation_space == TextSpace(2**16)
    assert [space.max_length for space in envs.observation_space][2::3] == [64, 64]
    observations, infos = envs.reset(seed=0)
    assert observations in envs.observation_space
    assert infos["_item_id"].tolist() == [True, True, False] * 2
    assert [str(name).split("_")[0] for name in infos["item_id"]] == [
        *("maze", "wordle", "None"),
        *("maze", "wordle", "None"),
    ]
    envs.close()


def test_wrapped_environments_with_numbers_work(workers):
    def make():
        return AdmissibleActions(ByteTokens(gymnasium.make(MAZE), 16), 4)

    envs = TextVectorEnv(make, 2, workers=workers, infos="list")
    observations, infos = envs.reset(seed=3)
    assert observations.shape == (2, 16)
    assert len(infos[0]["admissible_actions"]) >= 1
    observations, *_ = envs.step(np.array([0, 1]))
    assert observations in envs.observation_space
    envs.close()


def test_actions_may_be_an_array_and_must_be_texts(workers):
    envs = TextVectorEnv(MAZE, 2, workers=workers)
    envs.reset(seed=0)
    envs.step(np.array(["move up", "move down"]))
    for wrong, error in (
        (["move up", 3], TypeError),
        ("up", TypeError),
        (["move up"], ValueError),
        (["move up"] * 3, ValueError),
    ):
        with pytest.raises(error):
            envs.step(wrong)
    *_, infos = envs.step(("move up", "move down"))
    assert infos["steps"].tolist() == [2, 2]
    envs.close()


def test_what_was_not_reset_can_not_be_stepped(workers):
    envs = TextVectorEnv(moody, 2, workers=workers, autoreset_mode="Disabled")
    with pytest.raises(ResetNeeded, match=r"\[0, 1\]"):
        envs.step(["a", "b"])
    envs.reset(seed=0)
    for _ in range(5):
        envs.step(["a", "b"])
    envs.reset_at(1)
    with pytest.raises(ResetNeeded, match=r"\[0\]"):
        envs.step(["a", "b"])
    envs.close()


def test_a_callers_mistake_raises_and_costs_nothing(workers):
    envs = TextVectorEnv(MAZE, 2, workers=workers)
    envs.reset(seed=0)
    with pytest.raises(UnknownTask, match="wordle_1"):
        envs.reset_at([0, 1], items=[1, "wordle_1"])
    with pytest.raises(BadOption, match="no option"):
        envs.reset(options={"level": 3})
    with pytest.raises(BadOption, match="no slot 2"):
        envs.reset_at([2])
    with pytest.raises(BadOption, match="twice"):
        envs.snapshot([1, 1])
    with pytest.raises(BadOption, match="reset_mask"):
        envs.reset(options={"reset_mask": [True, False]})
    options = {"reset_mask": np.array([True, False])}
    envs.reset(options=options)
    assert list(options) == ["reset_mask"]
    assert envs.step(["move up", "move up"])[4]["steps"].tolist() == [1, 1]
    envs.close()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"num_envs": 0}, "positive"),
        ({"num_envs": 2, "workers": 3}, "workers"),
        ({"num_envs": 2, "workers": -1}, "workers"),
        ({"num_envs": 2, "timeout": 1.0}, "needs workers"),
        ({"num_envs": 2, "start_method": "fork"}, "needs workers"),
        ({"num_envs": 2, "workers": 1, "start_method": "beam"}, "start_method"),
        ({"num_envs": 2, "workers": 1, "timeout": 0}, "timeout"),
        ({"num_envs": 2, "backend": "carrier"}, "one of local"),
        ({"num_envs": 2, "backend": "ray"}, "workers=1 or more"),
        ({"backend": "ray", "workers": 1, "start_method": "fork"}, "its own"),
        ({"num_envs": 2, "ray_options": {}}, 'backend="ray"'),
        ({"num_envs": 2, "infos": "set"}, "infos"),
        ({"num_envs": 2, "autoreset_mode": "Never"}, "one of NextStep, SameStep"),
        ({"num_envs": 2, "kwargs": [{}, {}]}, "kwargs"),
    ],
)
def test_arguments_without_meaning_are_refused(arguments, words):
    with pytest.raises(BadOption, match=words):
        TextVectorEnv(MAZE, **arguments)


def test_what_making_an_environment_raises_arrives(workers):
    with pytest.raises(RuntimeError, match="can't be made"):
        TextVectorEnv([moody, impossible], workers=workers)
    with pytest.raises(BadOption, match="split"):
        TextVectorEnv(MAZE, 2, workers=workers, kwargs={"split": "none"})
    with pytest.raises(gymnasium.error.NameNotFound, match="Labyrinth"):
        TextVectorEnv("agentgym/Labyrinth-v0", 2, workers=workers)


def needy():
    raise MissingExtra("babyai", "minigrid")


def test_a_missing_extra_is_named_by_a_worker_too(workers):
    with pytest.raises(MissingExtra, match=r"agentgym-envs\[babyai\]") as caught:
        TextVectorEnv(needy, 2, workers=workers)
    assert caught.value.extra == "babyai"


def test_without_ray_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.delitem(sys.modules, "agentgym_wrappers.vector.actors", raising=False)
    with pytest.raises(MissingExtra, match=r"agentgym-envs\[ray\]"):
        TextVectorEnv(MAZE, 1, workers=1, backend="ray")


def test_ids_that_only_this_process_has_registered_reach_workers(workers):
    gymnasium.register("test/Moody-v0", "vector_games:Moody", kwargs={"horizon": 1})
    envs = TextVectorEnv("test/Moody-v0", 2, workers=workers)
    envs.reset(seed=0)
    assert envs.step(["a", "b"])[3].tolist() == [True, True]
    envs.close()
    del gymnasium.registry["test/Moody-v0"]


def test_a_closed_vector_says_so_and_closes_again(workers):
    envs = TextVectorEnv(MAZE, 2, workers=workers)
    envs.reset(seed=0)
    envs.close()
    envs.close()
    with pytest.raises(ClosedEnvironmentError):
        envs.step(["move up"] * 2)


def test_gymnasiums_vector_wrappers_stand_around_it(workers):
    envs = TextVectorEnv(moody, 2, workers=workers)
    envs = gymnasium.wrappers.vector.RecordEpisodeStatistics(envs)
    envs.reset(seed=0)
    for _ in range(5):
        *_, infos = envs.step(["a", "b"])
    assert infos["episode"]["r"].tolist() == [2.5, 2.5]
    assert infos["episode"]["l"].tolist() == [5, 5]
    envs.close()


def test_attributes_and_methods_are_read_and_set(workers):
    envs = TextVectorEnv(moody, 2, workers=workers)
    assert envs.get_attr("horizon") == (5, 5)
    envs.set_attr("horizon", [1, 2])
    assert envs.call("horizon", env_ids=[1]) == (2,)
    with pytest.raises(AttributeError, match="altitude"):
        envs.call("altitude")
    assert len(set(envs.call("pid"))) == max(1, workers)
    envs.close()


def test_drawings_come_from_all(workers):
    kwargs = {"render_mode": "ansi"}
    envs = TextVectorEnv(MAZE, 2, workers=workers, kwargs=kwargs)
    envs.reset(seed=0)
    assert [type(drawing) for drawing in envs.render()] == [str, str]
    envs.close()
