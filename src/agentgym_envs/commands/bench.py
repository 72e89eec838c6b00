"""Measure how fast environments are on this machine, next to CartPole-v1.

agentgym bench                       every family that is ready, some minutes
agentgym bench --env Maze,ALFWorld --seconds 1

Processor time of a random policy's episodes, played again without the policy: steps a
second with resets included, on items met before and on new ones.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

from agentgym_envs import SPECS, TaskSpec
from agentgym_envs.commands.console import build_table, open_console, print_json
from agentgym_envs.commands.ids import ALL, HELP, find_ids, missing_package
from agentgym_envs.commands.speed import ROUNDS, Row, benchmark, machine
from agentgym_envs.errors import BadOption

# Short, since what is no terminal has eighty columns.
COLUMNS = (
    *("environment", "steps/s", "ratio", "new items", "ratio ", "resets/s"),
    "saved",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--env",
        action="append",
        metavar="NAME",
        help=f"{HELP}; separated by commas or repeated (default: every family)",
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=1.0,
        metavar="S",
        help="how long each environment is played before it is measured (default: 1)",
    )
    parser.add_argument("--parity", action="store_true", help="the original's rules")
    parser.add_argument("--json", action="store_true", help="print JSON for machines")


def run(options: argparse.Namespace) -> int:
    """Measure all, and print a table.

    Raises:
        BadOption: for an environment of another library, or no time at all.
    """
    if not options.seconds > 0:
        raise BadOption(f"--seconds must be above 0, not {options.seconds}")
    if not options.json:
        open_console()  # what is missing is better said before the work than after
    specs = _specs(options.env or [ALL])
    kwargs = {"parity": True} if options.parity else {}
    with shown((2 + ROUNDS) * len(specs), is_quiet=options.json) as progress:
        rows, reference = benchmark(
            specs, seconds=options.seconds, kwargs=kwargs, progress=progress
        )
    if options.json:
        facts = {**machine(), "parity": options.parity, "cartpole": reference}
        print_json({**facts, "rows": [asdict(row) for row in rows]})
    else:
        _show(rows, reference)
    return 0


def _specs(words: list[str]) -> list[TaskSpec]:
    """The tasks that are named; a family is measured as one."""
    known = {spec.id: spec for spec in SPECS}
    found: dict[str, TaskSpec] = {}
    for name in (name.strip() for word in words for name in word.split(",")):
        families = [s for s in SPECS if "." not in s.name and s.entry]
        if name.lower() == ALL:
            found |= {s.id: s for s in families if not missing_package(s)}
            continue
        whole = [s for s in families if s.name.lower() == name.lower()]
        for env_id in [s.id for s in whole] if whole else find_ids([name], groups=True):
            if env_id not in known:
                raise BadOption(f"{env_id} is none of this library's environments")
            found[env_id] = known[env_id]
    for spec in found.values():
        find_ids([spec.id], groups=True)  # says what is missing
    return list(found.values())


def _show(rows: list[Row], reference: dict[str, float]) -> None:
    yardstick = [rounded(reference["steps"]), "1", "", "", rounded(reference["resets"])]
    cells = [["CartPole-v1", *yardstick, ""]]
    cells += [
        [
            *(row.name, rounded(row.steps), times(row.steps_ratio)),
            *(rounded(row.new_steps), times(row.new_steps_ratio)),
            *(rounded(row.resets), f"{row.snapshot_us:,.0f} µs"),
        ]
        for row in rows
    ]
    console = open_console()
    console.print(build_table(COLUMNS, cells, right=COLUMNS[1:]))
    facts = machine()
    console.print(
        "ratio: to CartPole-v1; new items: steps/s where each item is played for the "
        "first time; saved: a snapshot and its restore"
    )
    console.print(
        f"{facts['machine']}; Python {facts['python']}, gymnasium {facts['gymnasium']}"
    )


def times(ratio: float) -> str:
    """Two decimals, or the first digit where these would be zeros."""
    return f"{ratio:.2f}" if ratio >= 0.005 else f"{ratio:.1g}"


def rounded(rate: float) -> str:
    """Three digits; more would pretend to a precision that is not there."""
    digits = 2 - math.floor(math.log10(rate))
    return f"{round(rate, digits):,.{max(0, digits)}f}"


@contextmanager
def shown(total: int, is_quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show how far the work is, with rich if it is installed."""
    try:
        from rich.console import Console
        from rich.progress import Progress
    except ModuleNotFoundError:
        is_quiet = True
    if is_quiet:
        yield lambda what: None
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        job = bar.add_task("starting", total=total)
        # Each call tells what begins, so one piece of work is done at the next.
        yield lambda what: bar.update(job, description=what, advance=1)
