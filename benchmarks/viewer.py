"""How long the page of trajectories takes to write, and to open in a browser.

    python benchmarks/viewer.py --episodes 1000

Needs Chromium and Playwright.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

import gymnasium

import agentgym_envs  # noqa: F401  # registers the environments
from agentgym_wrappers import RecordTrajectory
from agentgym_wrappers.viewer import write_page

ENVS = ("Maze", "BabyAI", "TextCraft", "Wordle")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


def records(number: int) -> list[Any]:
    made = []
    envs = [
        RecordTrajectory(gymnasium.make(f"agentgym/{n}-v0"), policy="expert")
        for n in ENVS
    ]
    for episode in range(number):
        env = envs[episode % len(envs)]
        agent: Any = env.unwrapped
        env.reset(seed=episode)
        while not agent.is_over:
            env.step(agent.expert_action())
        made.append(env.trajectory)
    return made


def seconds_to_open(path: Path) -> float:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        page = browser.new_page()
        page.goto("about:blank")
        start = perf_counter()
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready=yes]")
        taken = perf_counter() - start
        browser.close()
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--episodes", type=int, default=1000)
    options = parser.parse_args()
    played = records(options.episodes)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.html"
        start = perf_counter()
        write_page(path, played)
        written = perf_counter() - start
        size = path.stat().st_size / 1e6
        opened = min(seconds_to_open(path) for _ in range(3))
    print(f"{platform.processor() or platform.machine()}, Python", end=" ")
    print(f"{platform.python_version()}: {options.episodes:,} episodes, {size:.1f} MB")
    print(f"written in {written:.2f} s (games played again), opened in {opened:.2f} s")


if __name__ == "__main__":
    main()
