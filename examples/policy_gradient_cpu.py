"""Policy gradients that learn on one processor core, with figures before and after.

    python examples/policy_gradient_cpu.py grpo --seed 0
    python examples/policy_gradient_cpu.py rloo --seed 0
    python examples/policy_gradient_cpu.py clone --seed 0
    python examples/policy_gradient_cpu.py report

A decoder of half a million parameters, made from nothing, clones an expert on a few
small mazes, for so long that more of it hardly helps. From this start it learns from
the reward alone, in mazes that nobody shows it. `clone` is the control: as many more
updates on the demonstrations. Each run plays the same test mazes greedily before and
after, and puts what came of it into a file; `report` prints a table of the file.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean
from time import process_time
from typing import Any

import torch

from agentgym_policies import ExpertPolicy, rollout
from agentgym_policies.folder import write_atomically
from agentgym_policies.huggingface import TransformersPolicy
from agentgym_policies.intervals import bootstrap, wilson
from agentgym_policies.rollout import make_job
from agentgym_policies.tiny import build_tiny_model
from agentgym_trainers import policy_gradient
from agentgym_trainers.bc import BCConfig, clone_behaviour
from agentgym_trainers.play import Family, jobs_of, play

ID = "agentgym/Maze-v0"
RULES = {"size": 7, "loops": 0.3, "distance": [1, 4], "horizon": 6}
KINDS = ("grpo", "dr_grpo", "rloo", "loop", "reinforce++", "gae")
EXPLORED = (200, 1600)  # places in the training split
FIRST_TEST = 2000  # every index from here on is a maze that no training item is
REPLY = 6  # tokens
BATCH = 256  # episodes at a time


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=(*KINDS, "clone", "report"))
    parser.add_argument("--seed", type=int, default=0, help="of all that is drawn")
    parser.add_argument("--out", type=Path, default=Path("runs/policy-gradient"))
    parser.add_argument("--results", type=Path, help="a file (default: in --out)")
    parser.add_argument("--demonstrations", type=int, default=14)
    parser.add_argument("--updates", type=int, default=150, help="of the first clone")
    parser.add_argument("--steps", type=int, default=70, help="of what follows it")
    parser.add_argument("--items", type=int, default=32, help="mazes per step")
    parser.add_argument("--group", type=int, default=8, help="episodes per maze")
    parser.add_argument("--rate", type=float, default=4e-4, help="AdamW's")
    parser.add_argument("--temperature", type=float, default=1.3)
    parser.add_argument("--tests", type=int, default=500, help="test mazes")
    options = parser.parse_args()
    results = options.results or options.out / "results.json"
    if options.what == "report":
        print("\n".join(report(read(results))))
        return
    torch.set_num_threads(1)
    result = run(options)
    write(results, result)
    print("\n".join(report([result])))


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Clone, learn, and play the test mazes before and after."""
    folder = options.out / f"seed-{options.seed}"
    start = first_clone(folder, options)
    began = process_time()
    if options.what == "clone":
        model, curve = clone_on(start, folder, options), []
    else:
        model, curve = learn(start, folder, options)
    seconds = process_time() - began
    return {
        "kind": options.what,
        "seed": options.seed,
        "settings": {
            name: getattr(options, name)
            for name in ("demonstrations", "updates", "steps", "items", "group")
        }
        | {"rate": options.rate, "temperature": options.temperature, **RULES},
        "before": solved(start, options.tests),
        "after": solved(model, options.tests),
        "sampled": curve,
        "seconds": round(seconds),
    }


def family(options: argparse.Namespace) -> Family:
    """Mazes to be shown, which are others for each seed, and to be explored."""
    first = options.seed * options.demonstrations
    demos = (first, first + options.demonstrations)
    return Family(env_id=ID, demos=demos, explore=EXPLORED, kwargs=RULES)


def first_clone(folder: Path, options: argparse.Namespace) -> Path:
    """Make a model and let it clone the expert, unless that was done."""
    if (folder / "start").exists():
        return folder / "start"
    empty = build_tiny_model(
        folder / "empty",
        [ID],
        items=100,
        vocab_size=512,
        layers=2,
        context=1024,
        seed=options.seed,
        **RULES,
    )
    return cloned(empty, folder / "start", options.updates, 2e-3, options)


def clone_on(start: Path, folder: Path, options: argparse.Namespace) -> Path:
    """Clone the same demonstrations again, as long as the others learn."""
    return cloned(start, folder / "clone", options.steps, options.rate, options)


