"""How the original compares what tools gave with a published gold."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

RADIUS = 6371.0  # of the earth, in kilometres
NEAR = 50.0  # kilometres within which two points are the same


def cleaned(result: Any) -> Any:
    """A result without the daily temperatures, which the original leaves out."""
    if not isinstance(result, Mapping) or not isinstance(result.get("daily"), Mapping):
        return result
    daily = {
        name: values
        for name, values in result["daily"].items()
        if not name.startswith("temperature_2m_")
    }
    return {**result, "daily": daily}


class Gold(dict[str, Any]):
    """A gold with coordinates: equal to a result within 50 km that else agrees."""

    __hash__ = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, dict) or not _is_point(other):
            return dict.__eq__(self, other)
        rest, others = (
            {key: value for key, value in part.items() if key not in _SIDES}
            for part in (self, other)
        )
        return rest == others and _kilometres(self, other) <= NEAR

    def __ne__(self, other: object) -> bool:
        return not self == other


_SIDES = ("latitude", "longitude")


def as_gold(subgoal: Any) -> Any:
    """A subgoal that compares as the original compares it."""
    if isinstance(subgoal, dict) and _is_point(subgoal):
        return Gold(subgoal)
    return subgoal


def _is_point(value: Mapping[str, Any]) -> bool:
    return all(
        isinstance(value.get(side), int | float) and math.isfinite(value[side])
        for side in _SIDES
    )


def _kilometres(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """The distance on a sphere, by the haversine."""
    north, far_north = math.radians(one["latitude"]), math.radians(other["latitude"])
    east = math.radians(other["longitude"] - one["longitude"])
    half = (
        math.sin((far_north - north) / 2) ** 2
        + math.cos(north) * math.cos(far_north) * math.sin(east / 2) ** 2
    )
    return 2 * RADIUS * math.asin(math.sqrt(min(half, 1.0)))
