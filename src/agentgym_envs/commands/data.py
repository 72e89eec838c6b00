"""Download original data, check trajectories, or tell what WebArena's tasks need.

agentgym data alfworld
agentgym data alfworld --out games --part games --part mappings-test
agentgym data alfworld --url games=https://mirror.example/games.zip#sha256=...
agentgym data webshop --out shop

A download that was interrupted goes on where it stopped. Everything is checked before
it appears in the folder, for use as `data=FOLDER`.

agentgym data agenttraj webshop_train.json
agentgym data agenttraj runs/collect-... --to messages --out chat.jsonl

The second checks files as AgentGym publishes them and as this library writes them:
each record field by field, and each item id in the environment that it is of. It ends
with status 1 if anything is wrong.

agentgym data webarena test.raw.json

The third tells what each task of WebArena's task file needs; without a path it takes
the file of an installed package (webarena-verified or libwebarena).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from agentgym_envs.commands.console import build_table, open_console, print_json
from agentgym_envs.download import Report, Source, fetch, sha256_of
from agentgym_envs.errors import BadOption
from agentgym_envs.unpack import unpack

FAMILIES = {
    "alfworld": "agentgym_envs.alfworld.sources",
    "webshop": "agentgym_envs.webshop.sources",
}
# Named, not imported: it stands above this package.
TRAJECTORIES, CHECKER = "agenttraj", "agentgym_wrappers.commands.agenttraj"
# What tells of a file that users have.
REPORTS = {"webarena": "agentgym_envs.webarena.original.survey"}
FORMATS = ("agenttraj", "messages", "pairs", "steps")
RECORDS = ".agentgym"  # what was unpacked, in the data folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    names = ", ".join((*FAMILIES, TRAJECTORIES, *REPORTS))
    parser.add_argument("family", metavar="WHAT", help=names)
    parser.add_argument(
        "path",
        type=Path,
        nargs="?",
        metavar="PATH",
        help="of agenttraj: what to check; of webarena: the task file",
    )
    parser.add_argument(
        "--out", type=Path, metavar="PATH", help="the data folder, or the file of --to"
    )
    parser.add_argument(
        "--replay",
        action="store_true",
        help="of agenttraj: play each trajectory again, and compare each observation",
    )
    parser.add_argument(
        "--data",
        action="append",
        metavar="FAMILY=PATH",
        help="of agenttraj: where the real data of a family are; repeatable",
    )
    parser.add_argument(
        "--to", choices=FORMATS, help="of agenttraj: write the sound trajectories so"
    )
    parser.add_argument(
        "--part",
        action="append",
        metavar="PART",
        help="only this part, or all; repeatable (by default what is needed to play)",
    )
    parser.add_argument(
        "--url",
        action="append",
        default=[],
        metavar="PART=URL",
        help="take a part from elsewhere; may end in #sha256=HEX; repeatable",
    )
    parser.add_argument(
        "--again", action="store_true", help="download also what is there already"
    )
    parser.add_argument("--json", action="store_true", help="print JSON for machines")


def run(options: argparse.Namespace) -> int:
    """Download, check and unpack what is missing."""
    family = options.family.lower()
    if family == TRAJECTORIES:
        status: int = import_module(CHECKER).check_file(options)
        return status
    if family in REPORTS:
        told: int = import_module(REPORTS[family]).run(options)
        return told
    if family not in FAMILIES:
        names = ", ".join(FAMILIES)
        raise BadOption(f"there is no data to download for {family!r}, but for {names}")
    if options.path is not None:
        raise BadOption(f"{family} goes into the folder --out {options.path}")
    published = import_module(FAMILIES[family])
    sources = _choose(published.SOURCES, published.DEFAULT, options.part)
    sources = _redirect(sources, options.url)
    folder = options.out or _home(*published.HOME)
    results = []
    for source in sources:
        with _progress(source, quiet=options.json) as report:
            results.append(_obtain(source, folder, report, again=options.again))
    if options.json:
        print_json({"folder": str(folder), "parts": results})
        return 0
    rows = [
        (r["part"], r["state"], f"{r['bytes']:,}", str(r["files"])) for r in results
    ]
    console = open_console()
    headings = ("part", "state", "bytes", "files")
    console.print(build_table(headings, rows, right=("bytes", "files")))
    console.print(f"All is in {folder}", soft_wrap=True)
    return 0


def _choose(
    sources: Sequence[Source], default: Sequence[str], wanted: list[str] | None
) -> list[Source]:
    names = [source.part for source in sources]
    parts = list(default) if wanted is None else wanted
    for part in parts:
        if part not in names and part != "all":
            raise BadOption(f"there is no part {part!r}; parts: {', '.join(names)}")
    return [s for s in sources if s.part in parts or "all" in parts]


def _redirect(sources: list[Source], rules: list[str]) -> list[Source]:
    """Apply ``PART=URL``; other places have checksums only if the user tells them."""
    places = {}
    for rule in rules:
        part, _, url = rule.partition("=")
        if part not in [source.part for source in sources]:
            raise BadOption(f"--url {rule}: {part!r} is no part that is downloaded")
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise BadOption(f"--url {rule}: that is no http or https address")
        kind, _, digest = parts.fragment.partition("=")
        if parts.fragment and (kind != "sha256" or len(digest) != 64):
            raise BadOption(f"--url {rule}: the end is not like #sha256=<64 digits>")
        places[part] = (parts._replace(fragment="").geturl(), digest.lower())
    return [
        replace(source, url=places[source.part][0], sha256=places[source.part][1])
        if source.part in places
        else source
        for source in sources
    ]


def _home(variable: str, folder: str) -> Path:
    return Path(os.environ.get(variable) or folder).expanduser()


def _obtain(
    source: Source, folder: Path, report: Report, *, again: bool
) -> dict[str, Any]:
    """Have one part in the folder; tell what was done."""
    record = folder / RECORDS / f"{source.file}.json"
    known = _read(record)
    is_archive = source.file.endswith(".zip")
    is_there = is_archive or (folder / source.file).exists()
    if not again and known.get("url") == source.url and is_there:
        return {**known, "state": "there already"}
    file = fetch(source, folder, again=again, report=report)
    result = {
        "part": source.part,
        "url": source.url,
        "bytes": file.stat().st_size,
        "sha256": sha256_of(file),
        "files": unpack(file, folder) if is_archive else 1,
    }
    record.parent.mkdir(exist_ok=True)
    fresh = record.with_suffix(".new")
    fresh.write_text(json.dumps(result, indent=2), encoding="utf-8")
    fresh.replace(record)
    if is_archive:
        file.unlink()
    return {**result, "state": "downloaded"}


def _read(record: Path) -> dict[str, Any]:
    try:
        known = json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


@contextmanager
def _progress(source: Source, *, quiet: bool) -> Iterator[Report]:
    """Show a bar on a terminal, and a line elsewhere."""
    if quiet or not sys.stderr.isatty():
        print(f"{source.part}: {source.about}", file=sys.stderr, flush=True)
        yield lambda there, total: None
        return
    console = open_console(stderr=True)
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=console,
    ) as bars:
        bar = bars.add_task(source.part, total=None)
        yield lambda there, total: bars.update(
            bar, completed=there, total=total or None
        )
