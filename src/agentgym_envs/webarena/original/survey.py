"""What each task of a file needs, as a table: ``agentgym data webarena PATH``."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from agentgym_envs.commands.console import build_table, open_console, print_json
from agentgym_envs.webarena.original.addresses import Addresses
from agentgym_envs.webarena.original.evaluate import Evaluator, hollow_checks
from agentgym_envs.webarena.original.locators import Script
from agentgym_envs.webarena.original.tasks import Config, load_configs


def needs(config: Config) -> dict[str, Any]:
    """Give what a task needs, as JSON values."""
    return {
        "task_id": config.task_id,
        "category": config.category or "",
        "sites": list(config.sites),
        "login": list(config.login),
        "tabs": len(config.start),
        "evaluators": list(config.kinds),
        "judge": _judge(config),
        "pages": len(config.targets),
        "scripts": sum(isinstance(t.locator, Script) for t in config.targets),
        "helpers": list(config.helpers),
        "hollow": hollow_checks(config),
    }


def _judge(config: Config) -> str:
    if not config.needs_judge:
        return ""
    answers = config.answers
    return "reason" if answers and answers.unachievable else "answer"


def report(path: Path | None, *, as_json: bool = False) -> int:
    """Load all tasks, fill in addresses, build their evaluators, and tell of them.

    Addresses that no variable gives are the public names.

    Raises:
        DataError: for a file that is missing or damaged.
    """
    configs = load_configs(path)
    given = Addresses.from_environment().by_site
    addresses = Addresses({**Addresses.public().by_site, **given})
    for config in configs:
        Evaluator(config.filled(addresses), strict=False)
    rows = [needs(config) for config in configs]
    totals = count(rows)
    if as_json:
        print_json({"tasks": rows, "totals": totals})
        return 0
    console = open_console()
    table = build_table(
        ("task", "category", "sites", "login", "evaluators", "judge", "helpers"),
        [
            (
                str(row["task_id"]),
                row["category"],
                " ".join(row["sites"]),
                " ".join(row["login"]),
                " ".join(row["evaluators"]),
                row["judge"],
                " ".join(row["helpers"]),
            )
            for row in rows
        ],
        right=("task",),
    )
    console.print(table)
    summary = [
        (what, name, str(count)) for what, by in totals.items() for name, count in by
    ]
    console.print(build_table(("of", "which", "tasks"), summary, right=("tasks",)))
    hollow = [row["task_id"] for row in rows if row["hollow"]]
    console.print(
        f"{len(rows)} tasks were loaded, with all their evaluators; "
        f"{len(hollow)} of them could not be failed"
        + (f": {hollow}" if hollow else "."),
        soft_wrap=True,
    )
    return 0


def count(rows: list[dict[str, Any]]) -> dict[str, list[tuple[str, int]]]:
    """Count the tasks by what they need, the most frequent first."""

    def by(texts: list[str]) -> list[tuple[str, int]]:
        return sorted(Counter(texts).items(), key=lambda item: (-item[1], item[0]))

    return {
        "category": by([row["category"] or "none" for row in rows]),
        "sites": by(["+".join(sorted(row["sites"])) for row in rows]),
        "login": by(["+".join(row["login"]) or "none" for row in rows]),
        "evaluators": by(["+".join(row["evaluators"]) for row in rows]),
        "judge": by([row["judge"] or "none" for row in rows]),
        "helpers": by([name for row in rows for name in row["helpers"]]),
    }


def run(options: argparse.Namespace) -> int:
    """Report on the file that the options name."""
    return report(options.path, as_json=options.json)
