"""How often, how long and after what to ask a live service again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import Random
from typing import NamedTuple

from agentgym_envs.errors import BadOption

BUSY = 429  # the status of too many requests
FAULTY = 500  # from here on, the service has a problem of its own


class Reply(NamedTuple):
    """A whole answer: its status, its headers by lower-case names, and its body."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class NoReply(Exception):
    """One try failed; the text says how.

    Args:
        reason: Completes "the service ...".
        may_have_arrived: Whether the service may have acted on the request.
        is_final: Whether there is no sense in another try.
    """

    def __init__(
        self, reason: str, *, may_have_arrived: bool = True, is_final: bool = False
    ) -> None:
        super().__init__(reason)
        self.may_have_arrived = may_have_arrived
        self.is_final = is_final


class GaveUp(Exception):
    """No try succeeded.

    Args:
        reason: What the last one came to; it completes "the service ...".
        may_have_arrived: Whether the service may have acted on the request.
    """

    def __init__(self, reason: str, *, may_have_arrived: bool) -> None:
        super().__init__(reason)
        self.may_have_arrived = may_have_arrived


def _new_jitter() -> Callable[[], float]:
    return Random().random


@dataclass(frozen=True)
class Patience:
    """What a live service may cost in time and memory.

    Args:
        tries: How often a request is sent at most.
        timeout: Seconds for one try, to the last byte of its answer.
        first_wait: Seconds before the second try; twice as many before each later one.
        longest_wait: Seconds; a service that asks for more is not asked again.
        max_bytes: Of an answer.
        sleep: Waits for a number of seconds.
        jitter: Gives numbers from 0 to 1. Waits are shortened by up to half of
            themselves, so that environments that failed together don't return
            together.
    """

    tries: int = 4
    timeout: float = 20.0
    first_wait: float = 0.5
    longest_wait: float = 30.0
    max_bytes: int = 2**24
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    jitter: Callable[[], float] = field(default_factory=_new_jitter, repr=False)

    def __post_init__(self) -> None:
        if type(self.tries) is not int or self.tries < 1:
            raise BadOption(f"tries must be a positive int, not {self.tries!r:.80}")
        for name in ("timeout", "first_wait", "longest_wait", "max_bytes"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise BadOption(f"{name} must be a number, not {value!r:.80}")
            if not value > 0:
                raise BadOption(f"{name} must be more than 0, not {value!r}")

    def insist(self, attempt: Callable[[], Reply], *, is_repeatable: bool) -> Reply:
        """Try until there is an answer which is not that the service can't now.

        Args:
            attempt: Sends the request once; raises `NoReply` where nothing came back.
            is_repeatable: Whether it does no harm if the service acts on it twice. A
                request that is not is sent again only if it can't have been acted on.

        Raises:
            GaveUp: if there is none.
        """
        ever_arrived = False
        for number in range(self.tries):
            asked = None
            try:
                reply = attempt()
            except NoReply as error:
                reason, arrived, is_final = (
                    str(error),
                    error.may_have_arrived,
                    error.is_final,
                )
            else:
                if reply.status != BUSY and reply.status < FAULTY:
                    return reply
                reason, is_final = f"answered with status {reply.status}", False
                # Who is told to come later was not served.
                arrived = reply.status != BUSY
                asked = seconds_asked(reply.headers)
            ever_arrived |= arrived
            wait = self._wait(number, asked)
            if is_final or wait is None or (arrived and not is_repeatable):
                break
            if number + 1 < self.tries:
                self.sleep(wait)
        tries = "1 try" if number == 0 else f"{number + 1} tries"
        if asked is not None:
            reason += f" and asks to wait {asked:.0f} seconds"
        raise GaveUp(f"{reason} (after {tries})", may_have_arrived=ever_arrived)

    def check(self, size: int, deadline: float) -> None:
        """Refuse an answer that goes on for too long, in bytes or in time.

        Raises:
            NoReply: if it does.
        """
        if size > self.max_bytes:
            raise NoReply(
                f"gave an answer of more than {self.max_bytes} bytes", is_final=True
            )
        # Libraries limit the time for each piece, of which there may be many.
        if time.monotonic() > deadline:
            raise NoReply(too_slow(self.timeout))

    def _wait(self, number: int, asked: float | None) -> float | None:
        """Seconds to wait after a try; None if the service asks for too many."""
        if asked is not None:
            return asked if asked <= self.longest_wait else None
        full = min(self.first_wait * 2.0**number, self.longest_wait)
        return full * (1 - self.jitter() / 2)


def too_slow(timeout: float) -> str:
    """What a service did that took too long."""
    return f"gave no whole answer within {timeout:g} seconds"


def seconds_asked(headers: Mapping[str, str]) -> float | None:
    """What ``Retry-After`` says, as a number or a date; None if it says nothing."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
