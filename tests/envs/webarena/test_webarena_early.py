"""Where the original's runner gives an episode up."""

from __future__ import annotations

import pytest

from agentgym_envs.webarena.early import EarlyStop
from agentgym_envs.webarena.env import WebArenaEnv
from agentgym_envs.webarena.interface import Action


def test_the_original_gives_up_on_repetition():
    early = EarlyStop()
    assert not early.after(None) and not early.after(None)
    assert "parse" in early.after(None)
    early = EarlyStop()
    for _ in range(2):
        assert not early.after(Action("type", 5, "a"))
        assert not early.after(Action("click", 5))
    assert early.after(Action("type", 5, "b")) == "Same typing action for 3 times"
    early = EarlyStop()
    assert not any(early.after(Action("click", n)) for n in (1, 2, 1, 2, 1))
    assert not early.after(Action("click", 1))
    assert early.after(Action("click", 1)) == "Same action for 3 times"


WAY = ("a", "down", "b", "up", "c")


@pytest.fixture
def env():
    env = WebArenaEnv(split="all", early_stop=True)
    env.reset(options={"item": 0})
    yield env
    env.close()


@pytest.mark.parametrize(
    ("replies", "reason"),
    [
        (["nonsense"] * 3, "Failed to parse actions for 3 times"),
        (["scroll [down]"] * 3, "Same action for 3 times"),
        (
            [f"type [14] [{x}] [0]" if x in "abc" else f"scroll [{x}]" for x in WAY],
            "Same typing action for 3 times",
        ),
    ],
)
def test_an_episode_ends_there_and_is_judged(env, replies, reason):
    for reply in replies[:-1]:
        assert not env.step(reply)[2]
    text, reward, ended, _, info = env.step(replies[-1])
    assert ended and reward == 0.0 and info["end_reason"] == "failure"
    assert text.endswith(f"PREVIOUS ACTION: stop [Early stop: {reason}]")


def test_it_counts_on_after_a_snapshot(env):
    env.step("scroll [down]")
    env.step("scroll [down]")
    other = WebArenaEnv(split="all", early_stop=True)
    other.restore(env.snapshot())
    assert other.step("scroll [down]")[2]
    env.step("scroll [up]")
    assert not env.step("scroll [down]")[2]


def test_without_the_option_an_episode_goes_on():
    env = WebArenaEnv(split="all")
    env.reset(options={"item": 0})
    assert not any(env.step("scroll [down]")[2] for _ in range(5))
    env.close()
