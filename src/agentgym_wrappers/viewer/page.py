"""Trajectories as one HTML page that needs nothing else: no server, no network.

The texts of an episode come from models and environments. They stand in the page as
data, are shown as text and never as markup, and the page's own rules (its content
security policy, with the hash of its script) would not run anything else.
"""

from __future__ import annotations

import base64
import html
import json
import os
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any

from agentgym_wrappers.viewer.pictures import Painter
from agentgym_wrappers.viewer.told import told

# What would end a script element, or be a line end to some parsers.
_ESCAPED = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def write_page(
    path: str | os.PathLike[str],
    records: Iterable[Mapping[str, Any]],
    *,
    title: str = "Trajectories",
    pictures: bool = True,
    warn: Callable[[str], None] | None = None,
) -> int:
    """Write the page; the file is there whole, or as before.

    Args:
        path: The HTML file.
        records: Trajectories, as `agentgym_wrappers.dataset.load` reads them.
        title: The page's heading.
        pictures: Whether Maze and BabyAI are played again to draw their states.
        warn: Told why an environment can't be drawn.

    Returns:
        The number of episodes.
    """
    painter = Painter()
    episodes = []
    for record in records:
        episode = told(record)
        drawings = painter.drawings(record) if pictures else []
        episodes.append(episode | ({"pictures": drawings} if drawings else {}))
    if warn is not None:
        for env_id, reason in painter.refused.items():
            warn(f"{env_id} is not drawn: {reason}")
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        draft.write_bytes(page(episodes, painter.rows, title))
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return len(episodes)


def page(episodes: list[dict[str, Any]], rows: list[str], title: str) -> bytes:
    """Make the page of episodes that `told` has told."""
    texts: dict[str, int] = {}
    for episode in episodes:
        # Thousands of episodes share a handful of instructions.
        episode["rules"] = texts.setdefault(episode["rules"], len(texts))
    data = {"episodes": episodes, "rules": list(texts), "rows": rows}
    return assemble(__package__, "page.html", "view.css", "view.js", data, title)


def assemble(
    package: str, template: str, style: str, script: str, data: Any, title: str
) -> bytes:
    """Make one page of its parts, with a policy that lets nothing else run or load.

    Args:
        package: Where the files lie.
        template: The file with the places ``{{policy}}``, ``{{title}}``, ``{{style}}``,
            ``{{data}}`` and ``{{script}}``.
        style: The file of the style sheet.
        script: The file of the script, which reads the data as JSON.
        data: Untrusted texts and all.
        title: The page's heading.
    """
    # Colours and controls are the same on all pages.
    style = _file(__package__, "base.css") + _file(package, style)
    script = _file(package, script)
    parts = {
        "policy": (
            "default-src 'none'; base-uri 'none'; form-action 'none'; "
            f"script-src 'sha256-{_hash(script)}'; style-src 'sha256-{_hash(style)}'"
        ),
        "title": html.escape(title),
        "style": style,
        "script": script,
        "data": json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(
            _ESCAPED
        ),
    }
    made = _file(package, template)
    pieces = []
    # Split once, so that what one part says is never taken for another's place.
    for piece in made.split("{{"):
        name, closed, rest = piece.partition("}}")
        pieces.append(parts[name] + rest if closed else piece)
    # Half a surrogate pair, which UTF-8 can't hold, is written as JSON's escape.
    return "".join(pieces).encode("utf-8", "backslashreplace")


def _file(package: str, name: str) -> str:
    return resources.files(package).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return base64.b64encode(sha256(text.encode()).digest()).decode()
