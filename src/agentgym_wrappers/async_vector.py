"""`AsyncVector`: single slots of a `TextVectorEnv`, each awaited by who plays it."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Literal, Self

from gymnasium.error import ClosedEnvironmentError
from gymnasium.vector import AutoresetMode

from agentgym_envs.errors import BadOption, ResetNeeded
from agentgym_wrappers.async_env import Courier, Stepped
from agentgym_wrappers.vector import TextVectorEnv
from agentgym_wrappers.vector.inline import Inline

POLL = 0.0005  # seconds between two looks at workers that have nothing to give yet


@dataclass(slots=True)
class _Order:
    """What somebody awaits of a slot."""

    slot: int
    kind: Literal["step", "reset", "call"]
    content: Any
    future: Future[Any] = field(default_factory=Future)


class AsyncVector:
    """Let coroutines play the slots of a `TextVectorEnv`, independently.

    Each slot has `areset`, `astep` and `acall` as an `AsyncEnv` has them, and what
    is ready first is given first: who waits for a slow slot keeps nobody else
    waiting. The vector belongs to this object, which works on it in a thread.

    >>> async def play(slot):
    ...     _, info = await slot.areset(options={"item": 3})
    ...     over = False
    ...     while not over:
    ...         action = await slot.acall("expert_action")
    ...         *_, terminated, truncated, info = await slot.astep(action)
    ...         over = terminated or truncated
    ...     return info["score"]
    >>> async def main():
    ...     envs = TextVectorEnv("agentgym/Maze-v0", 2, autoreset_mode="Disabled",
    ...                          infos="list")
    ...     async with AsyncVector(envs) as slots:
    ...         return await asyncio.gather(*map(play, slots))
    >>> asyncio.run(main())
    [1.0, 1.0]

    Args:
        envs: A vector with ``autoreset_mode="Disabled"`` and ``infos="list"``.

    Raises:
        BadOption: for another vector.
    """

    def __init__(self, envs: TextVectorEnv) -> None:
        if envs.autoreset_mode is not AutoresetMode.DISABLED or not envs._wants_list:
            raise BadOption(
                'AsyncVector needs TextVectorEnv(..., autoreset_mode="Disabled", '
                'infos="list")'
            )
        self.envs = envs
        self._closed = False
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._slots = tuple(AsyncSlot(self, slot) for slot in range(envs.num_envs))
        pump = _Pump(envs, self._orders)
        # A daemon: a vector that nobody closed must not keep the process alive.
        self._thread = threading.Thread(
            target=pump.run, name="agentgym-vector", daemon=True
        )
        self._thread.start()

    def __len__(self) -> int:
        return len(self._slots)

    def __getitem__(self, slot: int) -> AsyncSlot:
        return self._slots[slot]

    async def aclose(self) -> None:
        """End the environments and their workers, and all that is awaited."""
        if not self._closed:
            self._closed = True
            self._orders.put(None)
        await asyncio.to_thread(self._thread.join)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def _order(self, order: _Order) -> Future[Any]:
        if self._closed or not self._thread.is_alive():
            raise ClosedEnvironmentError("this vector of environments is closed")
        self._orders.put(order)
        return order.future


class AsyncSlot:
    """One slot of an `AsyncVector`."""

    def __init__(self, vector: AsyncVector, slot: int) -> None:
        self._vector = vector
        self._slot = slot
        self._courier = Courier()

    async def areset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Begin an episode, as ``reset`` does."""
        future = self._order("reset", (seed, options))
        observation, *_, info = await self._courier.fetch(future, heals=True)
        return observation, info

    async def astep(self, action: str) -> Stepped:
        """Do an action, as ``step`` does.

        Raises:
            ResetNeeded: also after a call that was cancelled while it ran.
            TypeError: if the action is not a string.
        """
        if not isinstance(action, str):
            raise TypeError(f"an action is a str, not {type(action).__name__}")
        self._courier.check()
        stepped: Stepped = await self._courier.fetch(self._order("step", action))
        return stepped

    async def acall(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method of the environment, or read an attribute.

        After ``restore`` all is known again, as after a reset.
        """
        future = self._order("call", (name, args, kwargs))
        return await self._courier.fetch(future, heals=name == "restore")

    def _order(
        self, kind: Literal["step", "reset", "call"], content: Any
    ) -> Future[Any]:
        return self._vector._order(_Order(self._slot, kind, content))


class _Pump:
    """Takes orders, posts them to the vector, and hands out what comes back."""

    def __init__(
        self, envs: TextVectorEnv, orders: queue.SimpleQueue[_Order | None]
    ) -> None:
        self._envs = envs
        self._orders = orders
        self._lines: list[deque[_Order]] = [deque() for _ in range(envs.num_envs)]
        self._posted: dict[int, _Order] = {}
        # Without workers nothing goes on unless somebody waits for it.
        self._least = 1 if isinstance(envs._backend, Inline) else 0

    def run(self) -> None:
        """Work until None is ordered; then close the vector."""
        try:
            while self._listen():
                self._post()
                if self._posted:
                    self._deliver()
        finally:
            self._envs.close()
            self._fail_all(ClosedEnvironmentError("this vector was closed"))

    def _listen(self) -> bool:
        """Take the orders that are there; wait for one if there is nothing to do."""
        patience: float | None = None
        if self._posted:
            patience = 0.0 if self._least else POLL
        try:
            order = self._orders.get(patience != 0.0, patience)
            while order is not None:
                self._lines[order.slot].append(order)
                order = self._orders.get_nowait()
        except queue.Empty:
            return True
        return False

    def _post(self) -> None:
        """Begin what is next in each slot that has nothing under way."""
        steps: list[_Order] = []
        for slot, line in enumerate(self._lines):
            while line and slot not in self._posted:
                order = line.popleft()
                if not order.future.set_running_or_notify_cancel():
                    continue
                if order.kind == "call":
                    self._call(order)
                    continue
                self._posted[slot] = order
                if order.kind == "step":
                    steps.append(order)
                else:
                    self._reset(order)
        if steps:
            slots = [order.slot for order in steps]
            try:
                self._envs.send([order.content for order in steps], slots)
            except ResetNeeded:
                # Whose mistake it is shows when each is sent alone.
                for order in steps:
                    self._send(order)

    def _send(self, order: _Order) -> None:
        try:
            self._envs.send([order.content], [order.slot])
        except Exception as error:
            self._fail(order.slot, error)

    def _reset(self, order: _Order) -> None:
        seed, options = order.content
        try:
            self._envs.reset_at(order.slot, seeds=[seed], options=options, wait=False)
        except Exception as error:
            self._fail(order.slot, error)

    def _call(self, order: _Order) -> None:
        name, args, kwargs = order.content
        try:
            if name == "restore":
                # The vector has to know that the slot is ready then.
                (snapshot,) = args
                self._envs.restore(snapshot, order.slot)
                result = None
            else:
                (result,) = self._envs.call(name, *args, env_ids=order.slot, **kwargs)
        except Exception as error:
            order.future.set_exception(error)
        else:
            order.future.set_result(result)

    def _deliver(self) -> None:
        """Give what is ready to who awaits it."""
        try:
            results = self._envs.recv(self._least)
        except Exception as error:
            self._blame(error)
            return
        columns = (
            results.env_ids.tolist(),
            results.observations,
            results.rewards.tolist(),
            results.terminations.tolist(),
            results.truncations.tolist(),
            results.infos,
        )
        for slot, *stepped in zip(*columns, strict=True):
            self._posted.pop(slot).future.set_result(tuple(stepped))

    def _blame(self, error: Exception) -> None:
        """Find whose reset was refused: it has no answer under way any more."""
        guilty = [
            slot for slot in self._posted if slot not in self._envs._slots.pending
        ]
        if len(guilty) == 1:
            self._fail(guilty[0], error)
            return
        # One error stands for several. Each is asked again, alone, for its own.
        for slot in guilty:
            order = self._posted.pop(slot)
            seed, options = order.content
            try:
                observations, infos = self._envs.reset_at(  # type: ignore[misc]  # waits
                    slot, seeds=[seed], options=options
                )
            except Exception as own:
                order.future.set_exception(own)
            else:
                begun = (observations[0], 0.0, False, False, infos[0])
                order.future.set_result(begun)

    def _fail(self, slot: int, error: BaseException) -> None:
        self._posted.pop(slot).future.set_exception(error)

    def _fail_all(self, error: Exception) -> None:
        for slot in list(self._posted):
            self._fail(slot, error)
        for order in chain.from_iterable(self._lines):
            if order.future.set_running_or_notify_cancel():
                order.future.set_exception(error)
