"""Trajectories as a Hugging Face data set."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from agentgym_envs.errors import DataError, MissingExtra

if TYPE_CHECKING:
    from datasets import Dataset

META = "meta"  # its keys differ from family to family, so the column holds JSON


def to_dataset(records: Iterable[Mapping[str, Any]]) -> Dataset:
    """Make a ``datasets.Dataset`` with one row per trajectory.

    Columns: ``conversations``, ``item_id`` and, where the records have them,
    ``reward``, ``success`` and ``meta`` (JSON text, whose keys differ from family to
    family). The set's own ``save_to_disk``, ``to_parquet`` and ``push_to_hub`` do the
    rest.

    Raises:
        MissingExtra: if the package ``datasets`` is not installed.
    """
    try:
        from datasets import Dataset
    except ModuleNotFoundError:
        raise MissingExtra("datasets", "datasets") from None
    rows = [_row(record) for record in records]
    return Dataset.from_list(rows)


def from_dataset(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Read trajectories from the rows of a data set that `to_dataset` made.

    Raises:
        DataError: if a ``meta`` is no JSON.
    """
    records = []
    for number, row in enumerate(rows):
        record = {key: value for key, value in row.items() if value is not None}
        if META in record:
            try:
                record[META] = json.loads(record[META])
            except ValueError as error:
                raise DataError(f"row {number}: meta is not JSON: {error}") from None
        records.append(record)
    return records


def _row(record: Mapping[str, Any]) -> dict[str, Any]:
    row = dict(record)
    if META in row:
        row[META] = json.dumps(row[META])
    return row
