"""Whether a server stays well under load while its workers are killed.

    python benchmarks/server_soak.py
    python benchmarks/server_soak.py --seconds 20 --kills 1 --sessions 64

Clients play random actions in many environments at once, over WebSockets that each
hold some of them, while now and then a worker is killed by signal 9. Prints, every so
often, steps a second, the time of one request for all environments of a client, and
the memory of the server with its workers. Then makes and closes environments, many
times. The exit status is 1 if

- any request failed, or an episode was lost that no killed worker held,
- memory grew by more than the limit in the second half, or by making and closing,
- or an environment, a file or a worker is left over at the end.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from serving import Process, server

from agentgym_wrappers import TextVectorEnv
from agentgym_wrappers.remote.link import Link
from server import machine

GAMES = ("agentgym/Maze-v0", "agentgym/TextCraft-v0", "agentgym/Wordle-v0")
WORDS = ("move up", "move left", "crane", "slate", "inventory", "get 1 oak log", "x")
LIMIT = 24.0  # MiB
BATCH = 50  # environments that are made and closed at once
SETTLE = 1.0  # seconds


@dataclass
class Tally:
    """What the clients have seen."""

    steps: int = 0
    failures: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def play(
    address: str, count: int, seed: int, tally: Tally, ended: threading.Event
) -> None:
    """Play random words in some environments until it is enough."""
    dice = random.Random(seed)
    try:
        envs = TextVectorEnv(
            list(GAMES)[:count],
            count,
            autoreset_mode="SameStep",
            infos="list",
            backend="http",
            address=address,
            resume=False,
        )
        envs.reset(seed=seed)
        while not ended.is_set():
            actions = [dice.choice(WORDS) for _ in range(count)]
            start = time.perf_counter()
            *_, infos = envs.step(actions)
            spent = time.perf_counter() - start
            lost = [info["final_info"] for info in infos if "final_info" in info]
            failures = [info["failure"] for info in lost if "failure" in info]
            with tally.lock:
                tally.steps += count
                tally.times.append(spent)
                tally.failures += failures
        envs.close()
    except Exception as error:
        with tally.lock:
            tally.errors.append(f"{type(error).__name__}: {error}")


def metrics(process: Process) -> dict[str, float]:
    """Read the metrics without labels, and the number of environments."""
    with urllib.request.urlopen(f"{process.address}/metrics", timeout=30) as reply:
        lines = reply.read().decode().splitlines()
    found = {}
    for line in lines:
        name, _, value = line.rpartition(" ")
        if not line.startswith("#") and "{" not in name:
            found[name] = float(value)
    with urllib.request.urlopen(f"{process.address}/healthz", timeout=30) as reply:
        found["environments"] = json.load(reply)["environments"]
    return found


def workers_of(process: Process) -> list[int]:
    """The worker processes: grandchildren of the server."""
    return process.family()[2:]


def files_of(pid: int) -> int:
    """How many files and sockets a process holds open."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def load(process: Process, options: argparse.Namespace) -> tuple[Tally, list[float]]:
    """Play for some time, and kill workers in it; give the memory over time."""
    tally, ended = Tally(), threading.Event()
    share = options.sessions // options.clients
    threads = [
        threading.Thread(
            target=play, args=(process.address, share, 1000 * i, tally, ended)
        )
        for i in range(options.clients)
    ]
    for thread in threads:
        thread.start()
    start = time.monotonic()
    pause = options.seconds / (options.kills + 1)
    kills = [start + pause * (i + 1) for i in range(options.kills)]
    tell = start + options.every
    sizes: list[float] = []
    before = 0
    while time.monotonic() < start + options.seconds:
        time.sleep(0.5)
        sizes.append(process.memory())
        if kills and time.monotonic() > kills[0]:
            kills.pop(0)
            pid = random.Random(len(kills)).choice(workers_of(process))
            os.kill(pid, signal.SIGKILL)
            print(f"killed worker {pid}", flush=True)
        if time.monotonic() > tell:
            tell += options.every
            with tally.lock:
                steps, recent = tally.steps, sorted(tally.times[-2000:])
            if recent:
                p99 = 1e3 * recent[int(0.99 * (len(recent) - 1))]
                print(
                    f"{time.monotonic() - start:7.0f} s {steps:>10,} steps "
                    f"{(steps - before) / options.every:>8,.0f}/s "
                    f"p99 {p99:7.1f} ms {sizes[-1]:8.1f} MiB "
                    f"{len(tally.failures)} lost",
                    flush=True,
                )
            before = steps
    ended.set()
    for thread in threads:
        thread.join(60)
    if any(thread.is_alive() for thread in threads):
        tally.errors.append("a client hangs")
    return tally, sizes


