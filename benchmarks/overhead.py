"""What the library itself costs: per step, and at import.

    python benchmarks/overhead.py

1. A step of a game with nothing to do through `AgentEnv.step`, less the same
   game's `_act` called directly: the share of the base class. Limit: 2 microseconds.
2. `import agentgym_envs` on top of `import gymnasium`, in fresh interpreters.
   Limit: 20 ms. None of the heavy packages may come along.

Both are processor time, and both limits are held against the least disturbed run:
whatever else the machine does only adds to the others. The exit status is 1 if a
limit is passed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from time import process_time
from typing import Any

from agentgym_envs import AgentEnv, Outcome, Task, TaskSet

STEP_LIMIT = 2.0  # microseconds
IMPORT_LIMIT = 20.0  # milliseconds
HEAVY = ("torch", "minigrid", "pygame", "textworld", "rich", "transformers", "pandas")

IMPORT = """
import json, sys, time
import gymnasium
before = time.process_time()
import agentgym_envs
spent = time.process_time() - before
print(json.dumps([1e3 * spent, [name for name in sys.argv[1:] if name in sys.modules]]))
"""


@dataclass(frozen=True)
class Overhead:
    """The figures of one run."""

    step_us: float
    """Microseconds that `AgentEnv.step` adds to a game's own `_act`."""
    step_us_median: float
    import_ms: float
    """Milliseconds that `import agentgym_envs` adds to `import gymnasium`."""
    import_ms_median: float
    heavy_modules: list[str]
    """Which of `HEAVY` the import brought along."""

    @property
    def is_within_limits(self) -> bool:
        """Whether all three are as they should be."""
        cheap = self.step_us < STEP_LIMIT and self.import_ms < IMPORT_LIMIT
        return cheap and not self.heavy_modules


@dataclass(slots=True)
class Nothing:
    """The state of a game without one."""


class OneItem(TaskSet):
    """A single item for training and one for testing."""

    def __init__(self, split: Any) -> None:
        super().__init__(prefix="idle", train=[0], test=[1], split=split)

    def _build(self, index: int, split: str) -> Task:
        return Task(self.id_of(index), index, split, "Pass the time.", {})


class IdleEnv(AgentEnv):
    """The smallest game there can be: nothing ever happens."""

    family = "Idle"
    default_horizon = 2**62
    state_type = Nothing

    def _open_tasks(self) -> TaskSet:
        return OneItem(self.split)

    def _begin(self, task: Task) -> str:
        self._state = Nothing()
        return "You wait."

    def _act(self, action: str) -> Outcome:
        return Outcome("You wait.")

    @property
    def instructions(self) -> str:
        """The rules of the game."""
        return "Wait."

    @property
    def action_schema(self) -> list[dict[str, Any]]:
        """No actions at all."""
        return []


def step_overhead(*, rounds: int = 21, steps: int = 20_000) -> tuple[float, float]:
    """Measure what `AgentEnv.step` adds to `_act`, in microseconds.

    Returns:
        The least disturbed value, and the median over the rounds.
    """
    env = IdleEnv()
    env.reset(seed=0)
    actions = ["wait"] * steps
    through, direct = [], []
    for _ in range(rounds):
        start = process_time()
        for action in actions:
            env.step(action)
        middle = process_time()
        for action in actions:
            env._act(action)
        end = process_time()
        through.append(1e6 * (middle - start) / steps)
        direct.append(1e6 * (end - middle) / steps)
    added = [one - other for one, other in zip(through, direct, strict=True)]
    return min(through) - min(direct), statistics.median(added)


def import_overhead(*, rounds: int = 11) -> tuple[float, float, list[str]]:
    """Measure what the import adds, in milliseconds, and what it brings along.

    Returns:
        The least value, the median over the rounds, and the heavy modules.
    """
    command = [sys.executable, "-c", IMPORT, *HEAVY]
    runs = []
    with tempfile.TemporaryDirectory() as cache:
        # An installed package comes with byte code; a checkout may be read-only or
        # told to write none, and compiling is not what this measures.
        env = {**os.environ, "PYTHONPYCACHEPREFIX": cache}
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        for _ in range(rounds + 1):
            run = subprocess.run(command, check=True, capture_output=True, env=env)
            runs.append(json.loads(run.stdout))
    spent = [milliseconds for milliseconds, _ in runs[1:]]  # the first run compiled
    return min(spent), statistics.median(spent), runs[-1][1]


def measure(*, rounds: int = 21, imports: int = 11) -> Overhead:
    """Take all figures."""
    least, middle, heavy = import_overhead(rounds=imports)
    return Overhead(*step_overhead(rounds=rounds), least, middle, heavy)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=21, help="rounds of 20,000 steps")
    parser.add_argument("--imports", type=int, default=11, help="fresh interpreters")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    found = measure(rounds=options.rounds, imports=options.imports)
    if options.json:
        print(json.dumps({**asdict(found), "ok": found.is_within_limits}))
    else:
        heavy = ", ".join(found.heavy_modules) or "none"
        print(
            f"AgentEnv.step over _act       {found.step_us:6.2f} us, median "
            f"{found.step_us_median:.2f}  (limit {STEP_LIMIT})"
        )
        print(
            f"agentgym_envs over gymnasium  {found.import_ms:6.2f} ms, median "
            f"{found.import_ms_median:.2f}  (limit {IMPORT_LIMIT})"
        )
        print(f"heavy modules imported        {heavy}  (of {', '.join(HEAVY)})")
    return 0 if found.is_within_limits else 1


if __name__ == "__main__":
    sys.exit(main())
