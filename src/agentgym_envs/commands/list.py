"""Show all tasks: their items, step limits, and which are ready to be played."""

from __future__ import annotations

import argparse
from typing import Any

import agentgym_envs
from agentgym_envs.commands.console import build_table, open_console, print_json
from agentgym_envs.commands.ids import missing_package
from agentgym_envs.errors import BadOption
from agentgym_envs.registry import TaskSpec, info

NUMBERS = ("train", "test", "steps")
NONE = "-"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--ready", action="store_true", help="only tasks that can be played here"
    )
    parser.add_argument(
        "--family", action="append", metavar="NAME", help="only this family; repeatable"
    )
    parser.add_argument("--json", action="store_true", help="print JSON for machines")


def run(options: argparse.Namespace) -> int:
    """Print the tasks."""
    tasks = [describe(spec) for spec in _wanted(options.family)]
    if options.ready:
        tasks = [task for task in tasks if task["ready"] and task["installed"]]
    if options.json:
        print_json(tasks)
        return 0
    console = open_console()
    headings = ("task", "scenario", *NUMBERS, "ready")
    console.print(build_table(headings, map(_row, tasks), right=NUMBERS))
    usable = [task for task in tasks if task["ready"]]
    families = {task["family"] for task in tasks}
    console.print(
        f"{len(usable)} of {len(tasks)} tasks in "
        f"{len({task['family'] for task in usable})} of {len(families)} families "
        "are ready. steps: the limit of an episode.",
        soft_wrap=True,
    )
    return 0


def describe(spec: TaskSpec) -> dict[str, Any]:
    """Tell of one task what `list_tasks` tells, and whether it can be made here."""
    task = info(spec)
    return {
        "id": task.id,
        "family": task.family,
        "task": task.task,
        "scenario": task.scenario,
        "items": dict(task.items),
        "horizon": task.horizon,
        "extra": task.extra,
        "ready": task.ready,
        "installed": not missing_package(spec),
    }


def _wanted(families: list[str] | None) -> list[TaskSpec]:
    specs = [spec for spec in agentgym_envs.SPECS if not spec.is_group]
    if families is None:
        return specs
    known = {info(spec).family.lower(): info(spec).family for spec in specs}
    names = [name for entry in families for name in entry.lower().split(",")]
    for name in names:
        if name not in known:
            raise BadOption(
                f"there is no family {name!r}; there are {', '.join(known.values())}"
            )
    return [spec for spec in specs if info(spec).family.lower() in names]


def _row(task: dict[str, Any]) -> list[str]:
    name = task["family"]
    if task["task"] != name:
        name += f".{task['task']}"
    ready = "yes" if task["ready"] else "planned"
    if task["ready"] and not task["installed"]:
        ready = f"needs pip install agentgym-envs[{task['extra']}]"
    counts = [task["items"]["train"], task["items"]["test"]]
    return [
        name,
        task["scenario"],
        *(f"{count:,}" if count else NONE for count in counts),
        str(task["horizon"]),
        ready,
    ]
