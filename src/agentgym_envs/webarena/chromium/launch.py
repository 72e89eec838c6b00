"""Find and start Chromium."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from agentgym_envs.errors import AgentGymError, MissingExtra

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

VARIABLE = "AGENTGYM_CHROMIUM"  # path of the browser to use
# The first one has no windows to draw, and takes half the time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class BrowserMissing(AgentGymError, RuntimeError):
    """There is no Chromium, or it doesn't start."""


def find_browser(path: str | None = None) -> str | None:
    """Give the path of a Chromium, or None for playwright's own."""
    if path or (path := os.environ.get(VARIABLE)):
        return path
    for name in NAMES:
        if found := shutil.which(name):
            return found
    return None


def start_playwright() -> Playwright:
    """Start playwright's driver.

    Raises:
        MissingExtra: if playwright is not installed.
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise MissingExtra("webarena-browser", "playwright") from None
    return sync_playwright().start()


def launch(playwright: Playwright, hosts: dict[str, int], path: str | None) -> Browser:
    """Start a headless Chromium that can reach these loopback ports and nothing else.

    Args:
        playwright: The driver.
        hosts: The loopback port by host name.
        path: The browser; None looks for one.

    Raises:
        BrowserMissing: if there is none.
    """
    places = {f"{host}:80": f"127.0.0.1:{port}" for host, port in hosts.items()}
    return launch_within(playwright, places, path)


def launch_within(
    playwright: Playwright, places: dict[str, str], path: str | None
) -> Browser:
    """Start a headless Chromium that reaches these hosts and ports, and nothing else.

    Args:
        playwright: The driver.
        places: Where a ``host:port`` really is.
        path: The browser; None looks for one.

    Raises:
        BrowserMissing: if there is none.
    """
    from playwright.sync_api import Error

    rules = [f"MAP {name} {place}" for name, place in places.items()]
    rules.append("MAP * ~NOTFOUND")
    try:
        return playwright.chromium.launch(
            executable_path=find_browser(path),
            headless=True,
            args=[*FLAGS, f"--host-resolver-rules={','.join(rules)}"],
        )
    except Error as error:
        raise BrowserMissing(
            "Chromium did not start; install it (Debian: apt-get install "
            f"chromium-headless-shell) or name it in ${VARIABLE}, or use the text "
            f"backend, which needs no browser: {str(error).splitlines()[0]}"
        ) from error
