"""What the tools compute by themselves: distances, and the names of air quality."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

_AXIS, _FLATTENING = 6378.137, 1 / 298.257223563  # WGS-84, in kilometres
_DISTANCE = 1025  # what geographiclib shall compute: the distance alone


def distance(one: tuple[Any, Any], other: tuple[Any, Any]) -> float:
    """The way between two points of latitude and longitude, in kilometres.

    Numbers may be given as texts.

    Raises:
        ValueError: for what is no point, worded as the original's geopy does.
        TypeError: for what is no number.
    """
    return _geodesic(
        _latitude(one[0]), float(one[1]), _latitude(other[0]), float(other[1])
    )


def _latitude(value: Any) -> float:
    latitude = float(value)
    if not math.isfinite(latitude):
        raise ValueError("Point coordinates must be finite")
    if abs(latitude) > 90:
        raise ValueError("Latitude must be in the [-90; 90] range.")
    return latitude


@lru_cache(maxsize=4096)
def _geodesic(
    latitude1: float, longitude1: float, latitude2: float, longitude2: float
) -> float:
    """The shortest way on the ellipsoid of WGS-84 (Karney, 2013), in kilometres."""
    if not (math.isfinite(longitude1) and math.isfinite(longitude2)):
        raise ValueError("Point coordinates must be finite")
    found = _ellipsoid().Inverse(
        latitude1, longitude1, latitude2, longitude2, _DISTANCE
    )
    return float(found["s12"])


@lru_cache(maxsize=1)
def _ellipsoid() -> Any:
    from geographiclib.geodesic import (  # type: ignore[import-untyped]  # it has none
        Geodesic,
    )

    return Geodesic(_AXIS, _FLATTENING)


def air_quality_level(index: Any) -> str:
    """Name an air quality index.

    The original leaves gaps between the levels: 20.5, and 21, 41, 61 and 81 exactly,
    are called extremely poor.
    """
    if index <= 20:
        return "good"
    for low, high, name in (
        (21, 40, "fair"),
        (41, 60, "moderate"),
        (61, 80, "poor"),
        (81, 100, "very poor"),
    ):
        if low < index <= high:
            return name
    return "extremely poor"
