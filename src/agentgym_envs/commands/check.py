"""Check that environments keep the promises of the library, one by one.

agentgym check Maze BabyAI
agentgym check my_package:mine/Game-v0
"""

from __future__ import annotations

import argparse
import sys
import warnings
from typing import Any

from agentgym_envs.commands.console import build_table, open_console, print_json
from agentgym_envs.commands.ids import HELP, find_ids
from agentgym_envs.testing import CHECKS, CheckFailed, Subject, run_check

PREFIX = "check_"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("ids", nargs="+", metavar="ID", help=HELP)
    parser.add_argument("--json", action="store_true", help="print JSON for machines")


def run(options: argparse.Namespace) -> int:
    """Check all, print a table, and tell whether all is in order."""
    if not options.json:
        open_console()  # what is missing is better said before the work than after
    env_ids = find_ids(options.ids, groups=True)
    results = []
    for place, env_id in enumerate(env_ids, start=1):
        print(f"{place}/{len(env_ids)} {env_id}", file=sys.stderr, flush=True)
        results.append(check(env_id))
    if options.json:
        print_json(results)
    else:
        _show(results)
    return 1 if any(result["failed"] for result in results) else 0


def check(env_id: str) -> dict[str, Any]:
    """Run every check; give the names of those passed, and why others failed."""
    passed: list[str] = []
    failed: dict[str, str] = {}
    for promise in CHECKS:
        name = promise.__name__.removeprefix(PREFIX)
        try:
            with warnings.catch_warnings():
                # Renderers and wrappers warn; the check that minds makes errors of it.
                warnings.simplefilter("ignore")
                run_check(promise, Subject(env_id, {}))
        except CheckFailed as error:
            failed[name] = str(error)
        else:
            passed.append(name)
    return {"id": env_id, "passed": passed, "failed": failed}


def _show(results: list[dict[str, Any]]) -> None:
    rows = [
        [
            result["id"],
            str(len(result["passed"])),
            str(len(result["failed"])),
            ", ".join(result["failed"]) or "all in order",
        ]
        for result in results
    ]
    table = build_table(
        ("id", "passed", "failed", "which"), rows, right=("passed", "failed")
    )
    open_console().print(table)
    for result in results:
        for reason in result["failed"].values():
            print(reason)
