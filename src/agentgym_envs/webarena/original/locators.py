"""Locators: what a check reads from a page, as a typed tree instead of a script.

The task file writes them in JavaScript or as calls of helpers. All 651 of it are of the
forms that are parsed here; whatever else a file may hold is refused when it is loaded,
and no text of a file is ever run.

    text    = item {"+" item}
    item    = elem | "(" elem "||" "''" ")" | "[..." elems "].map(...).join(" string ")"
    elem    = "document" {step}
    step    = [?].querySelector(css) | .querySelectorAll(css)[n] | .property
            | .getAttribute(name) | .toString() | .click()
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

PROPERTIES = frozenset(
    {
        "outerText",
        "innerText",
        "textContent",
        "value",
        "checked",
        "selectedIndex",
        "href",
        "length",
    }
)
ELEMENTS = frozenset({"firstElementChild", "lastElementChild", "lastChild"})

Kind = Literal["one", "all", "item", "get", "attribute", "string", "click"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step from an element to another one, or to a text."""

    kind: Kind
    argument: str | int = ""
    """A selector, a property, an attribute, or which one of a list."""
    optional: bool = False
    """Whether nothing, instead of an error, follows from nothing."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Steps from the document."""

    steps: tuple[Step, ...]
    otherwise: str | None = None
    """What stands for an empty result, if anything does."""


@dataclass(frozen=True, slots=True)
class Joined:
    """An attribute of many elements, the first of these that there is, in one text."""

    steps: tuple[Step, ...]
    attributes: tuple[str, ...]
    between: str


@dataclass(frozen=True, slots=True)
class Script:
    """Texts of a page, one after the other."""

    parts: tuple[Chain | Joined, ...]

    def plan(self) -> list[dict[str, Any]]:
        """Give the tree as JSON values, for the interpreter within a page."""
        return [_plan(part) for part in self.parts]


@dataclass(frozen=True, slots=True)
class WholePage:
    """The page's HTML."""


@dataclass(frozen=True, slots=True)
class Helper:
    """A question to a site, with literal arguments."""

    name: str
    arguments: tuple[str, ...] = ()


Locator = Script | WholePage | Helper

PAGE = "__page__"  # the argument that stands for the current page
LAST_URL = "__last_url__"
# The helpers of the original, with what they take.
HELPERS = {
    "shopping_get_latest_order_url": 0,
    "shopping_get_sku_latest_review_author": 1,
    "shopping_get_sku_latest_review_rating": 1,
    "reddit_get_post_url": 1,
    "gitlab_get_project_memeber_role": 2,  # spelled so there
}

_STRING = r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
_TOKENS = {
    "one": re.compile(rf"(\?)?\.querySelector\({_STRING}\)"),
    "all": re.compile(rf"(\?)?\.querySelectorAll\({_STRING}\)"),
    "attribute": re.compile(rf"(\?)?\.getAttribute\({_STRING}\)"),
    "string": re.compile(r"(\?)?\.toString\(\)"),
    "click": re.compile(r"(\?)?\.click\(\)"),
    "item": re.compile(r"()\[(\d{1,4})\]"),
    "get": re.compile(r"(\?)?\.([A-Za-z]+)(?!\()\b"),
}
_OTHERWISE = re.compile(rf"\s*\|\|\s*{_STRING}\s*\)")
_MAP = re.compile(r"\]\.map\((\w+) => ")
_ATTRIBUTE = re.compile(rf"(\w+)\.getAttribute\({_STRING}\)")
_JOIN = re.compile(rf"\)\.join\({_STRING}\)")
_PLUS = re.compile(r"\s*\+\s*")
_CALL = re.compile(rf"(\w+)\(\s*((?:(?:{PAGE}|{_STRING})\s*,?\s*)*)\)")
_ARGUMENT = re.compile(rf"{PAGE}|{_STRING}")


def parse_locator(text: str) -> Locator:
    """Read a locator of the task file.

    Raises:
        ValueError: if it is of no form that is known.
    """
    text = text.strip()
    if not text:
        return WholePage()
    if text.startswith("func:"):
        return parse_helper(text)
    if not text.startswith(("document.", "[...document.")):
        raise ValueError(f"no locator that can be read: {text!r:.120}")
    return _Reader(text).script()


