"""What BIRD costs beyond the queries themselves, and who can guess its answers.

    python benchmarks/bird.py            # both tables
    python benchmarks/bird.py --items 50 --json

1. For each item the gold statement as a step, its gold result being kept already, less
   the same statement through a plain `sqlite3` connection. Limit: 100 microseconds in
   the median. A snapshot and its restoring. Limit: 100 microseconds.
2. Mean scores of the expert and of agents that know nothing. Limits: 1 and 0.05.

All times are the least disturbed of several runs. The exit status is 1 if a limit is
passed.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import statistics
import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

import gymnasium

import agentgym_envs  # noqa: F401  # registers the ids
from agentgym_envs.bird.env import BIRDEnv

LIMIT = 100.0  # microseconds
GUESS_LIMIT = 0.05
RUNS = 5

Agent = Callable[[BIRDEnv, random.Random], str]


def fastest(action: Callable[[], Any]) -> float:
    """Microseconds of the quickest of some runs."""
    times = []
    for _ in range(RUNS):
        begun = perf_counter()
        action()
        times.append(perf_counter() - begun)
    return min(times) * 1e6


def costs(items: int) -> dict[str, float]:
    """Measure steps, queries and snapshots, in microseconds."""
    env = gymnasium.make("agentgym/BIRD-v0", split="all", max_episode_steps=-1)
    agent: Any = env.unwrapped
    plain: dict[str, sqlite3.Connection] = {}
    steps, queries, resets, snapshots = [], [], [], []
    tasks = agent.tasks
    for position in range(0, len(tasks), max(1, len(tasks) // items)):
        task = tasks[position]
        question = task.payload["question"]
        if question.source.path not in plain:
            uri = question.source.uri
            plain[question.source.path] = sqlite3.connect(
                uri, uri=True, cached_statements=0
            )
        connection = plain[question.source.path]
        options = {"item": task.index}

        def step(sql: str = question.sql, options: Any = options) -> float:
            env.reset(options=options)
            begun = perf_counter()
            env.step(sql)
            return (perf_counter() - begun) * 1e6

        step()
        steps.append(min(step() for _ in range(RUNS)))
        queries.append(
            fastest(
                lambda c=connection, sql=question.sql: c.execute(sql).fetchall()  # type: ignore[misc]
            )
        )
        resets.append(fastest(lambda options=options: env.reset(options=options)))  # type: ignore[misc]
        snapshots.append(fastest(lambda: agent.restore(agent.snapshot())))
    beyond = [s - q for s, q in zip(steps, queries, strict=True)]
    return {
        "step_us": statistics.median(steps),
        "query_us": statistics.median(queries),
        "beyond_us": statistics.median(beyond),
        "beyond_us_95": sorted(beyond)[int(0.95 * len(beyond))],
        "reset_us": statistics.median(resets),
        "snapshot_us": statistics.median(snapshots),
    }


def expert(env: BIRDEnv, draw: random.Random) -> str:
    """Give the gold statement."""
    return env.expert_action()


def silent(env: BIRDEnv, draw: random.Random) -> str:
    """Say nothing."""
    return ""


def constant(env: BIRDEnv, draw: random.Random) -> str:
    """Say the most frequent number there is."""
    return "SELECT 3"


def guessing(env: BIRDEnv, draw: random.Random) -> str:
    """Ask a table that is told for a count, a column or an extreme of it."""
    schema = env.task.payload["question"].schema
    number = draw.randrange(len(schema.sql_tables))
    own = [i for i, (of, _) in enumerate(schema.columns) if of == number]
    column = f'"{schema.sql_columns[draw.choice(own)]}"'
    what = draw.choice(["COUNT(*)", column, f"MAX({column})", f"DISTINCT {column}"])
    return f'SELECT {what} FROM "{schema.sql_tables[number]}"'


def mean_score(agent: Agent, split: str) -> float:
    """Let an agent play every item of a split once."""
    env = gymnasium.make("agentgym/BIRD-v0", split=split)
    inner: Any = env.unwrapped
    draw = random.Random(0)
    scores = []
    for task in inner.tasks:
        env.reset(options={"item": task.index})
        scores.append(env.step(agent(inner, draw))[4]["score"])
    return statistics.fmean(scores)


def main() -> int:
    """Measure, print, and judge."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", type=int, default=300, help="that are timed")
    parser.add_argument("--json", action="store_true", help="one object on one line")
    options = parser.parse_args()
    measured = costs(options.items)
    scores = {
        agent.__name__: {split: mean_score(agent, split) for split in ("train", "test")}
        for agent in (expert, silent, constant, guessing)
    }
    if options.json:
        print(json.dumps({"costs": measured, "scores": scores}))
    else:
        for name, value in measured.items():
            print(f"{name:14} {value:8.1f}")
        print(f"\n{'agent':10} {'train':>7} {'test':>7}")
        for name, row in scores.items():
            print(f"{name:10} {row['train']:7.2%} {row['test']:7.2%}")
    is_cheap = max(measured["beyond_us"], measured["snapshot_us"]) < LIMIT
    is_won = min(scores.pop("expert").values()) == 1.0
    is_hard = max(max(row.values()) for row in scores.values()) < GUESS_LIMIT
    return 0 if is_cheap and is_won and is_hard else 1


if __name__ == "__main__":
    sys.exit(main())
