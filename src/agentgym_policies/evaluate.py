"""An evaluation: what decides its numbers, and which episodes it consists of."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from hashlib import blake2b
from importlib import metadata
from itertools import groupby
from typing import Any

import gymnasium

from agentgym_envs import SPECS, AgentEnv, __version__
from agentgym_envs.errors import AgentGymError, BadOption
from agentgym_envs.registry import SAMPLE
from agentgym_envs.tasks import Split
from agentgym_policies.base import Policy
from agentgym_policies.prompts import FORMATS, TEXT
from agentgym_policies.prompts import wrap as wrap_replies
from agentgym_policies.rollout import Env, Episode, Job, make_job, rollout
from agentgym_policies.suite import SUITES, part_of, spread

SAMPLES = {spec.id: spec.sample for spec in SPECS}
NO_HORIZON = 10_000  # steps; no game is longer, and a policy may walk in circles
HASH_BYTES = 16

# What else can change the numbers: both draw items or generate levels.
PACKAGES = ("gymnasium", "numpy", "minigrid", "scienceworld", "rapidfuzz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that decides what an evaluation gives.

    Args:
        policy: The name of the policy.
        env_ids: What is played.
        split: The split that items are taken from, in its order.
        items: The first so many items of each id, or all if there are fewer; None for
            the number that each id's `TaskSpec.sample` tells. Of a suite, at most so
            many.
        episodes: Episodes per item.
        seed: What the seeds of the episodes are derived from.
        parity: Whether environments act as the original servers.
        horizon: Steps before truncation; None means each environment's own limit.
        kind: What the run is for: ``eval`` or ``collect``.
        only_success: Whether only solved episodes are collected.
        action_format: How replies are written; see `prompts.wrap`.
        policy_options: What the policy was made with besides its name; values of JSON.
        suite: A published evaluation, which says how many items of each id are played,
            over all of the split, and for how many rounds; see `suite`.
        data: Paths of published data by family; the others play embedded items.
    """

    policy: str
    env_ids: tuple[str, ...]
    split: Split = "test"
    items: int | None = None
    episodes: int = 1
    seed: int = 0
    parity: bool = False
    horizon: int | None = None
    kind: str = "eval"
    only_success: bool = False
    action_format: str = TEXT
    policy_options: Mapping[str, Any] = field(default_factory=dict)
    suite: str = ""
    data: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what could give no episode.

        Raises:
            BadOption: naming the setting.
        """
        for name in ("items", "episodes", "horizon"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise BadOption(f"{name} must be at least 1, not {value}")
        if self.action_format not in FORMATS:
            known = ", ".join(FORMATS)
            raise BadOption(f"action_format must be one of {known}")
        if self.suite and self.suite not in SUITES:
            known = ", ".join(SUITES)
            raise BadOption(f"there is no suite {self.suite!r}; there is {known}")

    def to_json(self) -> dict[str, Any]:
        """The settings by name."""
        return {**asdict(self), "env_ids": list(self.env_ids)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Settings:
        """Read what `to_json` gave.

        Raises:
            BadOption: if these are no settings.
        """
        try:
            return cls(**{**values, "env_ids": tuple(values["env_ids"])})
        except (KeyError, TypeError) as error:
            raise BadOption(f"no settings of an evaluation: {error}") from None

    @property
    def digest(self) -> str:
        """A hash of the settings and of the versions that the numbers depend on."""
        text = json.dumps([self.to_json(), versions()], sort_keys=True)
        return blake2b(text.encode("ascii"), digest_size=HASH_BYTES).hexdigest()


def versions() -> dict[str, str]:
    """The versions of this library and of what its environments build on."""
    found = {"agentgym-envs": __version__}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue  # only a task that is not played can need it
    return found


def make_env(settings: Settings, env_id: str) -> Env:
    """Make an environment as the settings want it."""
    part = part_of(settings.suite, env_id)
    data = settings.data.get(family_of(env_id))
    env: Env = gymnasium.make(
        env_id,
        max_episode_steps=settings.horizon or (part.horizon if part else None),
        disable_env_checker=True,  # it tests environments, and we measure them
        split=settings.split,
        parity=settings.parity,
        **({"data": data} if data else {}),
    )
    return env


def family_of(env_id: str) -> str:
    """The family of an id.

    >>> family_of("agentgym/BabyAI.Open-v0")
    'BabyAI'
    """
    name = gymnasium.envs.registration.parse_env_id(env_id.rpartition(":")[2])[1]
    return name.partition(".")[0]


def places(settings: Settings, env_id: str, count: int) -> Sequence[int]:
    """Which of so many items are played."""
    if part := part_of(settings.suite, env_id):
        most = min(part.items, settings.items or part.items)
        return range(min(most, count)) if part.is_mixed else spread(count, most)
    return range(min(settings.items or SAMPLES.get(env_id, SAMPLE), count))


def plan(settings: Settings) -> list[Job]:
    """List the episodes of an evaluation.

    An environment that cannot even be made is one episode, without an item, so
    that it shows up as a crash.

    Raises:
        AgentGymError: for an option that an environment does not have.
    """
    return [job for env_id in settings.env_ids for job in _plan_one(settings, env_id)]


def _plan_one(settings: Settings, env_id: str) -> list[Job]:
    try:
        env = make_env(settings, env_id)
        agent = env.unwrapped
        if not isinstance(agent, AgentEnv):
            raise BadOption(f"{env_id} is no agentgym environment")
        wanted = places(settings, env_id, len(agent.tasks))
        item_ids = [agent.tasks[place].id for place in wanted]
        env.close()
    except AgentGymError:
        raise
    except Exception:
        return [make_job(settings.seed, env_id, "", 0)]
    return [
        make_job(settings.seed, env_id, item_id, episode)
        for item_id in item_ids
        for episode in range(settings.episodes)
    ]


def key_of(job: Job) -> tuple[str, str, int]:
    """Which episode of an evaluation a job is; see `Record.key`."""
    return job.env_id, job.item_id, job.episode


def play(
    settings: Settings,
    policy: Policy,
    jobs: Iterable[Job],
    *,
    wrap: Callable[[Env], Env] | None = None,
    batch: int = 1,
) -> Iterator[Episode]:
    """Play jobs of a plan, one id after the other.

    Args:
        settings: The settings that were planned with.
        policy: Who acts.
        jobs: What is left to be played.
        wrap: A wrapper for each environment.
        batch: Live episodes at a time.
    """
    for env_id, group in groupby(jobs, key=lambda job: job.env_id):
        make = partial(_make_wrapped, settings, env_id, wrap)
        yield from rollout(policy, make, group, batch=batch)


def _make_wrapped(
    settings: Settings, env_id: str, wrap: Callable[[Env], Env] | None
) -> Env:
    env = wrap_replies(make_env(settings, env_id), settings.action_format)
    return wrap(env) if wrap else env
