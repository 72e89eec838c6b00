"""However a vector ends, nothing is left of it: no process, thread, pipe or file."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from vector_games import moody

from agentgym_wrappers import TextVectorEnv

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/fd").exists(), reason="counts what Linux tells in /proc"
)
OTHERS = [pytest.param(name, marks=pytest.mark.slow) for name in ("spawn", "fork")]
METHODS = ["forkserver", *OTHERS]
WAITING = ("waiting", "sleep 60")
HEAD = """
import os, signal, sys, threading, time
from agentgym_wrappers import TextVectorEnv
from vector_games import moody

if __name__ == "__main__":
    envs = TextVectorEnv(moody, 4, workers=2, start_method=sys.argv[1])
    envs.reset(seed=0)
"""


def session(leader):
    """The processes of a session, zombies left out."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = path.read_text().rpartition(")")
        except OSError:
            continue
        state, _, _, group, *_ = [rest.split()[i] for i in (0, 1, 2, 3)]
        if int(group) == leader and state != "Z":
            found.append(int(name.split()[0]))
    return found


def handles():
    """How many files and pipes this process holds open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def vanishes(leader, seconds=10.0):
    """Whether all processes of a session end."""
    end = time.monotonic() + seconds
    while left := session(leader):
        if time.monotonic() > end:
            for pid in left:
                os.kill(pid, signal.SIGKILL)
            return False
        time.sleep(0.02)
    return True


@pytest.fixture
def start(tmp_path):
    """Starts a script as the leader of a session of its own."""
    started = []

    def run(method, body):
        script = tmp_path / "script.py"
        lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
        script.write_text(HEAD + lines, encoding="utf-8")
        paths = [str(Path(__file__).parent), *sys.path]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
        env["TMPDIR"] = str(tmp_path / "tmp")
        Path(env["TMPDIR"]).mkdir()
        process = subprocess.Popen(
            [sys.executable, str(script), method],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append((process, env["TMPDIR"]))
        return process

    yield run
    for process, folder in started:
        process.kill()
        process.communicate()
        assert vanishes(process.pid)
        assert list(Path(folder).iterdir()) == []


@pytest.mark.parametrize("method", METHODS)
def test_closing_leaves_no_process_thread_pipe_or_file(method, monkeypatch, tmp_path):
    # What the interpreter itself keeps for `spawn` is there before and after.
    TextVectorEnv(moody, 1, workers=1, start_method=method).close()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    gc.collect()
    before, threads = handles(), threading.active_count()
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    family = children.read_text()
    envs = TextVectorEnv(moody, 4, workers=2, start_method=method)
    envs.reset(seed=0)
    pids = set(envs.call("pid"))
    envs.step(["a", "kill", "boom", "a"])
    pids |= set(envs.call("pid"))
    envs.close()
    assert len(pids) == 3
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    assert children.read_text() == family
    assert handles() == before
    assert threading.active_count() == threads
    assert list(tmp_path.iterdir()) == []


def test_a_constructor_that_fails_leaves_nothing():
    def broken():
        raise RuntimeError("broken")

    before = handles()
    with pytest.raises(RuntimeError, match="broken"):
        TextVectorEnv([moody, broken], 4, workers=2)
    gc.collect()
    assert handles() == before


def test_a_vector_that_nobody_holds_ends():
    envs = TextVectorEnv(moody, 2, workers=2)
    pids = envs.call("pid")
    del envs
    gc.collect()
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_closing_does_not_wait_for_a_step_that_hangs():
    envs = TextVectorEnv(moody, 2, workers=2)
    envs.reset(seed=0)
    pids = envs.call("pid")
    envs.send(["sleep 60", "busy 60"])
    start = time.monotonic()
    envs.close()
    assert time.monotonic() - start < 5
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_a_fork_that_holds_the_pipes_does_not_delay_the_end():
    envs = TextVectorEnv(moody, 2, workers=2)
    pids = envs.call("pid")
    pid = os.fork()
    if pid == 0:
        time.sleep(30)
        os._exit(0)
    start = time.monotonic()
    envs.close()
    assert time.monotonic() - start < 3
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


@pytest.mark.slow
def test_a_fork_of_the_owner_ends_no_workers():
    envs = TextVectorEnv(moody, 2, workers=2)
    envs.reset(seed=0)
    pid = os.fork()
    if pid == 0:
        del envs
        gc.collect()
        os._exit(0)
    os.waitpid(pid, 0)
    assert not envs.step(["a", "b"])[3].any()
    envs.close()


@pytest.mark.parametrize("method", METHODS)
def test_an_interpreter_that_exits_takes_its_workers_along(start, method):
    process = start(method, "envs.step(['a'] * 4)")
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")
    assert vanishes(process.pid)


@pytest.mark.slow
def test_an_error_that_nobody_catches_leaves_nothing(start):
    process = start("forkserver", "envs.send(['sleep 60'] * 4); raise OSError('end')")
    _, errors = process.communicate(timeout=30)
    assert errors.splitlines()[-1] == "OSError: end"
    assert vanishes(process.pid)


def test_ctrl_c_reaches_the_user_and_leaves_nothing(start):
    body = "print('go', flush=True)\nenvs.step(['sleep 60'] * 4)"
    process = start("forkserver", body)
    assert process.stdout.readline() == "go\n"
    time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert errors.splitlines()[-1] == "KeyboardInterrupt"
    assert errors.count("Traceback") == 1, "workers keep silent"
    assert vanishes(process.pid)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "doing", ["busy 60", *(pytest.param(w, marks=pytest.mark.slow) for w in WAITING)]
)
def test_workers_end_by_themselves_when_their_parent_is_killed(start, method, doing):
    body = "print('go', flush=True)\n"
    body += "time.sleep(60)" if doing == "waiting" else f"envs.step(['{doing}'] * 4)"
    process = start(method, body)
    assert process.stdout.readline() == "go\n"
    time.sleep(0.1)
    process.kill()
    assert vanishes(process.pid)


@pytest.mark.slow
def test_workers_end_even_if_their_interpreter_is_held(start):
    body = "print('go', flush=True)\nenvs.step(['hold 60'] * 4)"
    process = start("forkserver", body)
    assert process.stdout.readline() == "go\n"
    time.sleep(0.1)
    process.kill()
    assert vanishes(process.pid)


@pytest.mark.slow
def test_workers_end_even_if_a_fork_of_their_parent_lives_on(start):
    body = """
if os.fork() == 0:
    os.setsid()
    time.sleep(8)
    os._exit(0)
print('go', flush=True)
time.sleep(60)
"""
    process = start("forkserver", body)
    assert process.stdout.readline() == "go\n"
    time.sleep(0.1)
    process.kill()
    assert vanishes(process.pid, 7)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["close", "kill"])
def test_what_an_environment_starts_ends_with_its_worker(start, how):
    pytest.importorskip("scienceworld")
    body = """
envs.close()
envs = TextVectorEnv("agentgym/SciWorld-v0", 2, workers=2)
envs.reset(seed=0)
print('go', flush=True)
if sys.argv[1] == "kill":
    time.sleep(60)
envs.close()
"""
    process = start("fork", body.replace("sys.argv[1]", repr(how)))
    assert process.stdout.readline() == "go\n"
    folder = Path(process.args[1]).parent / "tmp"
    if how == "kill":
        assert len(list(folder.iterdir())) == 2
        process.kill()
    process.wait()
    end = time.monotonic() + 15
    while any(folder.iterdir()) and time.monotonic() < end:
        time.sleep(0.1)
    assert list(folder.iterdir()) == []
