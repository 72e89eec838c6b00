"""Workers that are Ray actors, anywhere on a cluster.

Ray (https://docs.ray.io) places an actor where its resources are, and tells when it
or its node is gone. All else, such as what becomes of its episodes and who takes its
place, is decided as for processes of this machine. A request that asks for its
answers in parts is a streaming generator of Ray; others are plain calls, which cost
half as much.
"""

from __future__ import annotations

import contextlib
import pickle
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agentgym_envs.errors import BadOption, MissingExtra
from agentgym_wrappers.vector.launch import END_SECONDS
from agentgym_wrappers.vector.lines import START_SECONDS
from agentgym_wrappers.vector.worker import Player, mistake

try:
    import ray
    from ray.exceptions import RayError
except ModuleNotFoundError:
    raise MissingExtra("ray", "ray") from None

OURS = {"max_restarts": 0, "max_task_retries": 0, "max_concurrency": 1}
"""What the vector decides: it replaces actors itself, and one slot plays at a time."""
TAKEN = frozenset(OURS) | {"name", "lifetime", "get_if_exists", "concurrency_groups"}
CLIENT = "ray://"  # of an address: a driver that is no part of the cluster
CAUSE, GUESSES = "The actor is dead because", "Some common causes"  # words of Ray's
LONGEST = 400  # characters of what Ray says about a loss

_lock = threading.Lock()
_users: dict[tuple[str, str], int] = {}
"""How many vectors use a connection to Ray that the first of them has opened."""


class Actor:
    """A worker, as Ray runs it."""

    def __init__(self) -> None:
        self._player = Player()

    def begin(self, task: bytes) -> bytes:
        """Make the environments."""
        try:
            return self._player.begin(pickle.loads(task))
        except Exception as error:  # such as a module that is not on this node
            return mistake(error)

    def answer(self, request: bytes) -> bytes:
        """Give the only answer to a request without patience."""
        ((_, answer),) = self._player.answers(request)
        return answer

    def answers(self, request: bytes) -> Iterator[tuple[bool, bytes]]:
        """Give answers as they come, and whether it is the last."""
        yield from self._player.answers(request)

    def end(self) -> None:
        """Close the environments, and end this process."""
        self._player.close()
        ray.actor.exit_actor()


class Actors:
    """Starts workers as actors.

    It uses the Ray that the process is connected to. Only where there is none does it
    connect or start one, and only such a one ends with the last vector that uses it.

    Args:
        options: Options of the actors, as ``ray.remote`` takes them (``num_cpus``,
            ``num_gpus``, ``memory``, ``resources``, ``label_selector``,
            ``scheduling_strategy``, ``runtime_env`` and more), one CPU each unless it
            is said otherwise; and of ours ``start_seconds``, what an actor may take
            until it has a place and has made its environments.
        timeout: Seconds that one call of an environment may take.
        address: Of the cluster; None for the one that Ray finds, or starts here.

    Raises:
        BadOption: for options that Ray does not know or the vector decides, and for
            another cluster than the process is connected to.
        ConnectionError: if no cluster answers at the address.
    """

    def __init__(
        self,
        options: Mapping[str, Any],
        timeout: float | None,
        address: str | None = None,
    ) -> None:
        chosen: dict[str, Any] = {"num_cpus": 1, **options}
        seconds = chosen.pop("start_seconds", max(timeout or 0.0, START_SECONDS))
        if not isinstance(seconds, int | float) or not seconds > 0:
            raise BadOption(f"start_seconds must be above 0, not {seconds!r}")
        self.start_seconds: float | None = seconds
        self.asked = f"; has the cluster a node with room for {chosen}?"
        if taken := sorted(TAKEN & chosen.keys()):
            raise BadOption(f"ray_options can't hold {', '.join(taken)}")
        try:
            self._remote = ray.remote(Actor).options(**chosen, **OURS)
        except (TypeError, ValueError) as error:
            raise BadOption(f"ray_options: {error}") from None
        self._is_user = _connect(address)

    def open(self) -> Line:
        """Start an actor, as soon as a node has room for it."""
        return Line(self._remote.remote())

    def wait(self, lines: Sequence[Any], seconds: float | None) -> Sequence[Any]:
        """Wait for messages; give the lines that have one, or whose end is gone."""
        by_answer = {line.next_answer: line for line in lines}
        ready, others = ray.wait(list(by_answer), num_returns=1, timeout=seconds)
        if others and ready:
            ready += ray.wait(others, num_returns=len(others), timeout=0)[0]
        return [by_answer[answer] for answer in ready]

    def close(self) -> None:
        """End a Ray that nobody but vectors has asked for, with the last of these."""
        if self._is_user:
            self._is_user = False
            _disconnect()


