"""The environment: infos, modes, sharing, snapshots, and what agents may type."""

from __future__ import annotations

import pickle
import random
import re
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import gymnasium
import pytest
import webshop_shelf as shelf
from hypothesis import given
from hypothesis import strategies as st

from agentgym_envs import testing
from agentgym_envs.errors import BadOption, MissingExtra, SnapshotError
from agentgym_envs.snapshot import pack, unpack

PARTS = {
    "r_type": float,
    "query_match": bool,
    "category_match": bool,
    "title_score": float,
    "r_att": float,
    "w_att": float,
    "r_price": float,
    "w_price": float,
    "r_option": float,
    "w_option": float,
}


@pytest.mark.parametrize(
    "kwargs",
    [
        {"human_goals": True},
        {"human_goals": True, "human_goal_mode": "upstream"},
        {"human_goals": True, "show_attrs": True, "price_seed": 7},
        {"num_products": 100, "search_limit": 20},
    ],
    ids=["human", "upstream", "attributes", "small"],
)
def test_the_promises_hold_with_other_keywords(kwargs):
    testing.check_agent_env("agentgym/WebShop-v0", **kwargs)


def test_the_promises_hold_with_data(folder, tmp_path):
    shelf.write(tmp_path)
    for split in ("train", "test"):
        numbers = range(4) if split == "train" else range(4, 7)
        lines = "\n".join(f'{{"item_id": "webshop_{n}"}}' for n in numbers)
        (tmp_path / f"webshop_{split}.jsonl").write_text(lines, encoding="utf-8")
    testing.check_agent_env("agentgym/WebShop-v0", data=str(tmp_path))


def buy(env, *options):
    env.reset(options={"item": 1})
    for action in ("search[<q> lamp]", "click[b0lamp0001]"):
        env.step(action)
    for option in options:
        env.step(f"click[{option}]")
    return env.step("click[buy now]")


def test_a_perfect_purchase_is_a_success(folder):
    env = shelf.make(folder, split="all")
    _, reward, terminated, truncated, info = buy(env, "red", "small")
    assert (reward, terminated, truncated) == (1.0, True, False)
    assert (info["score"], info["success"], info["end_reason"]) == (
        1.0,
        True,
        "success",
    )
    assert {key: type(info[key]) for key in PARTS} == PARTS


def test_a_lesser_purchase_is_a_failure_with_a_score(folder):
    env = shelf.make(folder, split="all")
    _, reward, terminated, _, info = buy(env, "red", "large")
    assert (reward, terminated) == (0.75, True)
    assert (info["score"], info["success"], info["end_reason"]) == (
        0.75,
        False,
        "failure",
    )
    assert (info["r_option"], info["w_option"]) == (0.5, 0.5)


def test_the_parts_of_the_reward_are_told_at_the_purchase_alone(folder):
    env = shelf.make(folder, split="all", parity=True, num_products=None)
    info = buy(env, "red")[-1]
    assert "r_type" in info
    for action in ("search[lamp]", "nonsense"):
        assert not PARTS.keys() & env.step(action)[-1].keys()
    buy(env, "red")
    assert not PARTS.keys() & env.step("x" * (env.max_action + 1))[-1].keys()
    assert not PARTS.keys() & env.reset()[1].keys()


def test_infos_can_be_changed_without_harm(folder):
    env = shelf.make(folder, split="all")
    _, first = env.reset(options={"item": 1})
    first["goal"]["attributes"].clear()
    first["available_actions"]["clickables"].clear()
    _, again = env.reset(options={"item": 1})
    assert again["goal"]["attributes"] == ["easy clean"]
    assert again["available_actions"]["clickables"] == ["search"]


def test_admissible_actions_are_the_clicks_or_a_search_for_the_instruction(folder):
    env = shelf.make(folder, split="all")
    env.reset(options={"item": 5})
    assert env.admissible_actions() == ["search[Find me non gmo green tea]"]
    env.step("search[<q> lamp]")
    assert env.admissible_actions() == [
        f"click[{name}]"
        for name in ("back to search", "next >", "b0lamp0001", "b0lamp0002")
    ]


