"""Environments for OpenEnv; the clients are OpenEnv's own."""

from __future__ import annotations

import gymnasium
import pytest

from agentgym_envs.errors import BadOption
from agentgym_wrappers.inverse import call_of

openenv = pytest.importorskip("openenv")

from agentgym_server.openenv_server import (  # noqa: E402
    OpenEnvEnvironment,
    TextAction,
    TextObservation,
)

MAZE = "agentgym/Maze-v0"


def maze(**kwargs):
    return OpenEnvEnvironment(lambda: gymnasium.make(MAZE, **kwargs))


@pytest.mark.parametrize("how", ["text", "calls"])
def test_the_generic_client_plays_an_episode(serve, how):
    server = serve("--openenv", "TextCraft", "--split", "test")
    twin = gymnasium.make("agentgym/TextCraft-v0", split="test").unwrapped
    first, _ = twin.reset(options={"item": 444})
    with openenv.GenericEnvClient(base_url=server.address).sync() as client:
        result = client.reset(item=444)
        assert result.observation["text"] == first and not result.done
        assert result.observation["item"] == "textcraft_444"
        assert next(f["name"] for f in result.observation["functions"]) == "get"
        while not result.done:
            action = {"action": twin.expert_action()}
            if how == "calls":
                name, arguments = call_of(twin.action_schema, twin.expert_action())
                action = {"action": name, "arguments": arguments}
            text, reward, *_ = twin.step(twin.expert_action())
            result = client.step(action)
            assert (result.observation["text"], result.reward) == (text, reward)
        assert result.observation["success"] and result.observation["score"] == 1.0
        state = client.state()
        assert state["is_over"] and state["item"] == "textcraft_444"
        late = client.step({"action": "inventory"})
        assert "this call did nothing" in late.observation["text"] and late.done
    assert server.stop() == 0


def test_clients_have_episodes_of_their_own_and_only_so_many(serve):
    server = serve("--openenv", "Maze", "--max-envs", "2")
    one = openenv.GenericEnvClient(base_url=server.address).sync()
    other = openenv.GenericEnvClient(base_url=server.address).sync()
    with one, other:
        one.reset(item=3)
        other.reset(item=4)
        one.step({"action": "move up"})
        assert (one.state()["item"], one.state()["step_count"]) == ("maze_3", 1)
        assert (other.state()["item"], other.state()["step_count"]) == ("maze_4", 0)
        third = openenv.GenericEnvClient(base_url=server.address).sync()
        with pytest.raises(Exception, match=r"(?i)capacity|at most|sessions"), third:
            third.reset()
        with pytest.raises(Exception, match="no item 'mouse_3'"):
            one.reset(item="mouse_3")
        assert one.state()["step_count"] == 1


def test_nonsense_is_answered_and_counts_a_step():
    env = maze()
    env.reset(seed=3)
    seen = env.step(TextAction(action="move", arguments={"direction": "in"}))
    assert seen.invalid_action and seen.steps == 1
    assert "must be one of up, down" in seen.text
    assert env.step(TextAction(action="\x00?")).steps == 2


def test_its_tasks_are_ours():
    env = maze()
    assert env.list_splits() == ["train", "test"]
    assert (env.num_tasks("train"), env.num_tasks("test")) == (2000, 200)
    task = env.get_task("test", 7)
    assert task["id"] == "maze_2007"
    assert env.get_task_range("test", 6, 9)[1] == task
    assert env.reset(split="test", index=7).item == "maze_2007"
    with pytest.raises(IndexError, match=r"0\.\.199"):
        env.get_task("test", 200)
    with pytest.raises(BadOption, match="split must be one of"):
        env.num_tasks("dev")
    with pytest.raises(BadOption, match="a split and an index"):
        env.reset(split="test")


def test_seeds_and_rewards():
    env = maze(horizon=1)
    first = env.reset(seed=5)
    assert isinstance(first, TextObservation) and first.reward == 0.0
    assert env.reset(seed=5).text == first.text
    assert env.step(TextAction(action="move up")).done
    assert env.get_metadata().name == MAZE
    env.close()
