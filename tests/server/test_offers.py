"""What clients may choose exists, and names nothing of the server's."""

from __future__ import annotations

import inspect

import pytest

import agentgym_envs
from agentgym_envs.errors import BadOption, NotReady
from agentgym_envs.registry import TaskSpec
from agentgym_server.offers import KEYWORDS, Offers
from agentgym_server.settings import Settings

ENTRIES = {
    spec.name: spec.entry
    for spec in agentgym_envs.SPECS
    if spec.entry and "." not in spec.name
}


@pytest.mark.parametrize("family", sorted(KEYWORDS))
def test_keywords_are_those_of_the_constructor(family):
    module, _, name = ENTRIES[family].partition(":")
    source = __import__(module, fromlist=[name])
    taken = inspect.signature(getattr(source, name)).parameters
    assert set(KEYWORDS[family]) <= set(taken)
    assert not {"data", "backend", "retriever", "java"} & set(KEYWORDS[family])


def test_the_operators_data_goes_to_the_family_and_cannot_be_chosen():
    offers = Offers(Settings(data={"webshop": "/some/where"}))
    made = offers.maker("agentgym/WebShop-v0", {"human_goals": True})
    assert made.kwargs == {"data": "/some/where", "human_goals": True}
    assert offers.maker("agentgym/Maze-v0", {}).kwargs == {}
    with pytest.raises(BadOption, match="may not choose 'data'"):
        offers.maker("agentgym/WebShop-v0", {"data": "/etc"})


def test_planned_tasks_say_so():
    later = TaskSpec(name="Lantern", scenario="household", horizon=30)
    offers = Offers(Settings())
    offers.specs[later.id] = later
    with pytest.raises(NotReady):
        offers.maker(later.id, {})


def test_environments_of_other_packages_are_offered_by_the_operator():
    offers = Offers(Settings(offer=("server_games:test/Moody-v0",)))
    assert offers.maker("test/Moody-v0", {}).source.id == "test/Moody-v0"
    with pytest.raises(BadOption, match="may not choose 'path'"):
        offers.maker("test/Moody-v0", {"path": "/etc"})