def test_an_instruction_with_brackets_is_searched_for_without(tmp_path):
    note = {
        "instruction": "Find me [nice]\nlamp]",
        "instruction_attributes": ["easy clean"],
    }
    shelf.write(tmp_path, notes={"B0TEA00001": note})
    env = shelf.make(tmp_path, split="all")
    env.reset(options={"item": 0})
    (action,) = env.admissible_actions()
    assert action == "search[Find me nice lamp]"
    assert not env.step(action)[-1]["invalid_action"]


def test_a_missing_rapidfuzz_says_what_to_install():
    code = (
        "import sys; sys.modules['rapidfuzz'] = sys.modules['rapidfuzz.fuzz'] = None\n"
        "import gymnasium, agentgym_envs\n"
        "try:\n    gymnasium.make('agentgym/WebShop-v0')\n"
        "except agentgym_envs.errors.MissingExtra as error:\n    print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert 'pip install "agentgym-envs[webshop]"' in done.stdout


def test_a_missing_spacy_or_model_says_what_to_install():
    try:
        import spacy  # noqa: F401
    except ModuleNotFoundError:
        with pytest.raises(MissingExtra, match=r"agentgym-envs\[webshop-spacy\]"):
            shelf.make(None, noun_fn="spacy:en_core_web_lg")
    else:
        with pytest.raises(BadOption, match="python -m spacy download no_such_model"):
            shelf.make(None, noun_fn="spacy:no_such_model")


def test_the_second_environment_costs_next_to_nothing():
    first = shelf.make(None)
    shelf.make(None, split="all")
    spent, memory = [], []
    for _ in range(5):
        start = time.perf_counter()
        shelf.make(None, split="all")
        spent.append(time.perf_counter() - start)
        tracemalloc.start()
        other = shelf.make(None, split="all")
        memory.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
        assert other._shop is first._shop
    assert min(spent) < 0.005
    assert min(memory) < 200_000


def test_copies_share_the_shop():
    env = shelf.make(None)
    env.reset(seed=0)
    again = pickle.loads(pickle.dumps(env))
    assert again._shop is env._shop
    assert again._items._lists is env._items._lists


def play(env, seed, *, steps=12):
    """A random episode: what was done and seen."""
    draw = random.Random(seed)
    trace = [env.reset(seed=seed)]
    for _ in range(steps):
        action = choose(env, draw)
        trace.append((action, env.step(action)))
        if trace[-1][1][2] or trace[-1][1][3]:
            break
    return trace


def choose(env, draw):
    if draw.random() < 0.2:
        words = env.goal.split()
        return f"search[{' '.join(draw.sample(words, 3))}]"
    if draw.random() < 0.1:
        return draw.choice(["nonsense", "search[<r>]", "click[next >]"])
    return draw.choice(env.admissible_actions())


def test_64_interleaved_episodes_equal_64_serial_ones():
    serial = [play(shelf.make(None), seed) for seed in range(64)]
    envs = [shelf.make(None) for _ in range(64)]
    together = [[env.reset(seed=seed)] for seed, env in enumerate(envs)]
    for step in range(1, 13):
        for env, expected, got in zip(envs, serial, together, strict=True):
            if step < len(expected):
                action = expected[step][0]
                got.append((action, env.step(action)))
    assert together == serial


words = st.text(max_size=30) | st.sampled_from(
    ["<r>", "<a> x", "<c>", "<c> garden", "<q>", "<q> lamp", "lamp", "tea [", "Buy Now"]
)
actions = st.one_of(
    st.builds("search[{}]".format, words),
    st.builds("click[{}]".format, words),
    st.text(max_size=20),
    st.integers(0, 100),
)


@pytest.fixture(scope="module")
def pairs(folder):
    """Two environments of each mode."""
    sizes = {"num_products": None, "split": "all"}
    return [
        tuple(shelf.make(folder, parity=parity, **sizes) for _ in range(2))
        for parity in (False, True)
    ]


@given(script=st.lists(actions, max_size=25), item=st.integers(0, 6))
def test_any_string_is_answered_and_any_state_can_be_kept(pairs, script, item):
    for env, other in pairs:
        env.reset(seed=item, options={"item": item})
        for action in script:
            if isinstance(action, int):
                # Some number means one of the listed actions.
                listed = env.admissible_actions()
                action = listed[action % len(listed)]
            kept = env.snapshot()
            other.restore(kept)
            assert other.snapshot() == kept
            reply = env.step(action)
            assert reply[0] in env.observation_space
            assert other.step(action) == reply
            assert other.snapshot() == env.snapshot()
            if env.is_over:
                break


@pytest.mark.parametrize(
    "change",
    [
        {0: "nowhere"},
        {0: "item", 4: 4},
        {0: "item", 4: -1},
        {0: "results", 1: "", 2: 1},
        {0: "results", 1: "lamp", 2: 0},
        {0: "results", 1: "lamp", 2: 1, 3: 5},
        {0: "results", 1: "Lamp", 2: 1},
        {0: "results", 1: "<r>", 2: 1},
        {0: "results", 1: "lamp", 2: 1, 4: 2},
        {0: "tab", 1: "lamp", 2: 1, 4: 1, 5: "secret"},
        {0: "item", 1: "lamp", 2: 1, 4: 0, 6: [["colour", "red"]]},
        {0: "item", 1: "lamp", 2: 1, 4: 0, 6: [["color", "mauve"]]},
        {0: "done", 1: "lamp", 2: 1, 4: 0, 7: 2.0},
        {0: "front", 1: "lamp"},
        {0: "results", 1: "lamp", 2: 1, 7: 0.5},
        {0: "results", 1: "lamp", 2: 1, 8: True},
        {0: "results", 1: "lamp", 2: 1, 8: True, 9: True},
    ],
)
def test_states_that_no_visit_is_in_are_refused(folder, change):
    env = shelf.make(folder, split="all")
    env.reset(options={"item": 1})
    content = unpack(env.snapshot())
    for place, value in change.items():
        content[-1][place] = value
    with pytest.raises(SnapshotError):
        env.restore(pack(content))
    assert env.step("nonsense")[0].endswith("Search")


def test_what_happens_after_the_purchase_can_be_kept(folder):
    env = shelf.make(folder, split="all", parity=True, num_products=None)
    buy(env, "red")
    for action in ("nonsense", "search[lamp]", "click[back to search]"):
        env.step(action)
        kept = env.snapshot()
        env.restore(kept)
        assert env.snapshot() == kept


def test_memory_stays_where_it_is():
    """For much longer, see the script itself."""
    script = Path(__file__).resolve().parents[3] / "benchmarks" / "webshop_soak.py"
    done = subprocess.run(
        [sys.executable, str(script), "--episodes=40", "--every=10"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == [
        *("episodes", "10", "20", "30", "40", "grew")
    ]


def test_snapshots_are_not_exchanged_between_different_shops(folder):
    env = shelf.make(folder, split="all")
    env.reset(options={"item": 1})
    for other in ({"price_seed": 1}, {"show_attrs": True}, {"search_limit": 9}):
        with pytest.raises(SnapshotError, match="was taken with"):
            shelf.make(folder, split="all", **other).restore(env.snapshot())


def test_the_shop_can_be_read_in_a_terminal(folder):
    env = shelf.make(folder, split="all", render_mode="ansi", show_attrs=True)
    env.reset(options={"item": 1})
    assert "[Search]" in env.render()
    env.step("search[<q> lamp]")
    assert "B0LAMP0001  $25.0\n    Brass Desk Lamp" in env.render()
    env.step("click[b0lamp0001]")
    env.step("click[red]")
    assert "color:\n  (x) red\n  ( ) rose | gold" in env.render()
    env.step("click[features]")
    assert "  First point" in env.render()
    env.step("click[< prev]")
    env.step("click[buy now]")
    assert re.search(
        "You bought B0LAMP0001.*\n.*color: red\nYour score: 0.75", env.render()
    )


def test_colours_change_no_word(folder):
    env = shelf.make(folder, split="all")
    env.reset(options={"item": 1})
    for action in ("nonsense", "search[lamp]", "click[b0lamp0001]", "click[buy now]"):
        env.step(action)
        coloured = env._ansi(colour=True)
        assert "\x1b[" in coloured
        assert re.sub("\x1b\\[[0-9]+m", "", coloured) == env._ansi(colour=False)


def test_the_environment_is_made_by_name():
    env = gymnasium.make("agentgym_envs:agentgym/WebShop-v0", split="test")
    text, info = env.reset(seed=1)
    assert text.startswith("WebShop [SEP] Instruction: [SEP] Find me ")
    assert info["split"] == "test"
