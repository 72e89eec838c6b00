"""What the text backend computes is what Chromium shows, on random pages and walks."""

from __future__ import annotations

import os
from random import Random

import pytest
from webarena_pages import random_page, random_site
from webarena_walks import walk

from agentgym_envs.webarena.chromium.tree import canonical_lines, rects_of
from agentgym_envs.webarena.lines import write_lines
from agentgym_envs.webarena.sites.world import World
from agentgym_envs.webarena.text.browser import TextBrowser
from agentgym_envs.webarena.text.tab import Tab

HOST = "random.test"
STEPS = 20
# More walks and pages than a test run has time for: WEBARENA_WALKS=10 is ten times so.
TIMES = int(os.environ.get("WEBARENA_WALKS", "1"))
ODD = (
    "http://elsewhere.com/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    f"https://{HOST}/A b/é?q=a'b|c#x",
    f"HTTP://{HOST.upper()}:80\\x\\../y/./%2e/z",
    "nothing",
)


def browsers(chromium, sites, *, whole_page):
    from agentgym_envs.webarena.chromium.browser import ChromiumBrowser

    worlds = World(sites), World(sites)
    return (
        (TextBrowser(worlds[0], whole_page=whole_page), worlds[0]),
        (ChromiumBrowser(chromium, worlds[1], whole_page=whole_page), worlds[1]),
    )


def trees(page, document, session):
    """Both texts of a page, as a whole and at the top, the middle and the bottom."""
    document.set_content(page.html())
    for scroll in (None, 0, page.bottom // 2, page.bottom):
        tab = Tab(page)
        rects = None
        if scroll is not None:
            tab.scroll(scroll)
            document.evaluate(
                "y => { document.scrollingElement.scrollTop = y }", scroll * 24
            )
            snapshot = session.send(
                "DOMSnapshot.captureSnapshot", {"computedStyles": []}
            )
            rects = rects_of(snapshot)
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        lines = canonical_lines(nodes, rects)
        shown = write_lines((line.depth, line.text) for line in lines)
        yield tab.view(whole=scroll is None), shown


def test_random_pages_look_the_same(chromium):
    def compare():
        context = chromium.browser.new_context(viewport={"width": 1280, "height": 720})
        document = context.new_page()
        session = context.new_cdp_session(document)
        for seed in range(6 * TIMES):
            for computed, shown in trees(random_page(seed), document, session):
                assert computed == shown, f"page {seed}"
        context.close()

    chromium.run(compare)


def walk_on_random_pages(chromium, seed):
    site = random_site(HOST, 200)
    one, other = browsers(chromium, [site], whole_page=seed % 4 == 0)
    addresses = [*(f"http://{HOST}/page/{number}" for number in range(30)), *ODD]
    try:
        start = f"http://{HOST}/start/{seed}"
        return walk(Random(seed), one, other, start, addresses, STEPS)
    finally:
        one[0].close()
        other[0].close()


def test_a_walk_on_random_pages_is_the_same(chromium):
    assert walk_on_random_pages(chromium, 0) == ""


@pytest.mark.slow
def test_walks_on_random_pages_are_the_same(chromium):
    for seed in range(1, 1 + 6 * TIMES):
        assert walk_on_random_pages(chromium, seed) == "", f"walk {seed}"
