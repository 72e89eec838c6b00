"""Run the Python blocks of a Markdown page, and fill in what they print.

The blocks of a page run in order and share their names. A block of `text` that
follows a block of Python with nothing between them is what that block prints.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import tempfile
from pathlib import Path

BLOCK = re.compile(
    r"^(?P<fence>```+)(?P<language>\w*)\n(?P<code>.*?)^(?P=fence)$", re.M | re.S
)


def has_python(text: str) -> bool:
    """Tell whether a page has anything to run."""
    return any(match["language"] == "python" for match in BLOCK.finditer(text))


def refreshed(text: str, name: str = "page") -> str:
    """Run a page; give its text with the outputs as they are now."""
    namespace: dict[str, object] = {"__name__": "__main__"}
    parts: list[str] = []
    end = 0
    printed: str | None = None
    for match in BLOCK.finditer(text):
        between = text[end : match.start()]
        is_output = match["language"] == "text" and not between.strip()
        parts.append(between)
        if is_output and printed is not None:
            fence = match["fence"]
            parts.append(f"{fence}text\n{printed.rstrip()}\n{fence}")
        else:
            parts.append(match.group())
        printed = None
        if match["language"] == "python":
            line = text.count("\n", 0, match.start("code"))
            printed = run(match["code"], namespace, name, line)
        end = match.end()
    return "".join([*parts, text[end:]])


def run(code: str, namespace: dict[str, object], name: str, line: int) -> str:
    """Run one block in an empty folder; give what it prints."""
    printed = io.StringIO()
    # The empty lines make a traceback name the line of the page.
    source = compile("\n" * line + code, name, "exec", dont_inherit=True)
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(printed):
        os.chdir(folder)
        try:
            exec(source, namespace)
        finally:
            os.chdir(here)
    return printed.getvalue()
