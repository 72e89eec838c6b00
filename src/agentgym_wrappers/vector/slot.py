"""One environment of a vector: its resets, its crashes, its seeds."""

from __future__ import annotations

import contextlib
import traceback
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
from gymnasium.vector import AutoresetMode
from gymnasium.vector.utils import batch_space, create_empty_array, iterate

from agentgym_envs.errors import (
    BadOption,
    DataError,
    MissingExtra,
    NotReady,
    ResetNeeded,
    SnapshotError,
)
from agentgym_wrappers.vector.makers import Env, Make
from agentgym_wrappers.vector.messages import Final, Info, Mistake, Row

CALLERS_MISTAKES = (
    BadOption,
    DataError,
    MissingExtra,
    NotReady,
    ResetNeeded,
    SnapshotError,
)
CRASH = "crash"


class Slot:
    """One environment, played by the rules of an autoreset mode.

    An exception of the environment ends its episode and nothing else: the row that
    comes back is truncated, has the ``end_reason`` ``crash`` and says in ``failure``
    what happened; the next episode has a new environment.

    Args:
        make: Makes the environment.
        mode: What happens when an episode ends.
        seed: The latest seed of this slot, if it is made anew.
        life: How often it was made anew in another process.
        ended: Whether the episode before had ended.

    Raises:
        Exception: whatever making the environment raises.
    """

    def __init__(
        self,
        make: Make,
        mode: AutoresetMode,
        *,
        seed: int | None = None,
        life: int = 0,
        ended: bool = False,
    ) -> None:
        self._make = make
        self._mode = mode
        self._env: Env | None = make()
        self._step = self._env.step
        self._space = self._env.observation_space
        self._seed = seed
        self._life = life
        self._crashes = 0
        self._is_new = True
        self._ended = ended
        self._failure = ""  # why there is no episode
        self._latest: Final | None = None

    @property
    def env(self) -> Env:
        """The environment.

        Raises:
            ResetNeeded: after a crash, if another one can't be made.
        """
        if self._env is None:
            raise ResetNeeded("there is no environment since the crash; reset it")
        return self._env

    def step(self, action: Any) -> Row:
        """Do an action, or what the autoreset mode wants in its place."""
        if self._failure:
            return self._crashed(self._failure)
        if self._ended:
            return self._begun()
        try:
            observation, reward, terminated, truncated, info = self._step(action)
        except Exception as error:
            return self._crashed(told(error))
        if terminated or truncated:
            return self._over(
                (observation, float(reward), bool(terminated), bool(truncated), info)
            )
        self._latest = observation, info
        return observation, float(reward), False, False, info, None

    def reset(
        self, argument: tuple[int | None, dict[str, Any] | None]
    ) -> Row | Mistake:
        """Begin an episode with a seed and options."""
        seed, options = argument
        if seed is not None:
            self._seed, self._life, self._crashes = seed, 0, 0
        try:
            return self._begun(seed, options)
        except CALLERS_MISTAKES as error:
            return Mistake(error)

    def crash(self, argument: tuple[str, Final | None, bool]) -> Row:
        """Answer a step that died with the process it ran in.

        Args:
            argument: What happened, the latest that is known of the episode, and
                whether another may begin at once, if that is what the mode wants.
        """
        failure, self._latest, may_begin = argument
        return self._crashed(failure, may_begin=may_begin)

    def lose(self, failure: str) -> Row:
        """Answer a reset that died with the process it ran in."""
        return self._lost(failure)

    def interrupted(self, operation: str, error: BaseException) -> Row | Mistake:
        """Answer what an interrupt, such as Ctrl-C, left half done."""
        if operation == "step":
            return self._crashed(told(error))
        return self._lost(told(error)) if operation == "reset" else Mistake(error)

    def snapshot(self, _: object) -> Any:
        """Give the episode as bytes."""
        return self._answer("snapshot", ())

    def restore(self, snapshot: bytes) -> Any:
        """Take up an episode; tell whether it is over."""
        answer = self._answer("restore", (snapshot,))
        if type(answer) is Mistake:
            return answer
        self._failure = ""
        self._is_new = False
        self._ended = bool(getattr(self.env.unwrapped, "is_over", False))
        self._latest = None
        return self._ended

    def call(self, argument: tuple[str, tuple[Any, ...], dict[str, Any]]) -> Any:
        """Call a method, or read an attribute."""
        name, arguments, keywords = argument
        return self._answer(name, arguments, keywords)

    def set(self, argument: tuple[str, Any]) -> Mistake | None:
        """Set an attribute."""
        try:
            self.env.set_wrapper_attr(*argument)
        except Exception as error:
            return Mistake(error)
        return None

    def close(self) -> None:
        """Close the environment, whatever it says to that."""
        env, self._env = self._env, None
        if env is not None:
            with contextlib.suppress(Exception):
                env.close()

    def _answer(
        self,
        name: str,
        arguments: tuple[Any, ...],
        keywords: dict[str, Any] | None = None,
    ) -> Any:
        try:
            found = self.env.get_wrapper_attr(name)
            return found(*arguments, **(keywords or {})) if callable(found) else found
        except Exception as error:
            return Mistake(error)

    def _begun(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> Row:
        try:
            env = self._env or self._renew()
            if seed is None and self._is_new:
                seed = self._next_seed()
            observation, info = env.reset(seed=seed, options=options or None)
        except CALLERS_MISTAKES:
            raise
        except Exception as error:
            return self._lost(told(error))
        self._is_new = self._ended = False
        self._failure = ""
        self._latest = observation, info
        return observation, 0.0, False, False, info, None

    def _over(self, end: tuple[Any, float, bool, bool, Info], failure: str = "") -> Row:
        """End an episode, and begin the next if the mode wants it and nothing fails."""
        observation, reward, terminated, truncated, info = end
        if self._mode is AutoresetMode.SAME_STEP:
            begun = self._lost(failure) if failure else self._begun()
            first, *_, beginning, _ = begun
            final = observation, info
            return first, reward, terminated, truncated, beginning, final
        self._ended = True
        self._latest = observation, info
        return observation, reward, terminated, truncated, info, None

    def _crashed(self, failure: str, *, may_begin: bool = True) -> Row:
        observation, info = self._latest or (self._nothing(), {})
        self._drop()
        self._failure = ""
        info = {**info, "end_reason": CRASH, "failure": failure}
        end = observation, 0.0, False, True, info
        return self._over(end, "" if may_begin else failure)

    def _lost(self, failure: str) -> Row:
        """An episode that did not come into being; the next step ends it."""
        self._drop()
        self._ended = False
        self._failure = failure
        info = {"end_reason": CRASH, "failure": failure}
        self._latest = self._nothing(), info
        return self._latest[0], 0.0, False, False, info, None

    def _drop(self) -> None:
        # What crashed once can't be trusted with another episode.
        self.close()
        self._crashes += 1
        with contextlib.suppress(Exception):  # the next reset tries again, and tells
            self._renew()

    def _renew(self) -> Env:
        env = self._env = self._make()
        self._step = env.step
        self._is_new = True
        return env

    def _next_seed(self) -> int | None:
        """A seed for an environment that takes the place of a lost one."""
        lives = self._life, self._crashes
        if self._seed is None or lives == (0, 0):
            return None
        return int(np.random.SeedSequence([self._seed, *lives]).generate_state(1)[0])

    def _nothing(self) -> Any:
        """What is seen when there is nothing to be seen."""
        batch = create_empty_array(self._space, n=1)
        return next(iter(iterate(batch_space(self._space, 1), batch)))


def told(error: BaseException) -> str:
    """Say in a line what was raised, and where."""
    frames = traceback.extract_tb(error.__traceback__)
    at = (
        f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})"
        if frames
        else ""
    )
    return f"{type(error).__name__}: {error}{at}"


def description(slot: Slot) -> dict[str, Any]:
    """What a vector has to know of an environment."""
    env: gymnasium.Env[Any, Any] = slot.env
    return {
        "observation_space": env.observation_space,
        "action_space": env.action_space,
        "metadata": dict(env.metadata),
        "render_mode": env.render_mode,
    }
