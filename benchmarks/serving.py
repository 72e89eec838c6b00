"""What the benchmarks of the server share: servers as processes, and their memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agentgym_envs.commands.clock import TICK

SYSTEM_FIELDS = (11, 12)  # of /proc/PID/stat behind the name: user and system time


class Process:
    """A server process with an address."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.pid = process.pid
        self.address = address
        self.host, _, port = address.removeprefix("http://").partition(":")
        self.port = int(port)

    def family(self) -> list[int]:
        """This process, its children, and theirs."""
        found = [self.pid]
        for pid in found:
            for file in Path(f"/proc/{pid}/task").glob("*/children"):
                try:
                    found += map(int, file.read_text(encoding="ascii").split())
                except OSError:
                    continue  # it has just ended
        return found

    def cpu(self) -> float:
        """Seconds of processor time so far, of the whole family."""
        return sum(map(_cpu, self.family()))

    def memory(self) -> float:
        """Resident MiB of the whole family; what forks share counts once per fork."""
        return sum(map(_resident, self.family()))


def _cpu(pid: int) -> float:
    try:
        text = Path("/proc", str(pid), "stat").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    fields = text.rpartition(")")[2].split()
    return TICK * sum(int(fields[place]) for place in SYSTEM_FIELDS)


def _resident(pid: int) -> float:
    try:
        text = Path("/proc", str(pid), "status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    sizes = [line.split()[1] for line in text.splitlines() if line.startswith("VmRSS:")]
    return int(sizes[0]) / 1024 if sizes else 0.0


@contextmanager
def server(*words: str) -> Iterator[Process]:
    """Run ``agentgym serve`` on a free port."""
    command = [sys.executable, "-m", "agentgym_server", "--port", "0", *words]
    with _running(command) as process:
        yield process


@contextmanager
def script(name: str) -> Iterator[Process]:
    """Run a script of this folder that prints its address when it is ready."""
    with _running([sys.executable, str(Path(__file__).with_name(name))]) as process:
        yield process


@contextmanager
def _running(command: list[str]) -> Iterator[Process]:
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "NO_COLOR": "1"}
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        if "http://" not in line:
            raise RuntimeError(f"{command} did not start")
        yield Process(process, line.split()[-1])
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
        process.stdout.close()
        time.sleep(0.05)
