"""The loop that plays: one policy, a few environments at a time, many episodes."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import gymnasium

from agentgym_envs.errors import BadOption, MissingExtra
from agentgym_policies.base import Action, History, Policy, Usage
from agentgym_policies.seeds import derive

Env = gymnasium.Env[str, str]

CRASH = "crash"
GAVE_UP = "gave_up"  # the policy stopped before the episode had ended


@dataclass(frozen=True, slots=True)
class Job:
    """One episode to be played."""

    env_id: str
    item_id: str
    episode: int
    """Which of several episodes of the same item this is."""
    seed: int


@dataclass(slots=True)
class Episode:
    """One episode, while and after it is played."""

    job: Job
    env: Env | None = None
    history: History | None = None
    """None if not even the first observation was reached."""
    seconds: float = 0.0
    """Time spent inside ``env.step``."""
    end_reason: str = ""
    """Empty while the episode goes on."""
    error: str = ""
    """What crashed, or why the policy gave up."""
    usage: Usage | None = None
    """What all actions have cost, the one that crashed included; None if unknown."""

    def crash(self, error: Exception) -> None:
        """End the episode as one that tells nothing about the policy."""
        self.end_reason = CRASH
        self.error = describe(error)


def make_job(seed: int, env_id: str, item_id: str, episode: int) -> Job:
    """Make a job whose seed depends on all that it is, and on nothing else."""
    return Job(env_id, item_id, episode, derive(seed, env_id, item_id, episode))


def rollout(
    policy: Policy,
    make_env: Callable[[], Env],
    jobs: Iterable[Job],
    *,
    batch: int = 1,
) -> Iterator[Episode]:
    """Play the jobs; give each episode when it ends.

    What an episode is does not depend on ``batch``, only when it is given does.
    Until the next one is asked for, ``episode.env`` is as the episode left it.

    Args:
        policy: Acts in all live episodes at once.
        make_env: Makes one of ``batch`` like environments, or a new one after a
            crash.
        jobs: What to play.
        batch: How many episodes are live at a time.

    Raises:
        BadOption: if it is none.
    """
    if batch < 1:
        raise BadOption(f"batch must be at least 1, not {batch}")
    waiting = iter(jobs)
    envs = Envs(make_env)
    live: list[Episode] = []
    try:
        while True:
            while len(live) < batch and (job := next(waiting, None)):
                live.append(_begin(job, envs))
            if not live:
                break
            # Whose reset crashed is over already.
            going = [episode for episode in live if not episode.end_reason]
            for episode, action in _ask(policy, going):
                _step(episode, action)
            over = [episode for episode in live if episode.end_reason]
            for episode in over:
                yield episode
                envs.take_back(episode)
            if over:
                live = [episode for episode in live if not episode.end_reason]
    finally:
        envs.close()


class Envs:
    """The environments of a rollout: made when needed, used again, closed."""

    def __init__(self, make: Callable[[], Env]) -> None:
        self._make = make
        self._idle: list[Env] = []
        self._all: list[Env] = []

    def take(self) -> Env:
        """Give an environment that nobody plays in."""
        if self._idle:
            return self._idle.pop()
        self._all.append(self._make())
        return self._all[-1]

    def take_back(self, episode: Episode) -> None:
        """Use the episode's environment again, unless it crashed."""
        # After a crash it may have been left in any state.
        if episode.env is not None and episode.end_reason != CRASH:
            self._idle.append(episode.env)

    def close(self) -> None:
        """Close all; what has crashed may crash again."""
        for env in self._all:
            with suppress(Exception):
                env.close()


def _begin(job: Job, envs: Envs) -> Episode:
    episode = Episode(job)
    try:
        env = episode.env = envs.take()
        text, info = env.reset(seed=job.seed, options={"item": job.item_id})
    except Exception as error:
        episode.crash(error)
    else:
        episode.history = History(env, job.seed, [text], [info])
    return episode


def _ask(policy: Policy, episodes: Sequence[Episode]) -> list[tuple[Episode, Action]]:
    """Give the policy's action for each episode that it does not crash in."""
    histories = [episode.history for episode in episodes if episode.history]
    try:
        return list(zip(episodes, policy.act(histories), strict=True))
    except (BadOption, MissingExtra):
        raise  # the caller's mistake, the same in every episode
    except Exception as error:
        if len(episodes) == 1:
            episodes[0].crash(error)
            return []
        # One by one, so that only the episode that is to blame is lost.
        return [pair for episode in episodes for pair in _ask(policy, [episode])]


def _step(episode: Episode, action: Action) -> None:
    history = episode.history
    assert history is not None
    if action.usage is not None:
        used = episode.usage
        episode.usage = action.usage if used is None else used + action.usage
    if action.error:
        episode.end_reason, episode.error = CRASH, action.error
        return
    if action.stop:
        episode.end_reason, episode.error = GAVE_UP, action.stop
        return
    try:
        start = perf_counter()
        text, reward, terminated, truncated, info = history.env.step(action.text)
        episode.seconds += perf_counter() - start
        if terminated or truncated:
            # A limit that a wrapper sets has no reason of its own.
            episode.end_reason = info["end_reason"] or "horizon"
    except Exception as error:
        episode.crash(error)
        return
    history.actions.append(action)
    history.observations.append(text)
    history.rewards.append(float(reward))
    history.infos.append(info)


def describe(error: Exception) -> str:
    """Name an error and where it was raised, without the folders of this machine."""
    text = f"{type(error).__name__}: {error}"
    frames = traceback.extract_tb(error.__traceback__)
    if frames:
        last = frames[-1]
        text += f" ({Path(last.filename).name}:{last.lineno} in {last.name})"
    return text
