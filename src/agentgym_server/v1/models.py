"""The messages of `/v1`, as they are checked and as OpenAPI publishes them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
)

MAX_DEPTH = 16  # of options and keywords
MAX_NAME = 200  # characters

Mode = Literal["Disabled", "NextStep", "SameStep"]
Question = Literal[
    "action_schema",
    "admissible_actions",
    "expert_action",
    "goal",
    "horizon",
    "instructions",
    "is_over",
    "render",
]
"""What may be asked of an environment: nothing that changes it."""


def _text(value: Any) -> str:
    # Not pydantic's own check: an action may hold lone surrogates.
    if not isinstance(value, str):
        raise ValueError("this must be a text")
    return value


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    try:
        return base64.b64decode(value, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise ValueError("this must be bytes, in base64 where it is JSON") from None


def _shallow(value: Any) -> Any:
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return value
    raise ValueError(f"this is nested more than {MAX_DEPTH} deep")


def _inside(value: Any) -> Sequence[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else ()


Name = Annotated[str, StringConstraints(max_length=MAX_NAME)]
Text = Annotated[Any, PlainValidator(_text), WithJsonSchema({"type": "string"})]
Bytes = Annotated[
    Any, PlainValidator(_bytes), WithJsonSchema({"type": "string", "format": "byte"})
]
Free = Annotated[dict[str, Any], AfterValidator(_shallow)]
Key = Annotated[
    str | None,
    StringConstraints(max_length=MAX_NAME),
    Field(
        description="Idempotency key: whoever sends the same request with the same "
        "key again gets the reply of the first time, and nothing is done twice."
    ),
]
Snapshots = Annotated[
    bool, Field(description="Whether each result shall bring a snapshot along.")
]


class Message(BaseModel):
    """What all requests share: no key is ignored silently."""

    model_config = ConfigDict(extra="forbid")


# Requests


class NewEnv(Message):
    """An environment that is wanted."""

    env_id: Name
    kwargs: Free = {}
    autoreset: Mode = "Disabled"


class CreateRequest(Message):
    """Make environments."""

    entries: list[NewEnv]
    key: Key = None


class ResetEntry(Message):
    """The beginning of an episode."""

    session: Name
    seed: int | None = Field(default=None, ge=0, lt=2**63)
    options: Free | None = None


class ResetRequest(Message):
    """Begin episodes."""

    entries: list[ResetEntry]
    key: Key = None
    snapshots: Snapshots = False


class StepEntry(Message):
    """An action."""

    session: Name
    action: Text


class StepRequest(Message):
    """Do an action in each of some environments."""

    entries: list[StepEntry]
    key: Key = None
    snapshots: Snapshots = False


class SessionEntry(Message):
    """An environment."""

    session: Name


class SnapshotRequest(Message):
    """Give episodes as bytes."""

    entries: list[SessionEntry]


class RestoreEntry(Message):
    """An episode to be taken up."""

    session: Name
    snapshot: Bytes


class RestoreRequest(Message):
    """Take up episodes."""

    entries: list[RestoreEntry]
    key: Key = None


class ForkEntry(Message):
    """An environment whose episode others shall continue, too."""

    session: Name
    count: int = Field(default=1, ge=1, le=1024)


class ForkRequest(Message):
    """Make environments that continue the episodes of others."""

    entries: list[ForkEntry]
    key: Key = None


class CloseRequest(Message):
    """Close environments."""

    entries: list[SessionEntry]


class CallEntry(Message):
    """A question to an environment."""

    session: Name
    name: Question


class CallRequest(Message):
    """Ask environments something that changes nothing."""

    entries: list[CallEntry]


# Replies


class Error(BaseModel):
    """What went wrong; `code` is for programs, `message` for people."""

    code: str
    message: str


class Failed(BaseModel):
    """The result of an entry that could not be done."""

    error: Error


class Space(BaseModel):
    """The bounds of texts, in characters."""

    max_length: int
    min_length: int


class Created(BaseModel):
    """A new environment."""

    session: str
    env_id: str
    observation_space: Space
    action_space: Space
    metadata: dict[str, Any]
    render_mode: str | None


class Final(BaseModel):
    """The end of an episode after which another one has begun at once."""

    observation: str
    info: dict[str, Any]


class Begun(BaseModel):
    """The beginning of an episode."""

    observation: str
    info: dict[str, Any]
    snapshot: Bytes | None = None


class Stepped(BaseModel):
    """What an action did."""

    observation: str
    reward: float
    terminated: bool
    truncated: bool
    info: dict[str, Any]
    final: Final | None = None
    snapshot: Bytes | None = None


class Taken(BaseModel):
    """A snapshot."""

    snapshot: Bytes


class Restored(BaseModel):
    """Whether the episode that was taken up is over."""

    over: bool


class Forked(BaseModel):
    """The new environments."""

    sessions: list[str]


class Closed(BaseModel):
    """Whether there was such an environment."""

    closed: bool


class Answered(BaseModel):
    """What an environment answers."""

    value: Any


class Task(BaseModel):
    """A task that this server has."""

    env_id: str
    family: str
    task: str
    scenario: str
    horizon: int
    items: dict[str, int]
    ready: bool
    extra: str
    kwargs: list[str] = Field(description="Keywords that clients may choose.")


class Tasks(BaseModel):
    """All tasks."""

    tasks: list[Task]


def results(kind: type[BaseModel]) -> type[BaseModel]:
    """Give the model of a reply whose entries are of a kind, or failed."""
    from pydantic import create_model

    inner: Any = list[kind | Failed]  # type: ignore[valid-type]  # made at run time
    return create_model(
        f"{kind.__name__}Results", __doc__="One result per entry.", results=(inner, ...)
    )
