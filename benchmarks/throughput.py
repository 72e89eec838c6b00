"""Steps and resets a second of every environment, next to CartPole-v1.

    python benchmarks/throughput.py                          # every ready family
    python benchmarks/throughput.py --env BabyAI --per-task  # and its 40 tasks
    python benchmarks/throughput.py --write-docs             # updates docs/speed.md

It is ``agentgym bench`` with what the page needs; `agentgym_envs.commands.speed` tells
how it is measured.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from overhead import step_overhead

from agentgym_envs import SPECS, TaskSpec
from agentgym_envs.commands.bench import rounded, shown, times
from agentgym_envs.commands.speed import ROUNDS, Row, benchmark, machine

PAGE = Path(__file__).resolve().parent.parent / "docs" / "speed.md"
BEGIN, END = "<!-- begin: throughput -->", "<!-- end: throughput -->"


def chosen(names: Sequence[str], per_task: bool) -> list[TaskSpec]:
    """The ready specs that the options name: families, or ids."""
    specs = []
    for spec in SPECS:
        family, _, task = spec.name.partition(".")
        is_named = not names or {spec.name, spec.id, family} & set(names)
        is_exact = {spec.name, spec.id} & set(names)
        if spec.entry and is_named and (not task or per_task or is_exact):
            specs.append(spec)
    return specs


def table(rows: Sequence[Row], reference: dict[str, float]) -> str:
    """Write the rows as a Markdown table."""
    lines = [
        "| Environment | steps/s | x CartPole | steps/s, new items | x CartPole "
        "| resets/s | resets/s, new items | snapshot + restore |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
        f"| CartPole-v1 | {rounded(reference['steps'])} | 1 | | "
        f"| {rounded(reference['resets'])} | | |",
    ]
    lines += [
        f"| {row.name} | {rounded(row.steps)} | {times(row.steps_ratio)} "
        f"| {rounded(row.new_steps)} | {times(row.new_steps_ratio)} "
        f"| {rounded(row.resets)} | {rounded(row.new_resets)} "
        f"| {row.snapshot_us:.0f} µs |"
        for row in rows
    ]
    return "\n".join(lines)


def report(
    rows: Sequence[Row], reference: dict[str, float], overhead_us: float, command: str
) -> str:
    """Write everything as Markdown, with what it was measured on."""
    facts = machine()
    return "\n".join(
        [
            table(rows, reference),
            "",
            f"`AgentEnv.step` itself adds {overhead_us:.1f} µs to what the game does.",
            "",
            f"Measured by `{command}` on {facts['machine']}; "
            f"Python {facts['python']}, gymnasium {facts['gymnasium']}, "
            f"numpy {facts['numpy']}, agentgym-envs {facts['agentgym-envs']}.",
        ]
    )


def write_docs(text: str, page: Path = PAGE) -> None:
    """Put the report between the markers of the page."""
    content = page.read_text(encoding="utf-8")
    before, _, rest = content.partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--env",
        action="append",
        default=[],
        metavar="NAME",
        help="a family or an id; may be repeated; default: every ready family",
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=4.0,
        help="how long the random policy plays each environment (default: 4)",
    )
    parser.add_argument("--per-task", action="store_true", help="each task of a family")
    parser.add_argument("--parity", action="store_true", help="the original's rules")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--write-docs", action="store_true", help="put the table into docs/speed.md"
    )
    options = parser.parse_args()
    specs = chosen(options.env, options.per_task)
    if not specs:
        parser.error(f"no ready environment is called {', '.join(options.env)}")
    kwargs = {"parity": True} if options.parity else {}
    pieces = (2 + ROUNDS) * len(specs) + 1
    with shown(pieces, is_quiet=options.json) as progress:
        rows, reference = benchmark(
            specs, seconds=options.seconds, kwargs=kwargs, progress=progress
        )
        progress("base class")
        overhead_us, _ = step_overhead()
    if options.json:
        print(
            json.dumps(
                {
                    **machine(),
                    "parity": options.parity,
                    "cartpole": reference,
                    "base_class_us": overhead_us,
                    "rows": [asdict(row) for row in rows],
                },
                indent=2,
            )
        )
        return 0
    command = " ".join(["python benchmarks/throughput.py", *sys.argv[1:]])
    text = report(rows, reference, overhead_us, command)
    print(text)
    if options.write_docs:
        write_docs(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
