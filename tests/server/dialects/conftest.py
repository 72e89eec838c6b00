from __future__ import annotations

import httpx
import pytest
from dialect_server import running


@pytest.fixture(scope="session")
def address():
    """Where a server of all families is, for the whole run."""
    with running() as url:
        yield url


@pytest.fixture(scope="session")
def address_of_workers():
    """Where one is whose environments live in two processes."""
    with running(workers=2) as url:
        yield url


@pytest.fixture(scope="session")
def http(address):
    with httpx.Client(base_url=address, timeout=120) as client:
        yield client
