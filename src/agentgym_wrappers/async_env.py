"""`AsyncEnv`: an environment whose resets and steps can be awaited."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Self, TypeVar

import gymnasium
from gymnasium.error import ClosedEnvironmentError

from agentgym_envs.errors import BadOption, ResetNeeded

Source = str | gymnasium.Env[Any, Any] | Callable[[], gymnasium.Env[Any, Any]]
Stepped = tuple[Any, Any, bool, bool, dict[str, Any]]
T = TypeVar("T")

LOST = (
    "the last call was cancelled while it ran, so nobody knows where the episode "
    "is; call areset() first"
)


class Courier:
    """Awaits what threads do, and remembers when a result was lost on the way.

    A call that is cancelled before its thread has begun it is never done. One that
    runs already cannot be stopped: it is done, and its result lost. From then on
    `check` refuses further steps, until a reset has come through.
    """

    def __init__(self) -> None:
        self._lost = False

    def check(self) -> None:
        """Refuse to go on from where nobody knows.

        Raises:
            ResetNeeded: if so.
        """
        if self._lost:
            raise ResetNeeded(LOST)

    async def fetch(self, future: Future[T], *, heals: bool = False) -> T:
        """Wait for a result; with ``heals``, all is known again once it is there."""
        try:
            result = await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            self._lost = self._lost or not future.cancelled()
            raise
        if heals:
            self._lost = False
        return result


class AsyncEnv:
    """Await an environment, which lives in a thread of its own.

    Calls are done in the order in which they were made, one at a time. All of them
    may be cancelled, by `asyncio.wait_for` for example. If a step or reset was
    running by then, `astep` raises until the next `areset`, which waits for it.

    >>> async def play():
    ...     async with AsyncEnv("agentgym/Maze-v0") as env:
    ...         text, info = await env.areset(options={"item": 3})
    ...         action = await env.acall("expert_action")
    ...         return info["item_id"], (await env.astep(action))[4]["steps"]
    >>> asyncio.run(play())
    ('maze_3', 1)

    Args:
        source: An id, a function that makes an environment, or an environment. The
            first two are made in the thread, as some libraries demand.
        kwargs: Keywords for `gymnasium.make`, if ``source`` is an id.

    Raises:
        Exception: whatever making the environment raises.
    """

    def __init__(self, source: Source, **kwargs: Any) -> None:
        if kwargs and not isinstance(source, str):
            raise BadOption("keywords are for an id; this is none")
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="agentgym-env")
        self._courier = Courier()
        self._closed = False
        try:
            self.env = self._thread.submit(_made, source, kwargs).result()
            """The environment; touch it only while nothing is awaited."""
        except BaseException:
            self._thread.shutdown(wait=False)
            raise

    async def areset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Begin an episode, as ``reset`` does."""
        future = self._submit(self.env.reset, seed=seed, options=options)
        return await self._courier.fetch(future, heals=True)

    async def astep(self, action: Any) -> Stepped:
        """Do an action, as ``step`` does.

        Raises:
            ResetNeeded: also after a call that was cancelled while it ran.
        """
        self._courier.check()
        return await self._courier.fetch(self._submit(self.env.step, action))

    async def acall(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method of the environment or its wrappers, or read an attribute.

        After ``restore`` all is known again, as after a reset.
        """
        future = self._submit(_called, self.env, name, args, kwargs)
        return await self._courier.fetch(future, heals=name == "restore")

    async def aclose(self) -> None:
        """Close the environment, when the calls before have been done."""
        if self._closed:
            return
        future = self._submit(self.env.close)
        self._closed = True
        self._thread.shutdown(wait=False)
        # Closing goes on, whether or not somebody waits for it.
        await asyncio.shield(asyncio.wrap_future(future))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def _submit(
        self, function: Callable[..., T], *args: Any, **kwargs: Any
    ) -> Future[T]:
        if self._closed:
            raise ClosedEnvironmentError("this environment is closed")
        return self._thread.submit(function, *args, **kwargs)


def _made(source: Source, kwargs: dict[str, Any]) -> gymnasium.Env[Any, Any]:
    if isinstance(source, str):
        return gymnasium.make(source, **kwargs)
    return source if isinstance(source, gymnasium.Env) else source()


def _called(env: gymnasium.Env[Any, Any], name: str, args: Any, kwargs: Any) -> Any:
    found = env.get_wrapper_attr(name)
    return found(*args, **kwargs) if callable(found) else found
