"""Whether a task is done: by the answer, by where the agent is, by what it changed.

A check is data, so that tasks can be written down:

- ``{"answer": "Complete"}``: the answer has these words and no others; numbers, money,
  dates, lengths and durations are compared by what they mean;
- ``{"url": "http://..."}``: the current tab shows this address, the order of its query
  and a last slash aside;
- ``{"added": {"shopping.wish": [[None, 1, 12]]}, "removed": {...}}``: these rows, and
  no others, were added to and removed from the sites' tables. Rows begin with the row
  number; None stands for any value.

A task is done if all that its check names holds, and if nothing was changed that the
check doesn't name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from agentgym_envs.webarena.original.strict import is_same
from agentgym_envs.webarena.sites.changes import changes
from agentgym_envs.webarena.sites.world import World

Check = Mapping[str, Any]


def is_done(check: Check, world: World, url: str, answer: str) -> bool:
    """Tell whether an episode that ends here has done its task."""
    if "answer" in check and not is_same(check["answer"], answer):
        return False
    if "url" in check and same_place(url) != same_place(check["url"]):
        return False
    return _changed_as(check, world)


def same_place(url: str) -> tuple[str, str, list[tuple[str, str]]]:
    """Give what two addresses of the same page have in common."""
    parts = urlsplit(url)
    return parts.netloc, parts.path.rstrip("/"), sorted(parse_qsl(parts.query))


def _changed_as(check: Check, world: World) -> bool:
    done = changes(world)
    for side in ("added", "removed"):
        wanted: Mapping[str, Sequence[Sequence[Any]]] = check.get(side, {})
        actual = {
            table: rows
            for table, change in done.items()
            # Whoever signs in gets a row there, which is no deed.
            if (rows := getattr(change, side)) and not table.endswith(".session")
        }
        if wanted.keys() != actual.keys():
            return False
        if not all(_match(wanted[table], actual[table]) for table in wanted):
            return False
    return True


def _match(wanted: Sequence[Sequence[Any]], rows: Sequence[Sequence[Any]]) -> bool:
    """Tell whether rows can be paired with patterns one to one."""
    if len(wanted) != len(rows):
        return False
    if not wanted:
        return True
    first, rest = wanted[0], wanted[1:]
    return any(
        _fits(first, row) and _match(rest, [*rows[:place], *rows[place + 1 :]])
        for place, row in enumerate(rows)
    )


def _fits(pattern: Sequence[Any], row: Sequence[Any]) -> bool:
    return len(pattern) == len(row) and all(
        want is None or want == value for want, value in zip(pattern, row, strict=True)
    )
