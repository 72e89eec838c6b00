"""What searching buys: a tiny model alone, best of N, and tree search.

    python benchmarks/policy_search.py
    python benchmarks/policy_search.py --demonstrations 100 --items 20

A model of about a million parameters is trained on expert demonstrations of small
mazes, from nothing, so few that it solves some mazes and not others. Then it plays test
mazes, which no demonstration is from: by its likeliest actions, by drawing, and with
two searches that draw from it and look into copies of the maze. What a search costs is
told as tokens written per maze; what it gains, as the difference from the likeliest
actions on the same mazes, with the interval of a bootstrap over mazes.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from collections.abc import Iterator
from time import process_time
from typing import Any

import gymnasium
import numpy as np
import torch
from torch.nn.functional import cross_entropy

import agentgym_envs  # noqa: F401  # registers the ids
from agentgym_policies import (
    BestOfN,
    Episode,
    ExpertPolicy,
    Policy,
    TreeSearch,
    rollout,
)
from agentgym_policies.huggingface import TransformersPolicy
from agentgym_policies.intervals import bootstrap, wilson
from agentgym_policies.rollout import make_job
from agentgym_policies.sampling import Sampling
from agentgym_policies.tiny import build_tiny_model

ID = "agentgym/Maze-v0"
RULES: dict[str, Any] = {"size": 7, "loops": 0.3, "distance": [2, 6], "horizon": 8}
FIRST = {"train": 0, "test": 2000}  # every index is a maze; those of tests have no end
IGNORED = -100
BATCH = 8  # demonstrations
RATE = 2e-3


def make(split: str) -> gymnasium.Env[str, str]:
    """Make the environment."""
    env: gymnasium.Env[str, str] = gymnasium.make(ID, split=split, **RULES)
    return env


def play(policy: Policy, split: str, items: int, batch: int) -> Iterator[Episode]:
    """Play the first items of a split."""
    first = FIRST[split]
    jobs = [make_job(0, ID, f"maze_{first + place}", 0) for place in range(items)]
    return rollout(policy, lambda: make(split), jobs, batch=batch)


def examples(policy: TransformersPolicy, number: int) -> list[tuple[list[int], Any]]:
    """The tokens of demonstrations, and which of them are the expert's."""
    made = []
    for episode in play(ExpertPolicy(), "train", number, 1):
        history = episode.history
        assert history is not None
        chat = policy.chat
        ids = [*chat.opening("", history.observations[0])]
        labels = [IGNORED] * len(ids)
        for action, answer in zip(
            history.actions, history.observations[1:], strict=True
        ):
            reply = chat.reply(action.text)
            between = chat.answer(answer, reply[-1])
            ids += [*reply, *between]
            labels += [*reply, *[IGNORED] * len(between)]
        made.append((ids, labels))
    return made


def train(policy: TransformersPolicy, number: int, epochs: int, seed: int) -> int:
    """Clone the expert's behaviour; give how many tokens were read for it."""
    model = policy.model.train()
    data = examples(policy, number)
    optimiser = torch.optim.AdamW(
        model.parameters(), lr=RATE, betas=(0.9, 0.98), weight_decay=0.05
    )
    steps = epochs * math.ceil(len(data) / BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, RATE, total_steps=steps, pct_start=0.1
    )
    generator = np.random.default_rng(seed)
    read = 0
    for _ in range(epochs):
        order = generator.permutation(len(data))
        for start in range(0, len(data), BATCH):
            chosen = [data[place] for place in order[start : start + BATCH]]
            widest = max(len(ids) for ids, _ in chosen)
            ids = torch.zeros((len(chosen), widest), dtype=torch.long)
            labels = torch.full((len(chosen), widest), IGNORED)
            for row, (tokens, wanted) in enumerate(chosen):
                ids[row, : len(tokens)] = torch.tensor(tokens)
                labels[row, : len(wanted)] = torch.tensor(wanted)
                read += len(tokens)
            # Padding stands behind, where no token looks.
            logits = model(input_ids=ids).logits[:, :-1].flatten(0, 1)
            loss = cross_entropy(logits, labels[:, 1:].flatten(), ignore_index=IGNORED)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad()
            schedule.step()
    model.eval()
    policy.forget()
    return read


def main() -> None:
    """Train, play four ways, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demonstrations", type=int, default=24)
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--items", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--temperature", type=float, default=0.8)
    options = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        path = build_tiny_model(
            folder + "/tiny", [ID], layers=4, seed=options.seed, **RULES
        )
        greedy = TransformersPolicy.load(path, max_new_tokens=8)
    start = process_time()
    read = train(greedy, options.demonstrations, options.epochs, options.seed)
    size = sum(weights.numel() for weights in greedy.model.parameters())
    print(
        f"{size / 1e6:.2f} million parameters, trained on {read:,} tokens of ", end=""
    )
    print(f"{options.demonstrations} demonstrations in {process_time() - start:.0f} s")
    drawing = TransformersPolicy(
        greedy.model,
        greedy.tokenizer,
        prompt=greedy.prompt,
        sampling=Sampling(temperature=options.temperature, seed=options.seed),
        max_new_tokens=8,
    )
    policies: dict[str, Policy] = {
        "likeliest actions": greedy,
        f"drawn at temperature {options.temperature:g}": drawing,
        "best of 8": BestOfN(drawing, 8),
        "tree search, 4 states x 4 actions": TreeSearch(drawing, 4, 4),
    }
    print(f"{options.items} test items of {ID}; processor seconds")
    print(
        "| Policy | Solved | 95 % interval | More than the first, in points | "
        "Tokens written per item | Seconds |"
    )
    print("|---|---:|---|---|---:|---:|")
    first: list[int] = []
    for name, policy in policies.items():
        start, before = process_time(), counted(greedy, drawing)
        solved = outcomes(policy, options.items)
        first = first or solved
        written = (counted(greedy, drawing) - before) / options.items
        low, high = wilson(sum(solved), len(solved))
        print(
            f"| {name} | {sum(solved) / len(solved):.1%} | {low:.1%} – {high:.1%} | "
            f"{gain(first, solved)} | {written:,.0f} | {process_time() - start:.0f} |",
            flush=True,
        )


def outcomes(policy: Policy, items: int) -> list[int]:
    """Which test items a policy solves: 1 or 0 for each."""
    found = {}
    for episode in play(policy, "test", items, 16):
        assert episode.end_reason != "crash", episode.error
        found[episode.job.item_id] = int(episode.end_reason == "success")
    return [found[name] for name in sorted(found)]


def gain(before: list[int], after: list[int]) -> str:
    """The difference on the same items, with the interval of a paired bootstrap."""
    if after is before:
        return ""
    differences = [[a - b] for b, a in zip(before, after, strict=True)]
    low, high = (100 * bound for bound in bootstrap(differences, seed=0))
    mean = 100 * (sum(after) - sum(before)) / len(after)
    return f"{mean:+.1f} ({low:+.1f} to {high:+.1f})"


def counted(*policies: TransformersPolicy) -> int:
    """How many tokens models have written."""
    return sum(policy.usage.completion_tokens for policy in policies)


if __name__ == "__main__":
    main()
