"""The task file: all of its forms, the published one, and damage."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from agentgym_envs.errors import DataError
from agentgym_envs.webarena.original.addresses import Addresses
from agentgym_envs.webarena.original.evaluate import Evaluator, hollow_checks
from agentgym_envs.webarena.original.locators import (
    PAGE,
    Chain,
    Helper,
    Joined,
    Script,
    Step,
    WholePage,
    parse_helper,
    parse_locator,
)
from agentgym_envs.webarena.original.survey import count, needs
from agentgym_envs.webarena.original.tasks import (
    Answers,
    category_of,
    find_configs,
    load_configs,
    read_ids,
)

PUBLISHED = Path(__file__).parents[3] / "../shared/data/webarena/test.raw.json"
RECORD = {
    "sites": ["gitlab", "reddit"],
    "task_id": 7,
    "require_login": True,
    "storage_state": "./.auth/gitlab.reddit_state.json",
    "start_url": "__GITLAB__ |AND| __REDDIT__/f/x",
    "geolocation": None,
    "intent_template": "",
    "instantiation_dict": {},
    "intent": "Say something",
    "require_reset": False,
    "intent_template_id": 1,
    "eval": {
        "eval_types": ["string_match", "url_match", "program_html"],
        "reference_answers": {"must_include": ["a", "b"], "fuzzy_match": "N/A"},
        "reference_url": "__GITLAB__/a |OR| __GITLAB__/b",
        "url_note": "GOLD in PRED",
        "string_note": "there is none",
        "program_html": [
            {
                "url": "func:reddit_get_post_url('__last_url__')",
                "locator": "document.querySelector('.a').outerText",
                "required_contents": {"must_include": ["x |OR| y", "z"]},
            },
            {
                "url": "__GITLAB__/c",
                "locator": "",
                "required_contents": {"exact_match": "q"},
                "prep_actions": ["document.querySelector('.a').click()"],
            },
        ],
    },
}


def write(path, *records):
    path.write_text(json.dumps(records))
    return path


def test_a_record_is_loaded_field_by_field(tmp_path):
    (config,) = load_configs(write(tmp_path / "tasks.json", RECORD))
    config = config.filled(Addresses.public())
    assert config.login == ("gitlab", "reddit")
    assert config.start == ("http://gitlab.com", "http://reddit.com/f/x")
    assert config.answers == Answers(include=("a", "b"), unachievable=True)
    assert config.urls == ("http://gitlab.com/a", "http://gitlab.com/b")
    first, second = config.targets
    assert first.url == Helper("reddit_get_post_url", ("__last_url__",))
    assert first.include == (("x", "y"), ("z",))
    assert second.url == "http://gitlab.com/c"
    assert second.locator == WholePage() and len(second.prepare) == 1
    assert config.needs_judge and config.category == "InformationSeeking"


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (["sites"], "gitlab", "task 0: the field 'sites'"),
        (["task_id"], "7", "task_id"),
        (["intent"], None, "intent"),
        (["storage_state"], "./.auth/bank_state.json", "no site 'bank'"),
        (["eval"], [], "eval"),
        (["eval", "eval_types"], ["magic"], "'magic' is not one of"),
        (["eval", "url_note"], "PRED in GOLD", "no rule"),
        (["eval", "reference_url"], None, "reference_url"),
        (["eval", "reference_answers"], {"regex": "x"}, "unknown"),
        (["eval", "program_html", 0, "locator"], "alert(1)", r"program_html\[0\]"),
        (["eval", "program_html", 0, "url"], "func:exit()", "no helper"),
        (["eval", "program_html", 1, "prep_actions"], ["eval('x')"], "no locator"),
        (["eval", "program_html", 0, "required_contents"], {}, "no exact_match"),
    ],
)
def test_a_damaged_field_is_named(tmp_path, path, value, says):
    record = copy.deepcopy(RECORD)
    place = record
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(DataError, match=says):
        load_configs(write(tmp_path / "tasks.json", record))


def test_a_missing_field_is_named(tmp_path):
    record = {key: value for key, value in RECORD.items() if key != "start_url"}
    with pytest.raises(DataError, match="'start_url': it is missing"):
        load_configs(write(tmp_path / "tasks.json", record))


def test_two_tasks_of_one_number_are_refused(tmp_path):
    with pytest.raises(DataError, match="7 is there twice"):
        load_configs(write(tmp_path / "tasks.json", RECORD, RECORD))


@pytest.mark.parametrize("text", ["", "{", "[1]", '"x"', "[" * 100_000])
def test_no_task_file_is_said_to_be_none(tmp_path, text):
    file = tmp_path / "tasks.json"
    file.write_text(text)
    with pytest.raises(DataError, match=r"tasks\.json"):
        load_configs(file)


def test_the_file_of_an_installed_package_is_found_without_importing(
    tmp_path, monkeypatch
):
    folder = tmp_path / "webarena_verified"
    (folder / "assets/dataset").mkdir(parents=True)
    (folder / "__init__.py").write_text("raise RuntimeError('imported')")
    write(folder / "assets/dataset/test.raw.json", RECORD)
    monkeypatch.syspath_prepend(tmp_path)
    assert find_configs() == folder / "assets/dataset/test.raw.json"
    assert [config.task_id for config in load_configs()] == [7]


@pytest.mark.parametrize(
    "text",
    [
        '[3, "webarena_5", "7"]',
        '[{"task_id": 3}, {"item_id": "webarena_5"}, {"item_id": 7}]',
        '{"item_id": "webarena_3"}\n5\n"webarena_7"\n',
    ],
)
def test_ids_are_read_in_any_usual_form(tmp_path, text):
    (tmp_path / "ids.json").write_text(text)
    assert read_ids(tmp_path / "ids.json") == [3, 5, 7]


@pytest.mark.parametrize("text", ["[-1]", '["x"]', "[true]", "[{}]", "[null]", "{"])
def test_what_names_no_task_is_refused(tmp_path, text):
    (tmp_path / "ids.json").write_text(text)
    with pytest.raises(DataError, match=r"ids\.json"):
        read_ids(tmp_path / "ids.json")


# Locators


def test_a_chain_is_read_step_by_step():
    locator = parse_locator(
        """document.querySelector('[id="notes"').lastElementChild.querySelector("a")"""
        """.getAttribute('title')"""
    )
    steps = (
        Step("one", '[id="notes"'),
        Step("get", "lastElementChild"),
        Step("one", "a"),
        Step("attribute", "title"),
    )
    assert locator == Script((Chain(steps),))


def test_sums_joins_and_what_may_be_missing_are_read():
    locator = parse_locator(
        "document.querySelector('.a').outerText + (document.querySelector('.b')"
        "?.outerText || '') + [...document.querySelectorAll('[href]')].map(e => "
        "e.getAttribute('href') || e.getAttribute('src')).join(' ')"
    )
    assert isinstance(locator, Script)
    _, second, third = locator.parts
    assert second == Chain(
        (Step("one", ".b"), Step("get", "outerText", optional=True)), otherwise=""
    )
    assert third == Joined((Step("all", "[href]"),), ("href", "src"), " ")


@pytest.mark.parametrize(
    "text",
    [
        "document",
        "document.cookie",
        "document.querySelector('a').innerHTML",
        "document.querySelector('a').outerText; fetch('http://evil')",
        "document.querySelector('a').remove()",
        "document.querySelector(a)",
        "document.querySelector('a').constructor",
        "document.querySelector(`a`).value",
        "[...document.querySelectorAll('a')].map(e => f.getAttribute('b')).join(' ')",
        "[...document.querySelector('a')].map(e => e.getAttribute('b')).join(' ')",
        "window.location",
        "document.querySelector('a')[0]",
    ],
)
def test_other_scripts_are_refused(text):
    with pytest.raises(ValueError, match="no locator that can be read"):
        parse_locator(text)


@pytest.mark.parametrize(
    "text",
    [
        "func:exit()",
        "func:reddit_get_post_url()",
        "func:reddit_get_post_url(open('x'))",
        "func:reddit_get_post_url('a') or exit()",
        "func:__import__('os')",
    ],
)
def test_other_calls_are_refused(text):
    with pytest.raises(ValueError, match="reddit_get_post_url"):
        parse_helper(text)


def test_the_page_is_an_argument():
    text = "func:gitlab_get_project_memeber_role(__page__, 'koush')"
    assert parse_locator(text) == Helper(
        "gitlab_get_project_memeber_role", (PAGE, "koush")
    )


# The published file


@pytest.fixture(scope="module")
def published():
    if not PUBLISHED.is_file():
        pytest.skip("needs WebArena's published task file")
    return load_configs(PUBLISHED)


def test_all_published_tasks_load_and_have_evaluators(published):
    assert [config.task_id for config in published] == list(range(812))
    for config in published:
        filled = config.filled(Addresses.public())
        assert "__SHOPPING" not in repr(filled) and "__MAP__" not in repr(filled)
        Evaluator(filled)
    assert sum(len(config.targets) for config in published) == 651


def test_what_the_published_tasks_need(published):
    totals = count([needs(config) for config in published])
    assert dict(totals["evaluators"]) == {
        "string_match": 325,
        "program_html": 282,
        "url_match+program_html": 129,
        "url_match": 66,
        "string_match+url_match": 10,
    }
    assert dict(totals["category"]) == {
        "ContentAndConfig": 374,
        "InformationSeeking": 325,
        "SiteNavigation": 113,
    }
    assert dict(totals["judge"]) == {"none": 694, "answer": 82, "reason": 36}
    assert dict(totals["login"])["none"] == 128
    assert not any(hollow_checks(config) for config in published)


def test_categories_are_known_for_the_published_numbers_only():
    assert category_of(44) == "SiteNavigation"
    assert category_of(811) == "ContentAndConfig"
    assert category_of(812) is None and category_of(-1) is None
