"""The weather of any place on any day, as a function: nothing is stored.

Normals come from the nearest places of the table, brought to the height and latitude
of the point. On top of them goes noise that persists for days and is shared by
neighbours: numbers hashed from (lattice point, day), so that a day's weather depends
on the place and the date alone, and not on what was asked before. All values are
whole tenths (or seventh hundredths, for snow), rounded here, so that the last bit of
a library's cosine is never seen.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from agentgym_envs.once import once
from agentgym_envs.weather.places import Place, places

LAPSE = 6.5  # degrees Celsius that a kilometre of height costs
WARMING = 0.025  # degrees Celsius a year
NORMAL_YEAR = 2005.5  # the middle of 1991-2020, to which the normals belong
GRID = 10  # cells a degree
LATTICE = 5  # degrees between the points that noise is drawn at
NEIGHBOURS = 4  # places that the climate of a point is taken from
REGIONAL = 0.8  # share of the variance that the places of a region have in common
MEMORY = 9  # days that a disturbance lasts
MONTH = 30.4  # days
LARGEST_WET_SHARE = 0.78  # of the days, even where it rains most
SNOW_BELOW, ALL_SNOW_BELOW = 1.0, -1.0  # daily means in degrees Celsius

# How much of yesterday's disturbance is left today.
_PERSISTENCE = {"temperature": 0.72, "rain": 0.4, "range": 0.3, "dust": 0.65}

# European air quality index for the concentration of fine dust: breakpoints in
# micrograms per cubic metre, and the index there.
_DUST = (0.0, 10.0, 20.0, 25.0, 50.0, 75.0, 800.0)
_INDEX = (0.0, 20.0, 40.0, 60.0, 80.0, 100.0, 400.0)

_DEVIATES = np.linspace(-5.0, 5.0, 2001)
_SHARES = np.array([0.5 * (1 + math.erf(z / math.sqrt(2))) for z in _DEVIATES.tolist()])

Tenths = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Normals:
    """What the climate of a grid cell is like."""

    temperature: tuple[float, ...]
    precipitation: tuple[float, ...]
    dust: float


@dataclass(frozen=True, slots=True)
class Year:
    """Each day of one year in one grid cell."""

    highest: Tenths
    lowest: Tenths
    mean: Tenths
    rain: Tenths
    snow: Tenths
    """In tenths of a millimetre of water, which lie 0.07 cm high."""
    air_quality: Tenths
    """The European index of fine dust at noon, whole."""


def cell_of(latitude: float, longitude: float) -> tuple[int, int]:
    """The grid cell that a point lies in, in tenths of a degree."""
    return round(latitude * GRID), round(longitude * GRID)


@lru_cache(maxsize=8192)
def normals(cell: tuple[int, int]) -> Normals:
    """The climate of a cell, from the nearest places."""
    latitude = cell[0] / GRID
    near = _nearest(latitude, cell[1] / GRID, softness=0.01)
    known = [place for _, place in near]
    shares = [share for share, _ in near]
    height = _blend(shares, [place.elevation for place in known])
    # Each place's temperature, brought to the height and latitude of the point.
    moved = [
        LAPSE * (place.elevation - height) / 1000
        + _zonal(latitude)
        - _zonal(place.latitude)
        for place in known
    ]
    return Normals(
        tuple(
            _blend(
                shares,
                [p.temperature[i] + m for p, m in zip(known, moved, strict=True)],
            )
            for i in range(4)
        ),
        tuple(_blend(shares, [p.precipitation[i] for p in known]) for i in range(4)),
        _blend(shares, [place.dust for place in known]),
    )


@lru_cache(maxsize=8192)
def elevation(latitude: float, longitude: float) -> float:
    """The height of a point above the sea, in whole metres.

    At a place of the table it is the place's; between places, a mean of the nearest.
    """
    near = _nearest(latitude, longitude, softness=1e-5)
    shares = [share for share, _ in near]
    return float(round(_blend(shares, [place.elevation for _, place in near])))


def _nearest(
    latitude: float, longitude: float, *, softness: float
) -> list[tuple[float, Place]]:
    """The nearest places with the share that each has in a point."""
    north, east = _coordinates()
    across = np.abs(east - longitude)
    across = np.minimum(across, 360 - across)
    # Meridians draw nearer to each other towards the poles.
    across *= max(0.05, 1 - (latitude / 90) ** 2)
    gaps = (north - latitude) ** 2 + across**2
    near = np.argsort(gaps, kind="stable")[:NEIGHBOURS].tolist()
    weights = [1 / (float(gaps[number]) + softness) ** 2 for number in near]
    total = sum(weights)
    return [
        (weight / total, places()[number])
        for weight, number in zip(weights, near, strict=True)
    ]


@once
def _coordinates() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The latitudes and longitudes of all places."""
    return (
        np.array([place.latitude for place in places()]),
        np.array([place.longitude for place in places()]),
    )


