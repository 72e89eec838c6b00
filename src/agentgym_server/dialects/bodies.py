"""What clients send: the bodies that more than one family has.

Numbers and texts are read as the original servers read them, so ``"3"`` is a number;
unknown fields are ignored.
"""

from __future__ import annotations

from pydantic import BaseModel


class ById(BaseModel):
    """A body that names an environment by ``id``."""

    id: int


class Step(ById):
    """An action for an environment."""

    action: str


class ByIndex(BaseModel):
    """A body that names an environment by ``env_idx``."""

    env_idx: int


class StepByIndex(ByIndex):
    """An action for an environment."""

    action: str


class Create(BaseModel):
    """The item that a new environment begins with."""

    id: int = 0
