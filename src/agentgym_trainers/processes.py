"""The processes of one run: those that ``accelerate launch`` has started, or one."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from agentgym_envs.errors import MissingExtra

# PyTorch gives up after ten minutes, and shares of episodes are not equally long.
LONGEST_WAIT = timedelta(hours=12)


def rank() -> int:
    """The number of this process among those of the run, from 0."""
    return int(os.environ.get("RANK", "0"))


def count() -> int:
    """How many processes the run has."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def wait() -> None:
    """Wait until all have come here.

    Raises:
        MissingExtra: if there are several and accelerate is not installed.
    """
    if count() > 1:
        try:
            from accelerate import PartialState
        except ImportError as error:
            raise MissingExtra("trainers", error.name or "") from error
        # The first of these begins the group, which has the limit from then on.
        PartialState(timeout=LONGEST_WAIT).wait_for_everyone()


def put_in_place(draft: Path, model: Path) -> None:
    """Rename the folder of a finished model; the first process does."""
    wait()
    if rank() == 0:
        draft.replace(model)
    wait()
