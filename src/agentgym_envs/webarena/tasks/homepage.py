"""Tasks with the home page's tools: the calculator and the scratchpad."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote_plus

from agentgym_envs.webarena.sites.forge.seed import TEMPLATE as FORGE_TEMPLATE
from agentgym_envs.webarena.sites.home.arithmetic import calculate
from agentgym_envs.webarena.sites.home.pages import home
from agentgym_envs.webarena.sites.shop.seed import TEMPLATE as SHOP_TEMPLATE
from agentgym_envs.webarena.sites.wiki.layout import wiki
from agentgym_envs.webarena.steps import (
    Steps,
    click,
    press_button,
    show_tab,
    stop,
    write,
)
from agentgym_envs.webarena.tasks.county import to_article
from agentgym_envs.webarena.tasks.forge import to_project
from agentgym_envs.webarena.tasks.item import (
    CHANGE,
    HOME,
    NAVIGATE,
    SEEK,
    Deeds,
    Instance,
    distinct,
    found,
    opened,
    template,
)
from agentgym_envs.webarena.tasks.shop import products, to_product


def _calculating(text: str) -> Steps:
    return click("Calculator"), write("Expression", text, enter=True)


def _noting(text: str) -> Steps:
    return click("Scratchpad"), write("Note", text), press_button("Add note")


@template(NAVIGATE, "homepage")
def open_calculation() -> Iterator[Instance]:
    """Ask for a sum on the calculator's page."""
    for place in range(8):
        text = f"{13 + 7 * place}*({41 + place}-{place + 2})"
        yield opened(
            f"Let the home page's calculator work out {text}, written just like this.",
            f"{HOME}/calculator.html?sum={quote_plus(text)}",
            *_calculating(text),
        )


@template(NAVIGATE, "homepage", test=True)
def open_quotient() -> Iterator[Instance]:
    """Ask for a quotient on the calculator's page."""
    for place in range(8):
        text = f"({5300 + 91 * place}+{place})/{17 + place}"
        yield opened(
            f"Show the result of {text}, written just like this, in the calculator "
            "of the home page.",
            f"{HOME}/calculator.html?sum={quote_plus(text)}",
            *_calculating(text),
        )


@template(SEEK, "homepage")
def work_out() -> Iterator[Instance]:
    """Ask for the value of a sum."""
    for place in range(8):
        text = f"{8467 + 331 * place}*{73 - place}-{19 * place}/4"
        yield found(
            f"How much is {text}? Use the calculator of the home page, and answer with "
            "the number as it shows it.",
            calculate(text),
            *_calculating(text),
        )


@template(SEEK, "wikipedia", "homepage", test=True)
def people_of_two_towns() -> Iterator[Instance]:
    """Ask for the sum of two facts of the wiki."""
    rows = wiki.template.open().rows(
        "SELECT title, value FROM article JOIN fact ON article = article.id "
        "WHERE name = 'Population' AND category = 'Towns' ORDER BY article.id"
    )
    pairs = []
    for (one, some), (other, more) in zip(rows, rows[4:], strict=False):
        text = f"{some}+{more}".replace(",", "")
        pairs.append((one, other, text, calculate(text)))
    for one, other, text, total in distinct(pairs, 3):
        yield found(
            f"How many people live in {one} and {other} together, according to the "
            "wiki? Answer with the number without a comma.",
            total,
            *to_article(one),
            *to_article(other),
            show_tab(1),
            *_calculating(text),
        )


@template(CHANGE, "homepage")
def write_note() -> Iterator[Instance]:
    """Ask for a note."""
    db = home.template.open()
    for thing in "milk stamps candles rice batteries twine honey chalk".split():
        text = f"Buy {thing} on Friday"
        yield Instance(
            f'Write "{text}" onto the scratchpad of the home page.',
            Deeds(db, "homepage").insert("note", text=text).check(),
            (*_noting(text), stop()),
        )


@template(CHANGE, "shopping", "homepage", test=True)
def note_number_of_product() -> Iterator[Instance]:
    """Ask to note what the shop calls something."""
    db = home.template.open()
    for name, sku in products(SHOP_TEMPLATE.open(), 52, "name, sku"):
        yield Instance(
            f"Note the SKU of the {name} from One Stop Market, and nothing else, on "
            "the scratchpad of the home page.",
            Deeds(db, "homepage").insert("note", text=sku).check(),
            (*to_product(name), show_tab(1), *_noting(sku), stop()),
        )


@template(CHANGE, "gitlab", "homepage")
def note_commits() -> Iterator[Instance]:
    """Ask to note how many commits a project has."""
    db = home.template.open()
    rows = FORGE_TEMPLATE.open().rows(
        "SELECT namespace || '/' || name, (SELECT count(*) FROM commits "
        "WHERE project = p.id) FROM project p WHERE visibility = 'Public' ORDER BY id"
    )
    for path, count in distinct(rows, 1):
        yield Instance(
            f"Note the number of commits of the project {path} in the forge, and "
            "nothing else, on the scratchpad of the home page.",
            Deeds(db, "homepage").insert("note", text=str(count)).check(),
            (*to_project(path), show_tab(1), *_noting(str(count)), stop()),
        )
