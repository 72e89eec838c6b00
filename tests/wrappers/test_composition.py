"""What holds for every wrapper: specs, checks, copies, vectors."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AsyncVectorEnv, SyncVectorEnv

import agentgym_wrappers
from agentgym_envs.errors import BadOption
from agentgym_wrappers import (
    AdmissibleActions,
    ByteTokens,
    ChatObservation,
    CodeAction,
    FunctionCallAction,
    HashedBagOfWords,
    HistoryObservation,
    ReActAction,
    RecordTrajectory,
    ShowAdmissible,
)

WRAPPERS = {
    "ReActAction": lambda env: ReActAction(env, style="original"),
    "FunctionCallAction": FunctionCallAction,
    "CodeAction": CodeAction,
    "HistoryObservation": lambda env: HistoryObservation(env, turns=3),
    "ChatObservation": lambda env: ChatObservation(env, system="Play."),
    "AdmissibleActions": lambda env: AdmissibleActions(env, 4, shuffle=True),
    "ShowAdmissible": lambda env: ShowAdmissible(env, when="first"),
    "ByteTokens": lambda env: ByteTokens(env, 32, side="right"),
    "HashedBagOfWords": lambda env: HashedBagOfWords(env, 32, ngrams=2),
    "RecordTrajectory": lambda env: RecordTrajectory(env, policy="me"),
}


LISTING = (WRAPPERS["AdmissibleActions"], WRAPPERS["ShowAdmissible"])


@pytest.fixture(params=WRAPPERS)
def wrap(request):
    return WRAPPERS[request.param]


def rollout(env, seed=3, steps=6):
    env.action_space.seed(seed)
    seen = [env.reset(seed=seed)]
    for _ in range(steps):
        seen.append(env.step(env.action_space.sample()))
        if seen[-1][2] or seen[-1][3]:
            break
    return seen


def same(one, other):
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return np.array_equal(one, other)


def test_all_names_are_tested():
    public = {
        name: getattr(agentgym_wrappers, name) for name in agentgym_wrappers.__all__
    }
    assert set(WRAPPERS) == {
        name
        for name, kind in public.items()
        if isinstance(kind, type) and issubclass(kind, gymnasium.Wrapper)
    }


def test_a_spec_makes_the_same_stack_again(maze, wrap):
    env = wrap(maze)
    again = gymnasium.make(env.spec)
    assert str(again) == str(env)
    assert again.spec == env.spec
    assert again.observation_space == env.observation_space
    assert same(rollout(again), rollout(env))


def test_a_spec_survives_json(maze, wrap, tmp_path):
    env = RecordTrajectory(wrap(maze), tmp_path / "records.jsonl")
    spec = gymnasium.envs.registration.EnvSpec.from_json(env.spec.to_json())
    assert str(gymnasium.make(spec)) == str(env)


def test_gymnasium_finds_nothing_to_object_to(maze, wrap):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # Wrappers are checked as what they are, not as bare environments.
        warnings.filterwarnings("ignore", message=".*different from the unwrapped.*")
        check_env(wrap(maze), skip_render_check=True)


@pytest.mark.parametrize(
    "duplicate", [copy.deepcopy, lambda e: pickle.loads(pickle.dumps(e))]
)
def test_copies_go_on_like_the_original(maze, wrap, duplicate):
    env = wrap(maze)
    env.reset(seed=1)
    env.action_space.seed(1)
    env.step(env.action_space.sample())
    other = duplicate(env)
    for _ in range(3):
        action = env.action_space.sample()
        assert same(env.step(action), other.step(action))


def test_observations_are_in_the_space(wrap, family):
    env = gymnasium.make(f"agentgym/{family}-v0")
    if wrap in LISTING and not env.unwrapped.lists_actions:
        with pytest.raises(BadOption, match="does not list"):
            wrap(env)
        return
    env = wrap(env)
    for observation, *_ in rollout(env):
        assert observation in env.observation_space


def numeric():
    env = gymnasium.make("agentgym/Maze-v0")
    return AdmissibleActions(HashedBagOfWords(env, dim=64), 4, shuffle=True)


def textual():
    env = gymnasium.make("agentgym/Maze-v0")
    return RecordTrajectory(HistoryObservation(ReActAction(env), turns=2))


@pytest.mark.parametrize("make", [numeric, textual])
def test_vector_envs_give_what_single_ones_give(make):
    singles = [make(), make()]
    actions = [env.action_space.sample() for env in singles]
    if make is textual:
        actions = ["Action: move up", "größe"]
    expected = [env.reset(seed=5 + i)[0] for i, env in enumerate(singles)]
    after = [env.step(a)[0] for env, a in zip(singles, actions, strict=True)]
    for kind in (SyncVectorEnv, AsyncVectorEnv):
        vector = kind([make, make])
        first, _ = vector.reset(seed=5)
        assert all(map(np.array_equal, first, expected)), kind
        second, *_, infos = vector.step(actions)
        assert all(map(np.array_equal, second, after)), kind
        assert isinstance(infos["action"][0], str)
        vector.close()


def test_chats_go_through_vector_envs_without_shared_memory():
    def make():
        return ChatObservation(gymnasium.make("agentgym/Maze-v0"))

    for vector in (
        SyncVectorEnv([make]),
        AsyncVectorEnv([make], shared_memory=False),
    ):
        (first,), _ = vector.reset(seed=0)
        assert [m["role"] for m in first] == ["system", "user"]
        vector.close()


def test_importing_the_wrappers_imports_nothing_heavy():
    code = (
        "import sys, agentgym_wrappers;"
        "heavy = {'torch', 'transformers', 'minigrid', 'rich', 'stable_baselines3'};"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
