"""A real browser, where there is one."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from agentgym_envs.webarena.chromium.launch import find_browser

CHROMIUM = find_browser()
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
    "--disable-background-networking --disable-component-update"
).split()


@contextmanager
def new_page(**options):
    """Open a page; what goes wrong in it is gathered in ``page.faults``."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        try:
            page = browser.new_page(**options)
            page.faults = []
            page.on("pageerror", lambda error: page.faults.append(str(error)))
            page.on("console", lambda said: _note(page, said))
            page.on("request", lambda asked: _note_request(page, asked))
            yield page
        finally:
            browser.close()


def _note(page, said):
    if said.type == "error":
        page.faults.append(said.text)


def _note_request(page, asked):
    if not asked.url.startswith("file:"):
        page.faults.append(f"request: {asked.url}")
