"""Scores: the original's quirks one by one, and what the strict mode makes of them."""

from __future__ import annotations

import dataclasses
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgym_envs.errors import DataError
from agentgym_envs.webarena.original import match, strict
from agentgym_envs.webarena.original.evaluate import (
    MEMBERS,
    ROLES,
    Evaluator,
    Score,
    ScriptFailed,
    post_url,
)
from agentgym_envs.webarena.original.judge import JudgeFailed
from agentgym_envs.webarena.original.locators import (
    Helper,
    WholePage,
    parse_helper,
    parse_locator,
)
from agentgym_envs.webarena.original.tasks import Answers, Config, Target

CONFIG = Config(
    task_id=0,
    sites=("shopping",),
    login=(),
    start=("http://s",),
    intent="How many?",
    template=0,
    category=None,
    kinds=("string_match",),
)


def config_of(answers=None, urls=(), targets=(), **more):
    kinds = []
    if answers:
        kinds.append("string_match")
    if urls:
        kinds.append("url_match")
    if targets:
        kinds.append("program_html")
    return dataclasses.replace(
        CONFIG, kinds=tuple(kinds), answers=answers, urls=urls, targets=targets, **more
    )


class Site:
    """Pages by address: HTML, and what scripts find there."""

    def __init__(self, url="http://s/", pages=(), texts=()):
        self.url = url
        self.pages = dict(pages)
        self._texts = dict(texts)
        self.ran = []

    def goto(self, url):
        self.url = url

    def html(self):
        return self.pages[self.url]

    def run(self, script):
        self.ran.append(script)
        found = self.pages[self.url]
        if isinstance(found, Exception):
            raise found
        return found

    def texts(self, css):
        return self._texts[css]

    @contextmanager
    def another(self):
        yield Site(self.url, self.pages, self._texts)


def said(answer, page=None, *, mode=False, **more):
    """Score an answer; the original's way unless told otherwise."""

    def score(config):
        evaluator = Evaluator(config, strict=mode, **more)
        return evaluator.score(answer, page or Site()).value

    return score


# clean


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        (" Yes ", "yes"),
        ("'Yes'", "yes"),
        ('"Yes"', "yes"),
        ("''Yes''", "'yes'"),
        ("'\"Yes\"'", '"yes"'),
        ("'Yes\"", "'yes\""),
        ("'", ""),
        ('"', ""),
        ("' Yes '", " yes "),
        ("", ""),
    ],
)
def test_cleaning_takes_one_pair_of_quotes_off(text, cleaned):
    assert match.clean(text) == cleaned


def test_the_answer_is_cleaned_twice_and_the_reference_once():
    assert said("''Yes''")(config_of(Answers(exact="yes"))) == 1.0
    assert said("yes")(config_of(Answers(exact="''yes''"))) == 0.0


# string_match


@pytest.mark.parametrize(
    ("reference", "answer", "passes"),
    [
        ("0", "There are 0 orders", True),
        ("0", "The total is 0.", True),
        ("0", "10", False),
        ("0", "$0.00", False),
        ("2", "2nd", False),
        ("2", "2,000", False),
        ("4", "4/5", False),
        ("2", "2-3", False),
        ("5", "5%", True),
        ("2", "(2)", True),
        ("2", "2: yes", True),
        ("2", "1, 2, 3", True),
        ("2", "12:2", False),
        ("x", "X", True),
        ("55", "554", True),
        ("170", "order 000000170", True),
        ("", "anything", True),
    ],
)
def test_a_lone_reference_of_one_character_must_be_a_word(reference, answer, passes):
    config = config_of(Answers(include=(reference,)))
    assert said(answer)(config) == float(passes)


def test_of_two_references_each_may_be_within_a_word():
    config = config_of(Answers(include=("0", "2")))
    assert said("102")(config) == 1.0
    assert said("100")(config) == 0.0


def test_an_empty_object_and_an_empty_list_pass():
    assert said("")(config_of(Answers())) == 1.0
    assert said("")(config_of(Answers(include=()))) == 1.0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("don't cannot it's", ["do", "n't", "can", "not", "it", "'s"]),
        ("wait... no -- yes!", ["wait", "...", "no", "--", "yes", "!"]),
        ("a:b 12:30 1,000", ["a", ":", "b", "12:30", "1,000"]),
        ("mail@x.org.", ["mail", "@", "x.org", "."]),
        ("", []),
    ],
)
def test_words(text, words):
    assert match.words(text) == words


