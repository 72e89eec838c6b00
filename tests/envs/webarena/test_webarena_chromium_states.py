"""Snapshots of episodes in Chromium, and of either backend in the other."""

from __future__ import annotations

import copy
from random import Random

import pytest
from webarena_addresses import ADDRESSES, WORDS
from webarena_walks import action_text, random_action

from agentgym_envs.errors import SnapshotError
from agentgym_envs.snapshot import pack, unpack
from agentgym_envs.webarena.env import WebArenaEnv

SITES = list(ADDRESSES)


def make(backend):
    return WebArenaEnv(backend=backend, split="all", horizon=10_000)


@pytest.fixture
def envs(chromium):
    """Who is saved, and two who take it up."""
    made = [make("chromium"), make("chromium"), make("text")]
    yield made
    for env in made:
        env.close()


def walk(env, others, rng, steps):
    """Do random actions in all, which are seen alike."""
    site = rng.choice(SITES)
    for _ in range(steps):
        seen = env._episode.browser.observe().text
        if rng.random() < 0.25:
            action = rng.choice(["go_back", "go_back", "go_forward", "scroll [down]"])
        else:
            drawn = random_action(rng, seen, ADDRESSES[site], WORDS[site])
            action = action_text(drawn)
        result = env.step(action)
        for other in others:
            assert other.step(action) == result, action


def plays_on_alike(envs, seed):
    saved, *others = envs
    rng = Random(f"states {seed}")
    saved.reset(seed=seed)
    walk(saved, [], rng, 12)
    content = saved.snapshot()
    for other in others:
        other.restore(content)
        assert other.prompt == saved.prompt
    walk(saved, others, rng, 12)


def test_a_snapshot_of_a_real_browser_plays_on_alike(envs):
    plays_on_alike(envs, 0)


@pytest.mark.slow
def test_snapshots_of_a_real_browser_play_on_alike(envs):
    for seed in range(1, 11):
        plays_on_alike(envs, seed)


def test_a_real_browser_takes_up_what_the_text_backend_saved(envs):
    real, text = envs[0], envs[2]
    rng = Random(5)
    text.reset(seed=5)
    walk(text, [], rng, 20)
    real.restore(text.snapshot())
    walk(text, [real], rng, 10)


def test_a_history_keeps_equal_addresses_apart_and_its_scrolling(envs):
    """A form leads to where one is already, which makes an entry of its own."""
    real, text = envs[0], envs[2]
    for env in (real, text):
        env.reset(options={"item": 0})
        env.step("goto [http://onestopmarket.com/catalogsearch/result?q=tea]")
        for line in env.prompt.split("\n"):
            if "button 'Search'" in line:
                button = line.strip().split("]")[0][1:]
        env.step(f"click [{button}]")
        env.step(f"click [{button}]")
        env.step("goto [http://reddit.com/user/tinroof]")
        env.step("scroll [down]")
        env.step("goto [http://gitlab.com/]")
    way = ("go_back", "go_back", "go_forward", "go_back", "go_back", "go_back")
    saved = {env: env.snapshot() for env in (real, text)}
    for env, other in ((real, text), (text, real)):
        for one in (env, other):
            one.restore(saved[env])
        for action in way:
            assert env.step(action) == other.step(action)


def test_a_copy_of_an_episode_goes_its_own_way(envs):
    real = envs[0]
    real.reset(options={"item": 0})
    real.step("scroll [down]")
    twin = copy.deepcopy(real)
    try:
        assert twin.prompt == real.prompt
        twin.step("goto [http://gitlab.com/]")
        assert "gitlab" in twin.prompt and "gitlab.com" not in real.prompt
    finally:
        twin.close()


def test_a_history_that_no_browser_has_is_refused(envs):
    real = envs[0]
    real.reset(seed=1)
    content = unpack(real.snapshot())
    before = real.prompt
    state = content[-1]
    entries = state[0][1][0][0]
    for damage in (lambda: entries.pop(0), lambda: entries.extend([entries[-1]] * 60)):
        kept = copy.deepcopy(entries)
        damage()
        with pytest.raises(SnapshotError):
            real.restore(pack(content))
        entries[:] = kept
        assert real.prompt == before
