"""The rules of SearchQA: what a reply asks for, how passages are told, what is right.

The reply of a model is searched for tags. Everything here takes time in proportion to
the length of the text, however many tags are left open.
"""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Iterable
from typing import Literal, NamedTuple

Verb = Literal["search", "answer"]
VERBS: tuple[Verb, ...] = ("search", "answer")

RIGHT = "Congratulations! You have answered the question correctly."
WRONG = "Sorry, your answer is incorrect. Please try again."
WRONG_AT_LAST = "Sorry, your answer is incorrect."
INVALID = (
    "Your previous action is invalid. If you want to search, you should put the query "
    "between <search> and </search>. If you want to give the final answer, you should "
    "put the answer between <answer> and </answer>. Please try again."
)

_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLE = re.compile(r"\b(a|an|the)\b")


class Request(NamedTuple):
    """What a reply asks for: a search for a text, or the grading of an answer."""

    verb: Verb
    text: str


def read(reply: str) -> Request | None:
    """Find the first closed pair of tags; None if there is none.

    It decides what is done. What is graded is the last ``<answer>`` pair of the
    reply, as in the original.
    """
    first = None
    for verb in VERBS:
        start = reply.find(f"<{verb}>")
        content = start + len(verb) + 2
        end = reply.find(f"</{verb}>", content) if start >= 0 else -1
        if end >= 0 and (first is None or start < first[0]):
            first = start, Request(verb, reply[content:end].strip())
    if first is None:
        return None
    if first[1].verb == "answer":
        return Request("answer", last_answer(reply))
    return first[1]


def last_answer(reply: str) -> str:
    """Give the text of the last ``<answer>`` pair; pairs are taken from the left."""
    answer = ""
    end = 0
    while (start := reply.find("<answer>", end)) >= 0:
        start += len("<answer>")
        close = reply.find("</answer>", start)
        if close < 0:
            break
        answer = reply[start:close]
        end = close + len("</answer>")
    return answer.strip()


def normalize(text: str) -> str:
    """Write an answer so that case, punctuation, articles and spaces don't count.

    As in SQuAD (Rajpurkar et al. 2016), in this order: what punctuation joins is one
    word, whose parts are no articles.
    """
    bare = text.lower().translate(_NO_PUNCTUATION)
    return " ".join(_ARTICLE.sub(" ", bare).split())


def is_right(answer: str, targets: Collection[str]) -> bool:
    """Whether an answer is one of the targets, which are normalised already."""
    return normalize(answer) in targets


def title_and_text(contents: str) -> tuple[str, str]:
    """Take a passage apart: its first line, and the others."""
    title, _, text = contents.partition("\n")
    return title, text


def bare_title(contents: str) -> str:
    """A passage's title without the quotes that wiki-18 puts around it."""
    title = contents.partition("\n")[0].strip()
    if len(title) > 1 and title[0] == title[-1] == '"':
        return title[1:-1]
    return title


def told(passages: Iterable[str]) -> str:
    """Tell passages to the agent, numbered from 1."""
    lines = []
    for number, contents in enumerate(passages, start=1):
        title, text = title_and_text(contents)
        lines.append(f"Doc {number}(Title: {title}) {text}\n")
    return f"<information>{''.join(lines).strip()}</information>"


def holds_answer(passages: Iterable[str], targets: Iterable[str]) -> bool:
    """Whether a passage holds a target as whole words, both normalised."""
    wanted = [f" {target} " for target in targets if target]
    return any(
        target in text
        for text in (f" {normalize(contents)} " for contents in passages)
        for target in wanted
    )
