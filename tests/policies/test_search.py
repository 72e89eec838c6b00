from __future__ import annotations

from dataclasses import replace

import gymnasium
import pytest

import agentgym_envs  # noqa: F401  # registers the ids
from agentgym_envs.errors import BadOption
from agentgym_policies import (
    Action,
    BestOfN,
    History,
    RandomPolicy,
    TreeSearch,
    Usage,
    rollout,
)
from agentgym_policies.prompts import FORMATS, wrap
from agentgym_policies.rollout import CRASH, GAVE_UP, make_job
from agentgym_policies.scorers import RolloutValue, by_outcome, likelihood
from agentgym_wrappers import HistoryObservation, RecordTrajectory, ShowAdmissible

ID = "agentgym/Maze-v0"
SEARCHES = [BestOfN(RandomPolicy(), 6), TreeSearch(RandomPolicy(), 3, 3)]


def make(horizon=6):
    return gymnasium.make(ID, horizon=horizon)


def play(policy, items=range(8), *, batch=4, make=make):
    jobs = [make_job(0, ID, f"maze_{item}", 0) for item in items]
    episodes = list(rollout(policy, make, jobs, batch=batch))
    return sorted(episodes, key=lambda episode: episode.job.item_id)


def solved(episodes):
    return sum(episode.end_reason == "success" for episode in episodes)


def history(item=3, **kwargs):
    env = gymnasium.make(ID, **kwargs)
    observation, info = env.reset(options={"item": item})
    return History(env, 7, [observation], [info])


def texts(episodes):
    return [[a.text for a in one.history.actions] for one in episodes]


class Charged:
    """The random policy, whose actions cost something."""

    def act(self, histories):
        usage = Usage(10, 1, requests=1)
        return [replace(a, usage=usage) for a in RandomPolicy().act(histories)]


def test_searches_solve_more_than_the_policy_alone():
    def count(policy):
        return solved(play(policy, range(30), make=lambda: make(horizon=20)))

    plain = count(RandomPolicy())

    # 2, 9 and 24 of 30; nothing here is left to chance.
    assert plain < 6
    assert count(BestOfN(RandomPolicy(), 6)) > plain + 4
    assert count(TreeSearch(RandomPolicy(), 12, 3)) > plain + 15


@pytest.mark.parametrize("search", SEARCHES)
def test_an_episode_goes_as_planned(search):
    for episode in play(search):
        for before, after in zip(
            episode.history.actions, episode.history.actions[1:], strict=False
        ):
            assert not before.plan or before.plan[0].text == after.text
        assert episode.history.actions[-1].plan == ()
        assert episode.end_reason in ("success", "horizon")


@pytest.mark.parametrize("search", SEARCHES)
def test_a_search_leaves_the_episode_as_it_is(search):
    one = history(horizon=5)
    before = one.agent.snapshot()

    search.act([one])

    assert one.agent.snapshot() == before
    assert len(one.observations) == 1


@pytest.mark.parametrize("search", SEARCHES)
def test_what_is_played_beside_it_does_not_change_a_search(search):
    assert texts(play(search, batch=1)) == texts(play(search, batch=5))


def test_one_try_is_the_policy_itself():
    assert texts(play(BestOfN(RandomPolicy(), 1))) == texts(play(RandomPolicy()))


@pytest.mark.parametrize(
    "search",
    [BestOfN(RandomPolicy(), 4, steps=2), TreeSearch(RandomPolicy(), 2, 2, depth=2)],
)
def test_a_short_search_is_followed_by_another(search):
    episodes = play(search)

    lengths = {len(a.plan) for one in episodes for a in one.history.actions}
    assert lengths <= {0, 1}
    assert max(len(one.history.actions) for one in episodes) == 6


@pytest.mark.parametrize("action_format", FORMATS)
def test_searches_understand_every_format(action_format):
    def made():
        return wrap(ShowAdmissible(make()), action_format)

    for search in SEARCHES:
        for episode in play(search, range(2), make=made):
            assert episode.error == ""
            assert "Available actions" in episode.history.observations[0]
            assert not any(i["invalid_action"] for i in episode.history.infos)


def test_what_was_tried_is_not_recorded(tmp_path):
    path = tmp_path / "lines.jsonl"

    episodes = play(
        SEARCHES[0], range(3), make=lambda: RecordTrajectory(make(), path), batch=1
    )

    assert len(path.read_text().splitlines()) == 3
    for episode in episodes:
        assert episode.env.trajectory or episode.history.actions


def test_costs_of_all_tries_are_counted():
    one = history(horizon=3)

    action = BestOfN(Charged(), 4).act([one])[0]
    level = TreeSearch(Charged(), 2, 3, depth=1).act([one])[0]

    assert action.usage.requests == 4 * 3
    assert all(step.usage is None for step in action.plan)
    assert level.usage == Usage(30, 3, requests=3)


class Failing:
    """Breaks in all branches, or in all but the episode's own continuation."""

    def __init__(self, spared=None, **ends):
        self.spared, self.ends = spared, ends

    def act(self, histories):
        return [
            Action("move up") if one.seed == self.spared else Action("", **self.ends)
            for one in histories
        ]


@pytest.mark.parametrize("kind", [BestOfN, TreeSearch])
@pytest.mark.parametrize(
    ("ends", "reason"), [({"error": "no server"}, CRASH), ({"stop": "full"}, GAVE_UP)]
)
def test_a_policy_that_ends_everywhere_ends_the_episode(kind, ends, reason):
    for episode in play(kind(Failing(**ends), 2)):
        assert episode.end_reason == reason
        assert episode.error in ends.values()


def test_tries_that_broke_are_not_chosen():
    action = BestOfN(Failing(spared=7, error="no server"), 3).act([history()])[0]

    assert (action.text, action.error) == ("move up", "")


def test_memory_outside_of_snapshots_is_refused():
    one = history()
    one.env = HistoryObservation(one.env, turns=2)

    with pytest.raises(BadOption, match="HistoryObservation remembers"):
        SEARCHES[0].act([one])


def test_the_outcome_counts_more_than_the_likelihood():
    def scored(success, score, *logprobs):
        one = history()
        one.infos = [{"success": success, "score": score}]
        one.actions = [Action("x", logprobs=logprobs)]
        return by_outcome(one)

    assert scored(True, 1.0, -5.0) > scored(False, 0.9, -0.1)
    assert scored(False, 0.5, -5.0) > scored(False, 0.4, -0.1)
    assert scored(False, 0.5, -0.1) > scored(False, 0.5, -0.2)
    assert likelihood(history()) == 1.0


def test_a_state_nearer_to_the_goal_has_a_higher_value():
    value = RolloutValue(RandomPolicy(), 40)
    far = history(horizon=30)
    near = history(horizon=30)
    path = []
    while not near.agent.is_over:
        path.append(near.agent.expert_action())
        near.env.step(path[-1])
    near = history(horizon=30)
    for action in path[:-1]:
        near.env.step(action)

    assert value(near) > value(far) + 0.2


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: BestOfN(RandomPolicy(), 0),
        lambda: BestOfN(RandomPolicy(), steps=0),
        lambda: TreeSearch(RandomPolicy(), 0),
        lambda: TreeSearch(RandomPolicy(), depth=-1),
    ],
)
def test_searches_without_a_try_are_refused(wrong):
    with pytest.raises(BadOption):
        wrong()
