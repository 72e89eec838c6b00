"""Names that a real browser has for the sites.

Browsers insist on https for some well-known names, whatever a resolver says, so inside
the browser each name has an ending that no real site has. Nothing of it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable

ENDING = ".test"  # reserved for this by RFC 6761


def inside(text: str, hosts: Iterable[str], ending: str = ENDING) -> str:
    """Write the addresses of sites as the browser knows them."""
    for host in hosts:
        text = text.replace(f"http://{host}/", f"http://{host}{ending}/")
    return text


def outside(text: str, hosts: Iterable[str]) -> str:
    """Write the addresses of sites as everybody else knows them."""
    for host in hosts:
        text = text.replace(f"http://{host}{ENDING}/", f"http://{host}/")
    return text


def html_inside(html: str, hosts: Iterable[str], ending: str = ENDING) -> str:
    """Turn what links and forms of a document lead to into the browser's names."""
    if '="http://' not in html:
        return html
    for host in hosts:
        for name in ("href", "action", "formaction"):
            html = html.replace(
                f' {name}="http://{host}/', f' {name}="http://{host}{ending}/'
            )
    return html
