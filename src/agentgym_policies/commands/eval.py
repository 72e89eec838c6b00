"""Let a policy play environments, and report how well it does.

Every finished episode is written to the run's folder at once. The same command
continues a run that was interrupted or killed, and repeats no episode. An episode
in which an environment crashes is counted apart, and makes the exit status 1.

  agentgym eval                                  every task that is ready, its expert
  agentgym eval --policy random --env Maze,Wordle --items 20
  agentgym eval --suite agenteval --policy hf:PATH
  agentgym eval --reproduce runs/eval-.../manifest.json
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agentgym_envs.commands.console import (
    build_table,
    open_console,
    print_json,
    printable,
)
from agentgym_envs.errors import BadOption
from agentgym_policies.commands.options import (
    add_run_options,
    add_suite_options,
    batch_of,
    open_run,
    settings_of,
)
from agentgym_policies.commands.progress import timed, watched
from agentgym_policies.evaluate import Settings, play
from agentgym_policies.folder import (
    CRASHES,
    MANIFEST,
    REPORT,
    REPORT_PAGE,
    REPORT_TEXT,
    TRAJECTORIES,
    TRAJECTORIES_PAGE,
    RunFolder,
    default_path,
)
from agentgym_policies.kept import line_of
from agentgym_policies.manifest import (
    MOST_DIFFERENCES,
    changed_versions,
    differences,
    manifest_of,
    read_manifest,
    to_text,
)
from agentgym_policies.named import make_policy
from agentgym_policies.record import Record, record_of
from agentgym_policies.report import Report, summarise
from agentgym_policies.report_page import write_report_page
from agentgym_policies.rollout import Env, Episode
from agentgym_policies.rows import NUMBERS, table_of
from agentgym_wrappers import RecordTrajectory, dataset, trajectory
from agentgym_wrappers.viewer import write_page

SHOWN_CRASHES = 5
MOST_ROWS = 30  # of the printed table, which else has a row per family; files have all
NARROW = ("return", "wall")  # what a terminal has no room for
MOST_DRAWN = 1_000  # episodes whose mazes and rooms are drawn; each is played again


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_run_options(parser, kind="eval", split="test")
    add_suite_options(parser)


def run(options: argparse.Namespace) -> int:
    """Play, report, and tell whether anything crashed or came out differently."""
    if not options.json:
        open_console()  # what is missing is better said before the run than after
    wanted: dict[str, Any] = {}
    out: Path | None = options.out
    if options.reproduce:
        wanted = read_manifest(options.reproduce)
        if "numbers" not in wanted:
            raise BadOption(f"{options.reproduce}: that evaluation did not finish")
        settings = Settings.from_json(wanted["settings"])
        out = _other_folder(options, settings)
        options.policy = settings.policy  # its batch is a model's
    else:
        settings = settings_of(options, kind="eval")
    policy = make_policy(settings.policy, settings.policy_options)
    folder, jobs, waiting = open_run(out, settings, fresh=options.fresh)
    manifest = manifest_of(settings, jobs, policy)
    if waiting:
        folder.write(MANIFEST, to_text(manifest))
    keeper = Keeper(folder)
    batch = batch_of(options)
    episodes = play(settings, policy, waiting, wrap=keeper.wrap(settings), batch=batch)
    for seconds, episode in timed(watched(episodes, waiting)):
        keeper.keep(episode, seconds)
    folder.close()

    report = summarise(settings, folder.records.values())
    numbers = json.loads(json.dumps(report.numbers()))
    manifest["numbers"] = numbers
    folder.write(MANIFEST, to_text(manifest))
    different = _compare(wanted, manifest) if wanted else []
    _write(folder, report)
    if options.json:
        told = report.to_json()
        print_json(told | ({"differences": different} if wanted else {}))
    else:
        show(report)
        print(f"report: {folder.path / REPORT_PAGE}")
        if wanted:
            _show_differences(different, len(report.records))
    return 1 if report.crashes or different else 0


class Keeper:
    """Keeps each episode that is finished: its trajectory, then its line.

    The trajectory comes first: after a kill between the two writes, the episode is
    played again, and its trajectory is found to be there by its seed, which no two
    episodes share. Those of crashes are in a file of their own, so that nobody takes
    their scores for scores.
    """

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self._written: dict[str, set[int]] = {}
        for name in (TRAJECTORIES, CRASHES):
            path = folder.path / name
            lines = trajectory.read(path) if path.exists() else ()
            self._written[name] = {line["meta"]["seed"] for line in lines}

    def wrap(self, settings: Settings) -> Any:
        """Make the wrapper that records."""

        def recorded(env: Env) -> Env:
            return RecordTrajectory(env, policy=settings.policy, keep_unfinished=True)

        return recorded

    def keep(self, episode: Episode, seconds: float) -> None:
        """Write an episode down, and that it took so long."""
        record = record_of(episode, wall=seconds)
        name = CRASHES if record.crashed else TRAJECTORIES
        line = line_of(episode)
        if line is not None and record.seed not in self._written[name]:
            self._folder.add(name, line)
            self._written[name].add(record.seed)
        self._folder.append(record)


def _other_folder(options: argparse.Namespace, settings: Settings) -> Path:
    """Where an evaluation is repeated: not where it lies."""
    source = options.reproduce
    source = source if source.is_dir() else source.parent
    default = default_path(settings)
    out: Path = options.out or default.with_name(f"{default.name}-again")
    if out.resolve() == source.resolve():
        raise BadOption(f"{out} holds what is to be repeated; choose another --out")
    return out


def _compare(wanted: dict[str, Any], manifest: dict[str, Any]) -> list[str]:
    if changed := changed_versions(wanted, manifest):
        print(f"other versions: {', '.join(changed)}", file=sys.stderr)
    return differences(wanted, json.loads(json.dumps(manifest)))


def _write(folder: RunFolder, report: Report) -> None:
    """Write the reports and the page of trajectories."""
    folder.write(REPORT, json.dumps(report.to_json(), indent=2) + "\n")
    folder.write(REPORT_TEXT, report.to_markdown())
    places: dict[int, int] = {}
    if (folder.path / TRAJECTORIES).exists():
        records = dataset.load(folder.path / TRAJECTORIES)
        places = {line["meta"]["seed"]: place for place, line in enumerate(records)}
        write_page(
            folder.path / TRAJECTORIES_PAGE,
            records,
            title=f"Trajectories of {report.settings.policy}",
            pictures=len(records) <= MOST_DRAWN,
        )
    write_report_page(folder.path / REPORT_PAGE, report, places)


def show(report: Report) -> None:
    """Print the table."""
    rows = report.rows if len(report.rows) <= MOST_ROWS else report.overview
    headings, texts = table_of(rows, without=NARROW)
    open_console().print(build_table(headings, texts, right=NUMBERS))
    _show_crashes(report.crashes)


def _show_crashes(crashes: Sequence[Record]) -> None:
    for record in crashes[:SHOWN_CRASHES]:
        line = f"crashed: {record.env_id} {record.item_id}: {record.error}"
        print(printable(" ".join(line.split())))
    if len(crashes) > SHOWN_CRASHES:
        print(f"crashed: {len(crashes):,} in all; the report has them")


def _show_differences(different: Sequence[str], episodes: int) -> None:
    if not different:
        print(f"reproduced: all numbers of {episodes:,} episodes are identical")
        return
    for line in different[:MOST_DIFFERENCES]:
        print(printable(f"different: {line}"))
    print(f"not reproduced: {len(different):,} differences")
