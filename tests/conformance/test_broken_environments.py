"""Each conformance check can fail: a broken environment for every one."""

from __future__ import annotations

import itertools
import os
import random
import time
from dataclasses import dataclass, field
from pathlib import Path

import gymnasium
import numpy as np
import pytest

from agentgym_envs import AgentEnv, Outcome, TaskSet, testing
from agentgym_envs.registry import TaskSpec, register_all
from agentgym_envs.schema import function
from agentgym_envs.tasks import Task


class CountTasks(TaskSet):
    def __init__(self, *, split, train=range(20), test=range(20, 30)):
        super().__init__(prefix="count", train=train, test=test, split=split)

    def _build(self, index, split):
        return Task(self.id_of(index), index, split, f"Count to {3 + index}.", {})


@dataclass(slots=True)
class State:
    count: int = 0
    said: list[str] = field(default_factory=list)


class CountEnv(AgentEnv):
    """Count upwards; the smallest environment that keeps all promises."""

    family = "Count"
    default_horizon = 40
    state_type = State

    def _open_tasks(self):
        return CountTasks(split=self.split)

    def _begin(self, task):
        self._state = State()
        return task.goal

    def _act(self, action):
        state = self._state
        if action not in ("add", "skip"):
            return Outcome("Say add or skip.", invalid=True)
        state.said.append(action)
        state.count += action == "add"
        if state.count == 3 + self.task.index:
            return Outcome("Done.", 1.0, True, True)
        return Outcome(f"{state.count} after {len(state.said)}.")

    @property
    def instructions(self):
        return "Count to the number that you are told. " * 5

    @property
    def action_schema(self):
        return [function("add", "Add one.", "add"), function("skip", "Wait.", "skip")]

    def _admissible_actions(self):
        return ["add", "skip"]

    def _expert_action(self):
        return "add"


class SharedSpace(CountEnv):
    _space = None

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        type(self)._space = type(self)._space or self.action_space
        self.action_space = type(self)._space


class LongText(CountEnv):
    def _begin(self, task):
        super()._begin(task)
        return "x" * 70_000


class AnyItem(CountEnv):
    def _pick(self, options):
        try:
            return super()._pick(options)
        except ValueError:
            return self.tasks[0]


class OverlappingSplits(CountEnv):
    def _open_tasks(self):
        return CountTasks(split=self.split, train=range(20), test=range(15, 30))


class NoneInInfo(CountEnv):
    def _family_info(self):
        return {"hint": None}


class ChangingInfo(CountEnv):
    def _family_info(self):
        return {"hint": "start" if self._steps < 2 else 2}


class InfiniteReward(CountEnv):
    def _act(self, action):
        return super()._act(action)._replace(reward=float("inf"))


class GlobalRandom(CountEnv):
    def _act(self, action):
        return Outcome(f"{super()._act(action).text} {random.random()}")


class GlobalNumpy(CountEnv):
    def _act(self, action):
        np.random.random()
        return super()._act(action)


class Clock(CountEnv):
    def _act(self, action):
        return Outcome(f"{super()._act(action).text} {time.perf_counter_ns()}")


class HashSeed(CountEnv):
    def _act(self, action):
        return Outcome(f"{super()._act(action).text} {hash('x')}")


class Fragile(CountEnv):
    def _act(self, action):
        action.encode("utf-8")  # lone surrogates have no UTF-8
        return super()._act(action)


class EatsMalformed(CountEnv):
    def _refuse(self, action):
        return None if isinstance(action, str) else super()._refuse(action)


class NeverOver(CountEnv):
    def step(self, action):
        self._over = False
        return super().step(action)


class Restless(CountEnv):
    """Truncates one step late."""

    def step(self, action):
        self.horizon += 1
        result = super().step(action)
        self.horizon -= 1
        return result


class ForgetsHistory(CountEnv):
    def _resume(self, task, state):
        self._state = State(state.count)


class TrustsSnapshots(CountEnv):
    def restore(self, snapshot):
        if len(snapshot) > 20:
            self._state = State(7)


