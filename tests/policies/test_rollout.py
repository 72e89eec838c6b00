from __future__ import annotations

import gymnasium
import pytest

import agentgym_envs  # noqa: F401  # registers the ids
from agentgym_envs.errors import BadOption
from agentgym_envs.maze.env import MazeEnv
from agentgym_policies import Action, ExpertPolicy, RandomPolicy, rollout
from agentgym_policies.rollout import CRASH, GAVE_UP, make_job

ID = "agentgym/Maze-v0"


def make():
    return gymnasium.make(ID)


def jobs(*items):
    return [make_job(0, ID, f"maze_{item}", 0) for item in items]


def told(episodes):
    return {
        episode.job: (
            episode.end_reason,
            episode.history.observations,
            episode.history.actions,
            episode.history.rewards,
        )
        for episode in episodes
    }


@pytest.mark.parametrize("policy", [ExpertPolicy(), RandomPolicy()])
def test_a_batch_changes_no_episode(policy):
    wanted = jobs(*range(12))

    single, batched = (
        told(rollout(policy, make, wanted, batch=batch)) for batch in (1, 5)
    )

    assert single == batched
    assert single.keys() == set(wanted)


def test_a_batch_of_none_is_refused():
    with pytest.raises(BadOption, match="at least 1"):
        list(rollout(RandomPolicy(), make, jobs(1), batch=0))


def test_each_step_has_an_action_an_observation_a_reward_and_an_info():
    (episode,) = rollout(ExpertPolicy(), make, jobs(3))

    history = episode.history
    steps = len(history.actions)
    assert episode.end_reason == "success"
    assert len(history.rewards) == steps
    assert len(history.observations) == len(history.infos) == steps + 1
    assert sum(history.rewards) == 1.0
    assert episode.seconds > 0


def test_environments_are_used_again_and_closed():
    made, closed = [], []

    class Counted(gymnasium.Wrapper):
        def close(self):
            closed.append(self)

    def make_counted():
        made.append(Counted(make()))
        return made[-1]

    assert len(list(rollout(ExpertPolicy(), make_counted, jobs(*range(9)), batch=2)))
    assert len(made) == 2
    assert set(closed) == set(made)


def test_environments_are_closed_when_nobody_asks_for_more():
    closed = []

    class Counted(gymnasium.Wrapper):
        def close(self):
            closed.append(self)

    episodes = rollout(ExpertPolicy(), lambda: Counted(make()), jobs(1, 2), batch=2)
    next(episodes)
    episodes.close()

    assert len(closed) == 2


def test_the_environment_is_as_the_episode_left_it():
    for episode in rollout(ExpertPolicy(), make, jobs(1, 2, 3), batch=2):
        assert episode.env.unwrapped.task.id == episode.job.item_id
        assert episode.env.unwrapped.is_over


def test_a_crashed_environment_is_replaced(monkeypatch):
    made = []

    def make_noted():
        made.append(make())
        return made[-1]

    act = MazeEnv._act

    def crash(self, action):
        if self.task.index == 1:
            raise ZeroDivisionError("bug")
        return act(self, action)

    monkeypatch.setattr(MazeEnv, "_act", crash)
    episodes = list(rollout(ExpertPolicy(), make_noted, jobs(0, 1, 2)))

    assert [episode.end_reason for episode in episodes] == ["success", CRASH, "success"]
    assert episodes[1].error.startswith("ZeroDivisionError: bug (test_rollout.py:")
    assert len(made) == 2


def test_a_policy_that_crashes_loses_only_the_episode_to_blame():
    class Fragile:
        def act(self, histories):
            if any(one.agent.task.index == 1 for one in histories):
                raise ValueError("item 1 is too much for me")
            return ExpertPolicy().act(histories)

    ends = {
        episode.job.item_id: episode.end_reason
        for episode in rollout(Fragile(), make, jobs(0, 1, 2), batch=3)
    }

    assert ends == {"maze_0": "success", "maze_1": CRASH, "maze_2": "success"}


def test_a_policy_may_give_up():
    class Tired:
        def act(self, histories):
            return [Action("", stop="tired") for _ in histories]

    (episode,) = rollout(Tired(), make, jobs(0))

    assert (episode.end_reason, episode.error) == (GAVE_UP, "tired")
    assert episode.history.actions == []


def test_a_policy_that_forgets_an_episode_is_a_crash():
    class Forgetful:
        def act(self, histories):
            return []

    (episode,) = rollout(Forgetful(), make, jobs(0))

    assert episode.end_reason == CRASH


def test_an_interrupt_is_no_crash():
    class Interrupted:
        def act(self, histories):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(rollout(Interrupted(), make, jobs(0)))
