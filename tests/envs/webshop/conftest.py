"""What the tests of WebShop share."""

from __future__ import annotations

import pytest
import webshop_shelf as shelf


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory):
    """Keep prepared catalogues out of the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """The data folder of the small shop."""
    return shelf.write(tmp_path_factory.mktemp("shop"))
