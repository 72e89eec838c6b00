"""The 40 levels of AgentGym's BabyAI, and loading one of their instances.

A level is a class of Minigrid's with keyword arguments; an instance is fixed by its
seed. Minigrid's ids are not used: one of them is gone in newer versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Any

from agentgym_envs.babyai.engine import Scene
from agentgym_envs.errors import MissingExtra

KEPT_SCENES = 512  # about 3 kB each


@dataclass(frozen=True, slots=True)
class Level:
    """A row of the table of levels."""

    name: str
    """Minigrid's id without ``BabyAI-`` and ``-v0``."""
    base: str = ""
    """The class in ``minigrid.envs.babyai``; empty if it is the name."""
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    leaks: bool = False
    """Whether the original server draws other missions at some seeds.

    In its version of Minigrid, a locked room of a rejected attempt, or of the
    reset before, stayed and narrowed the choice of objects. Only levels without
    implicit unlocking can show that.
    """

    @property
    def class_name(self) -> str:
        """The class in ``minigrid.envs.babyai``."""
        return self.base or self.name


LEVELS = (
    Level("GoToRedBallGrey"),
    Level("GoToRedBall"),
    Level("GoToRedBallNoDists"),
    # The original's id promises 6, but was registered with 4.
    Level("GoToObjS6", "GoToObj", {"room_size": 4}),
    Level("GoToLocalS8N7", "GoToLocal", {"room_size": 8, "num_dists": 7}),
    Level("GoToObjMazeS7", "GoTo", {"num_dists": 1, "room_size": 7}),
    Level("GoToImpUnlock"),
    Level(
        "GoToSeqS5R2",
        "GoToSeq",
        {"room_size": 5, "num_rows": 2, "num_cols": 2, "num_dists": 4},
    ),
    Level("GoToRedBlueBall"),
    Level("GoToDoor"),
    Level("GoToObjDoor"),
    Level("Open"),
    Level("OpenRedDoor"),
    Level("OpenDoorLoc", "OpenDoor", {"select_by": "loc"}),
    Level(
        "OpenRedBlueDoorsDebug",
        "OpenTwoDoors",
        {"first_color": "red", "second_color": "blue", "strict": True},
    ),
    Level("OpenDoorsOrderN4Debug", "OpenDoorsOrder", {"debug": True, "num_doors": 4}),
    Level("Pickup"),
    Level("UnblockPickup"),
    Level("PickupLoc"),
    Level("PickupDistDebug", "PickupDist", {"debug": True}),
    Level("PickupAbove"),
    Level("PutNextLocalS6N4", "PutNextLocal", {"room_size": 6, "num_objs": 4}),
    Level(
        "PutNextS7N4Carrying",
        "PutNext",
        {"room_size": 7, "objs_per_room": 4, "start_carrying": True},
    ),
    Level("Unlock"),
    Level("UnlockLocalDist", "UnlockLocal", {"distractors": True}),
    Level("KeyInBox"),
    Level("UnlockPickupDist", "UnlockPickup", {"distractors": True}),
    Level("BlockedUnlockPickup"),
    Level("UnlockToUnlock"),
    Level("ActionObjDoor"),
    Level("FindObjS7", "FindObjS5", {"room_size": 7}),
    Level("KeyCorridorS6R3", "KeyCorridor", {"room_size": 6, "num_rows": 3}),
    Level("OneRoomS20", "OneRoomS8", {"room_size": 20}),
    Level("MoveTwoAcrossS8N9", "MoveTwoAcross", {"room_size": 8, "objs_per_room": 9}),
    Level("SynthS5R2", "Synth", {"room_size": 5, "num_rows": 2}, leaks=True),
    Level("SynthLoc", leaks=True),
    Level("SynthSeq", leaks=True),
    Level("MiniBossLevel"),
    Level("BossLevel"),
    Level("BossLevelNoUnlock"),
)

_lock = Lock()


def load(level: int, seed: int, *, legacy: bool = False) -> Scene:
    """Generate an instance, or take it from the cache.

    Args:
        level: 1 to 40.
        seed: Any number from 0 up.
        legacy: Whether to draw missions as the original server's Minigrid did.

    Raises:
        MissingExtra: if Minigrid is not installed.
    """
    return _load(level, seed, legacy and LEVELS[level - 1].leaks)


@lru_cache(maxsize=KEPT_SCENES)
def _load(level: int, seed: int, legacy: bool) -> Scene:
    try:
        from agentgym_envs.babyai import generator
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "minigrid":
            raise
        raise MissingExtra("babyai", "minigrid") from error
    # The generator keeps one Minigrid environment per level.
    with _lock:
        return generator.generate(level, seed, legacy)
