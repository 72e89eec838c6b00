"""What holds for every site: equal in Chromium, cached rightly, never broken."""

from __future__ import annotations

import os
import sqlite3
from random import Random

import pytest
from webarena_addresses import ADDRESSES, SESSIONS, SITES, WORDS
from webarena_walks import random_action, walk

from agentgym_envs.webarena.addresses import split
from agentgym_envs.webarena.sites.world import PageCache, World
from agentgym_envs.webarena.text.browser import TextBrowser

STEPS = 20
TIMES = int(os.environ.get("WEBARENA_WALKS", "1"))
HOSTILE = (
    "",
    "' OR 1=1 --",
    '"; DROP TABLE account; --',
    "<script>alert(1)</script>",
    "</td></table>{{7*7}}${7*7}<%= 7 %>",
    "../../etc/passwd\0",
    "%s%n%x",
    "9" * 40,
    "-1",
    "1e9",
    "\u202eright to left\u200b\ufeff",
    "e\u0301\u0301\u0301 \ud83d\ude00 日本",
    "\ud800",
    "x" * 1_000_000,
    "a b " * 2_000,
)


ALL_SITES = tuple(SITES.values())
SIGNED_IN = {host: token for kept in SESSIONS.values() for host, token in kept.items()}


def compare(site, seed, other, steps=STEPS):
    """Walk in the text backend and another browser, made from a world."""
    whole = seed % 4 == 0
    sessions = SIGNED_IN if seed % 5 else {}
    worlds = World(ALL_SITES), World(ALL_SITES, PageCache())
    rng = Random(f"{site.name} {seed}")
    one = TextBrowser(worlds[0], sessions, whole_page=whole)
    two = other(worlds[1], sessions, whole_page=whole)
    addresses = ADDRESSES[site.name]
    try:
        return walk(
            rng,
            (one, worlds[0]),
            (two, worlds[1]),
            rng.choice(addresses),
            addresses,
            steps,
            WORDS[site.name],
        )
    finally:
        one.close()
        two.close()


@pytest.fixture(params=list(SITES.values()), ids=list(SITES))
def site(request):
    return request.param


@pytest.fixture
def in_chromium(chromium):
    from agentgym_envs.webarena.chromium.browser import ChromiumBrowser

    return lambda *args, **kwargs: ChromiumBrowser(chromium, *args, **kwargs)


def test_a_walk_is_the_same_in_chromium(site, in_chromium):
    assert compare(site, 1, in_chromium, steps=10) == ""


@pytest.mark.slow
def test_walks_are_the_same_in_chromium(site, in_chromium):
    for seed in range(2, 2 + 3 * TIMES):
        assert compare(site, seed, in_chromium) == "", f"walk {seed}"


@pytest.mark.slow
def test_all_addresses_look_the_same_in_chromium(site, in_chromium):
    for sessions in (SIGNED_IN, {}):
        worlds = World(ALL_SITES), World(ALL_SITES)
        text = TextBrowser(worlds[0], sessions, whole_page=True)
        real = in_chromium(worlds[1], sessions, whole_page=True)
        for address in ADDRESSES[site.name]:
            text.open([address])
            real.open([address])
            assert text.observe() == real.observe(), address
        text.close()
        real.close()


@pytest.mark.parametrize("seeds", [5, pytest.param(20, marks=pytest.mark.slow)])
def test_cached_pages_are_the_same(site, seeds):
    for seed in range(seeds):
        assert compare(site, seed, TextBrowser) == "", f"walk {seed}"


def test_views_read_only_the_tables_that_they_declare(site):
    """A page that reads more than it says would be shown when it is out of date."""
    read = set()

    def note(action, table, *rest):
        if action == sqlite3.SQLITE_READ and table and not table.startswith("sqlite_"):
            read.add(table)
        return sqlite3.SQLITE_OK

    for sessions in (SESSIONS[site.name], {}):
        for address in ADDRESSES[site.name]:
            host, target = split(address)
            # A new connection has no prepared statements, which tell nothing.
            world = World([site])
            db = world.database(site)
            session = sessions.get(host, "")
            if session:
                world.get(host, "/nothing", session)
            db.connection.set_authorizer(note)
            read.clear()
            world.get(host, target, session)
            db.connection.set_authorizer(None)
            declared = set(site.reads_of(target.partition("?")[0]))
            assert read <= declared | {"session"}, address


def test_random_agents_meet_no_error(site):
    rng = Random(11)
    cache = PageCache()
    for _ in range(3):
        browser = TextBrowser(World(ALL_SITES, cache), SIGNED_IN)
        browser.open([rng.choice(ADDRESSES[site.name])])
        for _ in range(60):
            seen = browser.observe().text
            words = (*WORDS[site.name], *HOSTILE[:12])
            browser.act(random_action(rng, seen, ADDRESSES[site.name], words))
        browser.close()
