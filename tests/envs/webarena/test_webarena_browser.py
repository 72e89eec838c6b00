"""Chromium as a backend: apart from each other, from other hosts, and from death."""

from __future__ import annotations

import http.client
import os
import re
import signal
import time
from contextlib import suppress
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
FORUM = "http://reddit.com"
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
    for seed in range(4):
        for browser in (real, text):
            browser.open([f"http://{host}/{seed}"])
        for css in QUERIES:
            for prop in PROPS:
                shown, computed = real.query(css, prop), text.query(css, prop)
                if shown != computed:
                    differ.append((seed, css, prop, shown, computed))
    real.close()
    assert not differ, "\n".join(map(str, differ[:6]))


def processes(parent):
    """All processes below one, while they live."""
    found = []
    for file in Path(f"/proc/{parent}/task").glob("*/children"):
        try:
            children = file.read_text().split()
        except OSError:
            continue
        for pid in map(int, children):
            found += [pid, *processes(pid)]
    return found


def read(pid, name):
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except OSError:
        return ""


def megabytes(pids):
    """Memory of processes, where each has its share of what they have in common."""
    shares = [re.search(r"Pss: *(\d+)", read(pid, "smaps_rollup")) for pid in pids]
    return sum(int(share[1]) for share in shares if share) // 1024


def kill(chromium):
    """End the browser as the system does when memory runs out."""
    port = f"127.0.0.1:{chromium.server.port}"
    mine = [pid for pid in processes(os.getpid()) if port in read(pid, "cmdline")]
    assert mine
    for pid in mine:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def live_apart(env, number):
    """Fill a cart, and then write a post or leave the forum."""
    browser = env._episode.browser

    def on(action, name, text=""):
        env.step(f"{action} [{element(browser, name)}]{text}")

    env.step(f"goto [{SHOP}/redthorn-hyaluronic-cleansing-gel-1-7-oz-1.html]")
    on("type", "textbox 'Qty'", f" [{number % 10}] [0]")
    on("click", "button 'Add to Cart'")
    env.step(f"goto [{FORUM}/submit/tea]")
    if number % 2:
        on("type", "textbox 'Title'", f" [Post {number}] [1]")
    else:
        on("click", "button 'Log out'")


@pytest.mark.parametrize("count", [2, pytest.param(32, marks=pytest.mark.slow)])
def test_episodes_are_apart_and_outlive_their_browser(chromium, count):
    began = time.monotonic()
    envs = [WebArenaEnv(backend="chromium", split="all") for _ in range(count)]
    own = []
    try:
        for item, env in enumerate(envs):
            env.reset(options={"item": item})
        for number, env in enumerate(envs):
            live_apart(env, number)
        for number, env in enumerate(envs):
            text, *_ = env.step(f"goto [{FORUM}/user/MarvelsGrantMan136]")
            posts = set(re.findall(r"link 'Post (\d+)'", text))
            assert posts == ({str(number)} if number % 2 else set())
            assert ("link 'Log in'" in text) is (number % 2 == 0)
            text, *_ = env.step(f"goto [{SHOP}/checkout/cart]")
            assert f"link 'My Cart (1{number % 10})'" in text
            own.append(len(env._world.posts))
        assert own == [2] * count
        took, size = time.monotonic() - began, megabytes(processes(os.getpid()))
        print(f"{count} contexts: {took:.1f} s, {size} MB of Chromium and its driver")
        kill(chromium)
        for env in envs:
            text, reward, terminated, truncated, info = env.step("click [3]")
            assert (reward, terminated, truncated) == (0.0, False, True)
            assert info["end_reason"] == "crash"
            assert "the browser is gone" in text
        for env in envs[:3]:
            text, _ = env.reset(seed=1)
            assert "Tab 0 (current)" in text
    finally:
        for env in envs:
            env.close()
