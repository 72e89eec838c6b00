"""How a database is told to an agent, in the original's sentences or better ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Schema:
    """A database's entry in ``*_tables.json``.

    Args:
        db_id: The database's name.
        tables: Readable names of the tables.
        columns: Table index and readable name of each column; the first is ``*``.
        sql_tables: The names of the tables in SQL.
        sql_columns: The names of the columns in SQL.
        primary_keys: Column indexes, several for a composite key.
        foreign_keys: Pairs of a column's index and that of the column it refers to.
    """

    db_id: str
    tables: tuple[str, ...]
    columns: tuple[tuple[int, str], ...]
    sql_tables: tuple[str, ...]
    sql_columns: tuple[str, ...]
    primary_keys: tuple[tuple[int, ...], ...]
    foreign_keys: tuple[tuple[int, int], ...]


@lru_cache(maxsize=256)
def tell_as_original(schema: Schema) -> str:
    """Describe a database in the words of the original, mistakes included.

    Composite keys are left out, and a table without another key has an empty list.
    The first column of a foreign key is named after its neighbour, because the
    original drops ``*`` from its list of names, which it repeats for each table. (Where
    that list ends the original fails; here it begins anew.)
    """
    names = [name.lower() for _, name in schema.columns[1:]] * len(schema.tables)
    tables = [name.lower() for name in schema.tables]
    simple = {key[0] for key in schema.primary_keys if len(key) == 1}
    said = [f"{schema.db_id} contains tables such as {', '.join(tables)}."]
    for number, table in enumerate(tables):
        own = [i for i, (of, _) in enumerate(schema.columns) if of == number]
        listed = ", ".join(schema.columns[i][1].lower() for i in own)
        keys = ", ".join(schema.columns[i][1].lower() for i in own if i in simple)
        said.append(f"Table {table} has columns such as {listed}.")
        said.append(f"{keys} is the primary key.")
    for here, there in schema.foreign_keys:
        of, _ = schema.columns[here]
        target, name = schema.columns[there]
        said.append(
            f"The {names[here % len(names)]} of {tables[of]} is the foreign key of "
            f"{name.lower()} of {tables[target]}."
        )
    return " ".join(said)


@lru_cache(maxsize=256)
def tell(schema: Schema) -> str:
    """Describe a database by the names that SQL needs, with all keys, rightly."""
    columns = schema.sql_columns
    said = [f"{schema.db_id} contains tables such as {', '.join(schema.sql_tables)}."]
    for number, table in enumerate(schema.sql_tables):
        own = [i for i, (of, _) in enumerate(schema.columns) if of == number]
        listed = ", ".join(columns[i] for i in own)
        said.append(f"Table {table} has columns such as {listed}.")
        for key in schema.primary_keys:
            if set(key) <= set(own):
                names = ", ".join(columns[i] for i in key)
                together = "is" if len(key) == 1 else "together are"
                said.append(f"{names} {together} the primary key.")
    for here, there in schema.foreign_keys:
        of, target = schema.columns[here][0], schema.columns[there][0]
        said.append(
            f"The {columns[here]} of {schema.sql_tables[of]} is the foreign key of "
            f"{columns[there]} of {schema.sql_tables[target]}."
        )
    return " ".join(said)
