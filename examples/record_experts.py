"""Record expert episodes as JSON Lines, and sum up what was written.

    python examples/record_experts.py experts.jsonl --env Maze --episodes 20

Each line is one episode in the published AgentTraj shape, ready for supervised
training: a conversation whose `gpt` messages with `loss: true` are the expert's.
"""

import argparse
import json
from pathlib import Path
from statistics import mean

import gymnasium

from agentgym_envs.errors import NoExpertAction
from agentgym_wrappers import RecordTrajectory


def record(env_id: str, path: Path, episodes: int) -> None:
    """Add the expert's episodes on the first training items to a file."""
    env = RecordTrajectory(gymnasium.make(env_id), path, policy="expert")
    agent = env.unwrapped
    for position in range(min(episodes, len(agent.tasks))):
        env.reset(seed=position, options={"item": agent.tasks[position].id})
        over = False
        while not over:
            try:
                action = agent.expert_action()
            except NoExpertAction:
                break  # this item can't be won; unfinished episodes are not written
            *_, terminated, truncated, _ = env.step(action)
            over = terminated or truncated
    env.close()


def summarise(path: Path) -> None:
    """Print one line per environment of a file."""
    by_env: dict[str, list[dict]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        episode = json.loads(line)
        by_env.setdefault(episode["meta"]["env_id"], []).append(episode)
    for env_id, episodes in by_env.items():
        won = mean(episode["success"] for episode in episodes)
        steps = mean(len(episode["meta"]["actions"]) for episode in episodes)
        print(f"{env_id}: {len(episodes)} episodes, {won:.0%} won, {steps:.1f} steps")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("path", type=Path, help="the file to add to")
    parser.add_argument("--env", action="append", help="a family; may be repeated")
    parser.add_argument("--episodes", type=int, default=20, help="for each family")
    options = parser.parse_args()
    for family in options.env or ["Maze", "Wordle", "TextCraft"]:
        record(f"agentgym/{family}-v0", options.path, options.episodes)
    summarise(options.path)


if __name__ == "__main__":
    main()