def cycles(process: Process, count: int) -> None:
    """Make environments and close them, so many in all."""
    link = Link(process.address, None, 10.0, lambda _: None)
    for number in range(0, count, BATCH):
        made = _ask(link, number, "create", [{"env_id": GAMES[0]}] * BATCH)
        sessions = [{"session": one["session"]} for one in made]
        assert all(one["closed"] for one in _ask(link, number, "close", sessions))
    link.close()


def _ask(link: Link, number: int, operation: str, entries: list[Any]) -> list[Any]:
    link.send({"id": number, "op": operation, "entries": entries})
    reply = link.receive(60)
    assert reply is not None
    results: list[Any] = reply["results"]
    return results


def mean(sizes: list[float]) -> float:
    """The mean of some sizes."""
    return sum(sizes) / max(1, len(sizes))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--sessions", type=int, default=256)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kills", type=int, default=4)
    parser.add_argument("--cycles", type=int, default=10_000)
    parser.add_argument("--every", type=float, default=30.0, help="seconds per line")
    options = parser.parse_args()
    most = str(options.sessions + BATCH)
    words = ("--workers", str(options.workers), "--max-envs", most)
    wrong: list[str] = []
    with server(*words) as process:
        tally, sizes = load(process, options)
        wrong += tally.errors
        times = sorted(tally.times)
        counted = metrics(process)
        held = -(-options.sessions // options.workers)
        print(
            f"{tally.steps:,} steps, {len(times):,} requests, {len(tally.errors)} "
            f"errors, p50 {1e3 * times[len(times) // 2]:.1f} ms, "
            f"p99 {1e3 * times[int(0.99 * (len(times) - 1))]:.1f} ms"
        )
        deaths = int(counted["agentgym_worker_deaths_total"])
        print(f"{deaths} workers killed, {len(tally.failures)} episodes lost with them")
        if deaths != options.kills or len(tally.failures) > options.kills * held:
            wrong.append("more was lost than the killed workers held")
        if not all("SIGKILL" in failure for failure in tally.failures):
            wrong.append("an episode was lost in another way")
        quarter = len(sizes) // 4
        third, last = sizes[2 * quarter : 3 * quarter], sizes[3 * quarter :]
        grown = mean(last) - mean(third)
        print(f"memory {mean(third):.1f} -> {mean(last):.1f} MiB in the second half")
        if grown > LIMIT:
            wrong.append(f"memory grew by {grown:.1f} MiB")
        cycles(process, min(options.cycles, 1000))  # what is kept for ever is kept now
        time.sleep(SETTLE)
        before, files = process.memory(), files_of(process.pid)
        cycles(process, options.cycles)
        time.sleep(SETTLE)
        after, files_after = process.memory(), files_of(process.pid)
        left = metrics(process)["environments"]
        print(
            f"{options.cycles:,} environments made and closed: {before:.1f} -> "
            f"{after:.1f} MiB, {files} -> {files_after} files, {left:.0f} left"
        )
        if after - before > LIMIT or files_after > files or left:
            wrong.append("making and closing leaves something over")
        if len(workers_of(process)) != options.workers:
            wrong.append("a worker is missing or left over")
    print(machine())
    for line in wrong:
        print(f"wrong: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
