"""Games that crash, hang and die when they are told to, for vectors to survive."""

from __future__ import annotations

import functools
import os
import re
import signal
import time

import gymnasium
import numpy as np
from gymnasium import spaces

from agentgym_envs import TextSpace


class Moody(gymnasium.Env):
    """Counts its steps; the action says how the step goes."""

    def __init__(self, horizon=5):
        self.observation_space = TextSpace(64)
        self.action_space = TextSpace(64)
        self.horizon = horizon
        self.steps = 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        mood = (options or {}).get("mood")
        if mood:
            self._obey(mood)
        self.steps = 0
        self.draw = int(self.np_random.integers(10**9))
        return f"draw {self.draw}", {"steps": 0, "end_reason": ""}

    def step(self, action):
        self._obey(action)
        self.steps += 1
        over = self.steps >= self.horizon
        info = {"steps": self.steps, "end_reason": "horizon" if over else ""}
        return f"{action} {self.steps} {self.draw}", 0.5, False, over, info

    def _obey(self, action):
        word, _, rest = action.partition(" ")
        if word == "boom":
            raise ValueError("boom")
        if word == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if word == "leave":
            raise SystemExit(7)
        if word == "interrupt":
            raise KeyboardInterrupt
        if word == "sleep":
            time.sleep(float(rest))
        if word == "hold":
            # Regular expressions do not let go of the interpreter.
            re.match("(a|a)*b", "a" * int(rest))
        if word == "busy":
            end = time.monotonic() + float(rest)
            while time.monotonic() < end:
                pass

    def unsendable(self):
        return lambda: None

    def pid(self):
        return os.getpid()


class Odd(gymnasium.Env):
    """Infos of every type, and observations that are no text."""

    observation_space = spaces.Box(0, 9, (2,), np.int64)
    action_space = spaces.Discrete(4)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.steps = 0
        return np.array([0, 0]), {"nested": {"depth": 1}, "list": [1, 2]}

    def step(self, action):
        self.steps += 1
        info = {"nested": {"depth": self.steps, "text": "t"}, "array": np.arange(3)}
        if action == 1:
            info |= {"only": True, "big": 2**40, "text\0": "ends in\0"}
        if action == 2:
            info |= {"only": "text", "list": []}
        over = self.steps % 3 == 0
        return np.array([self.steps % 9, int(action)]), 1, over, False, info


@functools.cache
def heavy():
    """Data that a process loads once; its place in memory tells one from another."""
    return object()


class Heavy(Moody):
    """Knows where it is, and which data it has."""

    def __init__(self, horizon=5):
        super().__init__(horizon)
        self._data = heavy()

    def data(self):
        return os.getpid(), id(self._data)

    def node(self):
        import ray

        return ray.get_runtime_context().get_node_id()


def moody():
    return Moody()


def impossible():
    raise RuntimeError("this game can't be made")
