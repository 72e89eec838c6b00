"""Games that tell of the way in which they are called."""

from __future__ import annotations

import os
import signal
import time

import gymnasium

from agentgym_envs import TextSpace


class Ordered(gymnasium.Env):
    """Echoes its actions, and notices when two calls overlap."""

    def __init__(self):
        self.observation_space = self.action_space = TextSpace(64)
        self.inside = 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return "", {}

    def step(self, action):
        self.inside += 1
        overlapped = self.inside > 1
        time.sleep(0.001)
        self.inside -= 1
        return action, 0.0, False, False, {"overlapped": overlapped}


class Slow(gymnasium.Env):
    """Takes its time."""

    def __init__(self):
        self.observation_space = self.action_space = TextSpace(64)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        time.sleep(0.2)
        return "", {}

    def step(self, action):
        time.sleep(0.2)
        return action, 0.0, False, False, {}


class Deadly(gymnasium.Env):
    """Kills whoever makes it."""

    def __init__(self):
        os.kill(os.getpid(), signal.SIGKILL)


gymnasium.register("test/Moody-v0", "vector_games:Moody")
