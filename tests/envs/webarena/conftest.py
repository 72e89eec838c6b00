"""What the tests of WebArena share."""

from __future__ import annotations

import importlib.util

import pytest
from webarena_addresses import SITES

from agentgym_envs.webarena.chromium.launch import find_browser

HOSTS = ("random.test", *(site.host for site in SITES.values()))


@pytest.fixture(scope="session")
def needs_chromium():
    """Skip where there is no browser to compare with."""
    if importlib.util.find_spec("playwright") is None or find_browser() is None:
        pytest.skip("needs playwright and Chromium")


@pytest.fixture
def chromium(needs_chromium):
    """The Chromium of this process, which can reach all sites of the tests."""
    from agentgym_envs.webarena.chromium.browser import shared_chromium

    return shared_chromium(HOSTS)
