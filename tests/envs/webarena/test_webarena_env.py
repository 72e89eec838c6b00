"""The environment: observations, errors, rewards, snapshots."""

from __future__ import annotations

from random import Random

import pytest
from webarena_addresses import ADDRESSES, WORDS
from webarena_walks import action_text, random_action

from agentgym_envs.errors import BadOption, SnapshotError
from agentgym_envs.snapshot import pack, unpack
from agentgym_envs.webarena.env import WebArenaEnv


def random_actions(env, rng, count):
    site = "shopping"
    for _ in range(count):
        seen = env._episode.browser.observe().text
        yield action_text(random_action(rng, seen, ADDRESSES[site], WORDS[site]))


@pytest.fixture
def env():
    env = WebArenaEnv(split="all", horizon=10_000)
    env.reset(seed=1)
    yield env
    env.close()


def test_the_observation_has_the_layout_of_the_original(env):
    text, info = env.reset(options={"item": 0})
    lines = text.split("\n")
    assert lines[:4] == [
        "OBSERVATION:",
        "Tab 0 (current): One Stop Market",
        "",
        "[1] RootWebArea 'One Stop Market' focused: True",
    ]
    assert lines[-3:] == [
        "URL: http://onestopmarket.com/",
        f"OBJECTIVE: {env.goal}",
        "PREVIOUS ACTION: None",
    ]
    assert info["url"] == "http://onestopmarket.com/"


def test_an_error_is_told_and_counts_a_step(env):
    for action, error in (
        ("dance", "Invalid action dance"),
        ("click [999]", "There is no element [999] on the page."),
        ("tab_focus [3]", "There is no tab 3; there are tabs 0 to 0."),
        ("press [F5]", "There is no key 'F5'."),
        ("press [x]", "The key 'x' does nothing here; the focus is on nothing."),
    ):
        text, reward, *_, info = env.step(action)
        assert text.endswith(f"\nERROR: {error}")
        assert (reward, info["invalid_action"], info["fail_error"]) == (
            0.0,
            True,
            error,
        )
    assert info["steps"] == 5
    text, *_ = env.step("scroll [down]")
    assert "ERROR" not in text


def test_an_answer_earns_the_reward(env):
    env.reset(options={"item": 0})
    answer = env.task.payload["check"]["answer"]
    *_, info = env.step(f"stop [{answer.lower()}.]")
    assert info["success"]
    env.reset(options={"item": 0})
    _, reward, done, _, info = env.step("stop [Lost]")
    assert (reward, done, info["end_reason"]) == (0.0, True, "failure")


def wish(env):
    """Put the wanted product onto the wish list, as a person would."""
    name = env.goal.removeprefix("Add the ").removesuffix(" to my wish list.")
    env.step(f"goto [http://onestopmarket.com/catalogsearch/result?q={name}]")
    tree = env._episode.browser.observe().text
    for line in tree.split("\n"):
        if f"link '{name}'" in line:
            env.step(f"click [{line.strip().split(']')[0][1:]}]")
    for line in env._episode.browser.observe().text.split("\n"):
        if "button 'Add to Wish List'" in line:
            env.step(f"click [{line.strip().split(']')[0][1:]}]")


def test_a_deed_earns_the_reward_and_what_was_not_asked_spoils_it(env):
    item = next(t.index for t in env.tasks if "wish list" in t.goal)
    env.reset(options={"item": item})
    wish(env)
    *_, info = env.step("stop []")
    assert info["success"]
    env.reset(options={"item": item})
    wish(env)
    env.step("goto [http://onestopmarket.com/wishlist]")
    for line in env._episode.browser.observe().text.split("\n"):
        if "button 'Remove item'" in line:
            break
    env.step(f"click [{line.strip().split(']')[0][1:]}]")
    *_, info = env.step("stop []")
    assert not info["success"]


def test_nothing_leaks_into_the_next_episode(env):
    item = next(t.index for t in env.tasks if "wish list" in t.goal)
    first, _ = env.reset(options={"item": item})
    wish(env)
    again, _ = env.reset(options={"item": item})
    assert first == again
    *_, info = env.step("stop []")
    assert not info["success"]


def test_a_snapshot_plays_on_alike(env):
    rng = Random(3)
    other = WebArenaEnv(split="all", horizon=10_000, page_cache=False)
    for round_ in range(12):
        env.reset(seed=round_)
        for action in random_actions(env, rng, 15):
            env.step(action)
        other.restore(env.snapshot())
        assert other.snapshot() == env.snapshot()
        for action in random_actions(env, rng, 15):
            assert env.step(action) == other.step(action)
    other.close()


def test_hostile_snapshots_are_refused(env):
    """Whatever the values of a snapshot are, they make sense or are refused."""
    rng = Random(4)
    for action in random_actions(env, rng, 15):
        env.step(action)
    content = unpack(env.snapshot())
    values = [None, -1, 99, 1 << 70, "x", "about:blank", "http://evil/", [], [[]], True]

    def damaged(value):
        if isinstance(value, list) and value and rng.random() < 0.9:
            place = rng.randrange(len(value))
            return [*value[:place], damaged(value[place]), *value[place + 1 :]]
        return rng.choice(values)

    refused = 0
    for _ in range(600):
        hostile = [*content[:-1], damaged(content[-1])]
        before = env._episode
        try:
            env.restore(pack(hostile))
        except SnapshotError:
            refused += 1
            assert env._episode is before
            continue
        env.step("press [Tab]")
        env.step("type [5] [x] [1]")
    assert refused > 200


def test_keywords_are_checked():
    with pytest.raises(BadOption, match="backend"):
        WebArenaEnv(backend="links")
    with pytest.raises(BadOption, match="category"):
        WebArenaEnv(category="Fun")
    with pytest.raises(BadOption, match="pictures"):
        WebArenaEnv(render_mode="rgb_array")


def test_a_real_browser_gives_the_same_episode(env, chromium):
    real = WebArenaEnv(
        backend="chromium", split="all", horizon=10_000, render_mode="rgb_array"
    )
    assert real.reset(seed=1) == env.reset(seed=1)
    for action in random_actions(env, Random(6), 5):
        assert real.step(action) == env.step(action)
    assert real.render().shape == (720, 1280, 3)
    real.close()


def test_parity_reads_rewards_and_tells_as_the_originals_server():
    env = WebArenaEnv(split="all", parity=True)
    text, _ = env.reset(options={"item": 0})
    assert text.startswith("Tab 0 (current): One Stop Market\n\n[1] RootWebArea")
    text, reward, *_ = env.step("Well: ```scroll [down]```")
    assert reward == 1.0 and text.endswith("PREVIOUS ACTION: scroll [down]")
    text, reward, *_, info = env.step("```tab_focus [9]```")
    assert reward == 0.0 and "ERROR" not in text
    assert info["fail_error"] == "There is no tab 9; there are tabs 0 to 0."
    text, reward, *_ = env.step("```type [5] [1]```")
    assert (text, reward) == ("Invalid type action type [5] [1]", 0.0)
    assert env.step("go_back")[0] == "Cannot parse action from response go_back"
    assert env.step("```stop N/A```")[2]
    env.close()
