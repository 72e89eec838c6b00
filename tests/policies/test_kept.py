from __future__ import annotations

import json

import gymnasium

import agentgym_envs  # noqa: F401  # registers the ids
from agentgym_policies import Action, ExpertPolicy, Usage, rollout, token_sequences
from agentgym_policies.kept import actions_of, line_of
from agentgym_policies.record import difficulty_of, record_of
from agentgym_policies.rollout import CRASH, GAVE_UP, make_job
from agentgym_wrappers import RecordTrajectory
from agentgym_wrappers.dataset import check

ID = "agentgym/Maze-v0"


def make():
    return RecordTrajectory(gymnasium.make(ID), policy="test", keep_unfinished=True)


def played(policy, *items):
    jobs = [make_job(0, ID, f"maze_{item}", 0) for item in items]
    return rollout(policy, make, jobs)


class Sampled:
    """The expert's actions, as a language model would say them."""

    def act(self, histories):
        said = ExpertPolicy().act(histories)
        return [
            Action(
                action.text,
                (7, 8, len(history.actions)),
                (-0.5, -0.25, 0.0),
                prompt_ids=(1, 2),
                is_fresh=not history.actions,
                finish="end",
                usage=Usage(10, 3, 4, 1, 0.5),
            )
            for action, history in zip(said, histories, strict=True)
        ]


def test_sampled_tokens_come_back_from_a_file_as_they_were():
    for episode in played(Sampled(), 3):
        line = json.loads(json.dumps(line_of(episode)))
        actions = episode.history.actions

    check(line)
    assert [a.token_ids for a in actions_of(line)] == [a.token_ids for a in actions]
    assert token_sequences(actions_of(line)) == token_sequences(actions)
    assert line["meta"]["finish"] == ["end"] * len(actions)


def test_a_policy_without_tokens_leaves_none_behind():
    (line,) = map(line_of, played(ExpertPolicy(), 3))

    assert "token_ids" not in line["meta"] and "is_fresh" not in line["meta"]
    assert [a.text for a in actions_of(line)] == line["meta"]["actions"]


def test_the_cost_of_all_actions_is_in_the_record():
    (record,) = map(record_of, played(Sampled(), 3))

    assert record.requests == record.steps > 1
    assert record.prompt_tokens == 10 * record.steps
    assert record.cost == 0.5 * record.steps
    assert (record.task, record.split) == ("Maze", "train")


def test_a_crashed_action_costs_what_it_cost():
    class Broken:
        def act(self, histories):
            return [Action("", error="500", usage=Usage(10, 0, 0, 6, 1.0))]

    (record,) = map(record_of, played(Broken(), 3))

    assert (record.end_reason, record.requests, record.cost) == (CRASH, 6, 1.0)
    assert "score" not in record.to_json()


class Once:
    """Acts once, and then ends in some way."""

    def __init__(self, **last):
        self.last = Action("", **last)

    def act(self, histories):
        return [self.last if h.actions else Action("move up") for h in histories]


def test_episodes_without_an_end_are_kept_with_what_ended_them():
    for policy, reason in (
        (Once(stop="tired"), GAVE_UP),
        (Once(error="no server"), CRASH),
    ):
        (line,) = map(line_of, played(policy, 3))
        check(line)
        assert line["meta"]["end_reason"] == reason
        assert line["meta"]["error"] in ("tired", "no server")
        assert len(line["meta"]["actions"]) == 1


def test_the_record_of_the_episode_before_is_not_taken_for_this_one():
    class FirstOnly:
        def act(self, histories):
            if histories[0].agent.task.index == 3:
                return ExpertPolicy().act(histories)
            return [Action("", stop="no")]

    first, second = map(line_of, played(FirstOnly(), 3, 4))

    assert first["item_id"] == "maze_3"
    assert second is None


def test_difficulty_is_told_in_the_words_of_the_item():
    assert difficulty_of({"room_seen": False}) == "unseen room"
    assert difficulty_of({"difficulty": ""}) == ""
