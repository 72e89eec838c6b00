"""The options that all commands share which let a policy play."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from agentgym_envs.commands.ids import ALL, HELP, find_ids, skipped
from agentgym_envs.errors import BadOption
from agentgym_envs.registry import SAMPLE
from agentgym_envs.tasks import SPLITS
from agentgym_policies.evaluate import NO_HORIZON, Settings, plan
from agentgym_policies.folder import RunFolder
from agentgym_policies.named import POLICIES
from agentgym_policies.rollout import Job

NO_LIMIT = "none"


def add_run_options(parser: argparse.ArgumentParser, *, kind: str, split: str) -> None:
    """Declare what is played, by whom, and where the result goes."""
    parser.add_argument(
        "--policy",
        default="expert",
        metavar="NAME",
        help=f"who plays: {' or '.join(POLICIES)} (default: expert)",
    )
    parser.add_argument(
        "--env", action="append", metavar="NAME", help=f"{HELP} (default: all)"
    )
    parser.add_argument(
        "--items",
        type=int,
        metavar="N",
        help=f"at most so many items per task (default: {SAMPLE}; fewer where "
        "an episode takes seconds)",
    )
    parser.add_argument(
        "--split", choices=SPLITS, default=split, help=f"(default: {split})"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="(default: 0)")
    parser.add_argument(
        "--parity", action="store_true", help="play as the original servers do"
    )
    parser.add_argument(
        "--episodes", type=int, default=1, metavar="K", help="per item (default: 1)"
    )
    parser.add_argument(
        "--horizon",
        metavar="N",
        help=f"steps before an episode is cut, or {NO_LIMIT} ({NO_HORIZON:,}); "
        "default: each environment's own limit",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help=f"folder of the run (default: runs/{kind}-..., named after the settings)",
    )
    parser.add_argument(
        "--fresh",
        action="store_true",
        help="play all again, even what is in the folder",
    )
    parser.add_argument("--json", action="store_true", help="print JSON for machines")


def settings_of(
    options: argparse.Namespace, *, kind: str, only_success: bool = False
) -> Settings:
    """Read the settings from the options.

    Raises:
        AgentGymError: for a name or number that makes no sense.
    """
    return Settings(
        policy=options.policy,
        env_ids=tuple(find_ids(_names(options))),
        split=options.split,
        items=options.items,
        episodes=options.episodes,
        seed=options.seed,
        parity=options.parity,
        horizon=_horizon(options.horizon),
        kind=kind,
        only_success=only_success,
    )


def open_folder(
    options: argparse.Namespace, settings: Settings
) -> tuple[RunFolder, list[Job]]:
    """Open the folder of the run; give it, and what is left to be played.

    Raises:
        AgentGymError: if an environment or the folder does not fit the settings.
    """
    jobs = plan(settings)
    folder = RunFolder(options.out, settings, fresh=options.fresh)
    if any(name.lower() == ALL for name in _names(options)):
        _tell_what_is_skipped()
    waiting = folder.missing(jobs)
    if done := len(jobs) - len(waiting):
        print(
            f"{done:,} of {len(jobs):,} episodes are in {folder.path} already; "
            "--fresh plays them again",
            file=sys.stderr,
        )
    return folder, waiting


def _names(options: argparse.Namespace) -> list[str]:
    """What ``--env`` names; several may be in one word."""
    return [name.strip() for word in options.env or [ALL] for name in word.split(",")]


def _tell_what_is_skipped() -> None:
    """Say which tasks of ``all`` are not played for want of a package."""
    if specs := skipped():
        families = sorted({spec.name.partition(".")[0] for spec in specs})
        extras = ",".join(sorted({spec.extra for spec in specs}))
        print(
            f"not played: {', '.join(families)} ({len(specs)} tasks); "
            f'pip install "agentgym-envs[{extras}]"',
            file=sys.stderr,
        )


def _horizon(text: str | None) -> int | None:
    if text is None:
        return None
    if text.lower() == NO_LIMIT:
        return NO_HORIZON
    if not text.isdecimal():
        raise BadOption(f"--horizon is a number or {NO_LIMIT}, not {text!r}")
    return int(text)
