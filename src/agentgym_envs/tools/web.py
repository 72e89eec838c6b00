"""Live services that answer with JSON, and how the agent is told that one fails."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from agentgym_envs.errors import BadOption, MissingExtra
from agentgym_envs.tools.keys import Secret
from agentgym_envs.tools.patience import GaveUp, Patience
from agentgym_envs.tools.toolbox import ServiceFailure, ToolFailure

if TYPE_CHECKING:
    import httpx

    from agentgym_envs.tools.transport import Sign

EXTRA = "tools-live"
MAX_REFUSAL = 2000  # characters of a refusal that an agent reads


def check_url(url: object) -> str:
    """Give the address of a service without a slash at the end.

    Raises:
        BadOption: if it is none.
    """
    if isinstance(url, str) and url.startswith(("http://", "https://")):
        with contextlib.suppress(ValueError):  # such as of a port that is no number
            parts = urlsplit(url)
            if parts.hostname and parts.port != 0:
                return url.rstrip("/")
    raise BadOption(f"base_url must be like https://example.org, not {url!r:.80}")


def open_client(patience: Patience, **options: Any) -> httpx.Client:
    """Open a client above a `transport.PatientTransport` with these options.

    Raises:
        MissingExtra: if httpx is not installed.
    """
    try:
        import httpx

        from agentgym_envs.tools.transport import PatientTransport
    except ImportError:
        raise MissingExtra(EXTRA, "httpx") from None
    # The transport minds the environment's proxies.
    return httpx.Client(
        transport=PatientTransport(patience, **options), trust_env=False
    )


class JsonService:
    """A service that is asked by GET.

    Args:
        name: What an agent knows it as.
        patience: How long and how often it is asked.
        key: What is kept out of every text.
        sign: Adds the key to a request.

    Raises:
        MissingExtra: if httpx is not installed.
    """

    def __init__(
        self, name: str, patience: Patience, key: Secret, sign: Sign | None
    ) -> None:
        self.name = name
        self._key = key
        self._client = open_client(patience, sign=sign, secret=key)

    def get(self, url: str, parameters: dict[str, str] | None = None) -> Any:
        """Give the answer's JSON.

        Raises:
            ToolFailure: with the body of the answer, if its status isn't 200.
            ServiceFailure: if there is no answer, or none that makes sense.
        """
        try:
            response = self._client.get(url, params=parameters)
        except GaveUp as error:
            raise failure(self.name, str(error)) from None
        if response.status_code != 200:
            raise refusal(self._key, response.text, response.status_code)
        try:
            return json.loads(response.content)
        except (ValueError, RecursionError):
            raise nonsense(self.name) from None

    def close(self) -> None:
        """Close all connections."""
        self._client.close()


def refusal(key: Secret, body: str, status: int) -> ToolFailure:
    """What an agent reads when a service refuses: what it says, without the key."""
    # Half of a key would not be found, so it is covered before anything is cut.
    text = key.hide(body).strip() or f"status {status}"
    if len(text) > MAX_REFUSAL:
        text = f"{text[:MAX_REFUSAL]}..."
    return ToolFailure(text)


def failure(service: str, reason: str, changed: str = "Nothing changed") -> Exception:
    """What an agent reads when a service fails.

    Args:
        service: Its name.
        reason: Completes "the service ...".
        changed: What is known of the change that was asked for.
    """
    return ServiceFailure(
        f"Service unavailable: {service} {reason}. {changed}; you may try again."
    )


def nonsense(service: str) -> Exception:
    """What an agent reads when a service tells something that makes no sense."""
    return failure(service, "gave an answer that makes no sense")
