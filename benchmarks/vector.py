"""Steps a second of `TextVectorEnv`, next to Gymnasium's vectors in the same run.

    python benchmarks/vector.py
    python benchmarks/vector.py --load light --envs 64 --text 1000
    python benchmarks/vector.py --load straggling --envs 32 --workers 8 32

Without arguments it takes all loads with 1, 8, 64 and 256 slots and texts of 1,000 and
8,000 characters: about ten minutes. The last lines are the figures that are promised,
as far as what was run shows them. The game does nothing but what the load says, and
gives texts of ``--text`` characters, so that all the rest is the vector's own:

| Load | A step |
|---|---|
| `light` | returns at once |
| `medium` | computes for 1 ms |
| `straggling` | sleeps for 2 ms; one in ten sleeps for 60 ms |

Columns: steps a second of all slots together by wall time; microseconds of processor
time per step in the parent; the same in all processes. The last rows are the
ready-first way, `send` and `recv`. Where steps wait, a vector with a worker per slot
is compared, too. AsyncVectorEnv has a process per slot, and its
shared memory is ours for texts (`agentgym_envs.spaces`).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import Any

import gymnasium
from gymnasium.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv, VectorEnv
from overhead import IdleEnv

from agentgym_envs import Outcome, Task
from agentgym_wrappers import TextVectorEnv

MEDIUM = 1e-3  # seconds of computing
QUICK, SLOW, SLOW_SHARE = 2e-3, 60e-3, 0.1  # seconds of sleep, and how many are slow
LOADS = ("light", "medium", "straggling")
MOST_WORKERS = 64  # with a worker per slot
Steps = Callable[[Any, int], int]


class LoadEnv(IdleEnv):
    """A game whose steps cost what is asked for."""

    def __init__(self, load: str, text: int, seed: int) -> None:
        super().__init__()
        self._load = load
        self._text = "You wait. " * (text // 10)
        self._dice = random.Random(seed)

    def _begin(self, task: Task) -> str:
        super()._begin(task)
        return self._text

    def _act(self, action: str) -> Outcome:
        if self._load == "medium":
            end = time.thread_time() + MEDIUM
            while time.thread_time() < end:
                pass
        elif self._load == "straggling":
            time.sleep(SLOW if self._dice.random() < SLOW_SHARE else QUICK)
        return Outcome(self._text)

    def spent(self) -> tuple[int, float]:
        """The process of this game, and its processor time."""
        return os.getpid(), time.process_time()


@dataclass(frozen=True)
class Row:
    """The figures of one vector."""

    name: str
    steps_per_second: float
    parent_us: float
    """Microseconds of processor time per step of one environment, in the parent."""
    all_us: float
    """The same in the parent and all its workers."""


def lock_step(envs: VectorEnv[Any, Any, Any], steps: int) -> int:
    actions = ("wait",) * envs.num_envs
    for _ in range(steps):
        envs.step(actions)
    return steps * envs.num_envs


def plain_loop(envs: SyncVectorEnv[Any, Any], steps: int) -> int:
    """Step the environments of a vector one by one, without it."""
    for _ in range(steps):
        for env in envs.envs:
            env.step("wait")
    return steps * envs.num_envs


def ready_first(envs: TextVectorEnv, steps: int) -> int:
    """Give each slot its next action as soon as it is ready for it."""
    wanted = steps * envs.num_envs
    done, sent = 0, envs.num_envs
    envs.send(("wait",) * envs.num_envs)
    while done < wanted:
        ready = envs.recv().env_ids[: max(0, wanted - done)]
        done += len(ready)
        more = ready[: max(0, wanted - sent)]
        if len(more):
            envs.send(("wait",) * len(more), more)
            sent += len(more)
    return done


def measure(name: str, envs: Any, play: Steps, seconds: float) -> Row:
    """Play for about so many seconds."""
    envs.reset(seed=0)
    start = time.perf_counter()
    play(envs, 1)
    once = max(1e-6, time.perf_counter() - start)
    play(envs, max(1, int(0.1 * seconds / once)))
    everyone, mine, start = all_time(envs), time.process_time(), time.perf_counter()
    done = 0
    while time.perf_counter() - start < seconds:
        done += play(envs, max(1, int(0.2 * seconds / once)))
    wall = time.perf_counter() - start
    parent = time.process_time() - mine
    total = all_time(envs) - everyone
    envs.close()
    return Row(name, done / wall, 1e6 * parent / done, 1e6 * total / done)


def all_time(envs: Any) -> float:
    """Processor time of this process and of all that play the slots."""
    spent = dict(envs.call("spent"))
    spent[os.getpid()] = time.process_time()
    return sum(spent.values())


def vectors(
    makers: list[Callable[[], gymnasium.Env[str, str]]], workers: list[int]
) -> dict[str, tuple[Callable[[], Any], Steps]]:
    """What is compared: how it is made, and how it is played."""
    mode = AutoresetMode.SAME_STEP
    count = len(makers)
    found: dict[str, tuple[Callable[[], Any], Steps]] = {
        "plain loop": (partial(SyncVectorEnv, makers, autoreset_mode=mode), plain_loop),
        "SyncVectorEnv": (
            partial(SyncVectorEnv, makers, autoreset_mode=mode),
            lock_step,
        ),
        "AsyncVectorEnv": (
            partial(AsyncVectorEnv, makers, autoreset_mode=mode),
            lock_step,
        ),
    }
    for number in workers:
        if number <= count:
            make = partial(TextVectorEnv, makers, workers=number, autoreset_mode=mode)
            found[f"TextVectorEnv, {number} workers"] = make, lock_step
    for number in workers:
        if 0 < number <= count:
            make = partial(TextVectorEnv, makers, workers=number, autoreset_mode=mode)
            found[f"send and recv, {number} workers"] = make, ready_first
    return found


def promised(tables: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The figures that the vector is held against, with the limit of each."""
    found: list[dict[str, Any]] = []

    def add(what: str, figure: float, sign: str, limit: float) -> None:
        is_kept = figure < limit if sign == "under" else figure >= limit
        found.append(
            {
                "what": what,
                "figure": figure,
                "limit": f"{sign} {limit:g}",
                "is_kept": is_kept,
            }
        )

    for table in tables:
        load, count, text = table["load"], table["envs"], table["text"]
        rows = {row.name: row for row in table["rows"]}
        where = f"{load}, {count} slots, {text} characters"
        if (load, count, text) == ("light", 64, 1000):
            for name, row in rows.items():
                if not name.startswith("TextVectorEnv"):
                    continue
                limit = 2.0 if name.endswith(" 0 workers") else 3.0
                add(f"{where}: parent us, {name}", row.parent_us, "under", limit)
                ratio = rows["AsyncVectorEnv"].parent_us / row.parent_us
                add(f"{where}: times less than AsyncVectorEnv, {name}", ratio, ">=", 5)
        elif load == "straggling" and 1 < count <= MOST_WORKERS:
            lock, ready = (
                rows.get(f"{way}, {count} workers")
                for way in ("TextVectorEnv", "send and recv")
            )
            if lock and ready:
                ratio = ready.steps_per_second / lock.steps_per_second
                add(f"{where}: ready first to lock step", ratio, ">=", 3)
        elif load == "medium" and count > 1:
            one, two = (
                rows.get(f"TextVectorEnv, {number} workers") for number in (0, 2)
            )
            if one and two:
                ratio = two.steps_per_second / one.steps_per_second
                add(f"{where}: two workers to one process", ratio, ">=", 1.8)
    return found