class Line:
    """The way to an actor and back."""

    def __init__(self, actor: Any) -> None:
        self._actor = actor
        self._is_new = True
        self._answers: deque[Any] = deque()  # references, and generators of these
        self._ending: Any = None  # fails when the actor has ended
        self._failure = ""  # why the actor is lost

    @property
    def next_answer(self) -> Any:
        """What the next message comes from."""
        return self._answers[0]

    def send(self, data: bytes, *, in_parts: bool = False) -> None:
        """Send a task first, and requests then."""
        actor = self._actor
        if self._is_new:
            self._is_new = False
            self._answers.append(actor.begin.remote(data))
        elif in_parts:
            method = actor.answers.options(num_returns="streaming")
            self._answers.append(method.remote(data))
        else:
            self._answers.append(actor.answer.remote(data))

    def receive(self) -> bytes:
        """Wait for the next message.

        Raises:
            EOFError: if the actor is gone.
        """
        answer, is_last = self._answers[0], True
        data: bytes
        try:
            if isinstance(answer, ray.ObjectRefGenerator):
                is_last, data = ray.get(next(answer))
            else:
                data = ray.get(answer)
        except RayError as error:
            self._failure = told(error)
            raise EOFError(self._failure) from None
        if is_last:
            self._answers.popleft()
        return data

    def poll(self) -> bool:
        """Whether there is a message, or the actor is gone and has not said so."""
        if self._failure or not self._answers:
            return False
        return bool(ray.wait([self._answers[0]], timeout=0)[0])

    def end(self) -> None:
        """Ask the actor to end after what it is at."""
        with contextlib.suppress(Exception):
            self._ending = self._actor.end.remote()

    def finish(self, seconds: float) -> str:
        """Wait for the actor's end, and kill it after so long."""
        # Without Ray, there is no actor either.
        with contextlib.suppress(Exception):
            if self._ending is None:
                self.end()
            is_over = bool(self._failure)
            if not is_over and seconds > 0:
                is_over = bool(ray.wait([self._ending], timeout=seconds)[0])
            ray.kill(self._actor)
            if not is_over:
                ray.wait([self._ending], timeout=END_SECONDS)
        return self._failure or "the Ray actor has ended"

    def close(self) -> None:
        """Want no more answers."""
        self._answers.clear()


def told(error: RayError) -> str:
    """Say in a line why an actor is lost; Ray takes a page."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    causes = [line for line in lines if line.startswith(CAUSE)]
    text = (causes or lines[-1:] or [type(error).__name__])[0]
    return f"the Ray actor was lost: {text.partition(GUESSES)[0].strip()[:LONGEST]}"


def _connect(address: str | None) -> bool:
    """Be connected to Ray; tell whether the connection is one that vectors opened."""
    with _lock:
        if str(address).startswith(CLIENT) or ray.util.client.ray.is_connected():
            raise BadOption(
                "a vector on Ray must run on a node of its cluster, not behind "
                f"{CLIENT}; submit the program as a job"
            )
        is_new = not ray.is_initialized()
        if is_new:
            _users.clear()
            ray.init(address=address, include_dashboard=False)
        elif address not in (None, "auto", _connection()[0]):
            raise BadOption(
                "this process is connected to the Ray cluster at "
                f"{_connection()[0]}, not to {address!r}"
            )
        connection = _connection()
        if is_new or connection in _users:
            _users[connection] = _users.get(connection, 0) + 1
            return True
        return False


def _disconnect() -> None:
    with _lock:
        # The user may have ended it, and even opened another, in between.
        if not ray.is_initialized() or (connection := _connection()) not in _users:
            return
        _users[connection] -= 1
        if not _users[connection]:
            del _users[connection]
            ray.shutdown()


def _connection() -> tuple[str, str]:
    context = ray.get_runtime_context()
    return context.gcs_address, context.get_job_id()