class LazyExpert(CountEnv):
    def _expert_action(self):
        return "skip"


class ListsNonsense(CountEnv):
    def _admissible_actions(self):
        return [*super()._admissible_actions(), "fly"]


class NoInstructions(CountEnv):
    instructions = ""


class BrokenSchema(CountEnv):
    action_schema = [function("add", "Add one.", "add {number}")]


class Heavy(CountEnv):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self._table = list(range(100_000))


class Unpicklable(CountEnv):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self._hook = lambda: None


class SharedCounter(CountEnv):
    _numbers = itertools.count()

    def _act(self, action):
        return Outcome(f"{super()._act(action).text} {next(self._numbers)}")


class ProcessBound(CountEnv):
    """Says another thing in a child process of its maker."""

    _made_in = os.getpid()

    def _act(self, action):
        is_here = self._made_in == os.getpid()
        return Outcome(super()._act(action).text + ("" if is_here else " elsewhere"))


class Silent(CountEnv):
    def _ansi(self, *, colour):
        return ""


class IgnoresSeed(CountEnv):
    def reset(self, *, seed=None, options=None):
        return super().reset(options=options)


BROKEN = [
    (testing.check_gymnasium_contract, IgnoresSeed),
    (testing.check_spaces, SharedSpace),
    (testing.check_spaces, LongText),
    (testing.check_items, AnyItem),
    (testing.check_splits, OverlappingSplits),
    (testing.check_infos, NoneInInfo),
    (testing.check_infos, ChangingInfo),
    (testing.check_rewards, InfiniteReward),
    (testing.check_determinism, GlobalRandom),
    (testing.check_determinism, Clock),
    (testing.check_actions, Fragile),
    (testing.check_malformed_replies, EatsMalformed),
    (testing.check_end, NeverOver),
    (testing.check_horizon, Restless),
    (testing.check_snapshots, ForgetsHistory),
    (testing.check_damaged_snapshots, TrustsSnapshots),
    (testing.check_fresh_process, HashSeed),
    (testing.check_expert, LazyExpert),
    (testing.check_admissible_actions, ListsNonsense),
    (testing.check_texts, NoInstructions),
    (testing.check_texts, BrokenSchema),
    (testing.check_copies, Heavy),
    (testing.check_copies, Unpicklable),
    (testing.check_vector_envs, ProcessBound),
    (testing.check_isolation, SharedCounter),
    (testing.check_isolation, GlobalNumpy),
    (testing.check_rendering, Silent),
]


def registered(cls):
    name = f"Test{cls.__name__}"
    spec = TaskSpec(
        name=name,
        entry=f"{__name__}:{cls.__name__}",
        scenario="test",
        horizon=cls.default_horizon,
    )
    register_all([spec])
    return spec.id


@pytest.fixture(autouse=True)
def _children_find_this_module(monkeypatch):
    here = str(Path(__file__).parent)
    monkeypatch.syspath_prepend(here)
    monkeypatch.setenv("PYTHONPATH", here, prepend=os.pathsep)


def test_the_sound_environment_keeps_all_promises():
    testing.check_agent_env(registered(CountEnv))


@pytest.mark.parametrize(
    ("check", "cls"), BROKEN, ids=lambda part: getattr(part, "__name__", None)
)
def test_a_broken_environment_fails_its_check(check, cls):
    subject = testing.Subject(registered(cls), {})
    with pytest.raises(testing.CheckFailed, match=check.__name__):
        testing.run_check(check, subject)


def test_every_check_has_a_broken_environment():
    assert {check for check, _ in BROKEN} == set(testing.CHECKS)


def test_the_whole_check_names_the_environment_and_the_promise():
    with pytest.raises(testing.CheckFailed, match=r"TestLazyExpert-v0 .*check_expert"):
        testing.check_agent_env(registered(LazyExpert))


def test_an_environment_that_is_no_agent_env_fails():
    with pytest.raises(testing.CheckFailed):
        testing.check_agent_env("CartPole-v1")
    assert "CartPole-v1" in gymnasium.registry