def asked(*verdicts):
    calls = []
    left = list(verdicts)

    def judge(question, reference, answer):
        calls.append((question, reference, answer))
        return left.pop(0)

    judge.calls = calls
    return judge


def test_a_judge_is_asked_for_every_reference():
    judge = asked(True, True)
    config = config_of(Answers(fuzzy=("a", "b")))
    assert said("'X'", judge=judge)(config) == 1.0
    assert judge.calls == [("How many?", "a", "x"), ("How many?", "b", "x")]
    assert said("x", judge=asked(True, False))(config) == 0.0


def test_the_literal_answer_of_an_impossible_task_needs_no_judge():
    config = config_of(Answers(unachievable=True), reason="no such thing")
    assert said("n/a")(config) == 1.0


def test_another_answer_to_an_impossible_task_is_judged_by_its_reason():
    config = config_of(Answers(unachievable=True), reason="no such thing")
    judge, reason = asked(), asked(True)
    assert said("It is not there", judge=judge, reason_judge=reason)(config) == 1.0
    assert reason.calls == [("How many?", "no such thing", "it is not there")]
    assert judge.calls == []


def test_the_reason_judge_erases_an_earlier_zero_in_the_original_only():
    answers = Answers(exact="five", unachievable=True)
    config = config_of(answers, reason="r")
    assert said("no", judge=asked(True))(config) == 1.0
    assert said("no", judge=asked(True), mode=True)(config) == 0.0


@pytest.mark.parametrize("mode", [True, False])
def test_without_a_judge_there_is_no_score(mode):
    config = config_of(Answers(fuzzy=("a",)))
    score = Evaluator(config, strict=mode).score("b", Site())
    assert score.value == 0.0 and "no judge" in score.unscored


def test_a_judge_that_fails_leaves_the_answer_unscored():
    def judge(*asked):
        raise JudgeFailed("no verdict")

    config = config_of(Answers(fuzzy=("a",)))
    assert Evaluator(config, judge=judge).score("b", Site()).unscored == "no verdict"


def test_what_has_failed_otherwise_needs_no_judge():
    config = config_of(Answers(fuzzy=("a",)), urls=("http://s/x",))
    assert Evaluator(config).score("b", Site("http://s/y")) == Score(0.0)


# url_match


@pytest.mark.parametrize(
    ("references", "url", "original", "sane"),
    [
        (["http://s/a"], "http://s/a", True, True),
        (["http://s/a/"], "http://s/a//", True, True),
        (["http://s/a"], "https://s/a#x", True, True),
        (["http://s/viewed"], "http://s/viewedasdf", True, False),
        (["http://s/a"], "http://s/a/b", True, False),
        (["http://s/a"], "http://other/s/a", True, False),
        (["http://s/a"], "http://evil-s/a", True, False),
        (["http://s/a"], "http://s/A", False, False),
        (["http://s/a?x=1"], "http://s/a?y=2&x=1", True, True),
        (["http://s/a?x=1"], "http://s/a?x=2", False, False),
        (["http://s/a?x="], "http://s/a", True, False),
        (["http://s/a?x=1", "http://s/b?x=2"], "http://s/a?x=2", True, False),
        (["http://s/a?x=1", "http://s/b?x=2"], "http://s/b?x=2", True, True),
        (["http://s/a?x=1", "http://s/b?y=2"], "http://s/a?x=1", False, True),
        ([""], "http://s/anything", True, False),
        (["http://s/a b"], "http://s/a%20b", False, True),
        (["http://s:80/a"], "http://s/a", False, True),
        (["http://s/a"], "http://s:8080/a", False, False),
    ],
)
def test_addresses_in_both_modes(references, url, original, sane):
    assert match.is_at(references, url) is original
    assert any(strict.is_at(reference, url) for reference in references) is sane


# program_html


def target(url="last", locator="", exact=None, include=None, prepare=()):
    include = include and tuple(tuple(text.split(" |OR| ")) for text in include)
    return Target(url, parse_locator(locator), exact, include, prepare)


