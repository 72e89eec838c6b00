"""The quickest way between two crossings, by car, bicycle or on foot."""

from __future__ import annotations

import heapq
from functools import cache
from typing import NamedTuple

from agentgym_envs.webarena.sites.region import region

# Kilometres an hour in streets and on highways; 0: not allowed there.
SPEEDS = {"car": (35.0, 85.0), "bike": (15.0, 0.0), "foot": (5.0, 0.0)}


class Leg(NamedTuple):
    """A stretch along one road."""

    road: str
    km: float


class Route(NamedTuple):
    """A way from one place to another."""

    km: float
    minutes: float
    legs: tuple[Leg, ...]


@cache
def _network(engine: str) -> dict[int, list[tuple[int, float, str, float]]]:
    """Where one gets from each crossing: to which, in minutes, by road, kilometres."""
    slow, fast = SPEEDS[engine]
    ways: dict[int, list[tuple[int, float, str, float]]] = {}
    for road in region().roads:
        speed = fast if road.is_highway else slow
        if speed:
            minutes = 60 * road.km / speed
            for here, there in ((road.one, road.other), (road.other, road.one)):
                ways.setdefault(here, []).append((there, minutes, road.name, road.km))
    return ways


@cache
def route(engine: str, start: int, end: int) -> Route:
    """Find the quickest way with Dijkstra's algorithm; there always is one."""
    network = _network(engine)
    best = {start: 0.0}
    came: dict[int, tuple[int, str, float]] = {}
    frontier = [(0.0, start)]
    while frontier:
        minutes, here = heapq.heappop(frontier)
        if here == end:
            break
        if minutes > best[here]:
            continue
        for there, more, road, km in network[here]:
            total = minutes + more
            if total < best.get(there, 1e9):
                best[there] = total
                came[there] = here, road, km
                heapq.heappush(frontier, (total, there))
    legs: list[Leg] = []
    here, length = end, 0.0
    while here != start:
        here, road, km = came[here]
        length += km
        if legs and legs[-1].road == road:
            legs[-1] = Leg(road, legs[-1].km + km)
        else:
            legs.append(Leg(road, km))
    return Route(length, best[end], tuple(reversed(legs)))