def parse_helper(text: str) -> Helper:
    """Read ``func:name(arguments)``.

    Raises:
        ValueError: if it is no call of a helper with literal arguments.
    """
    match = _CALL.fullmatch(text.removeprefix("func:").strip())
    if match is None or match[1] not in HELPERS:
        names = ", ".join(HELPERS)
        raise ValueError(f"no helper that is known: {text!r:.120}; there are {names}")
    arguments = tuple(
        _unquote(part[1]) if part[1] else PAGE for part in _ARGUMENT.finditer(match[2])
    )
    if len(arguments) != HELPERS[match[1]]:
        raise ValueError(
            f"{match[1]} takes {HELPERS[match[1]]} arguments: {text!r:.120}"
        )
    return Helper(match[1], arguments)


class _Reader:
    """Reads a script from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0

    def script(self) -> Script:
        parts = [self._part()]
        while self._take(_PLUS):
            parts.append(self._part())
        if self._place != len(self._text):
            raise self._error()
        return Script(tuple(parts))

    def _part(self) -> Chain | Joined:
        if self._skip("[..."):
            steps = self._steps()
            return self._joined(steps)
        if not self._skip("("):
            return Chain(self._steps())
        steps = self._steps()
        otherwise = self._need(_OTHERWISE)
        return Chain(steps, _unquote(otherwise[1]))

    def _steps(self) -> tuple[Step, ...]:
        if not self._skip("document"):
            raise self._error()
        steps: list[Step] = []
        while step := self._step(after_list=bool(steps) and steps[-1].kind == "all"):
            steps.append(step)
        if not steps:
            raise self._error()
        return tuple(steps)

    def _step(self, *, after_list: bool) -> Step | None:
        for kind, token in _TOKENS.items():
            if (kind == "item") and not after_list:
                continue
            match = self._take(token)
            if match is None:
                continue
            optional = bool(match[1])
            match kind:
                case "item":
                    return Step("item", int(match[2]))
                case "get":
                    if match[2] not in PROPERTIES | ELEMENTS:
                        raise self._error()
                    return Step("get", match[2], optional)
                case "string":
                    return Step("string", "", optional)
                case "click":
                    return Step("click", "", optional)
                case "one":
                    return Step("one", _unquote(match[2]), optional)
                case "all":
                    return Step("all", _unquote(match[2]), optional)
            return Step("attribute", _unquote(match[2]), optional)
        return None

    def _joined(self, steps: tuple[Step, ...]) -> Joined:
        if steps[-1].kind != "all":
            raise self._error()
        name = self._need(_MAP)[1]
        attributes = []
        while True:
            match = self._need(_ATTRIBUTE)
            if match[1] != name:
                raise self._error()
            attributes.append(_unquote(match[2]))
            if not self._skip(" || "):
                break
        return Joined(steps, tuple(attributes), _unquote(self._need(_JOIN)[1]))

    def _skip(self, word: str) -> bool:
        if self._text.startswith(word, self._place):
            self._place += len(word)
            return True
        return False

    def _take(self, token: re.Pattern[str]) -> re.Match[str] | None:
        match = token.match(self._text, self._place)
        if match:
            self._place = match.end()
        return match

    def _need(self, token: re.Pattern[str]) -> re.Match[str]:
        match = self._take(token)
        if match is None:
            raise self._error()
        return match

    def _error(self) -> ValueError:
        rest = self._text[self._place :]
        return ValueError(f"no locator that can be read, from {rest!r:.80}")


def _unquote(literal: str) -> str:
    return re.sub(r"\\(.)", r"\1", literal[1:-1])


def _plan(part: Chain | Joined) -> dict[str, Any]:
    steps = [[step.kind, step.argument, step.optional] for step in part.steps]
    if isinstance(part, Chain):
        return {"steps": steps, "otherwise": part.otherwise}
    return {"steps": steps, "attributes": part.attributes, "between": part.between}


# Follows plans within a page. What it gives is what the JavaScript that the plan was
# read from gives; errors are thrown in the same places.
INTERPRETER = r"""plan => {
  const walk = steps => {
    let at = document;
    for (const [kind, arg, optional] of steps) {
      if (optional && (at === null || at === undefined)) return undefined;
      switch (kind) {
        case 'one': at = at.querySelector(arg); break;
        case 'all': at = at.querySelectorAll(arg); break;
        case 'item': case 'get': at = at[arg]; break;
        case 'attribute': at = at.getAttribute(arg); break;
        case 'string': at = at.toString(); break;
        case 'click': at = at.click(); break;
      }
    }
    return at;
  };
  const parts = plan.map(part => {
    if (part.attributes) {
      const text = el => part.attributes.reduce(
        (value, name) => value || el.getAttribute(name), null);
      return [...walk(part.steps)].map(text).join(part.between);
    }
    const value = walk(part.steps);
    return part.otherwise === null ? value : value || part.otherwise;
  });
  return parts.reduce((all, part) => all + part);
}"""
