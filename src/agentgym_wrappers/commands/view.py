"""Write trajectories as one HTML page: a list with filters, and each as a dialogue.

  agentgym view runs/collect-expert-train-1a2b3c4d
  agentgym view ours.jsonl theirs.json --out compare.html

The page needs no server and no network; send it to whom you like. Maze and BabyAI are
played again to draw their states.
"""

from __future__ import annotations

import argparse
import sys
import webbrowser
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from agentgym_envs.commands.console import open_console, print_json
from agentgym_wrappers.dataset import iterate
from agentgym_wrappers.dataset.load import file_of
from agentgym_wrappers.viewer import write_page


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "files", type=Path, nargs="+", metavar="FILE", help="trajectories, or a run"
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="the page (default: beside the first file, with the ending .html)",
    )
    parser.add_argument(
        "--title", default="Trajectories", metavar="TEXT", help="the page's heading"
    )
    parser.add_argument(
        "--no-pictures", action="store_true", help="do not play Maze and BabyAI again"
    )
    parser.add_argument("--open", action="store_true", help="open it in the browser")
    parser.add_argument("--json", action="store_true", help="print JSON for machines")


def run(options: argparse.Namespace) -> int:
    """Read, and write the page."""
    out = options.out or file_of(options.files[0]).with_suffix(".html")
    records = chain.from_iterable(map(iterate, options.files))
    number = write_page(
        out,
        _watched(records),
        title=options.title,
        pictures=not options.no_pictures,
        warn=lambda line: print(line, file=sys.stderr),
    )
    if options.json:
        print_json({"path": str(out), "episodes": number})
    else:
        print(f"{number:,} episodes in {out}")
    if options.open:
        webbrowser.open(out.resolve().as_uri())
    return 0


def _watched(records: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Count on a terminal; how many there will be is not known before the end."""
    if not sys.stderr.isatty():
        yield from records
        return
    console = open_console(stderr=True)
    with console.status("reading") as status:
        for number, record in enumerate(records, start=1):
            status.update(f"episode {number:,}")
            yield record
