"""Environments as tasks for verifiers, and the game as the user."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import gymnasium
import pytest

import agentgym_envs  # noqa: F401  # registers the ids

vf = pytest.importorskip("verifiers.v1")

from agentgym_trainers import verifiers_tasks  # noqa: E402

MODULE = "agentgym_verifiers"
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(autouse=True)
def examples(monkeypatch):
    monkeypatch.syspath_prepend(str(EXAMPLES))


def taskset(**options):
    config = vf.taskset_config_type(MODULE)
    return vf.load_taskset(config(id=MODULE, **options))


class Player:
    """An agent whose replies are written beforehand; the trace is a real one."""

    def __init__(self, task, replies):
        self.trace = SimpleNamespace(info={}, rewards={}, metrics={})
        self.trace.record_reward = self.trace.rewards.__setitem__
        self.trace.record_metric = self.trace.metrics.__setitem__
        self.replies = iter(replies)
        self.heard = []

    @asynccontextmanager
    async def interaction(self, task):
        yield self

    async def turn(self, message=None):
        self.heard.append(message)
        reply = next(self.replies, None)
        return SimpleNamespace(terminated=reply is None, last_reply=reply)


def play(task, replies):
    env = object.__new__(vf.environment_class(MODULE))
    player = Player(task, replies)
    asyncio.run(env.run(task, SimpleNamespace(player=player)))
    return player


def test_verifiers_finds_both_classes_by_the_name_of_the_module():
    assert vf.environment_class(MODULE) is verifiers_tasks.AgentGymEnv
    assert isinstance(taskset(), verifiers_tasks.AgentGymTaskset)


def test_a_task_is_an_item_with_its_first_observation_and_rules():
    tasks = list(taskset(split="test", action_format="text").take(2))
    assert [task.data.id for task in tasks] == ["maze_2000", "maze_2001"]
    assert [task.data.idx for task in tasks] == [0, 1]
    env = gymnasium.make("agentgym/Maze-v0", split="test")
    text, _ = env.reset(options={"item": "maze_2001"})
    assert tasks[1].data.prompt == text
    assert tasks[1].data.system_prompt == env.unwrapped.instructions
    rules = next(iter(taskset())).data.system_prompt
    assert "Thought:" in rules and "Action:" in rules


def test_an_expert_gets_the_score_as_its_reward():
    (task,) = taskset(action_format="text").take(1)
    twin = gymnasium.make("agentgym/Maze-v0").unwrapped
    twin.reset(options={"item": task.data.item})
    replies, texts = [], []
    while not twin.is_over:
        replies.append(twin.expert_action())
        texts.append(twin.step(replies[-1])[0])
    player = play(task, replies)
    assert player.heard == [None, *texts[:-1]]
    assert player.trace.rewards == {"score": 1.0}
    assert player.trace.metrics["success"] == 1.0
    assert player.trace.metrics["steps"] == len(replies)
    assert player.trace.info["agentgym"]["end_reason"] == "success"


def test_an_agent_that_stops_early_gets_what_it_has_so_far():
    (task,) = taskset(kwargs={"horizon": 9}).take(1)
    player = play(task, ["I would rather not.", "Thought: ...\nAction: move up"])
    assert player.trace.rewards == {"score": 0.0}
    assert player.trace.metrics["steps"] == 2.0
    assert player.trace.info["agentgym"] == {"item_id": "maze_0", "end_reason": ""}