def _zonal(latitude: float) -> float:
    """The mean temperature at sea level on a circle of latitude."""
    return 27 - 0.0065 * latitude * latitude


def _blend(shares: list[float], values: list[float]) -> float:
    return sum(share * value for share, value in zip(shares, values, strict=True))


@lru_cache(maxsize=4096)
def year(cell: tuple[int, int], number: int) -> Year:
    """The weather of a cell in a year."""
    climate = normals(cell)
    first = datetime.date(number, 1, 1).toordinal()
    days = datetime.date(number + 1, 1, 1).toordinal() - first
    usual = _season(climate.temperature, days)
    annual = sum(climate.temperature) / 4
    swing = (max(climate.temperature) - min(climate.temperature)) / 2
    noise = _noise(cell, first, days)

    # Rain: it falls when the disturbance exceeds what the share of wet days allows.
    monthly = np.maximum(_season(climate.precipitation, days), 0.0)
    amount = 3.0 + 0.28 * _within(usual, 0.0, 28.0)
    wet_share = np.minimum(monthly / (MONTH * amount), LARGEST_WET_SHARE)
    amount = monthly / (MONTH * np.maximum(wet_share, 1e-9))
    dryness = 1 - np.interp(noise["rain"], _DEVIATES, _SHARES)
    is_wet = dryness < wet_share
    excess = np.where(is_wet, dryness / np.maximum(wet_share, 1e-9), 1.0)
    water = np.rint(-np.log(np.maximum(excess, 1e-6)) * amount * 10).astype(np.int64)

    # Temperature: more restless the colder the season, and away from the tropics.
    coldness = (annual - usual) / (swing + 2.0)
    restlessness = np.minimum((0.7 + 0.2 * swing) * (1 + 0.3 * coldness), 6.0)
    middle = usual + restlessness * noise["temperature"]
    middle += WARMING * (number + 0.5 - NORMAL_YEAR)
    span = (5.0 + 0.22 * min(swing, 14.0) + 4.0 * (1 - wet_share)) * (
        1 + 0.16 * _within(noise["range"], -2.5, 2.5)
    )
    span *= np.where(water > 0, 0.68, 1.0)
    mean = _tenths(middle)
    highest = mean + _tenths(np.maximum(span * 0.52, 0.3))
    lowest = mean - _tenths(np.maximum(span * 0.48, 0.3))

    frozen = _within((SNOW_BELOW - mean / 10) / (SNOW_BELOW - ALL_SNOW_BELOW), 0.0, 1.0)
    snow = np.rint(water * frozen).astype(np.int64)

    dust = climate.dust * np.exp(0.42 * _within(noise["dust"], -2.5, 2.5) - 0.09)
    dust *= (1 + 0.25 * coldness) * np.where(water > 0, 0.78, 1.08)
    index = np.rint(np.interp(dust, _DUST, _INDEX)).astype(np.int64)
    return Year(highest, lowest, mean, water - snow, snow, index)


def _within(
    values: NDArray[np.float64], low: float, high: float
) -> NDArray[np.float64]:
    """What ``np.clip`` gives, in half the time for a year."""
    return np.minimum(np.maximum(values, low), high)


def _tenths(values: NDArray[np.float64]) -> Tenths:
    return np.rint(values * 10).astype(np.int64)


