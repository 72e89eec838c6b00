"""The tasks: enough of them, solvable, and passed by nothing but their solution."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from random import Random

import pytest
from webarena_walks import random_action

from agentgym_envs.webarena import CATEGORIES, HORIZON
from agentgym_envs.webarena.actions import parse_action, tell
from agentgym_envs.webarena.checks import is_done
from agentgym_envs.webarena.env import WebArenaEnv
from agentgym_envs.webarena.expert import Expert
from agentgym_envs.webarena.interface import Action
from agentgym_envs.webarena.sites.embedded import SIGNED_IN, embedded_sites
from agentgym_envs.webarena.sites.world import PageCache, World
from agentgym_envs.webarena.tasks import TEMPLATES, WebArenaTasks, all_items
from agentgym_envs.webarena.tasks.item import INSTANCES, REASONS
from agentgym_envs.webarena.text.browser import TextBrowser

CACHE = PageCache()
GOTO = ["http://homepage.com/"]
WORDS = ["tea", "lamp", "2", "cache"]
ITEMS = all_items()
BY_TEMPLATE = defaultdict(list)
for _item in ITEMS:
    BY_TEMPLATE[_item.template].append(_item)


def is_impossible(item):
    return item.check.get("answer") in REASONS


def play(item):
    """Let the expert do a task; give the world, the address, answer and steps."""
    world = World(embedded_sites(), CACHE)
    browser = TextBrowser(world, SIGNED_IN)
    browser.open(list(item.start))
    expert, previous = Expert(item.start, item.steps, CACHE), ""
    for count in range(1, 100):
        action = parse_action(expert.action(browser, world, previous))
        if action.kind == "stop":
            return world, browser.observe().url, action.text, count
        previous = tell(action, browser.describe(action.number))
        assert not browser.act(action)
    raise AssertionError(f"no end of {item.intent}")


def test_there_are_enough_of_each_kind():
    assert len(TEMPLATES) >= 40
    assert len({template.name for template in TEMPLATES}) == len(TEMPLATES)
    assert {template.category for template in TEMPLATES} == set(CATEGORIES)
    assert set(map(len, BY_TEMPLATE.values())) == {INSTANCES}
    assert len({item.intent for item in ITEMS}) == len(ITEMS)
    assert sum(len(template.sites) > 1 for template in TEMPLATES) >= 3
    impossible = [items for items in BY_TEMPLATE.values() if is_impossible(items[0])]
    assert 3 <= len(impossible) <= len(TEMPLATES) // 10


def test_each_site_and_category_is_in_both_splits():
    splits = defaultdict(set)
    for template in TEMPLATES:
        for site in template.sites:
            splits[site, template.category].add(template.is_test)
    assert {site for site, _ in splits} == {site.name for site in embedded_sites()}
    assert all(is_test == {True, False} for is_test in splits.values()), splits


def test_a_template_is_in_one_split_only():
    train = WebArenaTasks(split="train")
    test = WebArenaTasks(split="test")
    assert not {t.payload["template"] for t in train} & {
        t.payload["template"] for t in test
    }
    assert len(train) + len(test) == len(ITEMS)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_the_expert_solves_it_and_nothing_else_does(template):
    items = BY_TEMPLATE[template.name]
    ends = []
    for item in items:
        world, url, answer, count = play(item)
        assert is_done(item.check, world, url, answer), item.intent
        assert count <= HORIZON, item.intent
        ends.append((world, url, answer))
    for place, item in enumerate(items):
        start = World(embedded_sites(), CACHE)
        assert not is_done(item.check, start, item.start[0], ""), "an idle one passes"
        world, url, answer = ends[place]
        for wrong in ("", "N/A", "Done", *REASONS):
            if "answer" in item.check and wrong != item.check["answer"]:
                assert not is_done(item.check, world, url, wrong), item.intent
        if "answer" not in item.check:
            # The answer alone is no deed, and a page alone is none either.
            assert not is_done(item.check, start, item.start[0], "Done")
        if "added" in item.check or "removed" in item.check:
            assert not is_done(item.check, start, url, answer), item.intent
        for other in () if is_impossible(item) else (place + 1, place + 3):
            # The same, done to something else.
            assert not is_done(item.check, *ends[other % INSTANCES]), item.intent
    if not is_impossible(items[0]):
        assert len({repr(item.check) for item in items}) == INSTANCES
    for world, *_ in ends:
        world.close()


def test_idle_and_random_agents_pass_next_to_nothing():
    """Under 2 %; the random one acts sensibly, and stops with what it has seen."""
    rng = Random(8)
    passed = Counter()
    for item in ITEMS:
        world = World(embedded_sites(), CACHE)
        passed["idle"] += is_done(item.check, world, item.start[0], "")
        browser = TextBrowser(world, SIGNED_IN)
        browser.open(list(item.start))
        for _ in range(HORIZON - 1):
            seen = browser.observe().text
            browser.act(random_action(rng, seen, GOTO, WORDS))
        texts = re.findall(r"StaticText '(.*)'", browser.observe().text) or [""]
        url, answer = browser.observe().url, rng.choice(texts)
        passed["random"] += is_done(item.check, world, url, answer)
        world.close()
    print(f"of {len(ITEMS)} tasks: idle {passed['idle']}, random {passed['random']}")
    assert passed["idle"] == 0
    assert passed["random"] < 0.02 * len(ITEMS)


@pytest.mark.slow
@pytest.mark.parametrize("place", range(8))
def test_the_expert_does_the_same_in_a_real_browser(needs_chromium, place):
    """Same actions, observations, infos and scores, for every fifth template."""
    from agentgym_envs.webarena.chromium.browser import close_shared

    real = WebArenaEnv(backend="chromium", split="all")
    text = WebArenaEnv(split="all")
    try:
        for turn in (0, 1):
            template = (10 * place + 5 * turn) % len(TEMPLATES)
            options = {"item": INSTANCES * template + place}
            assert real.reset(options=options) == text.reset(options=options)
            done = False
            while not done:
                action = text.expert_action()
                assert real.expert_action() == action
                result = text.step(action)
                assert real.step(action) == result
                done = result[2] or result[3]
            assert result[4]["success"]
    finally:
        real.close()
        close_shared()


def test_a_constant_answer_passes_next_to_nothing():
    answers = Counter(
        item.check["answer"] for item in ITEMS if item.check.keys() == {"answer"}
    )
    possible = {k: v for k, v in answers.items() if k not in REASONS}
    assert max(possible.values()) <= 0.01 * len(ITEMS)
    assert sum(answers[reason] for reason in REASONS) <= 0.1 * len(ITEMS)


def test_the_expert_goes_on_after_others_have_strayed():
    """Other pages, half filled fields, other tabs and a sign-out don't lose it."""
    astray = [
        [Action("goto", text="http://gitlab.com/explore?p=2")],
        [Action("new_tab")],
        [Action("goto", text="http://onestopmarket.com/contact"), Action("go_back")],
        [Action("scroll", text="down"), Action("scroll", text="down")],
        [Action("press", text="Tab"), Action("press", text="Tab")],
    ]
    for place, items in enumerate(BY_TEMPLATE.values()):
        item = items[place % INSTANCES]
        for at in (0, 2, 4):
            world = World(embedded_sites(), CACHE)
            browser = TextBrowser(world, SIGNED_IN)
            browser.open(list(item.start))
            expert, previous = Expert(item.start, item.steps, CACHE), ""
            for count in range(60):
                if count == at:
                    for action in astray[(place + at) % len(astray)]:
                        browser.act(action)
                        previous = tell(action, "")
                action = parse_action(expert.action(browser, world, previous))
                if action.kind == "stop":
                    break
                previous = tell(action, browser.describe(action.number))
                browser.act(action)
            url = browser.observe().url
            assert is_done(item.check, world, url, action.text), item.intent
            world.close()
