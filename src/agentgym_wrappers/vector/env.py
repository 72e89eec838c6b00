"""`TextVectorEnv`: many episodes at once, for agents that are slow and wanted."""

from __future__ import annotations

import os
import weakref
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from gymnasium.error import ClosedEnvironmentError
from gymnasium.spaces import Text
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import concatenate, create_empty_array, iterate
from numpy.typing import NDArray

from agentgym_envs.errors import BadOption
from agentgym_wrappers.vector.arguments import (
    Items,
    Seeds,
    Slots,
    actions_of,
    check_length,
    common_space,
    masked,
    mode_of,
    options_of,
    seeds_of,
    slots_of,
)
from agentgym_wrappers.vector.backend import Backend, open_backend
from agentgym_wrappers.vector.exchange import Exchange
from agentgym_wrappers.vector.makers import Keywords, Source, makers
from agentgym_wrappers.vector.messages import Batch
from agentgym_wrappers.vector.results import (
    Results,
    as_arrays,
    as_list,
    filled,
)


class TextVectorEnv(VectorEnv[Any, Any, Any]):
    """Many text environments as one `gymnasium.vector.VectorEnv`.

    Observations are a tuple of texts. ``reset`` and ``step`` do all slots in lock
    step, as Gymnasium's vector environments do; ``send`` and ``recv`` do some of them,
    and give first what is ready first. What comes back is the same, bit for bit,
    with and without workers.

    An environment that crashes, hangs or is killed with its worker ends its episode
    and no other's: the episode comes back truncated, with the ``end_reason``
    ``crash`` and the reason in ``failure``, and the slot begins another as usual.

    >>> envs = TextVectorEnv("agentgym/Maze-v0", 2)
    >>> texts, infos = envs.reset_at([0, 1], items=3)
    >>> texts[0] == texts[1], infos["item_id"].tolist()
    (True, ['maze_3', 'maze_3'])
    >>> envs.close()

    Args:
        ids_or_env_fns: An id, a function that makes an environment, or a sequence of
            these for several kinds in one vector; slot ``i`` gets number ``i`` modulo
            the length of the sequence.
        num_envs: Number of slots; None for one per member of the sequence.
        workers: Number of processes that share the slots, in neighbouring blocks; 0
            plays in this process.
        kwargs: Keywords for `gymnasium.make`: one mapping, or one per id.
        autoreset_mode: As in Gymnasium: what happens when an episode ends.
        infos: ``"dict"`` for Gymnasium's dictionary of arrays with masks, ``"list"``
            for one dictionary per slot.
        timeout: Seconds that one call of an environment may take until its worker
            counts as hung; None for no limit. Needs workers.
        start_method: How workers are started: ``"forkserver"`` forks them from a fresh
            process that has loaded the data, ``"spawn"`` starts each afresh, and
            ``"fork"`` forks this process, which must run no threads then. None
            takes the first that this system has.
        backend: ``"local"``: this machine. ``"ray"``: workers are actors on a Ray
            cluster. ``"http"``: a server of ``agentgym serve``, whose options say how
            many workers there are.
        address: Of the server, such as ``http://127.0.0.1:8000``, or of the cluster.
        token: What the server demands.
        resume: Whether the server sends a snapshot with each reply, from which
            episodes go on when it has been started anew.
        ray_options: Options of the actors, such as ``{"num_cpus": 2, "resources":
            {"games": 1}}``, and what `actors.Actors` adds to them.

    Raises:
        BadOption: for an argument without meaning.
        MissingExtra: if Ray is wanted and not installed.
        WorkerLost: if a worker does not start.
        Exception: whatever making an environment raises.
    """

    def __init__(
        self,
        ids_or_env_fns: Source | Sequence[Source],
        num_envs: int | None = None,
        workers: int = 0,
        *,
        kwargs: Keywords | Sequence[Keywords] | None = None,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        infos: Literal["dict", "list"] = "dict",
        timeout: float | None = None,
        start_method: str | None = None,
        backend: str = "local",
        address: str | None = None,
        token: str | None = None,
        resume: bool = True,
        ray_options: Mapping[str, Any] | None = None,
    ) -> None:
        self.closed = True  # until there is something to close
        if infos not in ("dict", "list"):
            raise BadOption(f'infos must be "dict" or "list", not {infos!r}')
        made = makers(ids_or_env_fns, num_envs, kwargs)
        self.num_envs = len(made)
        self.autoreset_mode = mode_of(autoreset_mode)
        self._wants_list = infos == "list"
        self._backend: Backend = open_backend(
            backend,
            made,
            self.autoreset_mode,
            workers,
            start_method,
            timeout,
            address=address,
            token=token,
            resume=resume,
            ray_options=ray_options,
        )
        self._finalizer = weakref.finalize(self, _end, self._backend, os.getpid())
        self.closed = False
        self._describe(self._backend.descriptions)
        self._all = range(self.num_envs)
        self._slots = Exchange(self._backend, self.num_envs)
        nothing = create_empty_array(self.single_observation_space, n=self.num_envs)
        self._seen: list[Any] = list(iterate(self.observation_space, nothing))

    def _describe(self, found: Sequence[dict[str, Any]]) -> None:
        first = found[0]
        self.metadata = {**first["metadata"], "autoreset_mode": self.autoreset_mode}
        self.render_mode = first["render_mode"]
        observed = [described["observation_space"] for described in found]
        acted = [described["action_space"] for described in found]
        self.single_observation_space, self.observation_space = common_space(observed)
        self.single_action_space, self.action_space = common_space(acted)
        self._sees_text = isinstance(self.single_observation_space, Text)

    # Gymnasium's interface

    def reset(
        self,
        *,
        seed: Seeds = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[Any, Any]:
        """Begin an episode in all slots.

        Args:
            seed: As in Gymnasium: one number, to which the slot's is added, or one
                per slot.
            options: For all resets. ``reset_mask`` chooses slots, as in Gymnasium.

        Raises:
            BadOption, UnknownTask: for options that the environments refuse; slots
                that took them have begun.
        """
        options = dict(options or {})
        seeds = seeds_of(seed, self._all)
        if (mask := options.pop("reset_mask", None)) is None:
            slots: Sequence[int] = self._all
        else:
            slots = masked(mask, self.num_envs)
            seeds = [seeds[slot] for slot in slots]
        arguments = [(number, options) for number in seeds]
        batch = self._begin(slots, arguments)
        if mask is None:
            return self._observations(batch.observations), self._infos(batch)
        infos = self._infos(batch, as_slots=True)
        return self._observations(self._seen), infos

    def step(self, actions: Any) -> tuple[Any, Any, Any, Any, Any]:
        """Do an action in each slot, or what the autoreset mode wants in its place.

        Raises:
            TypeError: if an action is no string where strings are wanted.
            ResetNeeded: if an episode has to be reset first.
            AlreadyPendingCallError: if `recv` has something to give.
        """
        given = actions_of(actions, self.single_action_space, self._all)
        self._open().post("step", self._all, given)
        return self._results(self._slots.batch(self._all))[1:]

    def render(self) -> tuple[Any, ...] | None:
        """Draw all environments."""
        return None if self.render_mode is None else self.call("render")

    def close_extras(self, **kwargs: Any) -> None:
        """End all workers and environments."""
        self._finalizer()

    # Ready first

    def send(self, actions: Any, env_ids: Slots = None) -> None:
        """Begin a step in some slots; `recv` gives what comes of it.

        Args:
            actions: One per slot.
            env_ids: The slots; None for all.

        Raises:
            AlreadyPendingCallError: if `recv` has not given a slot's last step yet.
        """
        slots = slots_of(env_ids, self.num_envs)
        given = actions_of(actions, self.single_action_space, slots)
        self._open().post("step", slots, given, eager=True)

    def recv(self, min_results: int = 1) -> Results:
        """Wait for some of the steps that were sent, and give all that are ready.

        Args:
            min_results: Number of slots to wait for; 0 does not wait.

        Raises:
            NoAsyncCallError: if fewer are on their way.
        """
        return self._results(self._open().receive(min_results))

    @property
    def num_pending(self) -> int:
        """Number of slots that `recv` has still to give."""
        return len(self._slots.pending)

    # Single slots

    def reset_at(
        self,
        env_ids: Slots = None,
        *,
        items: Items = None,
        seeds: Seeds = None,
        options: dict[str, Any] | None = None,
        wait: bool = True,
    ) -> tuple[Any, Any] | None:
        """Begin an episode in some slots, each with an item of its own.

        Args:
            env_ids: The slots; None for all.
            items: An item per slot, or one for all: several rollouts of one item.
            seeds: A seed per slot, or one to which a slot's number is added.
            options: Further options for all of these resets.
            wait: Whether to wait; otherwise `recv` gives it, as a step without reward.

        Returns:
            Observations and infos in the order of ``env_ids``; None without a wait.

        Raises:
            BadOption, UnknownTask: for what the environments refuse.
        """
        slots = slots_of(env_ids, self.num_envs)
        each = options_of(options, items, slots)
        arguments = list(zip(seeds_of(seeds, slots), each, strict=True))
        if not wait:
            self._open().post("reset", slots, arguments, eager=True)
            return None
        batch = self._begin(slots, arguments)
        return self._observations(batch.observations), self._infos(batch)

    def snapshot(self, env_ids: Slots = None) -> tuple[bytes, ...]:
        """Give the episodes of some slots as bytes; see `AgentEnv.snapshot`."""
        return tuple(self._open().ask("snapshot", slots_of(env_ids, self.num_envs)))

    def restore(
        self, snapshots: bytes | Sequence[bytes], env_ids: Slots = None
    ) -> None:
        """Take up an episode in some slots; one snapshot for all, or one each.

        Raises:
            SnapshotError: if a slot's environment refuses its snapshot; the others
                have taken theirs.
        """
        slots = slots_of(env_ids, self.num_envs)
        if isinstance(snapshots, bytes):
            snapshots = [snapshots] * len(slots)
        check_length(snapshots, slots, "snapshots")
        over = self._open().ask("restore", slots, snapshots)
        self._slots.unready.difference_update(slots)
        if self.autoreset_mode is AutoresetMode.DISABLED:
            self._slots.unready.update(
                s for s, ended in zip(slots, over, strict=True) if ended
            )

    def fork(self, source: int, targets: Slots) -> None:
        """Continue the episode of one slot in others, too."""
        (snapshot,) = self.snapshot(source)
        self.restore(snapshot, targets)

    def call(
        self, name: str, *args: Any, env_ids: Slots = None, **kwargs: Any
    ) -> tuple[Any, ...]:
        """Call a method of the environments, or read an attribute."""
        slots = slots_of(env_ids, self.num_envs)
        return tuple(
            self._open().ask("call", slots, [(name, args, kwargs)] * len(slots))
        )

    def get_attr(self, name: str) -> tuple[Any, ...]:
        """Read an attribute of all environments."""
        return self.call(name)

    def set_attr(self, name: str, values: Any) -> None:
        """Set an attribute of all environments, to one value each or to the same."""
        if not isinstance(values, list | tuple):
            values = [values] * self.num_envs
        check_length(values, self._all, "values")
        self._open().ask("set", self._all, [(name, value) for value in values])

    # How it is done

    def _open(self) -> Exchange:
        if self.closed:
            raise ClosedEnvironmentError("this vector of environments is closed")
        return self._slots

    def _begin(self, slots: Sequence[int], arguments: Sequence[Any]) -> Batch:
        self._open().post("reset", slots, arguments)
        batch = self._slots.batch(slots)
        self._see(batch)
        return batch

    def _see(self, batch: Batch) -> None:
        if isinstance(batch.slots, range) and len(batch.slots) == self.num_envs:
            self._seen = list(batch.observations)
            return
        for slot, observation in zip(batch.slots, batch.observations, strict=True):
            self._seen[slot] = observation

    def _results(self, batch: Batch) -> Results:
        slots = batch.slots
        terminations = filled(batch.terminations, np.bool_)
        truncations = filled(batch.truncations, np.bool_)
        self._see(batch)
        if self.autoreset_mode is AutoresetMode.DISABLED:
            ended = np.flatnonzero(terminations | truncations).tolist()
            self._slots.unready.update(slots[row] for row in ended)
        return Results(
            _numbers(slots),
            self._observations(batch.observations),
            filled(batch.rewards, np.float64),
            terminations,
            truncations,
            self._infos(batch),
        )

    def _observations(self, observations: Sequence[Any]) -> Any:
        if self._sees_text:
            return tuple(observations)
        space, count = self.single_observation_space, len(observations)
        empty: Any = create_empty_array(space, n=count)
        return concatenate(space, observations, empty)

    def _infos(self, batch: Batch, *, as_slots: bool = False) -> Any:
        """Give the infos, in the rows of the batch or in the places of its slots."""
        size = self.num_envs if as_slots else len(batch.slots)
        places = batch.slots if as_slots else range(size)
        if not self._wants_list:
            return as_arrays(batch, places, size)
        infos: list[dict[str, Any]] = [{} for _ in range(size)]
        for place, info in zip(places, as_list(batch), strict=True):
            infos[place] = info
        return infos


def _numbers(slots: Sequence[int]) -> NDArray[np.int64]:
    if isinstance(slots, range):  # ten times faster than an array of it
        return np.arange(slots.start, slots.stop, dtype=np.int64)
    return np.array(slots, dtype=np.int64)


def _end(backend: Backend, owner: int) -> None:
    # A fork of the owner has no say in this.
    if os.getpid() == owner:
        backend.close()
