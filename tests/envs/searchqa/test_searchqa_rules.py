"""Tags, grading and texts, as the original gives them."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgym_envs.searchqa.engine import (
    INVALID,
    RIGHT,
    WRONG,
    Request,
    bare_title,
    holds_answer,
    is_right,
    last_answer,
    normalize,
    read,
    told,
)
from agentgym_envs.searchqa.env import SearchQAEnv

PIECES = st.sampled_from(
    ["<search>", "</search>", "<answer>", "</answer>", "<Search>", "<", "x", " ", "\n"]
)
REPLIES = st.lists(PIECES, max_size=24).map("".join)


@pytest.mark.parametrize(
    ("reply", "request_"),
    [
        ("<search>who</search>", Request("search", "who")),
        ("<search> who \n</search>", Request("search", "who")),
        ("<search>two\nlines</search>", Request("search", "two\nlines")),
        ("<search></search>", Request("search", "")),
        ("<answer>Paris</answer>", Request("answer", "Paris")),
        ("<think>hm</think>\n<search>q</search> and more", Request("search", "q")),
        # The first pair decides.
        ("<search>q</search><answer>Paris</answer>", Request("search", "q")),
        ("<answer>Paris</answer><search>q</search>", Request("answer", "Paris")),
        # The last answer is graded.
        ("<answer>Rome</answer><answer>Paris</answer>", Request("answer", "Paris")),
        (
            "<answer>Rome</answer><search>q</search><answer>Paris</answer>",
            Request("answer", "Paris"),
        ),
        # Open tags are no tags.
        ("<search>q <answer>Paris</answer>", Request("answer", "Paris")),
        ("<answer>Paris <search>q</search>", Request("search", "q")),
        ("<answer>Rome</answer><answer>Paris", Request("answer", "Rome")),
        ("</search><search>q</search>", Request("search", "q")),
        # An answer inside a search is a part of the query.
        (
            "<search>a<answer>b</answer></search>",
            Request("search", "a<answer>b</answer>"),
        ),
        ("<search>q</answer>", None),
        ("<Search>q</Search>", None),
        ("<SEARCH>q</SEARCH>", None),
        ("search[q]", None),
        ("", None),
    ],
)
def test_the_first_pair_of_tags_decides(reply, request_):
    assert read(reply) == request_


@given(REPLIES)
def test_reading_is_what_the_regular_expressions_of_the_original_say(reply):
    match = re.search(r"<(search|answer)>(.*?)</\1>", reply, re.DOTALL)
    answers = re.findall(r"<answer>(.*?)</answer>", reply, re.DOTALL)
    if match is None:
        assert read(reply) is None
    elif match[1] == "search":
        assert read(reply) == Request("search", match[2].strip())
    else:
        assert read(reply) == Request("answer", answers[-1].strip())
    assert last_answer(reply) == (answers[-1].strip() if answers else "")


@pytest.mark.parametrize("piece", ["<search>", "<answer>", "<search><answer>", "<"])
def test_a_reply_full_of_open_tags_is_read_at_once(piece):
    # With a regular expression this would take time squared, some minutes.
    assert read(piece * 500_000) is None
    assert read(piece * 500_000 + "<answer>x</answer></search>") is not None


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("Paris", "paris"),
        ("  The   Lake\tSurkask ", "lake surkask"),
        ("An apple, a day.", "apple day"),
        ("1,204 km", "1204 km"),
        ("U.S.A.", "usa"),
        ("the", ""),
        ("theatre", "theatre"),
        ("A-team", "ateam"),
        ("Ångström’s", "ångström’s"),
        ("An Leonardo-da Vinci", "leonardoda vinci"),
        ("The The", ""),
        ("a\u00a0an", ""),
    ],
)
def test_normal_form(text, normal):
    assert normalize(text) == normal


@pytest.mark.parametrize(
    ("answer", "is_so"),
    [
        ("Leonardo da Vinci", True),
        ("the leonardo da vinci!", True),
        ("LEONARDO DA  VINCI", True),
        # Punctuation goes first, and then "da" is no word of its own.
        ("An Leonardo-da Vinci", False),
        ("Leonardo", False),
        ("It is Leonardo da Vinci", False),
        ("", False),
    ],
)
def test_an_answer_is_right_or_wrong(answer, is_so):
    assert is_right(answer, {normalize("Leonardo da Vinci")}) is is_so


@given(st.text())
def test_normalizing_leaves_no_case_punctuation_or_outer_space(text):
    normal = normalize(text)
    assert not set(normal) & set(string.punctuation)
    assert normal == " ".join(normal.split())
    assert not re.search(r"\b(a|an|the)\b", normal)


@given(st.text(alphabet=string.ascii_letters + string.digits + " .,'-", max_size=40))
def test_case_articles_and_punctuation_around_an_answer_do_not_count(text):
    targets = {normalize(text)}
    assert is_right(text.upper(), targets)
    assert is_right(f" The {text} ", targets)
    assert is_right(f"{text} !?", targets)


def test_passages_are_numbered_with_title_and_text():
    text = told(['"Lake Om"\nLake Om is a lake.\nIt is deep.', "Only a title"])
    assert text == (
        '<information>Doc 1(Title: "Lake Om") Lake Om is a lake.\nIt is deep.\n'
        "Doc 2(Title: Only a title)</information>"
    )


def test_no_passage_gives_an_empty_block():
    assert told([]) == "<information></information>"


def test_the_text_around_all_passages_is_stripped_but_not_between():
    assert told(["T\n x ", "U\n"]) == (
        "<information>Doc 1(Title: T)  x \nDoc 2(Title: U)</information>"
    )


def test_a_title_is_bare_without_its_quotes():
    assert bare_title('"Lake Om"\ntext') == "Lake Om"
    assert bare_title('The "Great" Lake\n') == 'The "Great" Lake'
    assert bare_title('"') == '"'


def test_an_answer_is_held_as_whole_words():
    passages = ['"Om"\nIt is 1,204 metres deep, said the Countess of Om.']
    assert holds_answer(passages, ["1204 metres"])
    assert holds_answer(passages, ["countess of om"])
    assert not holds_answer(passages, ["204 metres"])
    assert not holds_answer(passages, ["count"])
    assert not holds_answer(passages, [""])


class Recorded:
    """Gives the same two passages for every query, and keeps the queries."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []

    def search(self, query, k):
        self.asked.append((query, k))
        return [
            {"id": "7", "contents": '"Om"\nOm is a city.', "score": 2.0},
            {"id": "9", "contents": '"Um"\nUm is a lake.', "score": 1.5},
        ][:k]