@once
def _waves(days: int) -> tuple[NDArray[np.float64], ...]:
    """The annual cosine and sine and the half-annual cosine, from mid-January on."""
    angle = 2 * np.pi * (np.arange(days) - 14.5) / days
    return np.cos(angle), np.sin(angle), np.cos(2 * angle)


def _season(seasons: tuple[float, ...], days: int) -> NDArray[np.float64]:
    """The one curve of two waves through the four values."""
    january, april, july, october = seasons
    cosine, sine, half = _waves(days)
    return (
        (january + april + july + october) / 4
        + (january - july) / 2 * cosine
        + (april - october) / 2 * sine
        + (january + july - april - october) / 4 * half
    )


def _noise(
    cell: tuple[int, int], first: int, days: int
) -> dict[str, NDArray[np.float64]]:
    """Disturbances of mean 0 and variance 1 for each kind and day."""
    points, weights = _lattice(cell)
    when = np.arange(first - MEMORY + 1, first + days, dtype=np.uint64)
    drawn = _gaussian(points, when)
    # Term by term, because the order of a sum decides its last bit.
    today = weights[0] * drawn[:, 0]
    for number, weight in enumerate(weights[1:], start=1):
        today += weight * drawn[:, number]
    total = np.zeros((len(_PERSISTENCE), days))
    term = np.empty_like(total)
    for age, share in enumerate(_fading()):
        start = MEMORY - 1 - age
        np.multiply(share, today[:, start : start + days], out=term)
        total += term
    return dict(zip(_PERSISTENCE, total, strict=True))


@once
def _fading() -> list[NDArray[np.float64]]:
    """What share the disturbance of each day before has, for each kind."""
    columns = []
    for age in range(MEMORY):
        shares = []
        for kept in _PERSISTENCE.values():
            scale = math.sqrt(sum(kept ** (2 * other) for other in range(MEMORY)))
            shares.append([kept**age / scale])
        columns.append(np.array(shares))
    return columns


def _lattice(cell: tuple[int, int]) -> tuple[list[int], list[float]]:
    """The lattice points around a cell and the cell itself, with their weights."""
    north, north_part = divmod(cell[0] / GRID, LATTICE)
    east, east_part = divmod(cell[1] / GRID, LATTICE)
    up, right = north_part / LATTICE, east_part / LATTICE
    points, weights = [], []
    for row, share in ((0, 1 - up), (1, up)):
        for column, part in ((0, 1 - right), (1, right)):
            # The meridians of 180 degrees east and west are one.
            meridian = (int(east) + column) % (360 // LATTICE)
            points.append((int(north) + row + 90) * 1000 + meridian)
            weights.append(share * part)
    scale = math.sqrt(REGIONAL / sum(weight * weight for weight in weights))
    local = 10**6 + (cell[0] + 90 * GRID) * 10**4 + cell[1] + 180 * GRID
    return [*points, local], [
        *(weight * scale for weight in weights),
        math.sqrt(1 - REGIONAL),
    ]


def _gaussian(points: list[int], when: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Nearly normal numbers from integer hashes, by kind, point and day."""
    seeds = np.array(
        [[[point * 8 + kind] for point in points] for kind in range(len(_PERSISTENCE))],
        dtype=np.uint64,
    )
    mixed = _mix(_mix(seeds) ^ when)
    # Four 16-bit parts of a hash add up to something bell-shaped of variance 1/3; two
    # pairs of them are added at once.
    pairs = np.uint64(0x0000FFFF0000FFFF)
    total = (mixed & pairs) + ((mixed >> np.uint64(16)) & pairs)
    total = (total & np.uint64(0xFFFFFFFF)) + (total >> np.uint64(32))
    return (total.astype(np.float64) / 65536 - 2) * math.sqrt(3)


def _mix(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64 (Steele et al., 2014): neighbouring integers become unrelated."""
    numbers = numbers + np.uint64(0x9E3779B97F4A7C15)
    numbers ^= numbers >> np.uint64(30)
    numbers *= np.uint64(0xBF58476D1CE4E5B9)
    numbers ^= numbers >> np.uint64(27)
    numbers *= np.uint64(0x94D049BB133111EB)
    numbers ^= numbers >> np.uint64(31)
    return numbers
