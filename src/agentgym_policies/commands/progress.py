"""Progress on standard error: a bar in a terminal, else a line per task."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from time import perf_counter

from agentgym_envs.commands.console import open_console
from agentgym_policies.report import name_of
from agentgym_policies.rollout import Episode, Job


def watched(episodes: Iterable[Episode], jobs: Sequence[Job]) -> Iterator[Episode]:
    """Pass finished episodes on, and show how far they are.

    Args:
        episodes: The episodes of ``jobs``, one id after the other.
        jobs: What there is to be played.
    """
    if sys.stderr.isatty():
        yield from _with_bar(episodes, jobs)
    else:
        yield from _with_lines(episodes, jobs)


def timed(episodes: Iterable[Episode]) -> Iterator[tuple[float, Episode]]:
    """Give each episode with the seconds since the one before was asked for."""
    before = perf_counter()
    for episode in episodes:
        now = perf_counter()
        yield now - before, episode
        before = now


def title(env_id: str) -> str:
    """A short name for a task.

    >>> title("agentgym/BabyAI.Open-v0"), title("agentgym/Maze-v0")
    ('BabyAI.Open', 'Maze')
    """
    family, task = name_of(env_id)
    return family if task == family else f"{family}.{task}"


def _with_bar(episodes: Iterable[Episode], jobs: Sequence[Job]) -> Iterator[Episode]:
    console = open_console(stderr=True)
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    widest = max((len(title(job.env_id)) for job in jobs), default=0)
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
    with progress:
        name = title(jobs[0].env_id).ljust(widest) if jobs else ""
        bar = progress.add_task(name, total=len(jobs))
        for place, episode in enumerate(episodes, start=1):
            yield episode
            # The task that comes next is the one to wait for.
            current = jobs[min(place, len(jobs) - 1)].env_id
            progress.update(bar, advance=1, description=title(current).ljust(widest))


def _with_lines(episodes: Iterable[Episode], jobs: Sequence[Job]) -> Iterator[Episode]:
    left = Counter(job.env_id for job in jobs)
    for place, episode in enumerate(episodes, start=1):
        yield episode
        env_id = episode.job.env_id
        left[env_id] -= 1
        if not left[env_id]:
            line = f"{place}/{len(jobs)} episodes, {title(env_id)} done"
            print(line, file=sys.stderr, flush=True)
