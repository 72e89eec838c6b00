"""What a server refuses, each with the status that HTTP has for it."""

from __future__ import annotations

from typing import ClassVar

from agentgym_envs.errors import AgentGymError


class Refusal(AgentGymError):
    """A request that can't be done; the message is meant for the client."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 400


class BadRequest(Refusal, ValueError):
    """A request without meaning."""

    code = "bad_request"


class NoSession(Refusal, LookupError):
    """An id that no environment has, or none has any more."""

    code = "no_session"
    status = 404


class KeyReused(Refusal):
    """An idempotency key that has been used for something else."""

    code = "key_reused"
    status = 409


class ServerFull(Refusal):
    """There are as many environments, or connections, as the server may hold."""

    code = "full"
    status = 503


class Closing(Refusal):
    """The server is about to end."""

    code = "closing"
    status = 503


class EpisodeLost(Refusal):
    """The environment's worker died, and the episode with it; reset it."""

    code = "episode_lost"
    status = 409
