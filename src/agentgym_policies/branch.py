"""Copies of live episodes, in which a policy can try what it will not do."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from weakref import WeakKeyDictionary

import gymnasium
from gymnasium.envs.registration import EnvSpec

from agentgym_envs.errors import BadOption
from agentgym_policies.base import Action, History, Policy
from agentgym_policies.seeds import derive
from agentgym_wrappers import ChatObservation, HistoryObservation, RecordTrajectory
from agentgym_wrappers.base import layers

Env = gymnasium.Env[str, str]


class Branches:
    """Environments like those of the episodes, to be set to their states.

    Branches go through snapshots, so they are exact: what happens in one would have
    happened in the episode itself.
    """

    def __init__(self) -> None:
        self._specs: WeakKeyDictionary[Env, EnvSpec] = WeakKeyDictionary()
        self._idle: list[tuple[EnvSpec, list[Env]]] = []

    def fork(self, history: History, number: int) -> History:
        """Give a copy of an episode; number 0 draws as the episode itself would.

        Raises:
            BadOption: if the environment cannot be made again.
        """
        spec = self._spec(history.env)
        pool = self._pool(spec)
        if pool:
            env = pool.pop()
        else:
            env = gymnasium.make(spec, disable_env_checker=True)
            env.reset()  # wrappers ask for one
        env.unwrapped.restore(history.agent.snapshot())  # type: ignore[attr-defined]
        self._specs[env] = spec
        seed = history.seed
        if number:
            seed = derive(seed, "branch", len(history.actions), number)
        return History(
            env,
            seed,
            list(history.observations),
            list(history.infos),
            list(history.actions),
            list(history.rewards),
        )

    def free(self, histories: Sequence[History]) -> None:
        """Take the environments of branches back, for the next ones."""
        for history in histories:
            self._pool(self._specs[history.env]).append(history.env)

    def close(self) -> None:
        """Close the environments that nobody plays in."""
        for _, pool in self._idle:
            while pool:
                pool.pop().close()

    def _spec(self, env: Env) -> EnvSpec:
        if env not in self._specs:
            self._specs[env] = _spec_of(env)
        return self._specs[env]

    def _pool(self, spec: EnvSpec) -> list[Env]:
        for known, pool in self._idle:
            if known == spec:
                return pool
        self._idle.append((spec, []))
        return self._idle[-1][1]


def _spec_of(env: Env) -> EnvSpec:
    for layer in layers(env):
        if isinstance(layer, HistoryObservation | ChatObservation):
            raise BadOption(
                f"{type(layer).__name__} remembers what no snapshot holds, so a search "
                "cannot go back; a Prompt tells a model the turns as well"
            )
    spec = env.spec
    if spec is None:
        raise BadOption("a search makes copies, so make environments by gymnasium.make")
    # Gymnasium keeps the spec that it gave. What is tried out is no trajectory.
    spec = copy(spec)
    spec.additional_wrappers = tuple(
        wrapper
        for wrapper in spec.additional_wrappers
        if not wrapper.entry_point.endswith(f":{RecordTrajectory.__name__}")
    )
    return spec


def advance(history: History, action: Action) -> None:
    """Do an action in a branch."""
    text, reward, terminated, truncated, info = history.env.step(action.text)
    if (terminated or truncated) and not info["end_reason"]:
        info["end_reason"] = "horizon"  # a wrapper's limit
    history.actions.append(action)
    history.observations.append(text)
    history.rewards.append(float(reward))
    history.infos.append(info)


def play_on(
    policy: Policy, branches: Sequence[History], *, steps: int | None = None
) -> dict[int, Action]:
    """Let a policy play branches to their ends, all together.

    Args:
        policy: Who plays.
        branches: The branches; they are changed.
        steps: The most steps of each.

    Returns:
        The action by which it gave up or crashed, by the number of the branch.
    """
    ended: dict[int, Action] = {}
    done = 0
    while steps is None or done < steps:
        done += 1
        going = [
            (number, branch)
            for number, branch in enumerate(branches)
            if not branch.is_over and number not in ended
        ]
        if not going:
            break
        actions = policy.act([branch for _, branch in going])
        for (number, branch), action in zip(going, actions, strict=True):
            if action.stop or action.error:
                ended[number] = action
            else:
                advance(branch, action)
    return ended