SCRIPT = "document.querySelector('.a').outerText"


def test_a_blank_locator_reads_the_whole_page_and_unescapes_it():
    page = Site(pages={"http://s/": "<p>Tom &amp; Jerry</p>"})
    assert said("", page)(config_of(targets=(target(include=["tom & jerry"]),))) == 1


@pytest.mark.parametrize(
    ("found", "text"), [(None, "None"), (True, "True"), (3, "3"), ("", "")]
)
def test_what_a_script_gives_is_written_as_python_does(found, text):
    page = Site(pages={"http://s/": found})
    assert said("", page)(config_of(targets=(target("last", SCRIPT, exact=text),))) == 1


def test_nothing_is_no_text_in_the_strict_mode():
    page = Site(pages={"http://s/": None})
    config = config_of(targets=(target("last", SCRIPT, exact="None"),))
    assert said("", page, mode=True)(config) == 0.0


def test_a_script_that_fails_gives_an_empty_text():
    page = Site(pages={"http://s/": ScriptFailed("null")})
    assert said("", page)(config_of(targets=(target("last", SCRIPT, exact="'"),))) == 1
    assert said("", page)(config_of(targets=(target("last", SCRIPT, exact="a"),))) == 0


def test_alternatives_stand_in_one_text():
    page = Site(pages={"http://s/": "green tea"})
    config = config_of(
        targets=(target("last", SCRIPT, include=["red |OR| green", "t"]),)
    )
    assert said("", page)(config) == 1.0


def test_a_character_on_a_page_need_not_be_a_word():
    page = Site(pages={"http://s/": "10"})
    config = config_of(targets=(target("last", SCRIPT, include=["0"]),))
    assert said("", page)(config) == 1.0
    assert said("", page, mode=True)(config) == 0.0


def test_the_original_leaves_the_agents_page_and_the_strict_mode_does_not():
    pages = {"http://s/": "x", "http://s/b": "y"}
    config = config_of(targets=(target("http://s/b", SCRIPT, exact="y"),))
    for mode, url in ((False, "http://s/b"), (True, "http://s/")):
        page = Site(pages=pages)
        assert said("", page, mode=mode)(config) == 1.0
        assert page.url == url


def test_all_targets_must_be_there():
    page = Site(pages={"http://s/": "x"})
    good, bad = target("last", SCRIPT, exact="x"), target("last", SCRIPT, exact="y")
    assert said("", page)(config_of(targets=(good, bad))) == 0.0


def test_preparation_runs_before_the_page_is_read():
    prepare = (parse_locator("document.querySelector('.b').click()"),)
    page = Site(pages={"http://s/": "x"})
    said("", page)(config_of(targets=(target("last", SCRIPT, "x", None, prepare),)))
    assert page.ran == [*prepare, parse_locator(SCRIPT)]


@pytest.mark.parametrize(
    ("url", "post"),
    [
        ("http://r/f/books/12/title-of-it", "http://r/f/books/12/"),
        ("http://r/f/books/12/-/comment/3?x=1", "http://r/f/books/12/"),
        ("http://r/f/books", "http://r/f/books"),
        ("http://r/user/me/12", "http://r/user/me/12"),
    ],
)
def test_a_post_is_found_from_any_of_its_pages(url, post):
    assert post_url(url) == post


def test_the_post_of_the_last_page_is_opened():
    helper = parse_helper("func:reddit_get_post_url('__last_url__')")
    page = Site("http://r/f/a/1/b", {"http://r/f/a/1/": "x"})
    config = config_of(targets=(Target(helper, parse_locator(SCRIPT), "x"),))
    assert said("", page)(config) == 1.0


def test_the_role_of_a_member_is_looked_up_by_account():
    texts = {MEMBERS: ["@a", "@b"], ROLES: ["Guest", "Owner"]}
    locator = parse_locator("func:gitlab_get_project_memeber_role(__page__, 'b')")
    config = config_of(targets=(Target("last", locator, "Owner"),))
    assert said("", Site(texts=texts))(config) == 1.0
    assert said("", Site(texts={MEMBERS: [], ROLES: []}))(config) == 0.0


class Shop:
    def latest_order_url(self):
        return "http://s/sales/order/view/order_id/9/"

    def latest_review(self, sku):
        return {"A": ("Emma", "80")}.get(sku, ("", ""))


