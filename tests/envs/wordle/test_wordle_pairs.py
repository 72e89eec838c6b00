"""Forty words, and a first guess that is made."""

from __future__ import annotations

import gymnasium
import pytest

from agentgym_envs.errors import BadOption, SnapshotError
from agentgym_envs.testing import check_agent_env
from agentgym_envs.wordle import original, pairs

FIRST, LAST = ("mount", "point"), ("caulk", "cynic")


def make(**options):
    return gymnasium.make("agentgym/Wordle-v0", opening=True, **options)


def test_pairs_are_all_there_and_split_for_ever():
    assert len(set(pairs.pairs())) == 40 * 39
    train, test = (make(split=s).unwrapped.tasks for s in ("train", "test"))
    assert (len(train), len(test)) == (1160, 400)
    known = {tuple(task.payload.values()) for task in train}
    assert not known & {tuple(task.payload.values()) for task in test}
    # The places of items must never change.
    assert pairs.pairs()[0] == FIRST
    assert pairs.pairs()[-1] == LAST


def test_the_first_guess_is_told_and_counts():
    env = make()
    text, _ = env.reset(options={"item": 0})
    secret, opening = pairs.pairs()[0]
    marks = pairs._marks()[opening, secret]
    assert text == f"Let's start Wordle!\n{opening}\n{marks}\n"
    assert secret in env.unwrapped.candidates()
    assert opening not in env.unwrapped.candidates()
    for _ in range(4):
        assert not env.step("light years")[2]
    text, reward, terminated, *_ = env.step("xxxxx")
    assert (reward, terminated) == (0.0, True)
    assert f"The word was '{secret}'" in text


def test_only_the_forty_words_count():
    env = make()
    env.reset(options={"item": 3})
    text, *_, info = env.step("crane")
    assert "not in the word list" in text
    assert info["invalid_action"]
    assert env.unwrapped.admissible_actions() == list(original.WORDS)
    assert env.unwrapped.instructions.endswith("\n".join(original.WORDS))


@pytest.mark.parametrize("split", ["train", "test"])
def test_the_expert_solves_every_pair(split):
    env = make(split=split)
    for task in env.unwrapped.tasks:
        env.reset(options={"item": task.id})
        over = False
        while not over:
            action = env.unwrapped.expert_action()
            *_, over, _, info = env.step(action)
        assert info["success"], task


def test_it_is_an_environment_like_any_other():
    check_agent_env("agentgym/Wordle-v0", opening=True)


def test_a_game_goes_on_from_a_snapshot_of_its_kind_only():
    env, other, plain = make(), make(), gymnasium.make("agentgym/Wordle-v0")
    env.reset(options={"item": 5})
    env.step("panic")
    kept = env.unwrapped.snapshot()
    other.unwrapped.restore(kept)
    assert other.unwrapped.candidates() == env.unwrapped.candidates()
    plain.reset(options={"item": 5})
    with pytest.raises(SnapshotError):
        plain.unwrapped.restore(kept)


def test_it_has_no_parity_and_no_data():
    with pytest.raises(BadOption, match="no parity"):
        make(parity=True)
