"""Whether a task of the original is done.

The score is a product over string_match, url_match and program_html, and in each over
its checks. ``strict=False`` compares and reads as the original does: on the page that
the agent sees, which it leaves for others. The default compares by `strict`, leaves the
agent's page where it is, and refuses tasks that nothing could fail.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

from agentgym_envs.errors import AgentGymError, DataError
from agentgym_envs.webarena.original import match, strict
from agentgym_envs.webarena.original.judge import Judge, JudgeFailed
from agentgym_envs.webarena.original.locators import (
    LAST_URL,
    Helper,
    Script,
    WholePage,
)
from agentgym_envs.webarena.original.tasks import STAY, UNACHIEVABLE, Config, Target


class ScriptFailed(AgentGymError, RuntimeError):
    """A script found no element where it needed one."""


class Page(Protocol):
    """A page of a browser, for who evaluates."""

    @property
    def url(self) -> str:
        """The address, by the deployment's names."""

    def goto(self, url: str) -> None:
        """Open an address, and wait until it is shown."""

    def html(self) -> str:
        """Give the page as it is now."""

    def run(self, script: Script) -> object:
        """Read from the page.

        Raises:
            ScriptFailed: if the page hasn't what the script reads.
        """

    def texts(self, css: str) -> list[str]:
        """Give the texts of all elements that a selector finds."""

    def another(self) -> AbstractContextManager[Page]:
        """Open a page beside this one, signed in as it is, and close it afterwards."""


class Shop(Protocol):
    """What is asked of the shop's own interface."""

    def latest_order_url(self) -> str:
        """Give the address of the order that was made last."""

    def latest_review(self, sku: str) -> tuple[str, str]:
        """Give author and percents of a product's last review; empty without one."""


class Score(NamedTuple):
    """What came out."""

    value: float
    unscored: str = ""
    """Why the value is no score: what was missing to tell. Empty if it is one."""


class _Unscored(Exception):
    pass


