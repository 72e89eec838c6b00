"""What an episode has changed in the databases of its sites."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from agentgym_envs.webarena.sites.database import Row
from agentgym_envs.webarena.sites.world import World


class Change(NamedTuple):
    """Rows of a table, each with its row number first, before and after."""

    removed: list[Row]
    added: list[Row]


def changes(world: World) -> dict[str, Change]:
    """Compare all tables with their templates.

    Gives the tables that differ, as ``site.table``. A row that was changed is both
    removed and added.
    """
    found: dict[str, Change] = {}
    for site in world.sites.values():
        if site.database != site.name:
            continue  # another site's, which is looked at there
        db = world.database(site)
        if not db.versions:
            continue
        fresh = site.template.open()
        for table in sorted(db.versions):
            before, after = Counter(fresh.dump(table)), Counter(db.dump(table))
            removed, added = before - after, after - before
            if removed or added:
                change = Change(sorted(removed, key=_key), sorted(added, key=_key))
                found[f"{site.database}.{table}"] = change
        fresh.close()
    return found


def _key(row: Row) -> str:
    return repr(row)
