"""The original's tasks on our own sites, served on loopback as if deployed."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from webarena_deployment import loopback

from agentgym_envs.errors import BadOption, ServiceUnavailable, SnapshotError
from agentgym_envs.webarena.interface import Action
from agentgym_envs.webarena.original.addresses import Addresses
from agentgym_envs.webarena.original.connect import (
    PUBLISHED_LOGINS,
    Connection,
    Deployment,
    LoginFailed,
    close_connections,
    is_fresh,
    shared_connection,
)
from agentgym_envs.webarena.original.env import DeployedWebArenaEnv
from agentgym_envs.webarena.original.evaluate import ScriptFailed
from agentgym_envs.webarena.original.locators import parse_locator
from agentgym_envs.webarena.original.remote import RemoteBrowser, read_keys
from agentgym_envs.webarena.original.resets import Traces, full_reset
from agentgym_envs.webarena.original.shop import RestShop
from agentgym_envs.webarena.original.tasks import load_configs

SHOP = "http://onestopmarket.com"


def task(task_id, **changes):
    evaluation = {
        "eval_types": ["string_match"],
        "reference_answers": {"exact_match": "yes"},
        **changes.pop("eval", {}),
    }
    return {
        "sites": ["shopping"],
        "task_id": task_id,
        "require_login": True,
        "storage_state": "./.auth/shopping_state.json",
        "start_url": "__SHOPPING__",
        "intent": "Do something.",
        "intent_template_id": 1,
        "eval": evaluation,
        **changes,
    }


TASKS = [
    task(0),
    task(
        1,
        eval={"eval_types": ["url_match"], "reference_url": "__SHOPPING__/deep"},
    ),
    task(
        2,
        storage_state=None,
        eval={
            "eval_types": ["program_html"],
            "program_html": [
                {
                    "url": "__SHOPPING__/deep",
                    "locator": "document.querySelector('.a').outerText",
                    "required_contents": {"exact_match": "x & y"},
                },
                {
                    "url": "last",
                    "locator": "func:shopping_get_sku_latest_review_rating('B0')",
                    "required_contents": {"exact_match": "80"},
                },
            ],
        },
    ),
    task(3, eval={"reference_answers": {"fuzzy_match": ["yes"]}}),
]


@pytest.fixture(scope="module")
def sites(needs_chromium):
    with loopback() as sites:
        yield sites


@pytest.fixture(scope="module")
def deployment(sites):
    return Deployment(Addresses(sites.addresses), settle=0.0, load=30.0)


@pytest.fixture(scope="module")
def connection(deployment):
    yield shared_connection(deployment)
    close_connections()


@pytest.fixture
def browser(connection):
    browser = RemoteBrowser(connection)
    browser.open([f"{SHOP}/escape"])
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def deep(connection):
    """A browser that stays where it is."""
    browser = RemoteBrowser(connection)
    browser.open([f"{SHOP}/deep"])
    yield browser
    browser.close()


@pytest.fixture
def make(connection, deployment, tmp_path):
    made = []
    file = tmp_path / "tasks.json"
    file.write_text(json.dumps(TASKS))

    def make(**options):
        env = DeployedWebArenaEnv(data=file, deployment=deployment, **options)
        made.append(env)
        return env

    yield make
    for env in made:
        env.close()


def number_of(browser, name):
    line = next(x for x in browser.observe().text.splitlines() if name in x)
    return int(line.partition("[")[2].partition("]")[0])


def until(condition):
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


# Signing in


@pytest.mark.parametrize(
    ("site", "url", "sign"),
    [
        ("shopping", SHOP, "Welcome, Emma Lopez!"),
        ("shopping_admin", "http://luma.com/admin", "Signed in as admin"),
        ("reddit", "http://reddit.com", "link 'MarvelsGrantMan136'"),
        ("gitlab", "http://gitlab.com", "link '@byteblaze'"),
    ],
)
def test_the_agent_is_signed_in_to_the_sites_of_its_task(connection, site, url, sign):
    for sites, is_in in (((), False), ((site,), True)):
        browser = RemoteBrowser(connection, sites)
        browser.open([url])
        assert (sign in browser.observe().text) is is_in
        browser.close()


@pytest.mark.slow
def test_a_session_is_kept_for_the_next_episode(connection, sites):
    RemoteBrowser(connection, ["shopping"]).close()
    before = [asked for asked in sites.asked if asked[1] == "POST"]
    RemoteBrowser(connection, ["shopping"]).close()
    assert [asked for asked in sites.asked if asked[1] == "POST"] == before
    connection.forget()
    RemoteBrowser(connection, ["shopping"]).close()
    assert len([asked for asked in sites.asked if asked[1] == "POST"]) > len(before)


@pytest.mark.slow
def test_a_wrong_password_is_told(sites):
    logins = {"shopping": ("emma.lopez@gmail.com", "wrong")}
    wrong = Deployment(Addresses(sites.addresses), logins=logins, settle=0.0)
    connection = Connection(wrong)
    try:
        with pytest.raises(LoginFailed, match=r"does not let emma\.lopez"):
            RemoteBrowser(connection, ["shopping"])
        with pytest.raises(BadOption, match="no user and password for reddit"):
            RemoteBrowser(connection, ["reddit"])
    finally:
        connection.close()


@pytest.mark.slow
def test_headers_sign_in_where_the_containers_know_them(sites):
    headed = Deployment(Addresses(sites.addresses), login="header", settle=0.0)
    connection = Connection(headed)
    try:
        browser = RemoteBrowser(connection, ["reddit"])
        sites.headers.clear()
        browser.open(["http://reddit.com/"])
        user, password = PUBLISHED_LOGINS["reddit"]
        names = {key.lower(): value for key, value in sites.headers[0].items()}
        assert names["x-postmill-auto-login"] == f"{user}:{password}"
        assert password not in browser.observe().text + browser.content()
    finally:
        connection.close()


def test_a_session_that_is_about_to_end_is_renewed():
    assert is_fresh({"cookies": [{"expires": -1}, {"expires": 10_000}]}, now=1000.0)
    assert not is_fresh({"cookies": [{"expires": 3000}]}, now=1000.0)


def test_no_address_at_all_says_which_variables_to_set():
    with pytest.raises(BadOption, match=r"\$SHOPPING"):
        Deployment(Addresses({}))


# Where the browser can't go


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "view-source:http://onestopmarket.com/",
        "data:text/html,x",
        "javascript:alert(1)",
        "chrome://version",
        "http://example.com/",
        "http://user:pw@onestopmarket.com/",
        "http://127.0.0.1:1/",
        "onestopmarket.com",
        "",
    ],
)
def test_other_addresses_are_refused(deep, url):
    assert "is not an address of these web sites" in deep.act(Action("goto", text=url))
    assert deep.observe().url == f"{SHOP}/deep"


def test_a_link_to_a_stranger_or_to_a_file_leads_nowhere(browser, sites):
    stranger = f"http://127.0.0.1:{sites.port('stranger')}/x"
    assert "is not an address" in browser.act(Action("goto", text=stranger))
    browser.act(Action("click", number_of(browser, "link 'read'")))
    assert browser.observe().url == f"{SHOP}/escape"
    browser.act(Action("click", number_of(browser, "link 'leave'")))
    until(lambda: browser.act(Action("hover", 1)) == "The page can't be reached.")
    assert "stolen" not in browser.observe().text
    assert not [asked for asked in sites.asked if asked[0] == ""]


def test_a_link_that_opens_a_tab_adds_one(browser):
    browser.act(Action("click", number_of(browser, "link 'open'")))

    def has_two():
        browser.act(Action("hover", 1))
        return len(browser.observe().titles) == 2

    until(has_two)
    assert browser.act(Action("tab_focus", 1)) == ""
    assert browser.observe().text.startswith("Tab 0: ")
    assert "Tab 1 (current): Deep" in browser.observe().text
    assert browser.act(Action("close_tab")) == ""
    assert browser.observe().url == f"{SHOP}/escape"


@pytest.mark.slow
def test_contexts_share_nothing(connection):
    first, second = (RemoteBrowser(connection, ["shopping"]) for _ in range(2))
    third = RemoteBrowser(connection)
    for browser in (first, second, third):
        browser.open([SHOP])
    assert "Welcome, Emma" in first.observe().text
    assert "Welcome, Emma" not in third.observe().text
    first.act(Action("click", number_of(first, "button 'Sign Out'")))
    for browser in (first, second, third):
        browser.close()
        browser.close()


# Acting and reading


def test_typing_pressing_and_scrolling_on_any_page(browser):
    browser.act(Action("goto", text=f"{SHOP}/deep"))
    field = number_of(browser, "textbox")
    assert browser.act(Action("type", field, " tea’")) == ""
    assert browser.query("input", "value") != ["held"]
    assert browser.act(Action("press", text="ctrl+a")) == ""
    assert "nonsense" in browser.act(Action("press", text="ctrl+nonsense"))
    assert browser.act(Action("press", text="+ +")) != ""
    assert browser.act(Action("scroll", text="down")) == ""
    assert "not 'left'" in browser.act(Action("scroll", text="left"))
    assert "[999]" in browser.act(Action("click", 999))
    assert (
        browser.act(Action("tab_focus", 7))
        == "There is no tab 7; there are tabs 0 to 0."
    )
    assert browser.act(Action("new_tab")) == ""
    assert browser.observe().titles[1] == ""


@pytest.mark.parametrize(
    ("locator", "found"),
    [
        ("document.querySelector('.a').outerText", "x & y"),
        ("document.querySelectorAll('.a')[1].outerText", "z"),
        ("document.querySelectorAll('.a').length", 2),
        ("document.querySelectorAll('.a')[9].outerText", ScriptFailed),
        ("document.querySelector('.none').outerText", ScriptFailed),
        ("document.querySelector('.l').getAttribute('title')", "T"),
        ("document.querySelector('.l').getAttribute('none')", None),
        ("document.querySelector('[name=\"q\"').value", "held"),
        ("document.querySelector('[name=\"q\"').checked.toString()", "true"),
        ("document.querySelector('body').lastElementChild.value", "held"),
        (
            "document.querySelector('.a').outerText + "
            "(document.querySelector('.none')?.outerText || '')",
            "x & y",
        ),
        (
            "[...document.querySelectorAll('[href],[src]')].map(e => "
            "e.getAttribute('href') || e.getAttribute('src')).join(' ')",
            "/u /i.png",
        ),
    ],
)
def test_locators_give_what_their_javascript_gives(deep, locator, found):
    page, script = deep.page(), parse_locator(locator)
    if found is ScriptFailed:
        with pytest.raises(ScriptFailed):
            page.run(script)
        return
    assert page.run(script) == found
    own = deep._do(lambda: deep._page.evaluate(locator))
    assert own == found


def test_evaluators_do_not_leave_the_sites(browser):
    with browser.page().another() as page:
        page.goto("file:///etc/passwd")
        assert page.url == "about:blank"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("enter", "Enter"),
        ("Meta+a", "Control+a"),
        ("ctrl + Shift + arrowdown", "Control+Shift+ArrowDown"),
        ("f5", "F5"),
        ("a", "a"),
        ("+", "+"),
        ("", ""),
        ("a++b", ""),
        ("a+b+c+d+e", ""),
    ],
)
def test_keys_have_playwrights_names(text, keys):
    assert read_keys(text) == keys


# The environment


def test_an_answer_ends_a_task(make):
    env = make()
    text, info = env.reset(options={"item": "webarena_0"})
    assert "OBJECTIVE: Do something." in text and f"URL: {SHOP}" in text
    assert "Welcome, Emma Lopez!" in text
    text, reward, ended, _, info = env.step("```stop [Yes]```")
    assert (reward, ended, info["success"], info["unscored"]) == (1.0, True, True, "")
    assert "reference" not in json.dumps(info)


def test_being_at_the_right_place_ends_a_task(make):
    env = make()
    env.reset(options={"item": 1})
    env.step(f"goto [{SHOP}/deep]")
    assert env.step("stop")[1] == 1.0
    env.reset(options={"item": 1})
    assert env.step("stop")[1] == 0.0


@pytest.mark.parametrize("parity", [True, False])
def test_pages_and_the_shops_own_interface_are_asked(make, parity):
    env = make(parity=parity)
    env.reset(options={"item": 2})
    reply = env.step("```stop```")
    assert reply[1] == 1.0 and reply[4]["unscored"] == ""


def test_without_a_judge_a_task_has_no_score(make):
    env = make()
    env.reset(options={"item": 3})
    _, reward, ended, _, info = env.step("stop [of course]")
    assert (reward, ended, info["end_reason"]) == (0.0, True, "unscored")
    assert "judge" in info["unscored"]
    judged = make(judge=lambda question, reference, answer: answer == "of course")
    judged.reset(options={"item": 3})
    assert judged.step("stop [of course]")[1] == 1.0


def test_parity_rewards_steps_and_hides_errors(make):
    env = make(parity=True)
    env.reset(options={"item": 0})
    text, reward, *_ = env.step("```scroll [down]```")
    assert reward == 1.0 and text.endswith("PREVIOUS ACTION: scroll [down]")
    text, reward, _, _, info = env.step("```tab_focus [9]```")
    assert reward == 0.0 and "ERROR" not in text and info["fail_error"]
    assert text.endswith("PREVIOUS ACTION: page_focus [9]")
    text, reward, *_ = env.step("```type [5] [1]```")
    assert (text, reward) == ("Invalid type action type [5] [1]", 0.0)
    assert env.step("no fence")[0] == "Cannot parse action from response no fence"


def test_early_stop_ends_what_goes_in_circles(make):
    env = make(early_stop=True)
    env.reset(options={"item": 0})
    env.step("scroll [down]")
    env.step("scroll [down]")
    text, reward, ended, *_ = env.step("scroll [down]")
    assert ended and reward == 0.0 and "Early stop: Same action" in text


def test_tasks_are_chosen_by_number_and_category(make, tmp_path):
    assert [task.index for task in make(ids=[3, 1]).tasks] == [3, 1]
    (tmp_path / "ids.json").write_text('["webarena_2"]')
    assert [task.index for task in make(ids=tmp_path / "ids.json").tasks] == [2]
    with pytest.raises(BadOption, match="no task 77"):
        make(ids=[77])


def test_a_deployment_has_no_snapshots(make):
    env = make()
    env.reset(options={"item": 0})
    with pytest.raises(SnapshotError):
        env.snapshot()


@pytest.mark.slow
def test_a_killed_browser_ends_the_episode_and_not_the_next_one(make):
    env = make()
    env.reset(options={"item": 2})
    process = env._connection.run(
        lambda: env._connection.browser.new_browser_cdp_session().send(
            "SystemInfo.getProcessInfo"
        )
    )
    number = next(p["id"] for p in process["processInfo"] if p["type"] == "browser")
    os.kill(number, signal.SIGKILL)
    _, reward, ended, truncated, info = env.step("scroll [down]")
    assert (reward, ended, truncated) == (0.0, False, True)
    assert info["end_reason"] == "crash"
    env.reset(options={"item": 2})
    assert env.step("stop")[1] == 1.0


# Beside the sites


def test_the_shop_is_asked_over_its_own_interface(sites):
    shop = RestShop(sites.addresses["shopping"])
    assert shop.latest_order_url().endswith("/sales/order/view/order_id/170/")
    assert shop.latest_review("B0") == ("Emma", "80")
    assert shop.latest_review("none") == ("", "")
    with pytest.raises(ServiceUnavailable, match="does not answer"):
        RestShop("http://127.0.0.1:9").latest_order_url()


def test_a_reset_is_started_and_waited_for():
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            ready = asked.count("/status") > 2
            self.send_response(418 if self.path == "/reset" else 200)
            self.end_headers()
            self.wfile.write(b"Ready for duty!" if ready else b"Not yet")

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}/"
    try:
        full_reset(address, pause=0.01)
        assert asked == ["/reset", "/status", "/status", "/status"]
        with pytest.raises(ServiceUnavailable, match="not ready"):
            asked.clear()
            full_reset(address, pause=0.01, wait=0.0)
    finally:
        server.shutdown()
        server.server_close()


def test_a_task_on_changed_sites_is_warned_of(tmp_path):
    file = tmp_path / "tasks.json"
    file.write_text(json.dumps([task(0), task(811)]))
    seek, change = load_configs(file)
    done = []
    traces = Traces(lambda: done.append(1))
    traces.begin(seek)
    traces.begin(change)
    with pytest.warns(UserWarning, match="task 0 begins on sites that tasks"):
        traces.begin(seek)
    assert traces.reset() and done == [1]
    traces.begin(seek)
    assert not Traces().reset()