DOCS = '<information>Doc 1(Title: "Om") Om is a city.\nDoc 2(Title: "Um") Um is a lake.'
DOCS += "</information>"


@pytest.mark.parametrize("parity", [False, True])
@pytest.mark.parametrize(
    ("reply", "text", "reward", "done"),
    [
        ("<search>Om</search>", DOCS, 0.0, False),
        ("<think>a</think><search>Om</search>", DOCS, 0.0, False),
        ("<search></search>", DOCS, 0.0, False),
        ("<search>Om</search><answer>{right}</answer>", DOCS, 0.0, False),
        ("<answer>{right}</answer>", RIGHT, 1.0, True),
        ("<answer> the {right}. </answer>", RIGHT, 1.0, True),
        ("<answer>{right}</answer><search>Om</search>", RIGHT, 1.0, True),
        ("<answer>no</answer><answer>{right}</answer>", RIGHT, 1.0, True),
        ("<search>Om <answer>{right}</answer>", RIGHT, 1.0, True),
        ("<answer>{right}</answer><answer>no</answer>", WRONG, 0.0, False),
        ("<answer>no</answer>", WRONG, 0.0, False),
        ("<answer></answer>", WRONG, 0.0, False),
        ("{right}", INVALID, 0.0, False),
        ("<answer>{right}", INVALID, 0.0, False),
        ("<ANSWER>{right}</ANSWER>", INVALID, 0.0, False),
        ("", INVALID, 0.0, False),
    ],
)
def test_a_reply_is_answered_as_the_original_does(parity, reply, text, reward, done):
    env = SearchQAEnv(parity=parity, retriever=Recorded())
    env.reset(options={"item": 0})
    right = env.task.payload["targets"][0]
    step = env.step(reply.replace("{right}", right))
    assert step[:3] == (text, reward, done)
    assert step[4]["invalid_action"] is (text == INVALID)


def test_the_first_text_ends_with_the_question():
    env = SearchQAEnv()
    text, _ = env.reset(options={"item": 3})
    assert text.endswith(f"\n\n Question: {env.goal}")
    assert text.partition("\n\n Question: ")[2] == env.goal
