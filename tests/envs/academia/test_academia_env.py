"""Academia's episodes: generated and published items, rewards, both modes."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import gymnasium
import pytest

from agentgym_envs.academia.env import AcademiaEnv
from agentgym_envs.academia.scene import authors, papers
from agentgym_envs.academia.tasks import TEMPLATES, make
from agentgym_envs.errors import BadOption, DataError
from agentgym_envs.tools.replies import write_call

PUBLISHED = Path(__file__).parents[3] / "../shared/data/tools/academia.jsonl"


def finish(answer):
    return write_call("finish", {"answer": answer})


def play(env, item, act):
    env.reset(seed=0, options={"item": item})
    over = False
    while not over:
        *_, terminated, truncated, info = env.step(act(env))
        over = terminated or truncated
    return info


@pytest.mark.parametrize("parity", [False, True])
def test_the_expert_solves_every_test_item(parity):
    env = gymnasium.make("agentgym/Academia-v0", split="test", parity=parity)
    for task in env.unwrapped.tasks:
        info = play(env, task.index, lambda env: env.unwrapped.expert_action())
        assert info["success"], task.goal
        assert info["steps"] == len(task.payload["path"]) <= 12


@pytest.mark.slow
def test_the_expert_solves_every_training_item():
    env = AcademiaEnv(split="train")
    for task in env.tasks:
        assert play(env, task.index, lambda env: env.expert_action())["success"]


@pytest.mark.parametrize("answer", ["No", "Yes", 0, 2, 3, [], None])
def test_a_fixed_answer_solves_next_to_nothing(answer):
    env = AcademiaEnv(split="test")
    won = [play(env, t.index, lambda _: finish(answer))["success"] for t in env.tasks]
    assert sum(won) < 0.05 * len(won)


def test_items_are_of_every_kind():
    items = [make("test", number) for number in range(200)]
    kinds = Counter(item.payload["template"] for item in items)
    assert len(TEMPLATES) >= 15 and len(kinds) >= 22
    assert len({item.goal for item in items}) > 180


def test_the_papers_and_authors_of_the_splits_are_different():
    for pool in (papers, authors):
        train, test = (set(pool(split)) for split in ("train", "test"))
        assert not train & test
        assert len(train) > len(test) > 200


def test_items_are_the_same_whatever_was_asked_before():
    first = make("test", 17)
    for number in (3, 100, 17):
        again = make("test", number)
    assert again == first


def test_a_snapshot_keeps_what_is_loaded():
    env, other = AcademiaEnv(), AcademiaEnv()
    env.reset(seed=3)
    env.step(write_call("loadPaperNet", {}))
    other.reset(seed=4)
    other.restore(env.snapshot())
    call = write_call(
        "neighbourCheck", {"graph": "PaperNet", "node": papers("train")[0]}
    )
    assert env.step(call) == other.step(call)
    assert "load" not in other.step(call)[0]


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published items are not here")
def test_every_published_gold_is_graded_as_right():
    env = AcademiaEnv(data=PUBLISHED, parity=True, split="all")
    assert len(env.tasks) == 20
    for task in env.tasks:
        env.reset(options={"item": task.index})
        gold = task.payload["subgoals"][0]
        answer = gold[::-1] if isinstance(gold, list) else gold
        _, reward, terminated, _, info = env.step(finish(answer))
        assert (reward, terminated, info["success"]) == (1.0, True, True), task.id


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published items are not here")
def test_the_published_items_are_all_for_testing():
    assert len(AcademiaEnv(data=PUBLISHED, split="test").tasks) == 20
    with pytest.raises(DataError, match="train"):
        AcademiaEnv(data=PUBLISHED)


def test_own_networks_need_own_questions(tmp_path):
    with pytest.raises(BadOption, match="graph needs data"):
        AcademiaEnv(graph=tmp_path)


def test_networks_that_are_not_there_are_named(tmp_path):
    item = {"id": 0, "goal": "?", "subgoals": [1], "additional_info": {}}
    (tmp_path / "academia.jsonl").write_text(json.dumps(item))
    with pytest.raises(DataError, match="nowhere"):
        AcademiaEnv(data=tmp_path, graph=tmp_path / "nowhere", split="test")


def test_unknown_backends_are_refused():
    with pytest.raises(BadOption, match="backend"):
        AcademiaEnv(backend="crystal ball")