def test_the_shop_is_asked_for_orders_and_reviews():
    order = Helper("shopping_get_latest_order_url")
    rating = Helper("shopping_get_sku_latest_review_rating", ("A",))
    page = Site(pages={"http://s/sales/order/view/order_id/9/": "mug"})
    config = config_of(
        targets=(
            Target(order, parse_locator(SCRIPT), "mug"),
            Target("last", rating, "80"),
        )
    )
    assert said("", page, shop=Shop())(config) == 1.0
    assert "shop" in Evaluator(config).score("", page).unscored


# The strict mode


@pytest.mark.parametrize(
    ("reference", "answer", "passes"),
    [
        ("55", "554", False),
        ("170", "000000170", False),
        ("0", "$0.00", True),
        ("0", "0. There are none", True),
        ("2", "2-3", False),
        ("4", "4/5", False),
        ("2", "2nd", False),
        ("65 cm", "0.65m", True),
        ("$5", "5 dollars", True),
        ("$5", "€5", False),
        ("1,000", "it is 1000.00", True),
        ("-5", "5", False),
        ("748m", "about 0.748 km away", True),
        ("90 minutes", "1 h 30 min", True),
        ("2h 5min", "125 minutes", True),
        ("Jan 5, 2023", "2023-01-05", True),
        ("1/5/2023", "5th January 2023", True),
        ("Jan 5, 2023", "Jan 15, 2023", False),
        ("Adam Garcia", "by ADAM  garcia.", True),
        ("Adam Garcia", "Adam de Garcia", False),
        ("Yes", "Yesterday", False),
        ("06516", "6516", False),
        ("", "anything", False),
        ("hannah.lim@gmail.com", "Hannah.Lim@gmail.com", True),
        ("2023-13-45", "2023-13-45", True),
    ],
)
def test_words_and_quantities_in_the_strict_mode(reference, answer, passes):
    assert strict.includes(reference, answer) is passes


def test_an_exact_answer_has_no_other_words():
    assert strict.is_same("Yes", "yes.")
    assert not strict.is_same("Yes", "yes and no")
    assert not strict.is_same("5", "5 or 6")


def test_a_set_is_complete_and_holds_nothing_else():
    assert strict.is_set(["a b", "c"], "C and A b")
    assert strict.is_set(["$5", "7"], "7; 5.00")
    assert not strict.is_set(["a", "c"], "a")
    assert not strict.is_set(["a"], "a, b")
    assert not strict.is_set(["a", "b"], "a, a")


def test_who_ran_out_of_steps_has_failed_in_the_strict_mode():
    config = config_of(urls=("http://s/",))
    assert Evaluator(config).score("", Site(), stopped=False).value == 0.0
    assert Evaluator(config, strict=False).score("", Site(), stopped=False).value == 1.0


def test_an_empty_answer_is_never_shown_to_a_judge_in_the_strict_mode():
    judge = asked()
    config = config_of(Answers(fuzzy=("a",)))
    assert said(" ", judge=judge, mode=True)(config) == 0.0
    assert judge.calls == []


@pytest.mark.parametrize(
    "config",
    [
        config_of(Answers(include=("a", " "))),
        config_of(Answers(include=())),
        config_of(urls=("",)),
        config_of(targets=(Target("last", WholePage(), include=(("a", ""),)),)),
        config_of(targets=(Target("last", WholePage(), include=()),)),
        dataclasses.replace(CONFIG, kinds=()),
    ],
)
def test_a_task_that_anything_passes_is_refused(config):
    with pytest.raises(DataError, match="task 0 would be passed by anything"):
        Evaluator(config)
    Evaluator(config, strict=False)


@given(st.text(), st.text())
def test_any_texts_can_be_compared(reference, answer):
    strict.includes(reference, answer)
    strict.is_same(reference, answer)
    strict.is_at(reference, answer)
    match.includes(reference, answer, alone=True)
    match.is_at([reference], answer)


@given(st.text(alphabet="0123456789.,-/:$ kmh ajn\n"))
def test_a_text_with_words_includes_itself(text):
    assert strict.is_same(text, text)
    if text.strip():
        assert strict.includes(text, text)
