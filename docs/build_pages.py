"""Write the page of every environment, and the outputs that all pages show.

    python docs/build_pages.py            # writes what has changed
    python docs/build_pages.py --check    # exits 1 and names pages that are stale

A page holds what its class docstring says, the ids and keywords, the first
observation of item 0 as the environment really gives it, the instructions for a
model, and the action schema. In the pages written by hand, and in the README, the
Python blocks are run and the outputs that follow them are filled in. So no page can
say what the code does not.
"""

from __future__ import annotations

import argparse
import inspect
import json
import re
import sys
from pathlib import Path

import gymnasium
from code_blocks import has_python, refreshed

from agentgym_envs import SPECS, AgentEnv, TaskSpec

DOCS = Path(__file__).resolve().parent
ENVIRONMENTS = DOCS / "environments"
BY_HAND = (DOCS.parent / "README.md", *sorted(DOCS.glob("*.md")))
NOTICE = "<!-- Written by docs/build_pages.py from the class docstring. -->"

PLANNED = """\
These ids are registered, so that their names and limits are fixed, but their
environments do not exist in this version; making one raises `NotReady`."""

COMMON_KEYWORDS = """\
| Keyword | Meaning |
|---|---|
| `split="train"` | the items that a reset draws from: `"train"`, `"test"` or `"all"` |
| `data=None` | `None`: embedded or generated items; a path: the real data set |
| `parity=False` | `True`: the rules of the original server to the letter |
| `horizon=None` | steps before truncation; `None`: {horizon} |
| `render_mode=None` | {render_modes} |"""


def families() -> dict[str, list[TaskSpec]]:
    """All ids, grouped by family in the order of the registry."""
    grouped: dict[str, list[TaskSpec]] = {}
    for spec in SPECS:
        grouped.setdefault(spec.name.partition(".")[0], []).append(spec)
    return grouped


def make(spec: TaskSpec) -> AgentEnv:
    """Make the environment of a spec without its wrappers."""
    env = gymnasium.make(spec.id).unwrapped
    assert isinstance(env, AgentEnv)
    return env


def sections(docstring: str) -> tuple[str, dict[str, str]]:
    """Split a class docstring into its first part and its ``##`` sections."""
    first, *rest = re.split(r"^## ", docstring, flags=re.MULTILINE)
    named = (part.partition("\n") for part in rest)
    return first.strip(), {title.strip(): text.strip() for title, _, text in named}


def fenced(text: str, language: str = "text") -> str:
    """Put a text into a code block that it can't close itself."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def ids_table(specs: list[TaskSpec]) -> str:
    """List the ids of a family with their limits and items."""
    lines = [
        "| Id | Horizon | Training items | Test items |",
        "|---|--:|--:|--:|",
    ]
    lines += [
        f"| `{spec.id}` | {spec.horizon} | {spec.train:,} | {spec.test:,} |"
        for spec in specs
    ]
    return "\n".join(lines)


def keywords(env: AgentEnv, own: str | None) -> str:
    """List the common keywords, then the family's own."""
    modes = ", ".join(f'`"{mode}"`' for mode in env.metadata["render_modes"])
    common = COMMON_KEYWORDS.format(horizon=env.default_horizon, render_modes=modes)
    if own is None:
        return common
    return f"{common}\n\nOf its own:\n\n{own}"


def install(spec: TaskSpec) -> str:
    """The command that installs what a family needs."""
    extra = f"[{spec.extra}]" if spec.extra else ""
    package = f'"agentgym-envs{extra}"' if extra else "agentgym-envs"
    return fenced(f"pip install {package}", "sh")


def first_observation(env: AgentEnv) -> str:
    """Show how item 0 begins."""
    text, _ = env.reset(seed=0, options={"item": 0})
    call = (
        "import gymnasium\n\nimport agentgym_envs\n\n"
        f'env = gymnasium.make("agentgym/{env.family}-v0")\n'
        'text, info = env.reset(seed=0, options={"item": 0})\n'
        "print(text)"
    )
    return (
        f"{fenced(call, 'python')}\n\n{fenced(text)}\n\n"
        f"Goal of this item (`env.unwrapped.goal`): {env.goal}"
    )


