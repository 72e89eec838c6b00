"""What is left of `TextVectorEnv`'s rate when a policy plays through the rollout loop.

    python benchmarks/rollout.py
    python benchmarks/rollout.py --env Maze --batch 32 --seconds 5

The policy costs nothing: it always gives the same action. All play items drawn from the
training split, 32 at a time, in this process:

| Row | What plays |
|---|---|
| `vector` | `TextVectorEnv.step` with lists of infos, alone |
| `rollout` | the loop of `agentgym eval` and `collect`: batches, histories, records |
| `collect` | the same, each episode recorded and written to a file |

Rates are steps a second of processor time, the best of several rounds that take turns,
for other work on the machine only slows them. The exit status is 1 if `rollout`
has less than 80 % of the vector's rate.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from pathlib import Path
from time import process_time

import gymnasium

from agentgym_envs.commands.ids import find_id
from agentgym_policies.base import Action, History
from agentgym_policies.kept import line_of
from agentgym_policies.record import record_of
from agentgym_policies.rollout import Env, Job, make_job, rollout
from agentgym_wrappers import RecordTrajectory, TextVectorEnv, trajectory

LIMIT = 0.8  # of the vector's rate
ACTIONS = {"Maze": "move up", "TextCraft": "inventory", "BabyAI": "turn left"}
ROUNDS = 5
JOBS = 3_000  # episodes, after which they are played again


class IdlePolicy:
    """Always the same action, at no cost."""

    def __init__(self, text: str) -> None:
        self._action = Action(text)

    def act(self, histories: Sequence[History]) -> list[Action]:
        """Give it once for each episode."""
        return [self._action] * len(histories)


def jobs_of(env_id: str) -> Iterator[Job]:
    """Items drawn from the split, as resets of the vector draw them."""
    env = gymnasium.make(env_id)
    tasks = env.unwrapped.tasks  # type: ignore[attr-defined]
    dice = random.Random(0)
    jobs = [
        make_job(0, env_id, tasks[dice.randrange(len(tasks))].id, number)
        for number in range(JOBS)
    ]
    yield from cycle(jobs)


def vector_rate(env_id: str, action: str, batch: int, seconds: float) -> float:
    envs = TextVectorEnv(env_id, batch, infos="list", autoreset_mode="SameStep")
    envs.reset(seed=0)
    actions = (action,) * batch
    done, start = 0, process_time()
    while process_time() - start < seconds:
        for _ in range(20):
            envs.step(actions)
        done += 20 * batch
    rate = done / (process_time() - start)
    envs.close()
    return rate


def rollout_rate(env_id: str, action: str, batch: int, seconds: float) -> float:
    def make() -> Env:
        env: Env = gymnasium.make(env_id)
        return env

    episodes = rollout(IdlePolicy(action), make, jobs_of(env_id), batch=batch)
    next(episodes)  # makes the environments
    done, start = 0, process_time()
    for episode in episodes:
        done += record_of(episode).steps
        if process_time() - start >= seconds:
            break
    rate = done / (process_time() - start)
    episodes.close()  # type: ignore[attr-defined]
    return rate


def collect_rate(env_id: str, action: str, batch: int, seconds: float) -> float:
    def make() -> Env:
        return RecordTrajectory(gymnasium.make(env_id))

    episodes = rollout(IdlePolicy(action), make, jobs_of(env_id), batch=batch)
    next(episodes)
    done = 0
    with tempfile.TemporaryDirectory() as folder:
        file = trajectory.Appender(Path(folder, "trajectories.jsonl"))
        start = process_time()
        for episode in episodes:
            line = line_of(episode)
            assert line is not None
            file.append(line)
            done += record_of(episode).steps
            if process_time() - start >= seconds:
                break
        rate = done / (process_time() - start)
        file.close()
    episodes.close()  # type: ignore[attr-defined]
    return rate


ROWS: dict[str, Callable[[str, str, int, float], float]] = {
    "vector": vector_rate,
    "rollout": rollout_rate,
    "collect": collect_rate,
}


def measure(name: str, batch: int, seconds: float) -> dict[str, float]:
    """The best rate of each row."""
    env_id = find_id(name)
    action = ACTIONS.get(name, "wait")
    best = dict.fromkeys(ROWS, 0.0)
    for _ in range(ROUNDS):
        for row, rate in ROWS.items():
            best[row] = max(best[row], rate(env_id, action, batch, seconds / ROUNDS))
    return best


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--env", nargs="+", default=list(ACTIONS))
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=3.0, help="for each row")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = {
        name: measure(name, options.batch, options.seconds) for name in options.env
    }
    if options.json:
        print(json.dumps(found))
    else:
        print(f"{'env':12}" + "".join(f"{row:>16}" for row in ROWS))
        for name, rates in found.items():
            cells = (
                f"{rate:>8,.0f} {100 * rate / rates['vector']:>5.0f} %"
                for rate in rates.values()
            )
            print(f"{name:12}" + "".join(f"{cell:>16}" for cell in cells))
        print("steps a second of processor time, and the share of the vector's")
    kept = all(rates["rollout"] >= LIMIT * rates["vector"] for rates in found.values())
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
