"""Steps and resets a second of environments, next to CartPole-v1.

- Environments come from `gymnasium.make` with all wrappers that it adds.
- A random policy (uniform over the admissible actions; the expert where there is no
  list of them) plays first, in another process; its action strings are then replayed
  here. So neither the policy nor the list of admissible actions is in the time, and
  no cache has seen an item before.
- "New items" are played for the first time in the measuring process: where a family
  generates its instances, generation is in the time. "Again" replays the same
  episodes, as in training that goes through its items more than once.
- Resets name their item. Steps a second include the resets.
- Time is processor time, that of child processes (SciWorld's Java) included on Linux.
  CartPole-v1 runs in the same process before and after every measurement. Each figure
  is the median over the rounds, and each ratio the median of the ratios within a round,
  so that a busy machine cancels out.
"""

from __future__ import annotations

import os
import platform
import random
import statistics
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from time import get_clock_info, perf_counter, process_time
from typing import Any

import gymnasium

from agentgym_envs import SPECS, AgentEnv, TaskSpec, __version__
from agentgym_envs.commands.clock import processor_time
from agentgym_envs.errors import NoExpertAction
from agentgym_envs.registry import SAMPLE

ROUNDS = 9
WARM_UP = 0.1  # share of the episodes that are played before the clock runs
SHORTEST = 0.02  # seconds; what is faster is repeated
TICK = get_clock_info("process_time").resolution  # seconds

Options = dict[str, Any] | None


@dataclass(frozen=True)
class Episode:
    """What a random policy did with one item."""

    item: int
    actions: list[str]


@dataclass
class Row:
    """The figures of one environment; ratios are to CartPole-v1."""

    name: str
    steps: float
    steps_ratio: float
    new_steps: float
    new_steps_ratio: float
    resets: float
    resets_ratio: float
    new_resets: float
    new_resets_ratio: float
    snapshot_us: float
    """Microseconds of `restore(snapshot())` in the middle of an episode."""
    episodes: int
    steps_per_episode: float


@dataclass
class Rounds:
    """What the rounds of one environment gave, as rates and ratios."""

    rates: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, rate: float) -> None:
        """Note one figure of one round."""
        self.rates.setdefault(name, []).append(rate)

    def median(self, name: str) -> float:
        """The middle of a figure over all rounds."""
        return statistics.median(self.rates[name])


