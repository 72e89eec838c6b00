"""The options that all commands share which let a policy play."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import gymnasium
from gymnasium.envs.registration import load_env_creator

from agentgym_envs import SPECS
from agentgym_envs.commands.ids import ALL, HELP, find_ids, missing_package, skipped
from agentgym_envs.errors import BadOption
from agentgym_envs.registry import SAMPLE
from agentgym_envs.tasks import SPLITS
from agentgym_policies.evaluate import NO_HORIZON, Settings, family_of, plan
from agentgym_policies.folder import RunFolder
from agentgym_policies.named import MODEL_BATCH, NAMES, format_for, is_model
from agentgym_policies.prompts import FORMATS, REACT, TEXT
from agentgym_policies.rollout import Job
from agentgym_policies.suite import GREEDY, SUITES, data_paths

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
        "--data",
        action="append",
        metavar="FAMILY=PATH",
        help="published data of a family, or a folder with that of several (default: "
        "embedded items)",
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


def add_suite_options(parser: argparse.ArgumentParser) -> None:
    """Declare what only an evaluation has."""
    parser.add_argument(
        "--suite",
        choices=tuple(SUITES),
        help="a published evaluation: its families, item counts and round limits, "
        "greedy; embedded items, or those of --data",
    )
    parser.add_argument(
        "--reproduce",
        type=Path,
        metavar="FILE",
        help="repeat an evaluation from its manifest.json, and compare the numbers",
    )


def settings_of(
    options: argparse.Namespace, *, kind: str, only_success: bool = False
) -> Settings:
    """Read the settings from the options.

    Raises:
        AgentGymError: for a name or number that makes no sense.
    """
    suite = getattr(options, "suite", None) or ""
    if not suite and any(name.lower() == ALL for name in _names(options)):
        _tell_what_is_skipped()
    env_ids = tuple(_suite_ids(suite, options) if suite else find_ids(_names(options)))
    if options.policy == "random" and (not options.env or ALL in _names(options)):
        env_ids = tuple(_with_lists(env_ids))
    policy_options = _policy_options(options.policy_option or ())
    if suite and is_model(options.policy):
        policy_options = {**GREEDY, **policy_options}
    families = dict.fromkeys(map(family_of, env_ids))
    return Settings(
        policy=options.policy,
        env_ids=env_ids,
        split=options.split,
        items=options.items,
        episodes=options.episodes,
        seed=options.seed,
        parity=options.parity,
        horizon=_horizon(options.horizon),
        kind=kind,
        only_success=only_success,
        action_format=options.action_format or format_for(options.policy),
        policy_options=policy_options,
        suite=suite,
        data=data_paths(options.data or (), families),
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
    folder, _, waiting = open_run(options.out, settings, fresh=options.fresh)
    return folder, waiting


def open_run(
    out: Path | None, settings: Settings, *, fresh: bool
) -> tuple[RunFolder, list[Job], list[Job]]:
    """Open the folder of a run; give it, all its jobs, and those left to be played.

    Raises:
        AgentGymError: if an environment or the folder does not fit the settings.
    """
    jobs = plan(settings)
    folder = RunFolder(out, settings, fresh=fresh)
    waiting = folder.missing(jobs)
    if done := len(jobs) - len(waiting):
        print(
            f"{done:,} of {len(jobs):,} episodes are in {folder.path} already; "
            "--fresh plays them again",
            file=sys.stderr,
        )
    return folder, jobs, waiting


def _suite_ids(suite: str, options: argparse.Namespace) -> list[str]:
    """The ids of a suite that are ready, or those of them that ``--env`` names.

    Raises:
        BadOption: for a suite that there is not, or a family that it does not play.
    """
    if suite not in SUITES:
        raise BadOption(f"there is no suite {suite!r}; there is {', '.join(SUITES)}")
    parts = {part.family.lower(): part for part in SUITES[suite]}
    names = [name.lower() for name in _names(options) if name]
    if not options.env or ALL in names:
        names = list(parts)
    for name in names:
        if name not in parts:
            listed = ", ".join(part.family for part in parts.values())
            raise BadOption(f"the suite {suite} plays families, not {name!r}: {listed}")
    specs = {spec.id: spec for spec in SPECS}
    ids = []
    for part in dict.fromkeys(parts[name] for name in names):
        spec = specs[part.env_id]
        if not spec.entry or missing_package(spec):
            why = f'pip install "agentgym-envs[{spec.extra}]"'
            why = why if spec.entry else "it is not part of this version"
            print(
                f"not played: {part.family} ({part.items} items); {why}",
                file=sys.stderr,
            )
        else:
            ids.append(part.env_id)
    if not ids:
        raise BadOption(f"no family of the suite {suite} can be played")
    return ids


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


def _with_lists(env_ids: Iterable[str]) -> list[str]:
    """Leave out, and name, what has no list of actions for a random policy."""
    kept, others = [], dict[str, None]()
    for env_id in env_ids:
        creator: Any = load_env_creator(str(gymnasium.spec(env_id).entry_point))
        if creator.lists_actions:  # an AgentEnv
            kept.append(env_id)
        else:
            others[family_of(env_id)] = None
    if others:
        print(
            f"not played: {', '.join(others)}; a random policy draws from lists of "
            "actions, and there is none",
            file=sys.stderr,
        )
    return kept


def _policy_options(words: Iterable[str]) -> dict[str, Any]:
    options = {}
    for word in words:
        name, given, text = word.partition("=")
        if not given:
            raise BadOption(f"--policy-option is NAME=VALUE, not {word!r}")
        if name == "api_key":
            # Options are written into the folder of the run.
            raise BadOption("a key is no option here; set $OPENAI_API_KEY")
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
