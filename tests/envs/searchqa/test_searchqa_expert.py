"""What leads to each answer can be found, and the expert finds it."""

from __future__ import annotations

import pytest

from agentgym_envs.errors import NoExpertAction
from agentgym_envs.searchqa.engine import bare_title
from agentgym_envs.searchqa.env import SearchQAEnv
from agentgym_envs.searchqa.questions import questions
from agentgym_envs.searchqa.setup import embedded_bm25


def test_each_title_finds_its_passage_among_three():
    search = embedded_bm25().search
    missed = [
        title
        for title in sorted({title for q in questions() for title in q.support})
        if title not in {bare_title(hit["contents"]) for hit in search(title, 3)}
    ]
    assert missed == []


@pytest.mark.parametrize("parity", [False, True])
def test_the_expert_solves_every_item_in_a_step_per_fact_at_most(parity):
    env = SearchQAEnv(split="all", parity=parity)
    for task in env.tasks:
        env.reset(options={"item": task.index})
        is_hit = False
        for _ in range(len(task.payload["support"]) + 1):
            _, reward, done, _, info = env.step(env.expert_action())
            is_hit = is_hit or info["retrieval_hit"]
            if done:
                break
        assert (reward, done) == (1.0, True), task.goal
        assert is_hit, task.goal


def test_the_expert_goes_on_from_what_was_read():
    env = SearchQAEnv(topk=1)
    env.reset(options={"item": 510})
    first, second, third = env.task.payload["support"]
    env.step(f"<search>{second}</search>")
    assert f"<search>{first}</search>" in env.expert_action()
    env.step("<answer>no</answer>")
    env.step(env.expert_action())
    assert f"<search>{third}</search>" in env.expert_action()


def test_a_search_that_does_not_find_its_title_is_not_repeated():
    env = SearchQAEnv(retriever=lambda query, k: [])
    env.reset(options={"item": 510})
    said = [env.expert_action()]
    while "<answer>" not in said[-1]:
        env.step(said[-1])
        said.append(env.expert_action())
    assert len(said) == len(set(said)) == 4


def test_the_expert_has_nothing_to_say_after_the_end():
    env = SearchQAEnv()
    env.reset(seed=0)
    env.step(f"<answer>{env.task.payload['targets'][0]}</answer>")
    with pytest.raises(NoExpertAction):
        env.expert_action()
