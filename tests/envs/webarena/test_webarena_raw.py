"""The tree as the browser has it, which the original prints."""

from __future__ import annotations

import re

import gymnasium
import pytest

from agentgym_envs.errors import BadOption, NoExpertAction
from agentgym_envs.webarena.chromium.tree import read_tree
from agentgym_envs.webarena.env import WebArenaEnv


def node(number, role, name="", children=(), backend=None, **properties):
    return {
        "nodeId": str(number),
        "role": {"value": role},
        "name": {"value": name},
        "childIds": [str(child) for child in children],
        "backendDOMNodeId": number * 10 if backend is None else backend,
        "properties": [
            {"name": key, "value": {"value": value}}
            for key, value in properties.items()
        ],
    }


NODES = [
    node(4, "RootWebArea", "A page", [5, 9, 7, 12], focusable=True, url="http://a/"),
    node(5, "generic", "", [6]),
    node(6, "link", "Tea", [-3], url="http://a/tea", focusable=True),
    node(9, "form", "", [10, 11]),
    node(10, "listitem", "", [], level=1, live="polite"),
    node(11, "generic", "", [], live="polite"),
    node(7, "heading", "Shop", [8], backend=0),
    node(8, "StaticText", "Welcome"),
    node(-3, "StaticText", "Tea"),
    node(12, "image", ""),
    node(5, "button", "A second node of the same number"),
    {"nodeId": "13", "ignored": True},
]


def test_lines_are_those_of_the_original():
    lines, text = read_tree(NODES, None, "raw")

    assert text.splitlines() == [
        "[4] RootWebArea 'A page' url: http://a/",
        "\t[6] link 'Tea' url: http://a/tea",
        "\t[9] form ''",
        "\t\t[11] generic '' live: polite",
        "\t[7] heading 'Shop'",
        "\t[8] StaticText 'Welcome'",  # what has no place of its own adds no depth
        "\t[12] image ''",
    ]
    assert lines[6].node == 60
    assert -3 in lines  # cleaned away, but there


def test_what_lies_outside_the_window_is_cut_and_its_children_move_up():
    rects = {60: (0.0, 0.0, 50.0, 20.0), 90: (0.0, 900.0, 50.0, 20.0)}
    rects |= {110: (5.0, 5.0, 9.0, 9.0)}
    _, text = read_tree(NODES, rects, "raw")

    assert text.splitlines() == [
        "[4] RootWebArea 'A page' url: http://a/",
        "\t[6] link 'Tea' url: http://a/tea",
        "\t[11] generic '' live: polite",
    ]


def test_the_browsers_numbers_are_those_of_actions(chromium):
    env = WebArenaEnv(backend="chromium", format="raw", split="all")
    text, _ = env.reset(options={"item": 0})
    number, _, address = re.search(
        r"\[(\d+)\] link '([^']+)' url: (http://\S+/\S+)", text
    ).groups()
    *_, info = env.step(f"```click [{number}]```")

    assert ".test/" not in text
    assert info["fail_error"] == ""
    assert info["url"] == address
    assert env.step("```click [987654]```")[4]["invalid_action"]
    with pytest.raises(NoExpertAction, match="canonical"):
        env.expert_action()
    env.close()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"format": "raw"}, "backend='chromium'"),
        ({"format": "html"}, "one of canonical, raw"),
    ],
)
def test_options_without_meaning_are_refused(options, message):
    with pytest.raises(BadOption, match=message):
        gymnasium.make("agentgym/WebArena-v0", **options)
