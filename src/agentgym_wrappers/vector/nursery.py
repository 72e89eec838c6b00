"""A fresh process that loads what environments need, and forks workers from it.

Forking the process of a user is dangerous where threads run, as they do under most
training code, and a fresh interpreter per worker loads the data of an environment
once per worker. So one fresh process makes one environment of each kind, and is
forked: all workers share what it has loaded, and a lost worker is replaced in
milliseconds. It starts no thread.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import socket
import struct
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection

from agentgym_wrappers.vector import worker
from agentgym_wrappers.vector.makers import Env, Make

FORK, REAP, END = b"f", b"r", b"e"
NUMBER = struct.Struct("<q")
LOOK_SECONDS = 1.0  # between two looks at whose child this is
RUNNING = -1  # in the place of an exit status


def main(handle: int) -> None:
    """Serve a parent at the other end of a Unix socket, until it is gone."""
    # Ctrl-C reaches all processes of a terminal; the parent decides what to do.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = os.getppid()
    control = Connection(handle)
    passing = socket.socket(fileno=os.dup(handle))
    try:
        loaded = _load(control.recv_bytes())
    except EOFError:
        return
    workers: set[int] = set()
    with contextlib.suppress(EOFError, ConnectionError):
        while os.getppid() == parent:
            if not control.poll(LOOK_SECONDS):
                continue
            request = control.recv_bytes()
            if request == FORK:
                _, handles, _, _ = socket.recv_fds(passing, 1, 1)
                pid = os.fork()
                if pid == 0:
                    passing.close()
                    control.close()
                    worker.main(Connection(handles[0]))
                    return
                os.close(handles[0])
                workers.add(pid)
                control.send_bytes(NUMBER.pack(pid))
            elif request == END:
                break
            else:
                (pid,) = NUMBER.unpack(request[len(REAP) :])
                ended, status = os.waitpid(pid, os.WNOHANG)
                if ended:
                    workers.discard(pid)
                control.send_bytes(NUMBER.pack(status if ended else RUNNING))
    control.close()
    passing.close()
    _outlive(workers)
    del loaded


def _outlive(workers: set[int]) -> None:
    """Wait for workers whose parent is gone, which they see for themselves.

    Only code that never lets go of the interpreter keeps them from it.
    """
    end = time.monotonic() + 2 * worker.ORPHAN_SECONDS
    while workers and time.monotonic() < end:
        workers = {pid for pid in workers if not os.waitpid(pid, os.WNOHANG)[0]}
        time.sleep(0.05)
    for pid in workers:
        os.kill(pid, signal.SIGKILL)


def _load(makers: bytes) -> Sequence[Env]:
    """Make an environment of each kind, for what stays in memory."""
    found: list[Env] = []
    with contextlib.suppress(Exception):  # a worker will raise it again, and tell
        kinds: list[Make] = pickle.loads(makers)
        for make in kinds:
            found.append(make())
    gc.collect()
    # Else the first collection in a worker would touch, and copy, every page.
    gc.freeze()
    return found
