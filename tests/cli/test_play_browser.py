"""Web sites for a person: the doors, and a game played through them."""

from __future__ import annotations

import http.client
import importlib.util
import io
import json
import re
import subprocess
from urllib.parse import urlencode, urlsplit

import pytest
from command_line import started

from agentgym_envs.cli import main
from agentgym_envs.webarena.chromium.launch import FLAGS, find_browser
from agentgym_envs.webarena.env import WebArenaEnv

WISH = "Add the Yarrow"  # how the goal of some tasks begins


@pytest.fixture(scope="module")
def env():
    env = WebArenaEnv(split="all")
    env.reset(options={"item": 0})
    yield env
    env.close()


@pytest.fixture
def doorway(env):
    env.reset(options={"item": 0})
    doorway = env.doorway()
    yield doorway
    doorway.close()


def ask(address, form=None, **headers):
    """Ask as a browser does; give status, address to go on to, and text."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=20)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    sent = {"Host": parts.netloc, **headers}
    if form is None:
        connection.request("GET", target, headers=sent)
    else:
        connection.request("POST", target, urlencode(form), sent)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, answer.getheader("Location", ""), text


def test_the_doors_lead_to_the_sites_of_the_episode(env, doorway):
    (address,) = doorway.addresses
    assert re.fullmatch(r"http://onestopmarket\.com\.localhost:\d+/", address)
    status, _, text = ask(address)
    assert status == 200 and "Welcome, Emma Lopez!" in text
    assert 'href="http://onestopmarket.com/' not in text

    form = {"product": "1", "qty": "3"}
    cart = address + "checkout/cart/add"
    status, location, _ = ask(cart, form, Origin=address.rstrip("/"))
    assert status == 303
    status, _, text = ask(location if "//" in location else address[:-1] + location)
    assert "My Cart (3)" in text
    env.step("goto [http://onestopmarket.com/checkout/cart]")
    assert "My Cart (3)" in env.prompt


def test_signing_out_holds_for_all_that_follows(env, doorway):
    (address,) = doorway.addresses
    ask(f"{address}customer/account/logout", {})
    assert "Welcome, Emma Lopez!" not in ask(address)[2]


def test_nobody_else_gets_in(doorway):
    (address,) = doorway.addresses
    port = urlsplit(address).port
    assert ask(address, Host=f"127.0.0.1:{port}")[0] == 403
    assert ask(address, Host="onestopmarket.com")[0] == 403
    assert ask(address, Host=f"evil.localhost:{port}")[0] == 403
    before = list(doorway._browser.world.posts)
    for origin in ("http://evil.example", "null", "http://onestopmarket.com"):
        assert ask(f"{address}checkout/cart/add", {}, Origin=origin)[0] == 403
    assert ask(address, {"x": "y" * (1 << 20)})[0] == 413
    assert doorway._browser.world.posts == before


def test_pictures_and_icons_are_no_pages(doorway):
    (address,) = doorway.addresses
    ask(address + "tea.html")
    ask(address + "favicon.ico", **{"Sec-Fetch-Dest": "image"})
    assert doorway.url == "http://onestopmarket.com/tea.html"


def played(monkeypatch, capsys, words, *lines):
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{x}\n" for x in lines)))
    status = main(["play", *words, "--browser", "--json"])
    out, err = capsys.readouterr()
    return status, [json.loads(line) for line in out.splitlines()], err


def test_an_answer_is_judged_and_games_follow(env, monkeypatch, capsys):
    answer = env.task.payload["check"]["answer"]
    words = ["WebArena", "--item", env.task.id]
    lines = ["!help", "wrong", "again", "!restart", answer, "!new", "!quit"]
    status, objects, _ = played(monkeypatch, capsys, words, *lines)
    assert status == 0
    messages = [entry["message"] for entry in objects if "message" in entry]
    assert messages[0] == f"Task {env.task.id}: {env.goal}"
    assert messages[1].startswith("Open http://onestopmarket.com.localhost:")
    assert "!restart" in messages[3] and messages[4].startswith("The episode is over")
    ends = [entry["info"]["success"] for entry in objects if "info" in entry]
    assert ends == [False, True]
    assert len([text for text in messages if text.startswith("Task ")]) == 3


def test_other_games_have_no_sites(monkeypatch, capsys):
    status, objects, complaint = played(monkeypatch, capsys, ["Maze"])
    assert status and not objects and "only WebArena" in complaint


def test_a_person_does_a_task_in_a_browser():
    """A real browser at the printed address, which finds it by itself."""
    if importlib.util.find_spec("playwright") is None or find_browser() is None:
        pytest.skip("needs playwright and Chromium")
    from playwright.sync_api import sync_playwright

    tasks = WebArenaEnv(split="all").tasks
    item = next(task.id for task in tasks if "to my wish list" in task.goal)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    words = ("play", "WebArena", "--split", "all", "--item", item, "--browser")
    game = started(*words, "--json", **pipes)
    try:
        goal = json.loads(game.stdout.readline())["message"].partition(": ")[2]
        address = json.loads(game.stdout.readline())["message"].partition(" ")[2]
        name = goal.removeprefix("Add the ").removesuffix(" to my wish list.")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=find_browser(), args=list(FLAGS)
            )
            page = browser.new_page()
            page.goto(address)
            page.get_by_label("Search", exact=True).fill(name)
            page.get_by_role("button", name="Search").click()
            page.get_by_role("link", name=name).first.click()
            page.get_by_role("button", name="Add to Wish List").click()
            page.wait_for_load_state()
            browser.close()
        rest, _ = game.communicate(b"\n", timeout=30)
        end = json.loads(rest.decode().splitlines()[-1])
        assert end["over"] and end["info"]["success"]
    finally:
        game.kill()
        game.wait()
