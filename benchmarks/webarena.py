"""WebArena: steps a second in both backends, resets, snapshots and memory.

    python benchmarks/webarena.py [--chromium]

An agent that clicks, types, scrolls and goes to addresses at random plays episodes of
30 steps. Processor time of one process, resets included; with the page cache, the cache
is empty at the start. Chromium is measured by the clock, since its work is done by
processes of its own.
"""

from __future__ import annotations

import argparse
import gc
import re
import statistics
import sys
from pathlib import Path
from random import Random
from time import perf_counter, process_time

from agentgym_envs.commands.bench import rounded
from agentgym_envs.commands.speed import CartPole, machine
from agentgym_envs.webarena.env import WebArenaEnv
from agentgym_envs.webarena.sites.world import PageCache

STEPS = 30  # of an episode
ROUNDS = 5
EPISODES = 30
ENVS = 100  # whose memory is measured
CONTEXTS = 8  # of Chromium, whose memory is measured
FIELDS = ("textbox", "searchbox", "combobox")
ELEMENT = re.compile(r"\[(\d+)\] (\w+)")
WORDS = ("tea", "lamp", "2", "5 stars", "a b")
KINDS = ("click",) * 9 + ("type",) * 4 + ("scroll",) * 3 + ("goto",) * 2 + ("go_back",)
PATHS = (
    *("/", "/tea.html", "/cookware.html?p=2", "/checkout/cart", "/wishlist"),
    *("/sales/order/history", "/catalogsearch/result?q=green", "/customer/account"),
)


def random_action(rng: Random, text: str) -> str:
    """Draw an action on what is seen."""
    kind = rng.choice(KINDS)
    elements = ELEMENT.findall(text)
    if kind == "click":
        return f"click [{rng.choice(elements)[0]}]"
    if kind == "type":
        fields = [e for e in elements if e[1] in FIELDS] or elements
        flag = rng.choice("01")
        return f"type [{rng.choice(fields)[0]}] [{rng.choice(WORDS)}] [{flag}]"
    if kind == "scroll":
        return rng.choice(["scroll [down]", "scroll [up]"])
    if kind == "goto":
        return f"goto [http://onestopmarket.com{rng.choice(PATHS)}]"
    return kind


def play(env: WebArenaEnv, episodes: int, seed: int) -> tuple[float, float]:
    """Play; give steps and seconds of what the environment took."""
    rng = Random(seed)
    clock = process_time if env.backend == "text" else perf_counter
    spent = 0.0
    steps = 0
    for episode in range(episodes):
        start = clock()
        text, _ = env.reset(seed=seed * 1000 + episode)
        spent += clock() - start
        for _ in range(STEPS):
            action = random_action(rng, text)
            start = clock()
            text, *_ = env.step(action)
            spent += clock() - start
            steps += 1
    return steps, spent


def milliseconds(times: list[float]) -> str:
    return f"{1000 * statistics.median(times):.3f} ms"


def text_backend() -> None:
    cartpole = CartPole(1.0)
    rates: dict[str, list[float]] = {"every page anew": [], "shared page cache": []}
    ratios: dict[str, list[float]] = {name: [] for name in rates}
    for round_ in range(ROUNDS):
        for name in rates:
            cached = name == "shared page cache"
            env = WebArenaEnv(split="all", horizon=10_000, page_cache=cached)
            if cached:
                env._cache = PageCache()
            env.reset(seed=0)  # makes the sites' data
            before, _ = cartpole.round()
            steps, spent = play(env, EPISODES, round_)
            after, _ = cartpole.round()
            rates[name].append(steps / spent)
            ratios[name].append(steps / spent / statistics.mean([before, after]))
            env.close()
    for name, found in rates.items():
        rate, ratio = statistics.median(found), statistics.median(ratios[name])
        print(f"text, {name}: {rounded(rate)} steps/s, {ratio:.4f} x CartPole-v1")


def states() -> None:
    env = WebArenaEnv(split="all", horizon=10_000)
    other = WebArenaEnv(split="all", horizon=10_000)
    rng = Random(1)
    resets, copies = [], []
    for episode in range(200):
        start = process_time()
        text, _ = env.reset(seed=episode)
        resets.append(process_time() - start)
        for _ in range(12):
            text, *_ = env.step(random_action(rng, text))
        start = process_time()
        other.restore(env.snapshot())
        copies.append(process_time() - start)
    print(f"reset: {milliseconds(resets)}")
    print(f"snapshot and restore after 12 steps: {milliseconds(copies)}")
    env.close()
    other.close()


def resident() -> int:
    """Bytes of memory that this process takes up."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096


def memory() -> None:
    rng = Random(2)
    envs = []
    before = 0
    for number in range(ENVS + 10):
        if number == 10:  # the first ones fill caches
            gc.collect()
            before = resident()
        env = WebArenaEnv(split="all", horizon=10_000)
        text, _ = env.reset(seed=number)
        for _ in range(12):
            text, *_ = env.step(random_action(rng, text))
        envs.append(env)
    gc.collect()
    print(f"memory of another environment: {(resident() - before) / ENVS / 1e6:.2f} MB")
    for env in envs:
        env.close()


def descendants(process: str = "self") -> list[str]:
    """All processes that a process has started, and those that these have."""
    found: list[str] = []
    for file in Path("/proc", process, "task").glob("*/children"):
        for child in file.read_text(encoding="ascii").split():
            found += [child, *descendants(child)]
    return found


def browsers() -> float:
    """Megabytes of the browser, its driver and their children, shared pages once."""
    total = 0
    for process in descendants():
        text = Path("/proc", process, "smaps_rollup").read_text(encoding="ascii")
        total += int(
            next(x for x in text.splitlines() if x.startswith("Pss:")).split()[1]
        )
    return total / 1e3


def chromium() -> None:
    """Steps a second next to the text backend's, both by the clock, and memory."""
    rates = {}
    for backend in ("text", "chromium"):
        env = WebArenaEnv(backend=backend, split="all", horizon=10_000)
        env.reset(seed=0)
        start = perf_counter()
        steps, _ = play(env, EPISODES if backend == "text" else 3, 1)
        rates[backend] = steps / (perf_counter() - start)
        env.close()
    ratio = rates["text"] / rates["chromium"]
    print(f"Chromium: {rates['chromium']:.1f} steps/s by the clock, the text backend")
    print(f"{rates['text']:,.0f}: {ratio:,.0f} times as many")
    envs, sizes = [], []
    for number in range(CONTEXTS + 1):
        env = WebArenaEnv(backend="chromium", split="all", horizon=10_000)
        env.reset(seed=number)
        envs.append(env)
        sizes.append(browsers())
    each = (sizes[-1] - sizes[0]) / CONTEXTS
    print(f"memory: {sizes[0]:,.0f} MB with one context, {each:.0f} MB for another")
    for env in envs:
        env.close()
    from agentgym_envs.webarena.chromium.browser import close_shared

    close_shared()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chromium", action="store_true", help="measure Chromium, too")
    arguments = parser.parse_args()
    text_backend()
    states()
    memory()
    if arguments.chromium:
        chromium()
    facts = machine()
    print(f"Measured on {facts['machine']}; Python {facts['python']}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
