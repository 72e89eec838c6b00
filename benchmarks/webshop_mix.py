"""WebShop's steps a second on every kind of action, next to CartPole-v1.

    python benchmarks/webshop_mix.py

An episode searches for words of its instruction, turns the page and back, opens a
product, reads its description, goes back to the product, chooses an option, writes
nonsense and buys. Every item is new to the process. Processor time, resets included;
the ratio is the median over the rounds.
"""

from __future__ import annotations

import statistics
import sys
from time import process_time

import gymnasium

from agentgym_envs import AgentEnv
from agentgym_envs.commands.bench import rounded
from agentgym_envs.commands.speed import CartPole, machine

ROUNDS = 9
EPISODES = 30  # of a round
WORDS = 6  # of the instruction, for the search


def play(env: gymnasium.Env[str, str], first: int) -> int:
    """Play the episodes of a round; give the number of steps."""
    agent = env.unwrapped
    assert isinstance(agent, AgentEnv)
    steps = 0
    for place in range(first, first + EPISODES):
        env.reset(options={"item": agent.tasks[place].index})
        words = " ".join(agent.goal.split()[2 : 2 + WORDS])
        for action in (f"search[{words}]", "click[next >]", "click[< prev]"):
            *_, info = env.step(action)
        shown = info["available_actions"]["clickables"]
        product = next((name for name in shown if name.startswith("b0")), "")
        *_, info = env.step(f"click[{product}]")
        option = info["available_actions"]["clickables"][-1]
        for action in (
            "click[description]",
            "click[< prev]",
            f"click[{option}]",
            "put it into the basket",
            "click[buy now]",
        ):
            env.step(action)
            if agent.is_over:
                break  # the last thing on the page was the button to buy
            steps += 1
        steps += 5
    return steps


def main() -> int:
    env = gymnasium.make("agentgym/WebShop-v0")
    cartpole = CartPole(1.0)
    play(env, 0)  # loads the shop
    rates, ratios = [], []
    for number in range(1, 1 + ROUNDS):
        before, _ = cartpole.round()
        start = process_time()
        steps = play(env, number * EPISODES)
        rate = steps / (process_time() - start)
        after, _ = cartpole.round()
        rates.append(rate)
        ratios.append(rate / statistics.mean([before, after]))
    print(
        f"{rounded(statistics.median(rates))} steps/s, "
        f"{statistics.median(ratios):.2f} x CartPole-v1"
    )
    facts = machine()
    print(f"Measured on {facts['machine']}; Python {facts['python']}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