@dataclass(frozen=True)
class Evaluator:
    """Scores one task.

    Args:
        config: The task, with addresses filled in.
        strict: Whether the original's weaknesses are left out.
        judge: Judges answers in free words. Without one, tasks that need it have no
            score, unless something else has decided.
        reason_judge: Judges why a task can't be done; None takes ``judge``.
        shop: Answers the helpers that ask the shop.

    Raises:
        DataError: if strict, for a task that any episode would pass.
    """

    config: Config
    strict: bool = True
    judge: Judge | None = None
    reason_judge: Judge | None = None
    shop: Shop | None = None

    def __post_init__(self) -> None:
        """Refuse what can't be failed."""
        if self.strict and (hollow := hollow_checks(self.config)):
            raise DataError(
                f"task {self.config.task_id} would be passed by anything: "
                + "; ".join(hollow)
            )

    def score(self, answer: str, page: Page, *, stopped: bool = True) -> Score:
        """Score an episode that ends on this page.

        Args:
            answer: What the agent answered.
            page: What it saw last.
            stopped: Whether it said that it was done. In the strict mode an episode
                that merely ran out of steps has failed.
        """
        if self.strict and not stopped:
            return Score(0.0)
        value, unscored = 1.0, ""
        for kind in self.config.kinds:
            try:
                value *= {
                    "string_match": lambda: self._string(answer),
                    "url_match": lambda: self._url(page),
                    "program_html": lambda: self._html(page),
                }[kind]()
            except _Unscored as error:
                unscored = str(error)
        # A part that failed decides, whatever the others would have said.
        return Score(0.0, unscored if value else "") if unscored else Score(value)

    # The answer

    def _string(self, answer: str) -> float:
        return (
            self._string_strict(answer) if self.strict else self._string_as_is(answer)
        )

    def _string_as_is(self, answer: str) -> float:
        wanted, config = self.config.answers, self.config
        assert wanted is not None
        given = match.clean(answer)  # and once more in each comparison
        value = 1.0
        if wanted.exact is not None:
            value *= match.is_exact(wanted.exact, given)
        for reference in wanted.include or ():
            alone = len(wanted.include or ()) == 1
            value *= match.includes(reference, given, alone=alone)
        for reference in wanted.fuzzy or ():
            value *= self._ask(self.judge, config.intent, reference, given)
        if wanted.unachievable:
            value *= match.is_exact(UNACHIEVABLE, given)
            if value != 1.0:
                # What the others said is forgotten here, as in the original.
                judge = self.reason_judge or self.judge
                value = float(self._ask(judge, config.intent, config.reason, given))
        return value

    def _string_strict(self, answer: str) -> float:
        wanted, config = self.config.answers, self.config
        assert wanted is not None
        if wanted.exact is not None and not strict.is_same(wanted.exact, answer):
            return 0.0
        if not all(strict.includes(text, answer) for text in wanted.include or ()):
            return 0.0
        if wanted.unachievable and strict.plain(answer) != UNACHIEVABLE.lower():
            judge = self.reason_judge or self.judge
            if not answer.strip():
                return 0.0
            return float(self._ask(judge, config.intent, config.reason, answer))
        for reference in wanted.fuzzy or ():
            if strict.is_same(reference, answer):
                continue
            if not answer.strip() or not self._ask(
                self.judge, config.intent, reference, answer
            ):
                return 0.0
        return 1.0

    def _ask(
        self, judge: Judge | None, question: str, reference: str, answer: str
    ) -> bool:
        if judge is None:
            raise _Unscored("the answer is in free words, and there is no judge")
        try:
            return bool(judge(question, reference, answer))
        except JudgeFailed as error:
            raise _Unscored(str(error)) from error

    # The address

    def _url(self, page: Page) -> float:
        if not self.strict:
            return float(match.is_at(self.config.urls, page.url))
        return float(any(strict.is_at(url, page.url) for url in self.config.urls))

    # The pages

    def _html(self, page: Page) -> float:
        value = 1.0
        for target in self.config.targets:
            with self._page_of(target, page) as shown:
                value *= self._is_there(
                    target, html.unescape(self._read(target, shown))
                )
        return value

    @contextmanager
    def _page_of(self, target: Target, page: Page) -> Iterator[Page]:
        url = target.url
        if url == STAY:
            yield page
            return
        where = self._call(url, page) if isinstance(url, Helper) else url
        if not self.strict:
            page.goto(where)
            yield page
            return
        with page.another() as shown:
            shown.goto(where)
            yield shown

    def _read(self, target: Target, page: Page) -> str:
        locator = target.locator
        if isinstance(locator, WholePage):
            return page.html()
        if isinstance(locator, Helper):
            return self._call(locator, page)
        try:
            for script in target.prepare:
                page.run(script)
        except ScriptFailed:
            pass  # the original goes on as well
        try:
            found = page.run(locator)
        except ScriptFailed:
            return ""
        if self.strict and found is None:
            return ""
        return str(found)

    def _is_there(self, target: Target, text: str) -> bool:
        if target.exact is not None:
            if self.strict:
                return strict.plain(target.exact) == strict.plain(text)
            return match.is_exact(target.exact, text)
        includes = strict.includes if self.strict else match.includes
        return all(
            any(includes(choice, text) for choice in choices)
            for choices in target.include or ()
        )

    def _call(self, helper: Helper, page: Page) -> str:
        match helper.name, helper.arguments:
            case "reddit_get_post_url", [url]:
                return post_url(url.replace(LAST_URL, page.url))
            case "gitlab_get_project_memeber_role", [_, account]:
                return member_role(page, account)
            case "shopping_get_latest_order_url", _:
                return self._shop().latest_order_url()
            case "shopping_get_sku_latest_review_author", [sku]:
                return self._shop().latest_review(sku)[0]
            case "shopping_get_sku_latest_review_rating", [sku]:
                return self._shop().latest_review(sku)[1]
        raise AssertionError(helper)

    def _shop(self) -> Shop:
        if self.shop is None:
            raise _Unscored("the shop's own interface is needed, and there is none")
        return self.shop


def hollow_checks(config: Config) -> list[str]:
    """Say which checks of a task anything would pass."""
    found = []
    answers = config.answers
    if not config.kinds:
        found.append("it has no evaluators")
    if "string_match" in config.kinds and answers is not None:
        texts = [*(answers.include or ()), *(answers.fuzzy or ())]
        if answers.exact is not None:
            texts.append(answers.exact)
        if not texts and not answers.unachievable:
            found.append("it has no reference answers")
        if any(not text.strip() for text in texts):
            found.append("a reference answer is empty")
    if "url_match" in config.kinds and not all(url.strip() for url in config.urls):
        found.append("a reference address is empty")
    if "program_html" in config.kinds and not config.targets:
        found.append("it looks at no page")
    for place, target in enumerate(config.targets):
        choices = target.include
        if choices is not None and not all(t.strip() for ts in choices for t in ts):
            found.append(f"the text for page {place} is empty")
        if choices is not None and not choices:
            found.append(f"nothing must be on page {place}")
    return found


def post_url(url: str) -> str:
    """Give the address of a post of the forum without what follows its number."""
    parts = urlsplit(url)
    segments = parts.path.split("/")
    if len(segments) < 4 or segments[1] != "f":
        return url
    _, _, forum, number, *_ = segments
    return f"{parts.scheme}://{parts.netloc}/f/{forum}/{number}/"


MEMBERS = "td[data-label='Account'] span.gl-avatar-labeled-sublabel"
ROLES = "td.col-max-role span"


def member_role(page: Page, account: str) -> str:
    """Give the role of an account on the page of a project's members; empty if none."""
    try:
        place = page.texts(MEMBERS).index(f"@{account}")
        return page.texts(ROLES)[place]
    except (ValueError, IndexError, ScriptFailed):
        return ""
