"""Find the action in a Thought/Action reply, written as models write."""

from __future__ import annotations

import re

from agentgym_envs import MalformedReply
from agentgym_envs.spaces import MAX_ACTION

FORM = "Thought:\n<your reasoning>\n\nAction:\n<one action>"
NO_ACTION = f"The reply holds no action. Reply in this form:\n\n{FORM}"

LONGEST = 2 * MAX_ACTION  # what is longer is refused, however much is stripped

_MARK = "Action:"
_END_MARKS = ("</s>", "<|im_end|>", "<|eot_id|>", "<|endoftext|>")
# Bounded repetitions: with open ones, a megabyte of spaces would take minutes.
_ODD_MARK = re.compile(r"^[ \t*_#>-]{0,8}action[ \t*_]{0,4}:", re.I | re.M)
_NEXT_PART = re.compile(r"^[ \t*_#>-]{0,8}(?:Thought|Observation)[ \t*_]{0,4}:", re.M)


def parse_react(reply: str) -> str:
    r"""Find the action in a Thought/Action reply, as forgiving as is safe.

    >>> parse_react("**Action:** `move up`"), parse_react("Action: a\nAction: b")
    ('move up', 'b')
    """
    before, mark, action = reply.rpartition(_MARK)
    if not mark:
        marks = [found.span() for found in _ODD_MARK.finditer(reply)]
        if not marks:
            return MalformedReply(reply, NO_ACTION)
        start, end = marks[-1]
        before, action = reply[start:end].rstrip(":"), reply[end:]
    if later := _NEXT_PART.search(action):
        action = action[: later.start()]
    action = _bare(action, bold=before.endswith("**"))
    return action or MalformedReply(reply, NO_ACTION)


def _bare(text: str, *, bold: bool) -> str:
    """Strip what models put around an action."""
    text = text.strip()
    if len(text) > LONGEST:
        return text
    while ended := [mark for mark in _END_MARKS if text.endswith(mark)]:
        text = text.removesuffix(ended[0]).rstrip()
    if bold:
        # The second pair of asterisks closes either the mark or the whole line.
        inside = text.removeprefix("**")
        text = (inside if inside != text else text.removesuffix("**")).strip()
    if text.startswith("```"):
        inside = text[3:].partition("```")[0]
        language, _, rest = inside.partition("\n")
        # The first line names a language, unless there is nothing after it.
        named = rest.strip() and (not language.strip() or language.strip().isalnum())
        return (rest if named else inside).strip()
    text = text.removesuffix("```").rstrip()
    if text[:1] == text[-1:] == "`":
        text = text.strip("`").strip()
    return text
