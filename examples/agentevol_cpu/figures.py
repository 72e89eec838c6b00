"""Means, intervals, the table and the picture of what the seeds have found."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Estimate = tuple[float, float, float]

RESAMPLES = 5_000
TAILS = (2.5, 97.5)  # percent


def estimate(families: Sequence[Values], *, resamples: int = RESAMPLES) -> Estimate:
    """The mean over families, with its 95 % interval by bootstrap.

    Seeds are drawn for all families together, for they share a model, and items for
    each family by itself: an interval over seeds alone would take the test items for
    the only ones there are, and one over items alone the models.

    Args:
        families: For each family an array of seeds by items.
        resamples: How often as many seeds and items as there are are drawn.
    """
    rng = np.random.default_rng(0)
    count = families[0].shape[0]
    seeds = rng.integers(count, size=(resamples, count))
    means = np.zeros(resamples)
    for values in families:
        items = rng.integers(values.shape[1], size=(resamples, values.shape[1]))
        # Of each resample, what each seed solves of its items; then the seeds drawn.
        rates = np.stack([row[items].mean(1) for row in values], axis=1)
        means += np.take_along_axis(rates, seeds, axis=1).mean(1)
    low, high = np.percentile(means / len(families), TAILS)
    mean = sum(values.mean() for values in families) / len(families)
    return float(mean), float(low), float(high)


def read(folder: Path) -> list[dict[str, Any]]:
    """The results of all seeds, in their order."""
    files = sorted(folder.glob("seed-*.json"))
    if not files:
        raise SystemExit(f"{folder} holds no results; run a seed first")
    results = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    return sorted(results, key=lambda result: result["seed"])


def outcomes(results: Sequence[Mapping[str, Any]], stage: str, family: str) -> Values:
    """1 for each test item that was solved: an array of seeds by items."""
    rows = [result["stages"][stage][family] for result in results]
    return np.array([[float(mark) for mark in row] for row in rows])


def differences(
    results: Sequence[Mapping[str, Any]], stage: str, other: str
) -> list[Values]:
    """For each family, what one stage solves more than another, item by item."""
    return [
        outcomes(results, stage, name) - outcomes(results, other, name)
        for name in families_of(results)
    ]


def families_of(results: Sequence[Mapping[str, Any]]) -> list[str]:
    """The families, in the order of the configuration."""
    return list(results[0]["stages"]["clone"])


def last_of(results: Sequence[Mapping[str, Any]]) -> str:
    """The last iteration: it is the one that counts, be it the best or not."""
    names = [name for name in results[0]["stages"] if name.startswith("iteration-")]
    return max(names, key=lambda name: int(name.rpartition("-")[2]))


def title(name: str) -> str:
    """Call a stage or a family what readers call it."""
    known = {"clone": "BC", "control": "control", "random": "random policy"}
    if name.startswith("iteration-"):
        return f"AgentEvol, iteration {name.rpartition('-')[2]}"
    return known.get(name, name.removeprefix("agentgym/").removesuffix("-v0"))


def table(results: Sequence[Mapping[str, Any]]) -> str:
    """Success on the test items, in percent, with intervals; then the differences."""
    names, last = families_of(results), last_of(results)
    heads = ["", *map(title, names), "average"]
    lines = [_row(heads), _row(["---", *["--:"] * (len(heads) - 1)])]
    for stage in results[0]["stages"]:
        blocks = [outcomes(results, stage, name) for name in names]
        cells = [_told(estimate([block])) for block in blocks]
        lines.append(_row([title(stage), *cells, _told(estimate(blocks))]))
    for stage, other in ((last, "control"), (last, "clone"), ("control", "clone")):
        blocks = differences(results, stage, other)
        cells = [_told(estimate([block]), signed=True) for block in blocks]
        name = f"{title(stage)} − {title(other)}"
        average = _told(estimate(blocks), signed=True)
        lines.append(_row([f"**{name}**", *cells, average]))
    return "\n".join(lines) + "\n"


def _told(estimated: Estimate, *, signed: bool = False) -> str:
    mean, low, high = (100 * value for value in estimated)
    sign = "+" if signed else ""
    return f"{mean:{sign}.1f} ({low:{sign}.1f} to {high:{sign}.1f})"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


PANEL = (210, 240)  # pixels, frame included
FRAME = (38, 34, 12, 40)  # left, top, right, bottom
BLUE, ORANGE, GREY = "#1f6fb4", "#c8511b", "#6b7280"


def picture(results: Sequence[Mapping[str, Any]]) -> str:
    """An SVG with a panel for each family and one for their average."""
    names = families_of(results)
    panels = [(title(name), [name]) for name in names] + [("average", names)]
    width, height = PANEL[0] * len(panels), PANEL[1] + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="sans-serif" font-size="11">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for place, (name, members) in enumerate(panels):
        parts.append(f'<g transform="translate({place * PANEL[0]} 0)">')
        parts += _panel(results, name, members)
        parts.append("</g>")
    keys = ((BLUE, "AgentEvol"), (ORANGE, "control"), (GREY, "random, expert"))
    for place, (colour, name) in enumerate(keys):
        x = FRAME[0] + 110 * place
        y = PANEL[1] + 12
        parts.append(_line(x, y, x + 18, y, colour))
        parts.append(_text(x + 24, y + 4, name, "start"))
    told = "test items solved, in percent, with 95 % intervals"
    parts.append(_text(width - FRAME[2], PANEL[1] + 16, told, "end"))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(
    results: Sequence[Mapping[str, Any]], name: str, members: Sequence[str]
) -> list[str]:
    iterations = int(last_of(results).rpartition("-")[2])
    stages = ["clone", *(f"iteration-{n + 1}" for n in range(iterations))]
    left, top, right, bottom = FRAME
    wide, high = PANEL[0] - left - right, PANEL[1] - top - bottom

    def across(step: float) -> float:
        return left + wide * (step + 0.4) / (iterations + 1)

    def up(rate: float) -> float:
        return top + high * (1 - rate)

    def known(stage: str) -> Estimate:
        return estimate([outcomes(results, stage, member) for member in members])

    parts = [_text(left, top - 14, name, "start")]
    for percent in range(0, 101, 25):
        y = up(percent / 100)
        parts.append(_line(left, y, PANEL[0] - right, y, "#e5e7eb"))
        parts.append(_text(left - 6, y + 4, f"{percent}", "end"))
    for stage in ("random", "expert"):
        if stage in results[0]["stages"]:
            y = up(known(stage)[0])
            parts.append(_line(left, y, PANEL[0] - right, y, GREY, dashes="2 3"))
    points = [known(stage) for stage in stages]
    parts += _curve([(across(n), point) for n, point in enumerate(points)], up, BLUE)
    ends = [(across(0), points[0]), (across(iterations) + 8, known("control"))]
    parts += _curve(ends, up, ORANGE, dashes="5 3")
    for step in range(iterations + 1):
        told = "BC" if step == 0 else f"{step}"
        parts.append(_text(across(step), PANEL[1] - bottom + 18, told, "middle"))
    return parts


def _curve(
    points: Sequence[tuple[float, Estimate]], up: Any, colour: str, *, dashes: str = ""
) -> list[str]:
    parts = []
    for (x, point), (to, other) in pairwise(points):
        parts.append(_line(x, up(point[0]), to, up(other[0]), colour, dashes=dashes))
    for x, (mean, low, high) in points:
        parts.append(_line(x, up(low), x, up(high), colour))
        parts.append(
            f'<circle cx="{x:.1f}" cy="{up(mean):.1f}" r="3" fill="{colour}"/>'
        )
    return parts


def _line(
    x: float, y: float, to_x: float, to_y: float, colour: str, *, dashes: str = ""
) -> str:
    dash = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" '
        f'stroke="{colour}" stroke-width="1.5"{dash}/>'
    )


def _text(x: float, y: float, text: str, anchor: str) -> str:
    where = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {where} fill="#444">{text}</text>'