class Player:
    """One environment with its episodes, ready to be replayed."""

    def __init__(self, spec: TaskSpec, episodes: list[Episode], **kwargs: Any) -> None:
        self.name = spec.name
        # Where nothing runs elsewhere, a look at other processes would be in the time.
        self.clock = processor_time if is_slow(spec) else process_time
        self.env = gymnasium.make(spec.id, split="all", **kwargs)
        agent = self.env.unwrapped
        assert isinstance(agent, AgentEnv)
        self.agent = agent
        # Whole groups of tasks only, so that every round plays the same mixture.
        group = group_size(spec)
        warm_up = max(1, int(WARM_UP * len(episodes) / group)) * group
        per_part = (len(episodes) - warm_up) // (2 * ROUNDS) // group * group
        self.per_part = max(group, per_part)
        self.episodes = episodes
        self.found = Rounds()
        self._play(episodes[:warm_up])
        self._next = warm_up

    def _take(self) -> list[Episode]:
        """Episodes that nothing in this process has played."""
        taken = self.episodes[self._next : self._next + self.per_part]
        self._next += self.per_part
        return taken

    def play(self) -> None:
        """Measure everything once."""
        part = self._take()
        steps = sum(len(episode.actions) for episode in part)
        self.found.add("new_steps", steps / self._play(part))
        self.found.add("steps", steps / repeated(self._play, part))
        part = self._take()
        self.found.add("new_resets", len(part) / self._reset(part))
        self.found.add("resets", len(part) / repeated(self._reset, part))
        self.found.add("snapshot_us", 1e6 * self._snapshot(part))

    def compare(self, *cartpole: tuple[float, float]) -> None:
        """Note the latest rates as ratios to CartPole's, measured around them."""
        steps, resets = map(statistics.mean, zip(*cartpole, strict=True))
        for kind, reference in {"steps": steps, "resets": resets}.items():
            for name in (kind, f"new_{kind}"):
                rate = self.found.rates[name][-1]
                self.found.add(f"{name}_ratio", rate / reference)

    def _play(self, episodes: Sequence[Episode]) -> float:
        plan = [({"item": episode.item}, episode.actions) for episode in episodes]
        return replay(self.env, plan, self.clock)

    def _reset(self, episodes: Sequence[Episode]) -> float:
        plan: list[tuple[Options, list[str]]]
        plan = [({"item": episode.item}, []) for episode in episodes]
        return replay(self.env, plan, self.clock)

    def _snapshot(self, episodes: Sequence[Episode]) -> float:
        """Seconds of one `restore(snapshot())`, in the middle of episodes."""
        spent = times = 0.0
        agent, repeats = self.agent, 10
        while spent < SHORTEST:
            for episode in episodes:
                middle = episode.actions[: len(episode.actions) // 2]
                replay(self.env, [({"item": episode.item}, middle)])
                start = self.clock()
                for _ in range(repeats):
                    agent.restore(agent.snapshot())
                spent += self.clock() - start
                times += repeats
        return spent / times

    def row(self) -> Row:
        """Sum up the rounds."""
        played = self.episodes[: self._next]
        steps = sum(len(episode.actions) for episode in played)
        figures = {name: self.found.median(name) for name in self.found.rates}
        return Row(
            name=self.name,
            episodes=len(played),
            steps_per_episode=steps / len(played),
            **figures,
        )


class CartPole:
    """The yardstick: CartPole-v1 with actions drawn beforehand."""

    def __init__(self, seconds: float) -> None:
        self.env = gymnasium.make("CartPole-v1")
        self.env.reset(seed=0)
        rng = random.Random(0)
        self.actions = [rng.randrange(2) for _ in range(max(2000, int(50e3 * seconds)))]
        self.found = Rounds()

    def round(self) -> tuple[float, float]:
        """Measure steps and resets a second once."""
        steps = len(self.actions) / self._steps()
        resets = len(self.actions) // 10
        spent = replay(self.env, [(None, [])] * resets)
        self.found.add("steps", steps)
        self.found.add("resets", resets / spent)
        return steps, resets / spent

    def _steps(self) -> float:
        env = self.env
        start = process_time()
        env.reset()
        for action in self.actions:
            _, _, terminated, truncated, _ = env.step(action)
            if terminated or truncated:
                env.reset()
        return process_time() - start


def replay(
    env: gymnasium.Env[Any, Any],
    plan: Sequence[tuple[Options, list[str]]],
    clock: Callable[[], float] = process_time,
) -> float:
    """Play a plan and give its processor time in seconds."""
    start = clock()
    for options, actions in plan:
        env.reset(options=options)
        for action in actions:
            env.step(action)
    return max(clock() - start, TICK)


def repeated(
    measure: Callable[[Sequence[Episode]], float], part: Sequence[Episode]
) -> float:
    """Repeat a measurement until it is long enough; give the mean of one."""
    spent, times = 0.0, 0
    while spent < SHORTEST:
        spent += measure(part)
        times += 1
    return spent / times


def is_slow(spec: TaskSpec) -> bool:
    """Whether an episode takes so long that a few must do."""
    return spec.sample < SAMPLE


def group_size(spec: TaskSpec) -> int:
    """How many tasks take turns in the items of an id."""
    if is_slow(spec):
        return 1
    return sum(other.name.startswith(f"{spec.name}.") for other in SPECS) or 1


def record(
    id_: str, group: int, seconds: float, kwargs: dict[str, Any], *, is_slow: bool
) -> list[Episode]:
    """Let a random policy play items until the environment has used its time."""
    env = gymnasium.make(id_, split="all", **kwargs)
    agent = env.unwrapped
    assert isinstance(agent, AgentEnv)
    rng = random.Random(0)
    least = 3 * ROUNDS * group  # warm-up, and two parts a round
    episodes: list[Episode] = []
    spent = 0.0
    # A family plays the first items of its tasks; what a task plays on its own has
    # to be new as well.
    first = 0 if group > 1 or "." not in id_ else len(agent.tasks) // 2
    # A few episodes have to come from all over the tasks.
    stride = len(agent.tasks) // least if is_slow else 1
    for position in range(first, len(agent.tasks), stride):
        played = len(episodes)
        if spent > seconds and played % group == 0 and played >= least:
            break
        index = agent.tasks[position].index
        start = perf_counter()
        env.reset(seed=position, options={"item": index})
        spent += perf_counter() - start
        actions: list[str] = []
        over = False
        while not over:
            action = next_action(agent, rng)
            start = perf_counter()
            _, _, terminated, truncated, _ = env.step(action)
            spent += perf_counter() - start
            actions.append(action)
            over = terminated or truncated
        episodes.append(Episode(index, actions))
    return episodes


def next_action(agent: AgentEnv, rng: random.Random) -> str:
    """Draw an admissible action; the expert's where there is no list of them."""
    legal = agent.admissible_actions()
    if legal is not None:
        return rng.choice(legal or [""])
    try:
        return agent.expert_action()
    except NoExpertAction:
        return ""


def benchmark(
    specs: Sequence[TaskSpec],
    *,
    seconds: float,
    kwargs: dict[str, Any],
    progress: Callable[[str], None] = lambda what: None,
) -> tuple[list[Row], dict[str, float]]:
    """Measure all specs; give their rows and CartPole's own rates."""
    plans = {}
    # Another process plays first: here, every item must still be unknown. Spawned,
    # because a forked one would share what is already loaded.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        for spec in specs:
            progress(f"random policy plays {spec.name}")
            job = pool.submit(
                record,
                spec.id,
                group_size(spec),
                seconds,
                kwargs,
                is_slow=is_slow(spec),
            )
            plans[spec.id] = job.result()
    cartpole = CartPole(seconds / ROUNDS)
    cartpole.round()
    cartpole.found = Rounds()
    players = []
    for spec in specs:
        progress(f"warming up {spec.name}")
        players.append(Player(spec, plans[spec.id], **kwargs))
    for number in range(ROUNDS):
        before = cartpole.round()
        for player in players:
            progress(f"round {number + 1} of {ROUNDS}: {player.name}")
            player.play()
            after = cartpole.round()
            player.compare(before, after)
            before = after
    reference = {
        "steps": cartpole.found.median("steps"),
        "resets": cartpole.found.median("resets"),
    }
    return [player.row() for player in players], reference


def machine() -> dict[str, str]:
    """Name what the figures depend on."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf-8").splitlines()
        models = [line.split(":")[1] for line in lines if line.startswith("model name")]
        model = " ".join(models[0].split()) if models else model
    return {
        "machine": f"{model}, {os.cpu_count()} cores, {platform.system()}",
        "python": platform.python_version(),
        "gymnasium": gymnasium.__version__,
        "numpy": version("numpy"),
        "agentgym-envs": __version__,
    }
