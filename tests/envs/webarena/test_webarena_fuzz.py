"""Replies and forms that nobody expects.

``WEBARENA_FUZZ=200000 WEBARENA_FORMS=200000`` for many.
"""

from __future__ import annotations

import os
from random import Random

import pytest
from webarena_addresses import ADDRESSES, SESSIONS, SITES

from agentgym_envs.webarena.addresses import encode_form, resolve, split
from agentgym_envs.webarena.env import WebArenaEnv
from agentgym_envs.webarena.sites.world import PageCache, World
from agentgym_envs.webarena.text.browser import TextBrowser

REPLIES = int(os.environ.get("WEBARENA_FUZZ", "1000"))
FORMS = int(os.environ.get("WEBARENA_FORMS", "1400"))
MARK = "<zx9"  # what begins every piece of markup below, and no page of ours
VALUES = (
    "",
    "1",
    "green tea",
    f"{MARK} onload=alert(1)>",
    f'">{MARK}>',
    f"']}}{{{{7*7}}}}${{7*7}}{MARK}>",
    "' OR 1=1 --",
    "a'; DROP TABLE product; --",
    "%' UNION SELECT password FROM account --",
    "../../../etc/passwd",
    "\x00\x1b[2J\r\n",
    "\ud800",
    "\u202eright\u200b\ufeff",
    "日本 e\u0301 😀",
    "9" * 5000,
    "-1",
    "[0] [1]",
    "``` click [1] ```",
    "x" * 4000,
)
NAMES = (
    "click hover type press scroll goto new_tab tab_focus close_tab go_back go_forward "
    "stop Click python"
).split()
KEYS = (
    "Enter Tab Shift+Tab Ctrl+a Home End Delete Backspace Space a F5 Meta+x +".split()
)
HOSTS = {site.name: site.host for site in SITES.values()}


def address(rng):
    name = rng.choice(list(HOSTS))
    path = rng.choice(ADDRESSES[name])
    tail = rng.choice(("", "", "?q=", "/", "#", "?p=")) + rng.choice(VALUES)[:60]
    return f"{path}{rng.choice(('', tail))}"


def action(rng, lines):
    name = rng.choice(NAMES)
    number = rng.randrange(1, lines + 3) if rng.random() < 0.9 else rng.choice(VALUES)
    if rng.random() < 0.5:
        # Most often something that leads on.
        return rng.choice(
            (f"click [{number}]", f"type [{number}] [{rng.choice(VALUES)}] [1]")
        )
    match name:
        case "click" | "hover" | "tab_focus":
            return f"{name} [{number}]"
        case "type":
            flag = rng.choice(("", " [0]", " [1]", " [2]"))
            return f"type [{number}] [{rng.choice(VALUES)}]{flag}"
        case "press":
            return f"press [{rng.choice((*KEYS, *VALUES))}]"
        case "scroll":
            return f"scroll [{rng.choice(('up', 'down', 'left'))}]"
        case "goto":
            strange = ("file:///etc/passwd", "javascript:1", "http://[::1", "//x")
            return f"goto [{rng.choice((address(rng), address(rng), *strange))}]"
        case "stop" if rng.random() < 0.9:
            return f"stopp [{rng.choice(VALUES)}]"
        case "stop":
            return f"stop [{rng.choice(VALUES)}]"
    return name


def reply(rng, lines):
    text = action(rng, lines)
    if rng.random() < 0.1:
        place = rng.randrange(len(text) + 1)
        text = text[:place] + rng.choice("[]`\n\x00é™ 0") + text[place + 1 :]
    if rng.random() < 0.8:
        text = f"```{text}```"
    return text


@pytest.mark.parametrize("parity", [False, True], ids=["default", "parity"])
def test_no_reply_breaks_an_episode_or_a_site(parity):
    rng = Random(f"fuzz {parity}")
    env = WebArenaEnv(split="all", horizon=60, parity=parity)
    text, _ = env.reset(seed=1)
    done = ended = refused = 0
    while done < REPLIES // 2:
        text, reward, terminated, truncated, info = env.step(
            reply(rng, text.count("\n"))
        )
        done += 1
        refused += info["invalid_action"]
        assert info["end_reason"] != "crash" and 0.0 <= reward <= 1.0
        assert MARK not in env._episode.browser.content()
        assert parity or text.startswith(("OBSERVATION:\nTab 0", "The action has"))
        if terminated or truncated:
            ended += 1
            for host in HOSTS.values():
                assert env._world.get(host, "/", "").status in (200, 302)
            text, _ = env.reset()
    env.close()
    print(f"{done} replies, {refused} refused, {ended} episodes")
    assert ended and refused < done


HUGE = f'"><script>{MARK}>' + "x' " * 350_000  # about 1 MB


def value(rng):
    roll = rng.random()
    if roll < 0.002:
        return HUGE
    if roll < 0.3:
        return rng.choice(("1", "2", "5", "a@b.org", "2023-05-05", "green tea"))
    return rng.choice(VALUES)


def body(rng, names):
    """What is sent for fields: too much, too little, or not even fields."""
    if rng.random() < 0.03:
        return rng.choice(("%zz&&=;%00", "=" * 99, "a" * 99, "&q=%ff%fe", "\x00=\x00"))
    pairs = [(name, value(rng)) for name in names if rng.random() < 0.9]
    if names and rng.random() < 0.1:
        pairs.append((rng.choice(names), value(rng)))
    if rng.random() < 0.1:
        pairs.append((value(rng)[:50], value(rng)))
    return encode_form(pairs)


def send(rng, browser):
    """Send a form of the page, or of one that it does not have."""
    page, world = browser.tab.page, browser.world
    form = rng.choice(page.forms)
    names = [
        page.controls[part].name if isinstance(part, int) else part[0]
        for part in form.fields
    ]
    buttons = [page.controls[p].address for p in form.fields if isinstance(p, int)]
    action = rng.choice([form.action, *filter(None, buttons)])
    if rng.random() < 0.05:
        action = f"/{rng.choice(VALUES)[:40]}/{rng.choice(VALUES)[:40]}"
        action = encode_form([("", action)])[1:].replace("%2F", "/")
    url = resolve(browser.tab.url, action)
    data = body(rng, names)
    if form.method == "get":
        browser._go(f"{url.partition('?')[0]}?{data[:20_000]}")
        return
    host, target = split(url)
    answer = world.post(host, target, data, browser.sessions.get(host, ""))
    assert answer.status in (303, 404)
    if answer.session is not None:
        browser.sessions[host] = answer.session
    if answer.location:
        browser._go(resolve(url, answer.location))


@pytest.mark.parametrize("name", ADDRESSES)
def test_no_form_breaks_a_site(name):
    rng = Random(f"forms {name}")
    host, cache, sent = HOSTS[name], PageCache(50), 0
    while sent < FORMS // len(ADDRESSES):
        world = World(SITES.values(), cache)
        browser = TextBrowser(
            world, SESSIONS.get(name, {}) if rng.random() < 0.9 else {}
        )
        for _ in range(40):
            browser.open([rng.choice(ADDRESSES[name])])
            if not browser.tab.page.forms:
                continue
            send(rng, browser)
            sent += 1
            assert MARK not in browser.content()
            assert browser.observe().text
        for path in ADDRESSES[name][:: 1 + rng.randrange(9)]:
            browser.open([path])
            assert MARK not in browser.content()
        assert world.get(host, "/", "").status in (200, 302)
        browser.close()
    print(f"{sent} forms to {name}")
