"""The options that all commands share which let a policy play."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from agentgym_envs.commands.ids import ALL, HELP, find_ids, skipped
from agentgym_envs.errors import BadOption
from agentgym_envs.registry import SAMPLE
from agentgym_envs.tasks import SPLITS
from agentgym_policies.evaluate import NO_HORIZON, Settings, plan
from agentgym_policies.folder import RunFolder
from agentgym_policies.named import MODEL_BATCH, NAMES, format_for, is_model
from agentgym_policies.prompts import FORMATS, REACT, TEXT
from agentgym_policies.rollout import Job

NO_LIMIT = "none"


def add_run_options(parser: argparse.ArgumentParser, *, kind: str, split: str) -> None:
    """Declare what is played, by whom, and where the result goes."""
    parser.add_argument(
        "--policy",
        default="expert",
        metavar="NAME",
        help=f"who plays: {', '.join(NAMES)} (default: expert)",
    )
    parser.add_argument(
        "-P",
        "--policy-option",
        action="append",
        metavar="NAME=VALUE",
        help="an option of the policy, such as temperature=0.7 or max_tokens=512; the "
        "value is JSON, or else a text",
    )
    parser.add_argument(
        "--action-format",
        choices=FORMATS,
        help=f"how replies are written (default: {REACT} for a model that does not say "
        f"otherwise, else {TEXT})",
    )
    parser.add_argument(
        "--batch",
        type=int,
        metavar="N",
        help=f"live episodes at a time (default: {MODEL_BATCH} for a model, else 1); "
        "changes no result",
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
        action_format=options.action_format or format_for(options.policy),
        policy_options=_policy_options(options.policy_option or ()),
    )


def batch_of(options: argparse.Namespace) -> int:
    """How many episodes are live at a time.

    Raises:
        BadOption: for fewer than one.
    """
    if options.batch is None:
        return MODEL_BATCH if is_model(options.policy) else 1
    if options.batch < 1:
        raise BadOption(f"--batch must be at least 1, not {options.batch}")
    return int(options.batch)


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


def _policy_options(words: Iterable[str]) -> dict[str, Any]:
    options = {}
    for word in words:
        name, given, text = word.partition("=")
        if not given:
            raise BadOption(f"--policy-option is NAME=VALUE, not {word!r}")
        try:
            options[name] = json.loads(text)
        except ValueError:
            options[name] = text
    return options


def _horizon(text: str | None) -> int | None:
    if text is None:
        return None
    if text.lower() == NO_LIMIT:
        return NO_HORIZON
    if not text.isdecimal():
        raise BadOption(f"--horizon is a number or {NO_LIMIT}, not {text!r}")
    return int(text)