def machine() -> str:
    """Name what this runs on."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        model = next(
            line.partition(":")[2].strip()
            for line in text.splitlines()
            if line.startswith("model name")
        )
    except (OSError, StopIteration):
        model = platform.processor() or platform.machine()
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()}; Python "
        f"{platform.python_version()}, gymnasium {version('gymnasium')}; {load_now()}"
    )


def load_now() -> str:
    """What the machine is doing, by its load of the last minute."""
    return f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "load ?"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--load", choices=LOADS, nargs="+", default=LOADS)
    parser.add_argument(
        "--envs", type=int, nargs="+", default=[1, 8, 64, 256], help="slots"
    )
    parser.add_argument("--text", type=int, nargs="+", default=[1000, 8000])
    parser.add_argument("--workers", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--seconds", type=float, default=1.0, help="per row")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    where = machine()
    tables: list[dict[str, Any]] = []
    for load, count, text in product(options.load, options.envs, options.text):
        workers = list(options.workers)
        if load == "straggling" and count <= MOST_WORKERS and count not in workers:
            workers.append(count)
        rows = compare(load, count, text, workers, options.seconds)
        tables.append({"load": load, "envs": count, "text": text, "rows": rows})
        if not options.json:
            print(f"{load}, {count} slots, {text} characters")
            show(rows)
    figures = promised(tables)
    if options.json:
        for table in tables:
            table["rows"] = [asdict(row) for row in table["rows"]]
        found = {"machine": where, "tables": tables, "promised": figures}
        print(json.dumps(found))
        return
    for line in figures:
        kept = "" if line["is_kept"] else "  MISSED"
        print(f"{line['figure']:8.2f} ({line['limit']}) {line['what']}{kept}")
    print(f"{where}, and {load_now()} at the end")


def compare(
    load: str, count: int, text: int, workers: list[int], seconds: float
) -> list[Row]:
    """Measure all vectors with the same games."""
    makers: list[Callable[[], gymnasium.Env[str, str]]] = [
        partial(LoadEnv, load, text, slot) for slot in range(count)
    ]
    return [
        measure(name, make(), play, seconds)
        for name, (make, play) in vectors(makers, workers).items()
    ]


def show(rows: list[Row]) -> None:
    """Print a table."""
    print(f"{'':26}{'steps/s':>10}{'parent us':>12}{'all us':>10}")
    for row in rows:
        numbers = (
            f"{row.steps_per_second:10,.0f}{row.parent_us:12.2f}{row.all_us:10.2f}"
        )
        print(f"{row.name:26}{numbers}")


if __name__ == "__main__":
    main()
