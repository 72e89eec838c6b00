"""Small helps for wrappers that write texts around texts."""

from __future__ import annotations

from typing import Any

import gymnasium
from gymnasium.spaces import Text

from agentgym_envs.errors import BadOption


def longest(env: gymnasium.Env[Any, Any]) -> int:
    """The length of the longest observation of an environment with texts.

    Raises:
        BadOption: if its observations are no texts.
    """
    space = env.observation_space
    if not isinstance(space, Text):
        raise BadOption(f"observations must be texts here, not {space}")
    return int(space.max_length)


def check_template(template: str, *names: str) -> None:
    """Refuse a template that does not show all of its names, or others.

    Raises:
        BadOption: if so.
    """
    marks = {name: f"<{name}>" for name in names}
    try:
        written = template.format(**marks)
    except (LookupError, ValueError) as error:
        raise BadOption(f"template {template!r} is wrong: {error!r}") from None
    for name, mark in marks.items():
        if mark not in written:
            raise BadOption(f"template {template!r} has no {{{name}}}")
