"""The tasks: enough of them, solvable, and passed by nothing but their solution."""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from functools import partial
from random import Random
from zlib import crc32

import pytest
from webarena_walks import random_action

from agentgym_envs.webarena import CATEGORIES, HORIZON
from agentgym_envs.webarena.actions import parse_action, tell
from agentgym_envs.webarena.checks import is_done
from agentgym_envs.webarena.env import WebArenaEnv
from agentgym_envs.webarena.expert import LOGINS, Expert
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


def play(item, at=-1, stray=None):
    """Let the expert do a task; give the world, the address, answer and steps.

    Before the step ``at``, ``stray`` takes the browser elsewhere, and gives the last
    action.
    """
    world = World(embedded_sites(), CACHE)
    browser = TextBrowser(world, SIGNED_IN)
    browser.open(list(item.start))
    expert, previous = Expert(item.start, item.steps, CACHE), ""
    for count in range(1, 100):
        if count == at + 1:
            previous = tell(stray(browser), "")
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
    # Most of their templates don't give away by the intent alone that it can't be done.
    assert sum(not is_impossible(items[1]) for items in impossible) >= 4


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


by_template = pytest.mark.parametrize(
    "template", TEMPLATES, ids=lambda template: template.name
)


@by_template
def test_the_expert_solves_two_and_nothing_else_does(template):
    items = BY_TEMPLATE[template.name]
    first = crc32(template.name.encode()) % INSTANCES
    only_the_expert_solves([items[first - 1], items[first]])
    if not all(map(is_impossible, items)):
        assert len({repr(item.check) for item in items if not is_impossible(item)}) == (
            INSTANCES - sum(map(is_impossible, items))
        )


@pytest.mark.slow
@by_template
def test_the_expert_solves_all_and_nothing_else_does(template):
    only_the_expert_solves(BY_TEMPLATE[template.name])


def only_the_expert_solves(items):
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
            end = ends[other % len(items)][:3]
            assert not is_done(item.check, *end), item.intent
    for world, *_ in ends:
        world.close()


def test_idle_agents_pass_nothing():
    for item in ITEMS:
        world = World(embedded_sites(), CACHE)
        assert not is_done(item.check, world, item.start[0], ""), item.intent
        world.close()


@pytest.mark.parametrize("every", [10, pytest.param(1, marks=pytest.mark.slow)])
def test_random_agents_pass_next_to_nothing(every):
    """Under 2 %; they act sensibly, and stop with what they have seen."""
    rng = Random(8)
    passed = 0
    items = ITEMS[every // 2 :: every]
    for item in items:
        world = World(embedded_sites(), CACHE)
        browser = TextBrowser(world, SIGNED_IN)
        browser.open(list(item.start))
        for _ in range(HORIZON - 1):
            seen = browser.observe().text
            browser.act(random_action(rng, seen, GOTO, WORDS))
        texts = re.findall(r"StaticText '(.*)'", browser.observe().text) or [""]
        url, answer = browser.observe().url, rng.choice(texts)
        passed += is_done(item.check, world, url, answer)
        world.close()
    print(f"of {len(items)} tasks, random agents pass {passed}")
    assert passed < 0.02 * len(items)


# All of them: WEBARENA_EXPERTS=640.
IN_CHROMIUM = int(os.environ.get("WEBARENA_EXPERTS", "16"))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(8))
def test_the_expert_does_the_same_in_a_real_browser(chromium, part):
    """Same actions, observations, infos and scores."""
    real = WebArenaEnv(backend="chromium", split="all")
    text = WebArenaEnv(split="all")
    for turn in range(part, IN_CHROMIUM, 8):
        # 640 tasks differ, and fewer are of different templates and instances.
        options = {"item": turn * 363 % len(ITEMS)}
        assert real.reset(options=options) == text.reset(options=options)
        done = False
        while not done:
            action = text.expert_action()
            assert real.expert_action() == action
            result = text.step(action)
            assert real.step(action) == result
            done = result[2] or result[3]
        assert result[4]["success"]
    real.close()


def test_a_constant_answer_passes_next_to_nothing():
    """Under 2 %, be it a reason or anything else."""
    answers = Counter(
        item.check["answer"] for item in ITEMS if item.check.keys() == {"answer"}
    )
    assert max(answers.values()) < 0.02 * len(ITEMS)
    possible = {k: v for k, v in answers.items() if k not in REASONS}
    assert max(possible.values()) <= 0.01 * len(ITEMS)
    assert sum(answers[reason] for reason in REASONS) <= 0.1 * len(ITEMS)


@pytest.mark.parametrize("full", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_the_expert_goes_on_after_others_have_strayed(full):
    """Other pages, scrolling and other tabs don't lose it."""
    astray = [
        [Action("goto", text="http://gitlab.com/explore?p=2")],
        [Action("new_tab")],
        [Action("goto", text="http://onestopmarket.com/contact"), Action("go_back")],
        [Action("scroll", text="down"), Action("scroll", text="down")],
        [Action("press", text="Tab"), Action("press", text="Tab")],
    ]

    def stray(actions, browser):
        for action in actions:
            browser.act(action)
        return actions[-1]

    for place, items in enumerate(BY_TEMPLATE.values()):
        item = items[place % INSTANCES]
        # All moments of all templates take three times the time, and find no more.
        for at in (0, 2, 4) if full else (place // len(astray) % 3 * 2,):
            actions = astray[(place + at) % len(astray)]
            world, url, answer, _ = play(item, at, partial(stray, actions))
            assert is_done(item.check, world, url, answer), item.intent
            world.close()


def number_of(browser, role, name):
    seen = browser.observe().text
    return int(re.search(rf"\[(\d+)\] {role} '{re.escape(name)}'", seen)[1])


def sign_out(host, filled, browser):
    """Leave a site, and fill the form that leads back with these words."""
    login = LOGINS[host]
    browser.act(Action("goto", text=f"http://{host}/{login.path.split('/')[1]}"))
    browser.act(Action("goto", text=f"http://{host}{login.path}"))
    seen = browser.observe().text
    if button := re.search(r"\[(\d+)\] button '(Sign Out|Sign out|Log out)'", seen):
        browser.act(Action("click", int(button[1])))
    done = Action("goto", text=f"http://{host}{login.path}")
    browser.act(done)
    for label, word in zip((login.label, "Password"), filled, strict=False):
        done = Action("type", number_of(browser, "textbox", label), word, enter=False)
        browser.act(done)
    assert not browser.query("header a", "textContent").count("My Account")
    return done


@pytest.mark.parametrize("host", LOGINS)
def test_the_expert_signs_in_again(host):
    login = LOGINS[host]
    items = [
        item
        for item in ITEMS[3::5]
        if host in item.start[0] and len(item.steps) > 2 and len(item.start) == 1
    ]
    assert len(items) >= 4
    for place, filled in enumerate(
        ((), ("somebody",), (login.name, "wrong"), (login.name, login.password))
    ):
        item = items[place]
        plain = play(item)[3]
        stray = partial(sign_out, host, filled)
        world, url, answer, count = play(item, 1, stray)
        assert is_done(item.check, world, url, answer), item.intent
        assert count > plain
        world.close()
