"""Paths and floods on the board against the original's queue, state by state."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentgym_envs.babyai.codes import CODES, EMPTY, KEY, WALL
from agentgym_envs.babyai.paths import (
    START,
    find_path,
    flood,
    free_area,
    neighbourhood,
    square,
)
from agentgym_envs.babyai.view import CELLS, OWN, SIZE

STEPS = ((1, 0), (0, 1), (-1, 0), (0, -1))  # front and right of relative headings
BITS = st.integers(0, 2**64 - 1)
AREAS = st.builds(lambda a, b, c: a | (b & c) | 1 << START, BITS, BITS, BITS)


def cell_of(bit: int) -> tuple[int, int]:
    return bit // 8 - 1, 4 - bit % 8


def by_queue(area: int, target: int, arrive: bool) -> tuple[int, ...] | None:
    """The original's search, duplicates and overwritten parents included."""
    free = {cell_of(bit) for bit in range(64) if area >> bit & 1}
    goal = cell_of(target)
    start = ((0, 0), 0)
    queue, closed, parent = [start], set(), {}
    while queue:
        state = queue.pop(0)
        closed.add(state)
        (front, right), heading = state
        ahead = (front + STEPS[heading][0], right + STEPS[heading][1])
        if (state[0] if arrive else ahead) == goal:
            path = []
            while state != start:
                state, action = parent[state]
                path.append(action)
            return tuple(reversed(path))
        successors = (
            (2, (ahead, heading)),
            (0, ((front, right), (heading - 1) % 4)),
            (1, ((front, right), (heading + 1) % 4)),
        )
        for action, successor in successors:
            if successor not in closed and successor[0] in free:
                queue.append(successor)
                parent[successor] = state, action
    return None


@settings(max_examples=300, deadline=None)
@given(area=AREAS, target=st.integers(0, 63), arrive=st.booleans())
def test_paths_are_those_of_the_queue(area, target, arrive):
    if arrive and not area >> target & 1:
        return
    path = find_path(area, target, arrive)
    # Duplicates grow exponentially in open areas, so long ways are left out here.
    if path is None or len(path) <= 9:
        assert path == by_queue(area, target, arrive)


@pytest.mark.parametrize("heading", range(4))
@pytest.mark.parametrize("target", range(64))
def test_paths_through_an_empty_room(heading, target):
    view = bytes([EMPTY]) * CELLS
    area = free_area(view, heading)
    for arrive in (False, True):
        path = find_path(area, target, arrive)
        if path is not None and len(path) <= 7:
            assert path == by_queue(area, target, arrive)


@given(area=AREAS, target=st.integers(0, 63))
def test_a_cell_can_be_faced_if_and_only_if_there_is_a_path(area, target):
    can_face = bool(neighbourhood(flood(area)) >> target & 1)
    assert can_face == (find_path(area, target, False) is not None)
    can_enter = bool(flood(area) >> target & 1)
    assert can_enter == (find_path(area, target, True) is not None)


@given(view=st.binary(min_size=CELLS, max_size=CELLS), heading=st.integers(0, 3))
def test_the_free_area_is_the_view_and_its_unseen_margin(view, heading):
    view = bytes(code % CODES for code in view)
    area = free_area(view, heading)
    expected = {(0, 0)}
    for front in range(-1 if heading < 2 else 0, SIZE):
        for right in range(-3, 5 if heading in (1, 2) else 4):
            if front < 0 or right > 3:
                expected.add((front, right))
                continue
            code = view[(SIZE - 1 - front) * SIZE + right + 3]
            if code != WALL and code < KEY:
                expected.add((front, right))
    assert {cell_of(bit) for bit in range(64) if area >> bit & 1} == expected


def test_squares_are_view_cells():
    for k in range(CELLS):
        assert cell_of(square(k)) == (6 - k // 7, k % 7 - 3)
    assert square(OWN) == START
