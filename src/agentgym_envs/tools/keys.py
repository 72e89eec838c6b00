"""Keys of live services: where they come from, and how they stay hidden."""

from __future__ import annotations

import os
from typing import Any, NoReturn

from agentgym_envs.errors import BadOption, MissingKey

HIDDEN = "<hidden>"


class Secret:
    """A text that is never shown, copied into a pickle or logged."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return HIDDEN

    def reveal(self) -> str:
        """The text itself, for the one place that sends it."""
        return self._text

    def hide(self, text: str) -> str:
        """Cover the secret in a text that somebody will read."""
        return text.replace(self._text, HIDDEN) if self._text else text

    def cover(self, content: bytes) -> bytes:
        """Do as `hide` for what came from a service."""
        known = self._text.encode()
        return content.replace(known, HIDDEN.encode()) if known else content

    def __deepcopy__(self, memo: dict[int, Any]) -> Secret:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key can't be pickled; set it as an environment variable")


NO_KEY = Secret("")


def find_key(given: object, variable: str, service: str) -> Secret:
    """Take a key from a keyword, or else from an environment variable.

    Raises:
        MissingKey: if neither has one.
        BadOption: if the keyword's value, which is not told, can't be a key.
    """
    key = find_optional_key(given, variable, service)
    if key is NO_KEY:
        raise MissingKey(
            f"{service} needs a key: set the environment variable {variable}, or pass "
            "key=..."
        )
    return key


def find_optional_key(given: object, variable: str, service: str) -> Secret:
    """Do as `find_key`, for a service that does without; then it is `NO_KEY`."""
    if given is None:
        given = os.environ.get(variable, "")
    if isinstance(given, Secret):
        return given
    # What is no text of one line could not be sent, and httpx would tell it.
    if not isinstance(given, str) or not given.isascii() or not given.isprintable():
        raise BadOption(f"the key for {service} must be a str of printable ASCII")
    return Secret(given.strip()) if given.strip() else NO_KEY
