"""The transport below httpx that is patient; only to be imported where httpx is."""

from __future__ import annotations

import os
import ssl
import time
from collections.abc import Callable
from functools import lru_cache
from urllib.request import getproxies, proxy_bypass

import httpx

from agentgym_envs.tools.keys import NO_KEY, Secret
from agentgym_envs.tools.patience import NoReply, Patience, Reply, too_slow

IS_REPEATABLE = "agentgym_repeatable"
"""The extension of a request that does no harm twice though it changes something."""

# The body is unpacked where it is received.
_OF_TRANSFER = ("content-encoding", "content-length", "transfer-encoding")

Sign = Callable[[httpx.Request], httpx.Request]
"""Gives a request its key, just before it is sent and after httpx has logged it."""


class PatientTransport(httpx.BaseTransport):
    """Repeats, times and measures requests; a library above it need not know.

    Requests with which no try succeeds raise `patience.GaveUp`.

    Args:
        patience: How long and how often.
        sign: Adds a key.
        secret: What no answer may repeat.
        moved: Where a library that knows only one address shall go instead: how its
            addresses begin, and what stands in the place of that.
        always_repeatable: Whether all requests may be sent twice; by default, those
            that only read.
    """

    def __init__(
        self,
        patience: Patience,
        *,
        sign: Sign | None = None,
        secret: Secret = NO_KEY,
        moved: tuple[str, str] | None = None,
        always_repeatable: bool = False,
    ) -> None:
        self._patience = patience
        self._sign = sign
        self._secret = secret
        self._moved = moved
        self._always_repeatable = always_repeatable
        self._inner: dict[str | None, httpx.HTTPTransport] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request until it is answered."""
        sent = self._prepared(request)
        reply = self._patience.insist(
            lambda: self._try(sent),
            is_repeatable=self._always_repeatable
            or request.method == "GET"
            or bool(request.extensions.get(IS_REPEATABLE)),
        )
        return httpx.Response(
            reply.status,
            headers=dict(reply.headers),
            content=reply.content,
            request=request,
        )

    def _prepared(self, request: httpx.Request) -> httpx.Request:
        """The request as it goes out: to the right address, with key and time-outs."""
        url = str(request.url)
        headers = list(request.headers.multi_items())
        if self._moved is not None and url.startswith(self._moved[0]):
            url = self._moved[1] + url.removeprefix(self._moved[0])
            headers = [pair for pair in headers if pair[0].lower() != "host"]
        sent = httpx.Request(
            request.method,
            url,
            headers=headers,
            content=request.read(),
            extensions={"timeout": httpx.Timeout(self._patience.timeout).as_dict()},
        )
        return self._sign(sent) if self._sign else sent

    def _try(self, request: httpx.Request) -> Reply:
        deadline = time.monotonic() + self._patience.timeout
        try:
            response = self._through(request.url).handle_request(request)
            try:
                return self._received(response, deadline)
            finally:
                response.close()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError):
            raise NoReply("can't be reached", may_have_arrived=False) from None
        except httpx.TimeoutException:
            raise NoReply(too_slow(self._patience.timeout)) from None
        except httpx.TransportError:
            raise NoReply("dropped the connection") from None
        except httpx.DecodingError:
            raise NoReply("gave an answer that can't be unpacked") from None

    def _received(self, response: httpx.Response, deadline: float) -> Reply:
        content = bytearray()
        for piece in response.iter_bytes():
            content += piece
            self._patience.check(len(content), deadline)
        headers = {
            name.lower(): value
            for name, value in response.headers.items()
            if name.lower() not in _OF_TRANSFER
        }
        covered = self._secret.cover(bytes(content))
        return Reply(response.status_code, headers, covered)

    def _through(self, url: httpx.URL) -> httpx.HTTPTransport:
        """The transport that the system's settings of proxies want for an address."""
        proxy = None if proxy_bypass(url.host) else getproxies().get(url.scheme)
        if proxy not in self._inner:
            self._inner[proxy] = httpx.HTTPTransport(
                verify=_trusted(os.getpid()), proxy=proxy
            )
        return self._inner[proxy]

    def close(self) -> None:
        """Close all connections."""
        for inner in self._inner.values():
            inner.close()


@lru_cache(maxsize=1)
def _trusted(process: int) -> ssl.SSLContext:
    """The certificates that are trusted; reading them takes a tenth of a second."""
    return httpx.create_ssl_context()
