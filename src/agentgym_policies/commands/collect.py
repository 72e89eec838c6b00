"""Let a policy play environments, and write down what it does.

The folder of the run gets trajectories.jsonl: one episode a line, in the shape of
AgentGym's published trajectories. The same command continues a run that was
interrupted or killed, and repeats no episode. An episode in which an environment
crashes, or that the policy gives up, is no trajectory.

  agentgym collect --env TextCraft --items 400 --only-success
"""

from __future__ import annotations

import argparse

from agentgym_envs.commands.console import print_json
from agentgym_policies.commands.options import (
    add_run_options,
    batch_of,
    open_folder,
    settings_of,
)
from agentgym_policies.commands.progress import watched
from agentgym_policies.evaluate import play
from agentgym_policies.folder import TRAJECTORIES
from agentgym_policies.kept import line_of
from agentgym_policies.named import make_policy
from agentgym_policies.record import Record, record_of
from agentgym_policies.rollout import GAVE_UP, Env
from agentgym_wrappers import RecordTrajectory, trajectory


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_run_options(parser, kind="collect", split="train")
    parser.add_argument(
        "--only-success", action="store_true", help="leave out what was not solved"
    )


def run(options: argparse.Namespace) -> int:
    """Play, write, and tell whether anything crashed."""
    settings = settings_of(options, kind="collect", only_success=options.only_success)
    policy = make_policy(settings.policy, settings.policy_options)
    folder, waiting = open_folder(options, settings)
    path = folder.path / TRAJECTORIES
    trajectory.append(path, [])  # so that there is a file even if nothing is solved
    written = {line["meta"]["seed"] for line in trajectory.read(path)}

    def wrap(env: Env) -> Env:
        return RecordTrajectory(env, policy=settings.policy)

    episodes = play(settings, policy, waiting, wrap=wrap, batch=batch_of(options))
    for episode in watched(episodes, waiting):
        record = record_of(episode)
        # The trajectory comes first: after a kill between the two writes, the
        # episode is played again, and its line is found to be there by its seed,
        # which no two episodes share.
        line = line_of(episode) if _is_wanted(record, options.only_success) else None
        if line is not None and record.seed not in written:
            folder.add(TRAJECTORIES, line)
            written.add(record.seed)
        folder.append(record)
    folder.close()

    records = list(folder.records.values())
    crashed = sum(record.crashed for record in records)
    summary = {
        "path": str(path),
        "trajectories": len(written),
        "episodes": len(records),
        "solved": sum(record.success for record in records),
        "crashed": crashed,
    }
    if options.json:
        print_json(summary)
    else:
        print(
            f"{len(written):,} trajectories of {len(records):,} episodes "
            f"({summary['solved']:,} solved, {crashed:,} crashed): {path}"
        )
    return 1 if crashed else 0


def _is_wanted(record: Record, only_success: bool) -> bool:
    if record.crashed or record.end_reason == GAVE_UP:
        return False
    return record.success or not only_success
