"""The embedded world: forty invented countries, the same in every process.

Countries are of the training or of the test side, and nothing connects the two, so
that what a model learns by heart of one is of no use for the other.
"""

from __future__ import annotations

from random import Random

from agentgym_envs.once import once
from agentgym_envs.searchqa.names import Names
from agentgym_envs.searchqa.nation import Nation
from agentgym_envs.searchqa.prose import passage
from agentgym_envs.searchqa.things import Thing

VERSION = 1  # a change of anything in the world or its questions is a new version
SEED = 20240606
COUNTRIES = {"train": 33, "test": 7}


@once
def load() -> tuple[Thing, ...]:
    """Build the world, once per process; all things have their passages."""
    rng = Random(SEED)
    names = Names(rng)
    things = [
        thing
        for side, count in COUNTRIES.items()
        for _ in range(count)
        for thing in Nation(rng, names, side).things
    ]
    for thing in things:
        thing.passage = passage(rng, thing)
    return tuple(things)
