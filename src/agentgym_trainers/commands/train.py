"""Train a model: by cloning experts, by exploring, by preferences, or by reward.

  agentgym train agentevol evolve.toml --out runs/evolve
  agentgym train bc clone.toml --out runs/clone
  agentgym train dpo prefer.toml --out runs/prefer
  agentgym train policy_gradient grpo.toml --out runs/grpo

The same command goes on where it was stopped. docs/training.md lists what the files may
say. On several devices: accelerate launch -m agentgym_envs.cli train ...
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gymnasium.error import UnregisteredEnv

from agentgym_envs.commands.console import open_console, print_json
from agentgym_envs.errors import BadOption
from agentgym_trainers import processes
from agentgym_trainers.settings import load

METHODS = ("bc", "agentevol", "dpo", "policy_gradient")
Fact = dict[str, Any]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("method", choices=METHODS, help="how")
    parser.add_argument("config", type=Path, metavar="CONFIG", help="a TOML file")
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="(default: runs/ and the file's name)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON for machines")


def run(options: argparse.Namespace) -> int:
    """Train, and tell where the model is."""
    out = options.out or Path("runs", options.config.stem)
    methods: dict[str, Callable[[Path, Path], Fact]] = {
        "bc": _bc,
        "agentevol": _agentevol,
        "dpo": _dpo,
        "policy_gradient": _policy_gradient,
    }
    try:
        result = methods[options.method](options.config, out)
    except UnregisteredEnv as error:
        raise BadOption(f"{options.config}: {error}") from None
    if processes.rank():  # the first process of the run tells
        return 0
    if options.json:
        print_json(result)
    else:
        for name, value in result.items():
            if not isinstance(value, dict):
                print(f"{name}: {value}")
    return 0


def _bc(path: Path, out: Path) -> Fact:
    from agentgym_trainers.bc import CloneConfig, clone

    return clone(load(CloneConfig, path), out)


def _agentevol(path: Path, out: Path) -> Fact:
    from agentgym_trainers.agentevol import AgentEvolConfig, evolve

    config = load(AgentEvolConfig, path)
    with _counted() as watch:
        state = evolve(config, out, report=_say, watch=watch)
    last = f"iteration-{config.iterations}"
    return {"model": str(out / last / "model"), **state}


def _dpo(path: Path, out: Path) -> Fact:
    from agentgym_trainers import dpo

    model = dpo.train(load(dpo.DPOConfig, path), out, log=_log)
    return {"model": str(model)}


def _policy_gradient(path: Path, out: Path) -> Fact:
    from agentgym_trainers import policy_gradient

    wanted = load(policy_gradient.PolicyGradientConfig, path)
    return {"model": str(policy_gradient.train(wanted, out, log=_log))}


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _log(facts: dict[str, float]) -> None:
    _say("  ".join(f"{name} {value:.4g}" for name, value in facts.items()))


@contextmanager
def _counted() -> Iterator[Callable[[Any], None] | None]:
    """Count episodes on a terminal, while they are played."""
    if not sys.stderr.isatty():
        yield None
        return
    console = open_console(stderr=True)
    number = 0
    with console.status("") as status:

        def watch(episode: Any) -> None:
            nonlocal number
            number += 1
            status.update(f"episode {number:,}: {episode.job.item_id}")

        yield watch
