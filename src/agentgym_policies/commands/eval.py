"""Let a policy play environments, and report how well it does.

Every finished episode is written to the run's folder at once. The same command
continues a run that was interrupted or killed, and repeats no episode. An episode
in which an environment crashes is counted apart, and makes the exit status 1.

  agentgym eval                                  every task that is ready, its expert
  agentgym eval --policy random --env Maze,Wordle --items 20
"""

from __future__ import annotations

import argparse
import json

from agentgym_envs.commands.console import (
    build_table,
    open_console,
    print_json,
    printable,
)
from agentgym_policies.commands.options import (
    add_run_options,
    batch_of,
    open_folder,
    settings_of,
)
from agentgym_policies.commands.progress import watched
from agentgym_policies.evaluate import play, record_of
from agentgym_policies.folder import REPORT, REPORT_TEXT
from agentgym_policies.named import make_policy
from agentgym_policies.report import HEADINGS, NUMBERS, Report, summarise

SHOWN_CRASHES = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_run_options(parser, kind="eval", split="test")


def run(options: argparse.Namespace) -> int:
    """Play, report, and tell whether anything crashed."""
    if not options.json:
        open_console()  # what is missing is better said before the run than after
    settings = settings_of(options, kind="eval")
    policy = make_policy(settings.policy, settings.policy_options)
    folder, waiting = open_folder(options, settings)
    for episode in watched(
        play(settings, policy, waiting, batch=batch_of(options)), waiting
    ):
        folder.append(record_of(episode))
    report = summarise(settings, folder.records.values())
    folder.write(REPORT, json.dumps(report.to_json(), indent=2) + "\n")
    folder.write(REPORT_TEXT, report.to_markdown())
    if options.json:
        print_json(report.to_json())
    else:
        show(report)
        print(f"report: {folder.path / REPORT_TEXT}")
    return 1 if report.crashes else 0


def show(report: Report) -> None:
    """Print the table."""
    headings = HEADINGS if report.crashes else HEADINGS[:-1]
    rows = [row.texts()[: len(headings)] for row in report.rows]
    open_console().print(build_table(headings, rows, right=NUMBERS))
    for record in report.crashes[:SHOWN_CRASHES]:
        line = f"crashed: {record.env_id} {record.item_id}: {record.error}"
        print(printable(" ".join(line.split())))
    if len(report.crashes) > SHOWN_CRASHES:
        print(f"crashed: {len(report.crashes):,} in all; the report has them")
