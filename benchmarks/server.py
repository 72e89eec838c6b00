"""Calls a second of the server, next to a minimal echo in the same run.

    python benchmarks/server.py
    python benchmarks/server.py --clients 1 64 --batch 32 --workers 2

| Way | A call |
|---|---|
| `echo` | a JSON body to a FastAPI that gives it back, over a new connection |
| `dialect` | `/maze/step`, as the original client calls it: a new connection |
| `dialect, kept` | the same over a connection that is kept |
| `v1 batch` | one environment's step in a batch over HTTP, in MessagePack |
| `v1 socket` | the same over a WebSocket |
| `v1 socket, single` | one step per message |

The clients are threads of one process that is not measured, and wait for each
reply. Columns: calls a second, a step of one environment being a call; how many
times those of the echo with as many clients; microseconds of processor time of the
server per call; the 50th and 99th percentile of the time of one request in
milliseconds.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from serving import Process, script, server
from websockets.sync.client import connect

from agentgym_wrappers.remote import wire

MAZE = "agentgym/Maze-v0"
ACTION = "move up"
JSON = {"Content-Type": "application/json"}
PACKED = {"Content-Type": wire.MSGPACK}
HORIZON = 10**9  # steps: no episode ends here
Call = Callable[[], int]
"""Makes one request; gives the number of steps in it."""
Open = Callable[[Process, ExitStack], Call]


@dataclass(frozen=True)
class Row:
    """The figures of one way with so many clients."""

    way: str
    clients: int
    calls_per_second: float
    times_echo: float
    server_us: float
    p50_ms: float
    p99_ms: float


def post(process: Process, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """Make a request over a connection of its own, as ``requests.post`` does."""
    connection = http.client.HTTPConnection(process.host, process.port)
    try:
        return _post(connection, path, body, headers)
    finally:
        connection.close()


def _post(
    connection: http.client.HTTPConnection,
    path: str,
    body: bytes,
    headers: dict[str, str],
) -> bytes:
    connection.request("POST", path, body, headers)
    reply = connection.getresponse()
    data = reply.read()
    if reply.status != 200:
        raise RuntimeError(f"{path} answered {reply.status}: {data[:200]!r}")
    return data


def echo(process: Process, stack: ExitStack) -> Call:
    body = json.dumps({"id": 0, "action": ACTION}).encode()

    def call() -> int:
        post(process, "/step", body, JSON)
        return 1

    return call


def dialect(process: Process, stack: ExitStack) -> Call:
    body = _dialect_step(process)

    def call() -> int:
        post(process, "/maze/step", body, JSON)
        return 1

    return call


def dialect_kept(process: Process, stack: ExitStack) -> Call:
    body = _dialect_step(process)
    connection = http.client.HTTPConnection(process.host, process.port)
    stack.callback(connection.close)

    def call() -> int:
        _post(connection, "/maze/step", body, JSON)
        return 1

    return call


def _dialect_step(process: Process) -> bytes:
    number = json.loads(post(process, "/maze/create", b"", {}))["id"]
    begin = json.dumps({"id": number, "game": 0}).encode()
    post(process, "/maze/reset", begin, JSON)
    return json.dumps({"id": number, "action": ACTION}).encode()


def _steps(process: Process, count: int) -> list[dict[str, str]]:
    """Make environments, begin, and give the entries of a step."""
    wanted = {"env_id": MAZE, "kwargs": {"horizon": HORIZON}}
    made = _ask(process, "create", [wanted] * count)
    sessions = [result["session"] for result in made]
    begun = _ask(process, "reset", [{"session": one, "seed": 0} for one in sessions])
    assert all("observation" in result for result in begun)
    return [{"session": one, "action": ACTION} for one in sessions]


def _ask(process: Process, operation: str, entries: list[Any]) -> list[Any]:
    data = post(process, f"/v1/{operation}", wire.pack({"entries": entries}), PACKED)
    found: list[Any] = wire.unpack(data)["results"]
    return found


def batch(count: int) -> Open:
    def opened(process: Process, stack: ExitStack) -> Call:
        body = wire.pack({"entries": _steps(process, count)})
        connection = http.client.HTTPConnection(process.host, process.port)
        stack.callback(connection.close)

        def call() -> int:
            results = wire.unpack(_post(connection, "/v1/step", body, PACKED))
            return _count(results["results"])

        return call

    return opened


def socket(count: int) -> Open:
    def opened(process: Process, stack: ExitStack) -> Call:
        message = wire.pack({"id": 1, "op": "step", "entries": _steps(process, count)})
        url = f"ws://{process.host}:{process.port}/v1/socket"
        link = stack.enter_context(connect(url, compression=None, max_size=None))

        def call() -> int:
            link.send(message)
            reply = link.recv()
            assert isinstance(reply, bytes)
            return _count(wire.unpack(reply)["results"])

        return call

    return opened


def _count(results: Sequence[Any]) -> int:
    if any("error" in result for result in results):
        raise RuntimeError(f"a step failed: {results[0]}")
    return len(results)


def measure(
    way: str, open_: Open, process: Process, clients: int, seconds: float
) -> Row:
    """Let clients call for some seconds."""
    counts, times = [0] * clients, [list[float]() for _ in range(clients)]
    errors: list[BaseException] = []
    barrier = threading.Barrier(clients + 1)
    ended = threading.Event()

    def work(place: int) -> None:
        with ExitStack() as stack:
            try:
                call = open_(process, stack)
                call()
                barrier.wait(120)
                while not ended.is_set():
                    start = time.perf_counter()
                    counts[place] += call()
                    times[place].append(time.perf_counter() - start)
            except BaseException as error:
                errors.append(error)
                barrier.abort()

    threads = [threading.Thread(target=work, args=(i,)) for i in range(clients)]
    for thread in threads:
        thread.start()
    try:
        barrier.wait(120)
    except threading.BrokenBarrierError:
        ended.set()
        for thread in threads:
            thread.join()
        raise errors[0] from None
    start, cpu = time.perf_counter(), process.cpu()
    time.sleep(seconds)
    calls = sum(counts)
    spent, cpu = time.perf_counter() - start, process.cpu() - cpu
    ended.set()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    all_times = sorted(one for mine in times for one in mine)
    return Row(
        way,
        clients,
        calls / spent,
        0.0,
        1e6 * cpu / max(1, calls),
        1e3 * all_times[len(all_times) // 2],
        1e3 * all_times[int(0.99 * (len(all_times) - 1))],
    )


def run(clients: Sequence[int], count: int, workers: int, seconds: float) -> list[Row]:
    """Measure all ways with each number of clients."""
    ways: list[tuple[str, Open]] = [
        ("dialect", dialect),
        ("dialect, kept", dialect_kept),
        (f"v1 batch of {count}", batch(count)),
        (f"v1 socket, {count}", socket(count)),
        ("v1 socket, single", socket(1)),
    ]
    rows: list[Row] = []
    for number in clients:
        with script("echo_server.py") as process:
            first = measure("echo", echo, process, number, seconds)
        rows.append(Row(**{**asdict(first), "times_echo": 1.0}))
        most = str(number * (2 * count + 3) + 16)
        with server("--workers", str(workers), "--max-envs", most) as process:
            for way, open_ in ways:
                row = measure(way, open_, process, number, seconds)
                ratio = row.calls_per_second / first.calls_per_second
                rows.append(Row(**{**asdict(row), "times_echo": ratio}))
    return rows


def machine() -> str:
    """Say what this was measured on."""
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{os.cpu_count()} cores, {platform.system()}, {load}; Python "
        f"{platform.python_version()}, fastapi {version('fastapi')}, uvicorn "
        f"{version('uvicorn')}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 64])
    parser.add_argument("--batch", type=int, default=64, help="environments (64)")
    parser.add_argument("--workers", type=int, default=0, help="of the server (0)")
    parser.add_argument("--seconds", type=float, default=3.0, help="per row (3)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    rows = run(options.clients, options.batch, options.workers, options.seconds)
    if options.json:
        print(json.dumps({"machine": machine(), "rows": [asdict(row) for row in rows]}))
        return
    titles = ("calls/s", "echo", "server us", "p50 ms", "p99 ms")
    widths = (9, 6, 10, 8, 8)
    columns = (f"{title:>{width}}" for title, width in zip(titles, widths, strict=True))
    print(f"{'clients':>7} {'way':<20}", *columns)
    for row in rows:
        print(
            f"{row.clients:>7} {row.way:<20} {row.calls_per_second:>9,.0f} "
            f"{row.times_echo:>5.1f}x {row.server_us:>10.1f} {row.p50_ms:>8.2f} "
            f"{row.p99_ms:>8.2f}"
        )
    print(machine())


if __name__ == "__main__":
    main()
