"""Addresses: what an agent may go to, written as browsers write them.

Follows the URL standard (url.spec.whatwg.org) for http addresses. Characters that
browsers would encode, and some that they would leave, come out percent-encoded, so
that a browser finds nothing to change in what is handed to it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from urllib.parse import parse_qsl

MAX_ADDRESS = 2048  # characters
_ALWAYS_KEPT = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"
_IN_PATH = frozenset(_ALWAYS_KEPT + "!$&'()*+,;=:@/%")
_IN_QUERY = frozenset(_ALWAYS_KEPT + "!$&()*+,;=:@/?%")
_IN_FORM = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789*-._"
)
_PARTS = re.compile(
    r"(?i)(https?):[/\\]*([^/\\?#]*)([^?#]*)(\?[^#]*)?(#.*)?", re.DOTALL
)
_SAFE_PATH = re.compile(r"[a-zA-Z0-9\-_~!$&'()*+,;=:@/]*(\.[a-z]+)?")


class BadAddress(ValueError):
    """An address that no browser of these sites goes to; the message says why."""


def normalise(address: str, hosts: Collection[str]) -> str:
    """Give the address in the form in which browsers show it.

    A fragment is dropped, and https is http, since the sites know only that.

    Raises:
        BadAddress: for another scheme, an unknown host, a port or credentials.
    """
    address = address.strip("".join(map(chr, range(33))))
    address = address.translate({9: None, 10: None, 13: None})
    if len(address) > MAX_ADDRESS:
        raise BadAddress(f"it has more than {MAX_ADDRESS} characters")
    match = _PARTS.fullmatch(address)
    if match is None:
        raise BadAddress("it does not begin with http://")
    host = match[2].lower().removesuffix(":80").removesuffix(":443")
    if host not in hosts:
        known = ", ".join(f"http://{host}" for host in hosts)
        raise BadAddress(f"the sites are {known}")
    path = match[3].replace("\\", "/") or "/"
    if not _SAFE_PATH.fullmatch(path):
        path = percent(_without_dots(path), _IN_PATH)
    query = match[4] or ""
    url = f"http://{host}{path}{percent(query, _IN_QUERY)}"
    if len(url) > 3 * MAX_ADDRESS:
        raise BadAddress("it is too long")
    return url


def _without_dots(path: str) -> str:
    """Resolve ``.`` and ``..``, however they are encoded."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for place, segment in enumerate(segments):
        plain = segment.lower().replace("%2e", ".")
        last = place == len(segments) - 1
        if plain == "..":
            if kept:
                kept.pop()
            if last:
                kept.append("")
        elif plain == ".":
            if last:
                kept.append("")
        else:
            kept.append(segment)
    return "/" + "/".join(kept)


def percent(text: str, kept: Collection[str]) -> str:
    """Encode all characters but these as UTF-8 in hexadecimal."""
    if all(c in kept for c in text):
        return text
    out = []
    for c in text:
        if c in kept:
            out.append(c)
        else:
            out += [f"%{byte:02X}" for byte in c.encode("utf-8", "replace")]
    return "".join(out)


def resolve(base: str, href: str) -> str:
    """Give the full address of a link of one of our pages.

    Our pages write ``/path``, ``?query`` or a full address.
    """
    if href.startswith("/"):
        return base[: base.index("/", 7)] + href
    if href.startswith("?"):
        return base.partition("?")[0] + href
    return href


def split(url: str) -> tuple[str, str]:
    """Split a full address into its host and what follows."""
    slash = url.index("/", 7)
    return url[7:slash], url[slash:]


def encode_form(pairs: Iterable[tuple[str, str]]) -> str:
    """Write fields as browsers send a form."""
    return "&".join([f"{_encode(name)}={_encode(value)}" for name, value in pairs])


def _encode(text: str) -> str:
    if text.isalnum() and text.isascii():
        return text
    # Browsers send line breaks as CR LF; our fields have none.
    return "+".join([percent(part, _IN_FORM) for part in text.split(" ")])


def decode_form(text: str) -> dict[str, str]:
    """Read fields; of those with the same name the last one counts."""
    if not text:
        return {}
    return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=1000))


def query_of(pairs: Iterable[tuple[str, str]]) -> str:
    """Write a query for a link, with the question mark; empty for no pairs."""
    text = encode_form(pairs)
    return f"?{text}" if text else ""


def path_part(text: str) -> str:
    """Write a text as one segment of a path."""
    return percent(text, frozenset(_ALWAYS_KEPT))
