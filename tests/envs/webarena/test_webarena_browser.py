"""Chromium as a backend: apart from each other, from other hosts, and from death."""

from __future__ import annotations

import http.client
import os
import signal
from pathlib import Path

import pytest
from webarena_addresses import SESSIONS, SITES
from webarena_pages import random_view

from agentgym_envs.webarena.env import WebArenaEnv
from agentgym_envs.webarena.interface import Action
from agentgym_envs.webarena.pages.page import compile_page
from agentgym_envs.webarena.sites.database import Template
from agentgym_envs.webarena.sites.site import Site
from agentgym_envs.webarena.sites.world import World
from agentgym_envs.webarena.text.browser import TextBrowser

SHOP = "http://onestopmarket.com"
SIGNED_IN = {host: token for kept in SESSIONS.values() for host, token in kept.items()}


ALL_SITES = tuple(SITES.values())


def browse(chromium, sites=ALL_SITES, sessions=SIGNED_IN):
    from agentgym_envs.webarena.chromium.browser import ChromiumBrowser

    return ChromiumBrowser(chromium, World(sites), sessions)


def element(browser, text):
    for line in browser.observe().text.split("\n"):
        if text in line:
            return int(line.strip().split("]")[0][1:])
    raise AssertionError(f"no {text} on {browser.observe().url}")


@pytest.mark.parametrize("count", [3, pytest.param(32, marks=pytest.mark.slow)])
def test_episodes_have_their_own_carts(chromium, count):
    browsers = [browse(chromium) for _ in range(count)]
    try:
        for number, browser in enumerate(browsers):
            browser.open([f"{SHOP}/redthorn-hyaluronic-cleansing-gel-1-7-oz-1.html"])
            field = element(browser, "textbox 'Qty'")
            browser.act(Action("press", text="Tab"))
            browser.act(Action("click", field))
            browser.act(Action("press", text="Control+a"))
            browser.act(Action("press", text=str(number % 9 + 1)))
            browser.act(Action("click", element(browser, "button 'Add to Cart'")))
        for number, browser in enumerate(browsers):
            assert f"link 'My Cart ({number % 9 + 1})'" in browser.observe().text
    finally:
        for browser in browsers:
            browser.close()


def test_nothing_but_the_sites_can_be_reached(chromium):
    browser = browse(chromium)
    browser.open([f"{SHOP}/"])
    for address in ("file:///etc/passwd", "http://example.org/", "chrome://version"):
        assert "is not an address" in browser.act(Action("goto", text=address))
    page = browser.tab.page
    for address in (
        "http://example.org/",
        f"http://127.0.0.1:{chromium.server.port}/",
        f"http://onestopmarket.com.test:{chromium.server.port}/",
    ):
        with pytest.raises(Exception, match="ERR_"):
            chromium.run(page.goto, address)
    browser.close()


def test_the_secret_of_an_episode_is_nowhere_to_be_seen(chromium):
    browser = browse(chromium)
    browser.open([f"{SHOP}/contact"])
    assert browser._token not in browser.content()
    assert ".test" not in browser.content()
    assert browser._token not in browser.observe().text
    browser.close()


def test_the_server_answers_only_whom_it_knows(chromium):
    for headers in ({}, {"X-Agentgym-Episode": "0" * 32}):
        connection = http.client.HTTPConnection("127.0.0.1", chromium.server.port)
        connection.request("GET", "/", headers={"Host": "onestopmarket.com", **headers})
        assert connection.getresponse().status == 403
        connection.close()


def test_scripts_do_not_run(chromium):
    """No page has any; the policy is there in case that a view forgets to escape."""
    browser = browse(chromium)
    browser.open([f"{SHOP}/"])
    ran = chromium.run(
        browser.tab.page.evaluate,
        """() => { const s = document.createElement('script');
        s.textContent = 'window.ran = 1'; document.body.append(s);
        return window.ran === 1; }""",
    )
    assert not ran
    browser.close()


QUERIES = (
    "p",
    "td",
    "a",
    "button",
    "input",
    "select",
    "h1, h2",
    "div > p",
    "form a",
    "table td",
    "[name]",
    'input[type="checkbox"]',
    "#c1",
    ".row",
    "ul li",
)
PROPS = ("textContent", "innerText", "outerText", "value", "checked", "href")


def test_pages_are_read_alike(chromium):
    host = "random.test"

    def layout(visit, view):
        return compile_page(view.title, *view.content)

    def build(connection):
        connection.execute("CREATE TABLE session (token TEXT, account INT)")

    site = Site("random", host, Template(build), layout)
    site.page("/<int:seed>")(lambda visit, seed: random_view(seed))
    real, text = browse(chromium, [site], {}), TextBrowser(World([site]))
    differ = []
    for seed in range(8):
        for browser in (real, text):
            browser.open([f"http://{host}/{seed}"])
        for css in QUERIES:
            for prop in PROPS:
                shown, computed = real.query(css, prop), text.query(css, prop)
                if shown != computed:
                    differ.append((seed, css, prop, shown, computed))
    real.close()
    assert not differ, "\n".join(map(str, differ[:6]))


def _processes(parent):
    """All processes below one, with their names, while they live."""
    found = []
    for file in Path(f"/proc/{parent}/task").glob("*/children"):
        try:
            children = file.read_text().split()
        except OSError:
            continue
        for pid in children:
            try:
                name = Path(f"/proc/{pid}/comm").read_text().strip()
            except OSError:
                continue
            found += [(int(pid), name), *_processes(pid)]
    return found


def test_a_browser_that_dies_ends_the_episode_and_the_next_one_works(needs_chromium):
    from agentgym_envs.webarena.chromium.browser import close_shared

    env = WebArenaEnv(backend="chromium", split="all")
    try:
        env.reset(seed=1)
        mine = [pid for pid, name in _processes(os.getpid()) if "chrom" in name]
        assert mine
        for pid in mine:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        text, reward, terminated, truncated, info = env.step("click [3]")
        assert (reward, terminated, truncated) == (0.0, False, True)
        assert info["end_reason"] == "crash"
        assert "browser" in text
        text, info = env.reset(seed=1)
        assert "Tab 0 (current)" in text
    finally:
        env.close()
        close_shared()
