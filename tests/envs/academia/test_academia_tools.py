"""Academia's tools: what they answer, and every error, to the letter."""

from __future__ import annotations

import json

import pytest

from agentgym_envs.academia.env import AcademiaEnv
from agentgym_envs.academia.tools import TOOLBOX
from agentgym_envs.tools.replies import write_call

GRAPH = {
    "format": "academia-graph-v1",
    "papers": [
        {"id": "p1", "title": "One", "attrs": {"year": 2001, "n_citation": 0}},
        {"id": "p2", "title": "Two", "attrs": {"year": 2000, "n_citation": 3}},
        {"id": "p3", "title": "Three", "attrs": {"year": 1999, "n_citation": 9}},
    ],
    "citations": [["p1", "p3", {"weight": 1}], ["p1", "p2", {}]],
    "authors": [
        {"id": 7, "name": "Ann", "attrs": {"name": "Ann", "org": "A"}},
        {"id": 8, "name": "Bob", "attrs": {"name": "Bob", "org": "B"}},
        {"id": 9, "name": "Cem", "attrs": {"name": "Cem", "org": "B"}},
    ],
    "coauthor": [[7, 9, {"weight": 2, "collaborative_papers": ["p3", "p1"]}]],
}
ITEM = {"id": 0, "goal": "?", "subgoals": ["B"], "additional_info": {}}


@pytest.fixture
def env(tmp_path):
    (tmp_path / "academia.jsonl").write_text(json.dumps(ITEM))
    (tmp_path / "graph.json").write_text(json.dumps(GRAPH))
    env = AcademiaEnv(
        data=tmp_path, graph=tmp_path / "graph.json", parity=True, split="test"
    )
    env.reset(seed=0)
    return env


def ask(env, name, **given):
    text = env.step(write_call(name, given))[0]
    assert text.startswith("Observation: ") and text.endswith("\nGive me one action.")
    return text.removeprefix("Observation: ").removesuffix("\nGive me one action.")


@pytest.fixture
def loaded(env):
    assert ask(env, "loadPaperNet") == "PaperNet is loaded."
    assert ask(env, "loadAuthorNet") == "AuthorNet is loaded."
    return env


def test_the_tools_are_listed_in_the_originals_order(env):
    assert ask(env, "check_valid_actions") == (
        "You can use following valid actions: ['loadPaperNet', 'loadAuthorNet', "
        "'neighbourCheck', 'paperNodeCheck', 'authorNodeCheck', 'authorEdgeCheck', "
        "'paperEdgeCheck', 'check_valid_actions', 'finish']"
    )


def test_a_network_has_to_be_loaded(env):
    authors, papers = (
        f"Please load the {net} first." for net in ("AuthorNet", "PaperNet")
    )
    assert ask(env, "neighbourCheck", graph="PaperNet", node="One") == papers
    assert ask(env, "neighbourCheck", graph="AuthorNet", node="Ann") == authors
    assert ask(env, "paperNodeCheck", node="One") == papers
    assert ask(env, "authorNodeCheck", node="Ann") == authors
    assert ask(env, "authorEdgeCheck", node1="Ann", node2="Cem") == authors
    assert ask(env, "paperEdgeCheck", node1="One", node2="Two") == papers
    ask(env, "loadPaperNet")
    assert ask(env, "authorNodeCheck", node="Ann") == authors
    assert ask(env, "paperNodeCheck", node="One").startswith("{'year'")


def test_a_reset_unloads(loaded):
    loaded.reset(seed=0)
    assert (
        ask(loaded, "paperNodeCheck", node="One") == "Please load the PaperNet first."
    )


def test_neighbours_are_told_in_their_order(loaded):
    papers = {"graph": "PaperNet", "node": "One"}
    assert ask(loaded, "neighbourCheck", **papers) == "['Three', 'Two']"
    assert ask(loaded, "neighborCheck", **papers) == "['Three', 'Two']"
    assert ask(loaded, "neighbourCheck", graph="PaperNet", node="Two") == "[]"
    assert ask(loaded, "neighbourCheck", graph="AuthorNet", node="Cem") == "['Ann']"


def test_nodes_and_edges_tell_what_is_stored(loaded):
    assert ask(loaded, "paperNodeCheck", node="Two") == (
        "{'year': 2000, 'n_citation': 3}"
    )
    assert ask(loaded, "authorNodeCheck", node="Ann") == "{'name': 'Ann', 'org': 'A'}"
    for pair in (("Ann", "Cem"), ("Cem", "Ann")):
        assert ask(loaded, "authorEdgeCheck", node1=pair[0], node2=pair[1]) == (
            "{'weight': 2, 'collaborative_papers': ['Three', 'One']}"
        )
    assert ask(loaded, "paperEdgeCheck", node1="One", node2="Three") == "{'weight': 1}"
    assert ask(loaded, "paperEdgeCheck", node1="One", node2="Two") == "{}"


def test_what_is_not_there_is_named(loaded):
    missing = "There is no node named {} in the {}."
    for name, net in (("paper", "PaperNet"), ("author", "AuthorNet")):
        assert ask(loaded, f"{name}NodeCheck", node="X") == missing.format("X", net)
        assert ask(loaded, "neighbourCheck", graph=net, node=3) == missing.format(
            3, net
        )
        given = {"node1": "X", "node2": "Y"}
        assert ask(loaded, f"{name}EdgeCheck", **given) == missing.format("X", net)
    given = {"node1": "Ann", "node2": "Y"}
    assert ask(loaded, "authorEdgeCheck", **given) == missing.format("Y", "AuthorNet")
    assert ask(loaded, "authorEdgeCheck", node1="Ann", node2="Bob") == (
        "There is no edge between Ann and Bob."
    )
    assert ask(loaded, "paperEdgeCheck", node1="Two", node2="One") == (
        "There is no edge between Two and One."
    )


def test_other_networks_and_lists_are_errors_of_python(loaded):
    assert ask(loaded, "neighbourCheck", graph="CityNet", node="One") == (
        "AttributeError('str' object has no attribute 'neighbors')"
    )
    assert ask(loaded, "neighbourCheck", graph=4, node="One") == (
        "AttributeError('int' object has no attribute 'neighbors')"
    )
    assert ask(loaded, "paperNodeCheck", node=["One"]) == (
        "TypeError(unhashable type: 'list')"
    )


@pytest.mark.parametrize("tool", [tool for tool in TOOLBOX.tools if tool.arguments])
def test_what_is_missing_is_an_error(env, tool):
    assert ask(env, tool.name) == f"ERROR | KeyError({tool.arguments[0].name!r})"


def test_any_result_may_be_the_answer_in_parity(loaded):
    text, reward, terminated, _, _ = loaded.step(write_call("finish", {"answer": "B"}))
    assert (reward, terminated) == (1.0, True)
    assert text == "Observation: B\nGive me one action."
