"""Whether WebShop's memory stays where it is over many episodes.

    python benchmarks/webshop_soak.py
    python benchmarks/webshop_soak.py --episodes 2000 --every 200 --products 10000

A policy searches for random words of the instruction, clicks at random, and now and
then writes nonsense, so that nearly every search is a new one. Prints the resident
memory as it goes. The exit status is 1 if it grew by more than the limit after the
first half, in which caches may still fill.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import gymnasium

from agentgym_envs import AgentEnv

LIMIT = 16.0  # MiB of growth in the second half


def resident() -> float:
    """The memory of this process in MiB."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    import resource

    # The greatest so far, in bytes on macOS; good enough to see growth.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 1024)


def choose(env: AgentEnv, rng: random.Random) -> str:
    """Draw an action: a search for some words, a click, or nonsense."""
    clicks = [a for a in env.admissible_actions() or () if a.startswith("click")]
    if not clicks or rng.random() < 0.2:
        words = env.goal.split()
        return f"search[{' '.join(rng.sample(words, rng.randint(1, 4)))}]"
    return "nonsense" if rng.random() < 0.05 else rng.choice(clicks)


def soak(
    episodes: int, every: int, products: int
) -> Iterator[tuple[int, int, float, float]]:
    """Play; yield episodes, steps, seconds and MiB every so often."""
    env = gymnasium.make(
        "agentgym_envs:agentgym/WebShop-v0", split="all", num_products=products
    )
    agent = env.unwrapped
    assert isinstance(agent, AgentEnv)
    rng = random.Random(0)
    start, steps = perf_counter(), 0
    for episode in range(1, episodes + 1):
        env.reset(seed=episode)
        while not agent.is_over:
            env.step(choose(agent, rng))
            steps += 1
        if episode % every == 0:
            yield episode, steps, perf_counter() - start, resident()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--episodes", type=int, default=20_000)
    parser.add_argument("--every", type=int, default=2_000)
    parser.add_argument("--products", type=int, default=1_000)
    options = parser.parse_args()
    sizes: list[float] = []
    print("episodes      steps   seconds  memory/MiB")
    for episode, steps, seconds, size in soak(
        options.episodes, options.every, options.products
    ):
        sizes.append(size)
        print(f"{episode:8,} {steps:10,} {seconds:9.1f} {size:11.1f}", flush=True)
    growth = sizes[-1] - sizes[(len(sizes) - 1) // 2]
    print(f"grew by {growth:.1f} MiB in the second half; the limit is {LIMIT:.0f}")
    return 1 if growth > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
