"""Calls with what the tools have told open, start and wait for nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FAMILIES = ["Weather", "Movie", "Academia", "Sheet", "TODOList"]
FEW, MANY = 1_000, 100_000


def fuzz(family, parity, seed, calls):
    script = Path(__file__).with_name("guarded_fuzz.py")
    done = subprocess.run(
        [sys.executable, str(script), family, str(parity), str(seed), str(calls)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.parametrize("parity", [False, True])
@pytest.mark.parametrize("family", FAMILIES)
def test_fuzzed_calls_stay_inside(family, parity):
    fuzz(family, parity, 1, FEW)


@pytest.mark.slow
@pytest.mark.parametrize("parity", [False, True])
@pytest.mark.parametrize("family", FAMILIES)
def test_many_fuzzed_calls_stay_inside(family, parity):
    fuzz(family, parity, 2, MANY // 2)
