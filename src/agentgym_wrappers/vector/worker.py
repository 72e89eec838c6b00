"""What runs in a worker process: some slots, played by the requests of a parent."""

from __future__ import annotations

import os
import pickle
import select
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any, Protocol

from gymnasium.vector import AutoresetMode

from agentgym_wrappers.vector.makers import Make
from agentgym_wrappers.vector.messages import (
    Mistakes,
    Part,
    Request,
    carry,
    parts_of,
)
from agentgym_wrappers.vector.slot import Slot, description

PROTOCOL = 5  # of pickles
ORPHAN_SECONDS = 2.0  # for closing the environments when the parent is gone
LOOK_SECONDS = 1.0  # between two looks at whose child this is


class Work(Protocol):
    """What a worker is told first, by a pickle."""

    def play(self, connection: Connection) -> None:
        """Do what the parent asks for until it says that it is enough."""


@dataclass
class Task:
    """The work on slots of a `TextVectorEnv`."""

    makers: Mapping[int, Make]
    mode: AutoresetMode
    seeds: Mapping[int, int] = field(default_factory=dict)
    life: int = 0
    ended: frozenset[int] = frozenset()
    """Slots whose latest episode had ended."""

    def slots(self) -> dict[int, Slot]:
        """Make the environments.

        Raises:
            Exception: whatever making one raises.
        """
        return {
            number: Slot(
                make,
                self.mode,
                seed=self.seeds.get(number),
                life=self.life,
                ended=number in self.ended,
            )
            for number, make in self.makers.items()
        }

    def play(self, connection: Connection) -> None:
        """Make the environments, and play them as asked."""
        player = Player()
        try:
            connection.send_bytes(player.begin(self))
            while data := connection.recv_bytes():
                for _, answer in player.answers(data):
                    connection.send_bytes(answer)
        finally:
            player.close()


class Player:
    """Plays some slots, by messages that are bytes."""

    def __init__(self) -> None:
        self._slots: dict[int, Slot] = {}

    def begin(self, task: Task) -> bytes:
        """Make the environments; tell what they are, or what went wrong."""
        try:
            self._slots = slots = task.slots()
            described = {number: description(slot) for number, slot in slots.items()}
            return pickle.dumps(("ready", described), PROTOCOL)
        except Exception as error:
            return mistake(error)

    def answers(self, data: bytes) -> Iterator[tuple[bool, bytes]]:
        """Do a `Request`; give answers, and whether it is the last."""
        operation, numbers, arguments, patience = Request(*pickle.loads(data))
        act = getattr(Slot, operation)
        rows: list[Any] = []
        start, last, since = 0, len(numbers) - 1, time.monotonic()
        for i, argument in enumerate(arguments):
            rows.append(act(self._slots[numbers[i]], argument))
            if patience is None or i == last:
                continue
            now = time.monotonic()
            if now - since > patience:
                parts = parts_of(operation, numbers[start : i + 1], rows)
                yield False, _packed("some", parts)
                start, rows, since = i + 1, [], now
        yield True, _packed("done", parts_of(operation, numbers[start:], rows))

    def close(self) -> None:
        """Close the environments."""
        slots, self._slots = self._slots, {}
        for slot in slots.values():
            slot.close()


def main(connection: Connection) -> None:
    """Work until the parent says that it is enough, or is gone."""
    # Ctrl-C reaches all processes of a terminal; the parent decides what to do.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_with(connection)
    try:
        data = connection.recv_bytes()
        try:
            work: Work = pickle.loads(data)
        except Exception as error:
            connection.send_bytes(mistake(error))
            return
        work.play(connection)
    except (EOFError, ConnectionError):
        pass  # The parent is gone, or wants no answers any more.
    finally:
        connection.close()


def mistake(error: Exception) -> bytes:
    """The answer to a task that can't be begun."""
    return pickle.dumps(("mistake", carry(error)), PROTOCOL)


def _packed(kind: str, parts: list[Part]) -> bytes:
    content = [_portable(part) for part in parts]
    try:
        return pickle.dumps((kind, content), PROTOCOL)
    except Exception as error:
        return pickle.dumps((kind, _refusals(content, error)), PROTOCOL)


def _portable(part: Part) -> Any:
    # By name of the class, not by its pickle: tuples cost less on either side.
    if type(part) is Mistakes:
        return "Mistakes", part.slots, [carry(error) for error in part.errors]
    return type(part).__name__, *part


def _refusals(content: list[Any], error: Exception) -> list[Any]:
    """Say of what can't be pickled that it can't."""
    refusal = TypeError(f"this can't be sent from a worker: {error}")
    return [("Mistakes", part[1], [carry(refusal)] * len(part[1])) for part in content]


def _end_with(connection: Connection) -> None:
    """End this process soon after its parent is gone, even amid a step."""
    parent = os.getppid()

    def watch() -> None:
        poller = select.poll() if hasattr(select, "poll") else None
        if poller is not None:
            poller.register(connection.fileno(), 0)  # a hang-up is always told
        while os.getppid() == parent:
            if poller is None:
                time.sleep(LOOK_SECONDS)
            elif poller.poll(int(1000 * LOOK_SECONDS)):
                break
        time.sleep(ORPHAN_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
