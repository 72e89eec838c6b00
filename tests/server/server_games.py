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


class Odd(Ordered):
    """Tells what no format has."""

    def step(self, action):
        observation, *rest, info = super().step(action)
        deep = []
        for _ in range(2000):
            deep = [deep]
        odd = {"complex": 1j, "key": {("a",): object()}, "deep": deep}
        if action in odd:
            info["odd"] = odd[action]
        return observation, *rest, info


class Leaving(Ordered):
    """Leaves the process where nobody expects it."""

    def __init__(self, split):
        super().__init__()
        self.split = split
        if split == "make":
            raise SystemExit(3)

    def close(self):
        if self.split == "close":
            raise SystemExit(3)


class Particular(Exception):
    """Can't be made of what it keeps."""

    def __new__(cls, one, other):
        return super().__new__(cls)

    def __init__(self, one, other):
        super().__init__(one + other)


class Complaining(Ordered):
    """Raises what does not travel."""

    @property
    def goal(self):
        raise Particular("no", "where")


class Deadly(gymnasium.Env):
    """Kills whoever makes it."""

    def __init__(self):
        os.kill(os.getpid(), signal.SIGKILL)


gymnasium.register("test/Odd-v0", Odd)
gymnasium.register("test/Leaving-v0", Leaving)
gymnasium.register("test/Complaining-v0", Complaining)
gymnasium.register("test/Unnamed-v0", lambda **_: Ordered())
gymnasium.register("test/Moody-v0", "vector_games:Moody")
