"""Play many episodes at once, each by a coroutine of its own.

    python examples/async_rollouts.py --episodes 32 --workers 2

Where `think` is, an agent would await its language model.
"""

import argparse
import asyncio

from agentgym_wrappers import AsyncVector, TextVectorEnv
from agentgym_wrappers.async_vector import AsyncSlot


async def think(slot: AsyncSlot, observation: str) -> str:
    await asyncio.sleep(0.001)  # a model would take longer
    return await slot.acall("expert_action")


async def play(slot: AsyncSlot, item: int) -> float:
    observation, info = await slot.areset(options={"item": item})
    over = False
    while not over:
        action = await think(slot, observation)
        observation, _, terminated, truncated, info = await slot.astep(action)
        over = terminated or truncated
    return info["score"]


async def main(episodes: int, workers: int) -> None:
    envs = TextVectorEnv(
        ["agentgym/Maze-v0", "agentgym/TextCraft-v0"],
        episodes,
        workers=workers,
        autoreset_mode="Disabled",
        infos="list",
    )
    async with AsyncVector(envs) as slots:
        scores = await asyncio.gather(
            *(play(slots[place], place) for place in range(episodes))
        )
    print(f"{episodes} episodes, mean score {sum(scores) / episodes:.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--episodes", type=int, default=16)
    parser.add_argument("--workers", type=int, default=0)
    options = parser.parse_args()
    asyncio.run(main(options.episodes, options.workers))