def cloned(
    base: Path, out: Path, updates: int, rate: float, options: argparse.Namespace
) -> Path:
    own = [family(options)]
    jobs = jobs_of(own, "demos", 1, options.seed)
    shown = play(
        ExpertPolicy(), own, "demos", jobs, action_format="text", name="expert"
    )
    wanted = BCConfig(
        learning_rate=rate,
        steps=updates,
        batch=min(16, options.demonstrations),
        weight_decay=0.05,
        seed=options.seed,
    )
    draft = out.with_name(f".{out.name}")
    clone_behaviour(base, list(shown), draft, wanted)
    shutil.rmtree(out, ignore_errors=True)
    return draft.rename(out)


def learn(
    start: Path, folder: Path, options: argparse.Namespace
) -> tuple[Path, list[float]]:
    """Learn from the reward; give also the success while learning, in ten parts."""
    wanted = policy_gradient.PolicyGradientConfig(
        model=str(start),
        families=(family(options),),
        kind=options.what,
        steps=options.steps,
        items=options.items,
        group=options.group,
        reward="success",
        temperature=options.temperature,
        learning_rate=options.rate,
        warmup=5,
        schedule="linear",
        # Failures are longer than successes, and would rule a mean over tokens.
        mean="episode",
        max_new_tokens=REPLY,
        batch=BATCH,
        batch_tokens=4096,
        device="cpu",
        seed=options.seed,
    )
    successes: list[float] = []
    out = folder / options.what
    shutil.rmtree(out, ignore_errors=True)
    model = policy_gradient.train(
        wanted, out, log=lambda facts: successes.append(facts["success"])
    )
    size = max(1, len(successes) // 10)
    parts = range(0, len(successes), size)
    return model, [round(fmean(successes[i : i + size]), 3) for i in parts]


def solved(model: Path, tests: int) -> str:
    """Play test mazes greedily; give a digit for each, 1 if it was solved."""
    own = Family(env_id=ID, kwargs=RULES)
    policy = TransformersPolicy.load(
        model, device="cpu", max_new_tokens=REPLY, max_batch=BATCH
    )
    names = [f"maze_{FIRST_TEST + number}" for number in range(tests)]
    jobs = [make_job(0, ID, name, 0) for name in names]
    found = {}
    for episode in rollout(policy, lambda: own.make("test"), jobs, batch=BATCH):
        assert not episode.error, episode.error
        found[episode.job.item_id] = str(int(episode.end_reason == "success"))
    return "".join(found[name] for name in names)


def read(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def write(path: Path, result: dict[str, Any]) -> None:
    """Put a result into a file, instead of an older one of the same run."""
    key = (result["kind"], result["seed"])
    others = [r for r in read(path) if (r["kind"], r["seed"]) != key]
    ordered = sorted([*others, result], key=lambda r: (r["kind"], r["seed"]))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(ordered, indent=1) + "\n")


def report(results: Sequence[dict[str, Any]]) -> Iterator[str]:
    """A table: greedy success before and after, and what lies between."""
    yield "| Kind | Seed | Before | After | Points gained | Processor seconds |"
    yield "|---|---:|---:|---:|---:|---:|"
    for kind in dict.fromkeys(result["kind"] for result in results):
        own = [result for result in results if result["kind"] == kind]
        for result in own:
            before, after = digits(result["before"]), digits(result["after"])
            yield row(kind, result["seed"], [before], [after], result["seconds"])
        if len(own) > 1:
            befores = [digits(result["before"]) for result in own]
            afters = [digits(result["after"]) for result in own]
            yield row(kind, "all", befores, afters, sum(r["seconds"] for r in own))


def digits(text: str) -> list[int]:
    return [int(digit) for digit in text]


def row(
    kind: str,
    seed: int | str,
    befores: Sequence[Sequence[int]],
    afters: Sequence[Sequence[int]],
    seconds: int,
) -> str:
    """A line of the table; each maze was played by all models, and is drawn whole."""
    gains = [
        [a - b for b, a in zip(before, after, strict=True)]
        for before, after in zip(befores, afters, strict=True)
    ]
    by_item = list(zip(*gains, strict=True))
    low, high = bootstrap(by_item, seed=0)
    gain = fmean(fmean(values) for values in by_item)
    rates = [rate(befores), rate(afters)]
    return (
        f"| {kind} | {seed} | {rates[0]} | {rates[1]} | "
        f"{100 * gain:+.1f} ({100 * low:+.1f} to {100 * high:+.1f}) | {seconds} |"
    )


def rate(runs: Sequence[Sequence[int]]) -> str:
    """A rate with its 95 % interval."""
    items = list(zip(*runs, strict=True))
    mean = fmean(fmean(values) for values in items)
    if len(runs) == 1:
        low, high = wilson(sum(runs[0]), len(items))
    else:
        low, high = bootstrap(items, seed=0)
    return f"{100 * mean:.1f} % ({100 * low:.1f} to {100 * high:.1f})"


if __name__ == "__main__":
    main()
