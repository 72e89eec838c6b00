"""Fuzz one family of tools where nothing may be opened, started or waited for.

    python guarded_fuzz.py FAMILY PARITY SEED CALLS

An audit hook can't be taken off again, so this runs in a process of its own. It ends
with status 0 if every call was answered.
"""

from __future__ import annotations

import _strptime  # noqa: F401  # Python itself loads these two when it needs them
import random
import re
import sys
import time
import unicodedata  # noqa: F401
from typing import Any, NoReturn

import gymnasium

import agentgym_envs  # noqa: F401  # registers the ids

FORBIDDEN = (
    "open",
    "os.",
    "shutil.",
    "socket.",
    "subprocess.",
    "ctypes.",
    "exec",
    "import",
    "time.sleep",
    "urllib.",
    "sqlite3.",
    "builtins.input",
    "code.__new__",
    "tempfile.",
)
CLOCKS = ("time", "time_ns", "monotonic", "perf_counter", "process_time", "localtime")
JUNK = (
    "None",
    "True",
    "1e400",
    "-0.0",
    "10**9999",
    "2**-1",
    "1/0",
    "[]",
    "{}",
    "[[1], ['a']]",
    "{1: 2}",
    "'x' * 999",
    "re.compile('(')",
    "re.compile('a+')",
    "math.pi",
    "__import__('os').system('id')",
    "open('/etc/passwd')",
    "().__class__",
    "lambda: 0",
    "'2023-06-15'",
    "'../../x'",
    "'\\ud800'",
    "'%s {0} \\x00'",
    "nan",
    "0x1F",
    "'2023-W07-1'",
)
WORDS = re.compile(r"'([^'\n]{1,60})'|(-?[0-9]+(?:\.[0-9]+)?)")


class Fuzzer:
    """Writes calls near the syntax, from what the environment has shown.

    Args:
        rng: Where everything is drawn from.
        schema: The environment's action schema.
    """

    def __init__(self, rng: random.Random, schema: list[dict[str, Any]]) -> None:
        self._rng = rng
        self._schema = schema
        self._seen = ["x", "0"]

    def learn(self, text: str) -> None:
        """Remember texts and numbers of an observation."""
        for word, number in WORDS.findall(text)[:40]:
            self._seen.append(repr(word) if word else number)
        self._seen = self._seen[-400:]

    def value(self) -> str:
        """Write an argument."""
        rng = self._rng
        if rng.random() < 0.25:
            return rng.choice(JUNK)
        if rng.random() < 0.1:
            return f"[{self.value()}, {self.value()}]"
        return rng.choice(self._seen)

    def call(self) -> str:
        """Write a call, more or less."""
        rng = self._rng
        tool = rng.choice(self._schema)
        names = list(tool["parameters"]["properties"])
        if names and rng.random() < 0.1:
            names.pop()
        inside = ", ".join(f"{name!r}: {self.value()}" for name in names)
        source = f"{{{inside}}}" if rng.random() < 0.95 else self.value()
        text = f"Action: {tool['name']} with Action Input: {source}"
        while rng.random() < 0.15:
            at, other = sorted(rng.randrange(len(text) + 1) for _ in range(2))
            text = rng.choice(
                (
                    text[:at] + text[other:],
                    text[:at]
                    + rng.choice("'\"\\{}[]()\n:,# \u00e9\ud800\0")
                    + text[at:],
                    text[:other] + text[at:other] + text[other:],
                )
            )
        return text[:4096]


def forbid() -> None:
    """Let nothing be opened, started, imported or waited for from here on."""

    def watch(event: str, args: tuple[Any, ...]) -> None:
        if event.startswith(FORBIDDEN):
            raise RuntimeError(f"forbidden: {event} {args!r:.200}")

    def no_clock(*args: object) -> NoReturn:
        raise RuntimeError("forbidden: a clock")

    for name in CLOCKS:
        setattr(time, name, no_clock)
    sys.addaudithook(watch)


def main() -> None:
    """Play; the first calls may still load what is loaded once."""
    family, parity, seed, calls = sys.argv[1:]
    env = gymnasium.make(f"agentgym/{family}-v0", parity=parity == "True")
    agent: Any = env.unwrapped
    rng = random.Random(seed)
    fuzzer = Fuzzer(rng, agent.action_schema)
    for item in range(60):
        env.reset(seed=item)
        while not agent.is_over:
            action = agent.expert_action()
            text, _, terminated, truncated, _ = env.step(action)
            fuzzer.learn(action)
            fuzzer.learn(text)
            if terminated or truncated:
                break
    forbid()
    over = True
    for _ in range(int(calls)):
        if over:
            text, _ = env.reset(options={"item": rng.randrange(2200)})
            fuzzer.learn(text)
        text, reward, terminated, truncated, info = env.step(fuzzer.call())
        over = terminated or truncated
        assert text in env.observation_space, text
        assert 0 <= reward <= 1 and 0 <= info["score"] <= 1
        fuzzer.learn(text)


if __name__ == "__main__":
    main()
