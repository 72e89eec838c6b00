"""What an expert with a known path does next."""

from __future__ import annotations

from collections.abc import Sequence

from agentgym_envs.errors import NoExpertAction
from agentgym_envs.tools.toolbox import Call


def next_call(looks: Sequence[Call], must: Sequence[Call], steps_left: int) -> Call:
    """Choose between looking on and doing what must be done.

    Args:
        looks: The look-ups of the path that were not made yet.
        must: The calls without which the item can't be solved, ``finish`` last.
        steps_left: Steps before the horizon.

    Raises:
        NoExpertAction: if there are too few steps left.
    """
    if len(must) > steps_left:
        raise NoExpertAction(
            f"the item takes {len(must)} more calls, and there are {steps_left} steps"
        )
    if looks and steps_left > len(must):
        return looks[0]
    return must[0]
