"""Replies to the letter of the original, and where its sites are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgym_envs.errors import BadOption
from agentgym_envs.webarena.actions import Unreadable
from agentgym_envs.webarena.interface import Action
from agentgym_envs.webarena.original.addresses import Addresses, origin_of
from agentgym_envs.webarena.original.replies import (
    parse_original,
    parse_original_action,
)

READ = {
    "click [12]": Action("click", 12),
    "click[12]": Action("click", 12),
    "click [12] and more": Action("click", 12),
    "hover [3]": Action("hover", 3),
    "type [5] [tea]": Action("type", 5, "tea", enter=True),
    "type [5] [tea] [0]": Action("type", 5, "tea"),
    "type [5] [a] [2]": Action("type", 5, "a] [2", enter=True),
    "press [Meta+a]": Action("press", text="Meta+a"),
    "scroll [down]": Action("scroll", text="down"),
    "scroll [up": Action("scroll", text="up"),
    "goto [http://a.com/x[1]]": Action("goto", text="http://a.com/x[1]"),
    "tab_focus [1]": Action("tab_focus", 1),
    "new_tab": Action("new_tab"),
    "go_back [at once]": Action("go_back"),
    "close_tab please": Action("close_tab"),
    "stop [a] [b]": Action("stop", text="a] [b"),
    "stop N/A": Action("stop"),
    "stop": Action("stop"),
    "type [5] [é ʯ]": Action("type", 5, "é ʯ", enter=True),
}
UNREAD = {
    "type [5] [1]": "Invalid type action type [5] [1]",
    "type [5] [0]": "Invalid type action type [5] [0]",
    "type [5]": "Invalid type action type [5] [1]",
    "click  [5]": "Invalid click action click  [5]",
    "click [x]": "Invalid click action click [x]",
    "hover": "Invalid hover action hover",
    "press Enter": "Invalid action press Enter",
    "Click [5]": "Invalid action Click [5]",
    "python\nclick [5]": "Invalid action python\nclick [5]",
    "goto [a\nb]": "Invalid goto action goto [a\nb]",
    "scroll [left]": "Invalid scroll action scroll [left]",
    "type [5] [it’s]": "'’'",
    "type [5] [a™]": "'™'",
    "type [5] [\x80]": r"'\x80'",
    "": "list index out of range",
    " \n ": "list index out of range",
}
UNREAD["press Enter"] = "Invalid press action press Enter"


@pytest.mark.parametrize("text", READ)
def test_an_action_is_read_as_the_original_reads_it(text):
    assert parse_original(f"So:\n```{text}``` or ```stop```") == READ[text]


@pytest.mark.parametrize("text", UNREAD)
def test_what_the_original_can_not_read_is_told_in_its_words(text):
    with pytest.raises(Unreadable) as caught:
        parse_original(f"```{text}```")
    assert str(caught.value) == UNREAD[text]


def test_a_reply_without_a_fence_is_repeated():
    with pytest.raises(Unreadable) as caught:
        parse_original("click [5]")
    assert str(caught.value) == "Cannot parse action from response click [5]"


def test_public_names_become_addresses_within_an_action():
    addresses = Addresses(
        {"shopping": "http://h:7770/", "shopping_admin": "http://h/a"}
    )
    reply = "```goto [https://onestopmarket.com/x?u=http://luma.com/admin]```"
    action = parse_original(reply, addresses.local)
    assert action.text == "http://h:7770/x?u=http://h/a"
    assert addresses.shown(action.text).startswith("http://onestopmarket.com/x")


@given(st.text(alphabet="clicktypestop[]0123 \n`™é") | st.text())
def test_any_text_is_an_action_or_unreadable(text):
    try:
        action = parse_original_action(text)
    except Unreadable:
        return
    assert action.kind


def test_a_huge_number_is_a_number_that_no_element_has():
    assert parse_original_action(f"click [{'9' * 5000}]").number == 10**18


# Addresses


def test_addresses_come_from_either_kind_of_variables():
    variables = {"SHOPPING": "http://s:1/", "WA_MAP": "http://m:2", "MAPS": "no"}
    addresses = Addresses.from_environment(variables)
    assert addresses.by_site == {"shopping": "http://s:1", "map": "http://m:2"}
    assert addresses.fill("__SHOPPING__/a __MAP__") == "http://s:1/a http://m:2"


def test_the_shop_and_its_administration_are_told_apart():
    addresses = Addresses({"shopping": "http://s", "shopping_admin": "http://s/admin"})
    text = addresses.fill("__SHOPPING_ADMIN__/x __SHOPPING__/y __DUNNO__")
    assert text == "http://s/admin/x http://s/y __DUNNO__"


def test_a_site_without_an_address_says_which_variable_to_set():
    with pytest.raises(BadOption, match=r"\$GITLAB or \$WA_GITLAB"):
        Addresses({}).fill("__GITLAB__/x")


@pytest.mark.parametrize("address", ["file:///etc", "h:80", "", "javascript:1"])
def test_an_address_of_another_scheme_is_refused(address):
    with pytest.raises(BadOption, match="shopping"):
        Addresses({"shopping": address})


def test_a_site_that_webarena_has_not_is_refused():
    with pytest.raises(BadOption, match="no site 'shop'"):
        Addresses({"shop": "http://h"})


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("http://h/x", "http://h:80"),
        ("https://H:443", "https://h:443"),
        ("http://h:7770/x?y#z", "http://h:7770"),
        ("http://user@h/", ""),
        ("http://h\\@evil.com/", ""),
        ("file:///etc/passwd", ""),
        ("view-source:http://h/", ""),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("about:blank", ""),
        ("http://h:port/", ""),
        ("//h/x", ""),
        ("", ""),
    ],
)
def test_the_origin_of_an_address(address, origin):
    assert origin_of(address) == origin