def page(specs: list[TaskSpec]) -> str:
    """Write the page of a family."""
    spec = specs[0]
    env = make(spec)
    summary, told = sections(inspect.getdoc(type(env)) or "")
    own_keywords = told.pop("Keywords", None)
    tail = {name: told.pop(name) for name in ("Source", "Version history")}
    parts = [
        NOTICE,
        f"# {env.family}",
        summary,
        "## Ids",
        install(spec),
        ids_table(specs),
    ]
    for title in ("Observations", "Actions", "Rewards", "Episode end"):
        parts += [f"## {title}", told.pop(title)]
    parts += ["## First observation", first_observation(env)]
    parts += ["## Keywords", keywords(env, own_keywords)]
    for title, text in told.items():
        parts += [f"## {title}", text]
    parts += [
        "## Instructions",
        "For a model's system prompt, as `env.unwrapped.instructions`:",
        fenced(env.instructions),
        "## Action schema",
        "Functions for tool calling, as `env.unwrapped.action_schema`:",
        fenced(json.dumps(env.action_schema, indent=2, ensure_ascii=False), "json"),
    ]
    for title, text in tail.items():
        parts += [f"## {title}", text]
    env.close()
    return "\n\n".join(parts) + "\n"


def index(grouped: dict[str, list[TaskSpec]]) -> str:
    """Write the list of all families."""
    ready = ["| Family | What it is | Tasks | Horizon |", "|---|---|--:|--:|"]
    planned = ["| Family | Scenario | Tasks | Horizon |", "|---|---|--:|--:|"]
    pages = []
    for family, specs in grouped.items():
        spec = specs[0]
        tasks = sum(not spec.is_group for spec in specs)
        if spec.entry:
            summary, _ = sections(inspect.getdoc(type(make(spec))) or "")
            sentence = " ".join(summary.split("\n\n")[0].split())
            ready.append(
                f"| [{family}]({family.lower()}.md) | {sentence} | {tasks} "
                f"| {spec.horizon} |"
            )
            pages.append(family.lower())
        else:
            planned.append(
                f"| `{spec.id}` | {spec.scenario} | {tasks} | {spec.horizon} |"
            )
    later = ["## Declared for later", PLANNED, "\n".join(planned)]
    if len(planned) == 2:  # nothing below the head of the table
        later = []
    toctree = "\n".join(["```{toctree}", ":hidden:", "", *pages, "```"])
    return (
        "\n\n".join(
            [
                NOTICE,
                "# Environments",
                "\n".join(ready),
                *later,
                toctree,
            ]
        )
        + "\n"
    )


def build() -> dict[Path, str]:
    """Write all pages into a dictionary."""
    grouped = families()
    pages = {ENVIRONMENTS / "index.md": index(grouped)}
    for family, specs in grouped.items():
        if specs[0].entry:
            pages[ENVIRONMENTS / f"{family.lower()}.md"] = page(specs)
    for path in BY_HAND:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        if has_python(text):
            pages[path] = refreshed(text, str(path))
    return pages


def left_over(pages: dict[Path, str]) -> list[Path]:
    """Pages of environments that are gone."""
    return [path for path in ENVIRONMENTS.glob("*.md") if path not in pages]


def stale(pages: dict[Path, str]) -> list[Path]:
    """Pages on disk that are not as they should be."""
    changed = [
        path
        for path, text in pages.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    return changed + left_over(pages)


def main() -> int:
    """Write the pages, or check them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args()
    pages = build()
    changed = stale(pages)
    if options.check:
        for path in changed:
            print(f"{path.name} is stale; run python docs/build_pages.py")
        return 1 if changed else 0
    ENVIRONMENTS.mkdir(exist_ok=True)
    for path in left_over(pages):
        path.unlink()
    for path, text in pages.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(pages)} pages, {len(changed)} of them changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
