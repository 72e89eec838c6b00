"""Every example in a docstring gives what it says."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

from agentgym_envs.errors import MissingExtra

PACKAGES = (
    "agentgym_envs",
    "agentgym_wrappers",
    "agentgym_policies",
    "agentgym_trainers",
    "agentgym_server",
)


def modules():
    for name in PACKAGES:
        yield name
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not module.name.endswith("__main__"):
                yield module.name


@pytest.mark.parametrize("name", list(modules()))
def test_the_examples_hold(name):
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if str(error.name).startswith("agentgym"):
            raise
        pytest.skip(f"{error.name}, which an extra brings, is not installed")
    except MissingExtra as error:
        pytest.skip(str(error))
    failed, _ = doctest.testmod(module)
    assert failed == 0


def test_every_wrapper_has_an_example():
    import agentgym_wrappers

    for name in agentgym_wrappers.__all__:
        assert ">>>" in getattr(agentgym_wrappers, name).__doc__, name
