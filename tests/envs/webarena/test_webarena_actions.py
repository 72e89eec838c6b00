"""Replies, addresses, keys and forms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgym_envs.webarena.actions import Unreadable, parse_reply, tell
from agentgym_envs.webarena.addresses import (
    BadAddress,
    decode_form,
    encode_form,
    normalise,
    resolve,
)
from agentgym_envs.webarena.interface import Action
from agentgym_envs.webarena.keys import Stop, choose, edit, key_of, next_stop

HOSTS = ("a.com", "b.org")
READ = {
    "click [12]": Action("click", 12),
    "Let me see.\n```click [12]```": Action("click", 12),
    "```\nclick [1]\n``` or ```click [2]```": Action("click", 1),
    "```python\nclick [3]\n```": Action("click", 3),
    "hover[4]": Action("hover", 4),
    "type [5] [green tea]": Action("type", 5, "green tea", enter=True),
    "type [5] [green tea] [0]": Action("type", 5, "green tea"),
    "type [5] [1]": Action("type", 5, "1", enter=True),
    "type [5] [] [1]": Action("type", 5, "", enter=True),
    "type [5] [a] [2]": Action("type", 5, "a] [2", enter=True),
    "type [5] [it’s 日本]": Action("type", 5, "it’s 日本", enter=True),
    "press [Ctrl+a]": Action("press", text="Ctrl+a"),
    "scroll [down]": Action("scroll", text="down"),
    "scroll up": Action("scroll", text="up"),
    "goto [http://a.com/x[1]]": Action("goto", text="http://a.com/x[1]"),
    "tab_focus [0]": Action("tab_focus", 0),
    "go_back": Action("go_back"),
    "stop": Action("stop"),
    "stop [a] [b]": Action("stop", text="a] [b"),
    "stop N/A": Action("stop", text="N/A"),
}
UNREAD = [
    "",
    "``````",
    "``` ```",
    "click",
    "click [x]",
    "click [1] [2]",
    "clack [1]",
    "type [1]",
    "scroll [left]",
    "goto http://a.com",
    "go_back [1]",
    "press []",
    "I think we should click [1]",
]


@pytest.mark.parametrize("reply", READ)
def test_a_reply_is_read(reply):
    assert parse_reply(reply) == READ[reply]


@pytest.mark.parametrize("reply", UNREAD)
def test_nonsense_is_no_action(reply):
    with pytest.raises(Unreadable):
        parse_reply(reply)


def test_an_action_is_told_as_the_original_tells_it():
    link = "link 'Catalog'"
    assert tell(Action("click", 12), link) == f"click [12] where [12] is {link}"
    typed = tell(Action("type", 1, "abc", enter=True), "textbox 'Q' required: False")
    assert typed == "type [1] [abc ] where [1] is textbox 'Q' required: False"
    assert "Attempt to perfom" in tell(Action("hover", 99), "")
    assert tell(Action("tab_focus", 1), "") == "page_focus [1]"
    assert tell(Action("stop"), "") == "stop []"
    assert tell(Action("go_back"), "") == "go_back"


ADDRESSES = {
    "http://a.com": "http://a.com/",
    " HTTPS://A.com:443/x ": "http://a.com/x",
    "http:\\\\b.org\\x\\y": "http://b.org/x/y",
    "http://a.com/x/../y/./%2e%2E/z": "http://a.com/z",
    "http://a.com/..": "http://a.com/",
    "http://a.com/é b?q=ü 'x'#top": "http://a.com/%C3%A9%20b?q=%C3%BC%20%27x%27",
    "http://a.com?x=1": "http://a.com/?x=1",
    "http://a.com/%zz%41": "http://a.com/%zz%41",
    "http://a.com/a\nb\tc": "http://a.com/abc",
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_written_as_browsers_do(address):
    assert normalise(address, HOSTS) == ADDRESSES[address]
    assert normalise(ADDRESSES[address], HOSTS) == ADDRESSES[address]


@pytest.mark.parametrize(
    "address",
    [
        "a.com",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "chrome://version",
        "http://c.net/",
        "http://a.com:8080/",
        "http://a.com@c.net/",
        "http://me:pass@a.com/",
        "http://127.0.0.1/",
        "",
        "http://",
        "http://a.com/" + "x" * 5000,
    ],
)
def test_no_address_leads_elsewhere(address):
    with pytest.raises(BadAddress):
        normalise(address, HOSTS)


@given(st.text())
def test_any_text_is_an_address_or_not(text):
    for address in (text, f"http://a.com/{text}"):
        try:
            url = normalise(address, HOSTS)
        except BadAddress:
            continue
        assert url.isascii() and url.startswith(("http://a.com/", "http://b.org/"))
        assert normalise(url, HOSTS) == url


@given(
    st.dictionaries(st.text(min_size=1), st.text(alphabet=st.characters(codec="utf-8")))
)
def test_a_form_arrives_as_it_was_sent(fields):
    fields = {name.encode("utf-8", "replace").decode(): v for name, v in fields.items()}
    assert decode_form(encode_form(fields.items())) == fields


def test_forms_are_encoded_as_in_browsers():
    assert (
        encode_form([("a b", "*-._~"), ("c", "é+&=")])
        == "a+b=*-._%7E&c=%C3%A9%2B%26%3D"
    )


def test_links_are_resolved():
    base = "http://a.com/x/y?z=1"
    assert resolve(base, "/q") == "http://a.com/q"
    assert resolve(base, "?p=2") == "http://a.com/x/y?p=2"
    assert resolve(base, "http://b.org/") == "http://b.org/"


def test_keys_have_names():
    assert [
        key_of(k) for k in ("enter", "CTRL+A", "meta+a", "shift+Tab", "é", " x ")
    ] == [
        "Enter",
        "Control+a",
        "Control+a",
        "Shift+Tab",
        "é",
        "x",
    ]
    assert [key_of(k) for k in ("", "F5", "Ctrl+c", "Alt+Tab", "\n")] == [""] * 5


def test_editing_keys():
    assert edit("tea", 3, 3, "Backspace") == ("te", 2, 2)
    assert edit("tea", 0, 0, "Backspace") == ("tea", 0, 0)
    assert edit("tea", 0, 3, "Delete") == ("", 0, 0)
    assert edit("tea", 1, 1, "Delete") == ("ta", 1, 1)
    assert edit("tea", 1, 2, "ArrowLeft") == ("tea", 1, 1)
    assert edit("tea", 1, 2, "ArrowRight") == ("tea", 2, 2)
    assert edit("tea", 3, 3, "ArrowRight") == ("tea", 3, 3)
    assert edit("tea", 1, 1, "Home") == ("tea", 0, 0)
    assert edit("tea", 1, 1, "Control+a") == ("tea", 0, 3)


def test_tab_visits_one_radio_button_of_a_group():
    group = (0, "g")
    stops = [Stop("link", (-1, ""), False), *[Stop("radio", group, False)] * 3]
    stops.append(Stop("text", (0, "t"), False))
    assert [next_stop(stops, at, back=False) for at in (-1, 0, 1, 4)] == [0, 1, 4, -1]
    assert [next_stop(stops, at, back=True) for at in (-1, 4, 3, 0)] == [4, 3, 0, -1]
    stops[2] = Stop("radio", group, True)
    assert next_stop(stops, 0, back=False) == 2
    assert next_stop(stops, 4, back=True) == 2


def test_a_list_is_chosen_from_by_text_or_its_start():
    texts = ["Any", "Pending", "Pending review"]
    assert choose(texts, "pending") == 1
    assert choose(texts, "  Pending   rev") == 2
    assert choose(texts, "x") == choose(texts, "") == -1
