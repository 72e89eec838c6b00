"""Episodes that are played by function calls."""

from __future__ import annotations

import gymnasium
import pytest

from agentgym_envs.errors import BadOption, ResetNeeded, UnknownTask
from agentgym_wrappers import Episode, FunctionCallAction


def solved():
    episode = Episode("agentgym/Maze-v0")
    episode.begin("maze_3")
    while not episode.is_over:
        episode.call("move", {"direction": episode.agent_env.expert_action()[5:]})
    return episode


def test_an_expert_wins_by_calls():
    episode = solved()
    assert episode.success and episode.score == 1.0
    assert episode.info["end_reason"] == "success"


def test_a_call_is_the_action_that_it_is_named_after():
    by_call, by_text = (
        Episode("agentgym/TextCraft-v0"),
        Episode("agentgym/TextCraft-v0"),
    )
    assert by_call.begin("textcraft_3") == by_text.begin("textcraft_3")
    arguments = {"item": "stick", "amount": 2}
    assert by_call.call("get", arguments) == by_text.act("get 2 stick")
    assert by_call.info == by_text.info


def nested(depth):
    value = "up"
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("jump", {}, "There is no function 'jump'; there are move."),
        ("move", {}, "Move needs the argument 'direction'."),
        ("move", {"direction": "in"}, "must be one of up, down, left, right"),
        ("move", {"direction": "up", "speed": 9}, "takes no argument 'speed'"),
        ("move", {"direction": float("nan")}, "not finite"),
        ("move", {"direction": 10**5000}, "too long"),
        ("move", {"direction": nested(950)}, "nested too deeply"),
        ("move", ["up"], "Arguments must be an object."),
        ("move", None, "Arguments must be an object."),
        (None, {}, "There is no function None"),
    ],
)
def test_a_call_that_does_not_fit_is_told_so_and_counts_a_step(name, arguments, told):
    episode = Episode("agentgym/Maze-v0")
    episode.begin(0)
    assert told in episode.call(name, arguments)
    assert episode.info["invalid_action"] and episode.info["steps"] == 1


def test_calls_after_the_end_change_nothing():
    episode = solved()
    before = episode.info, episode.agent_env.snapshot(), list(episode.rewards)
    assert "The episode is over (success)" in episode.call("move", {"direction": "up"})
    assert "over" in episode.act("move up")
    assert (episode.info, episode.agent_env.snapshot(), episode.rewards) == before


def test_a_refused_item_leaves_the_episode_as_it_is():
    episode = Episode("agentgym/Maze-v0")
    with pytest.raises(ResetNeeded):
        episode.call("move", {"direction": "up"})
    episode.begin(0)
    episode.act("move up")
    with pytest.raises(UnknownTask):
        episode.begin("mouse_3")
    assert not episode.is_over and episode.info["steps"] == 1


def test_the_rewards_of_an_episode():
    episode = solved()
    assert episode.reward("score") == episode.reward("success") == 1.0
    assert episode.reward("return") == sum(episode.rewards)


def test_only_environments_that_take_actions_fit():
    with pytest.raises(BadOption, match="takes replies"):
        Episode(FunctionCallAction(gymnasium.make("agentgym/Maze-v0")))
    with pytest.raises(TypeError, match="no agentgym environment"):
        Episode(gymnasium.make("CartPole-v1"))
    with pytest.raises(BadOption, match="made already"):
        Episode(gymnasium.make("agentgym/Maze-v0"), split="test")
