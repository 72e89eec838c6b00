from __future__ import annotations

from collections import Counter

import gymnasium
import pytest

import agentgym_envs  # noqa: F401  # registers the ids
from agentgym_envs.errors import BadOption
from agentgym_policies import ExpertPolicy, History, RandomPolicy
from agentgym_policies.named import make_policy
from agentgym_policies.seeds import derive


def history(env_id="agentgym/Maze-v0", *, seed=0, item=3, **kwargs):
    env = gymnasium.make(env_id, **kwargs)
    observation, info = env.reset(options={"item": item})
    return History(env, seed, [observation], [info])


def test_the_expert_policy_says_what_each_expert_says():
    histories = [history(item=3), history("agentgym/Wordle-v0")]

    texts = [action.text for action in ExpertPolicy().act(histories)]

    assert texts == [one.agent.expert_action() for one in histories]


def test_the_expert_policy_stops_where_the_expert_has_nothing_to_say():
    over = history(horizon=1)
    over.env.step("move up")

    (action,) = ExpertPolicy().act([over])

    assert action.stop == "the episode is over"


def test_random_draws_are_admissible_and_cover_all():
    draws = Counter()
    for seed in range(300):
        one = history(seed=seed)
        (action,) = RandomPolicy().act([one])
        draws[action.text] += 1

    assert draws.keys() == set(one.agent.admissible_actions())
    # A fair coin misses this range once in some 10^8 series of 300.
    assert all(100 < count < 200 for count in draws.values())


def test_random_draws_depend_on_seed_and_step_alone():
    one, two = history(seed=7), history("agentgym/Wordle-v0", seed=8)

    together = RandomPolicy().act([one, two])
    alone = [RandomPolicy().act([history]).pop() for history in (two, one)]

    assert together == alone[::-1]


def test_random_needs_a_list_to_draw_from(monkeypatch):
    one = history()
    monkeypatch.setattr(type(one.agent), "admissible_actions", lambda self: None)

    with pytest.raises(BadOption, match="Maze cannot list them"):
        RandomPolicy().act([one])


def test_random_stops_where_nothing_is_admissible(monkeypatch):
    one = history()
    monkeypatch.setattr(type(one.agent), "admissible_actions", lambda self: [])

    (action,) = RandomPolicy().act([one])

    assert action.stop


def test_derived_seeds_are_fixed_for_ever():
    assert derive(0, "agentgym/Maze-v0", "maze_12", 0) == 264651291096512
    assert derive(0, "a", "b", 0) != derive(0, "a,b", 0)


def test_a_seed_has_as_many_bits_as_are_asked_for():
    seeds = [derive(number, bits=31) for number in range(100)]

    assert 2**30 <= max(seeds) < 2**31


def test_policies_have_names():
    assert isinstance(make_policy("expert"), ExpertPolicy)
    assert isinstance(make_policy("random"), RandomPolicy)
    with pytest.raises(BadOption, match="did you mean random"):
        make_policy("randon")


def test_a_history_knows_rules_and_game():
    one = history()

    assert one.instructions == one.agent.instructions
    assert one.agent.goal
