"""Tasks on two sites, whose front pages are open in two tabs."""

from __future__ import annotations

from collections.abc import Iterator

from agentgym_envs.webarena.sites.forge.seed import TEMPLATE as FORGE_TEMPLATE
from agentgym_envs.webarena.sites.forum.seed import TEMPLATE as FORUM_TEMPLATE
from agentgym_envs.webarena.sites.shop.seed import TEMPLATE as SHOP_TEMPLATE
from agentgym_envs.webarena.sites.widgets import money
from agentgym_envs.webarena.steps import click, goto, show_tab, stop, write
from agentgym_envs.webarena.tasks.forge import new_issue, opening, projects, to_project
from agentgym_envs.webarena.tasks.forum import submission, submitting, to_forum
from agentgym_envs.webarena.tasks.item import (
    CHANGE,
    FORUM,
    NAVIGATE,
    SEEK,
    Instance,
    distinct,
    found,
    opened,
    template,
)
from agentgym_envs.webarena.tasks.shop import products, to_product

FORUMS = "SELECT id, name FROM forum WHERE id % 5 = ? ORDER BY id"


@template(CHANGE, "shopping", "reddit")
def post_a_price() -> Iterator[Instance]:
    """Ask to tell the forum what something costs in the shop."""
    rows = products(SHOP_TEMPLATE.open(), 41, "name, price")
    forums = FORUM_TEMPLATE.open().rows(FORUMS, 3)
    for (name, price), (number, forum) in zip(rows, forums, strict=False):
        title, text = f"Price of the {name}", money(price)
        yield Instance(
            f"Look up what the {name} costs at One Stop Market, and submit a post to "
            f'the forum {forum} with the title "{title}" and nothing but the price, '
            "as the shop writes it, as the body.",
            submission(number, title, text).check(),
            (
                *to_product(name),
                show_tab(1),
                *to_forum(forum),
                *submitting(title, text),
                stop(),
            ),
        )


@template(CHANGE, "reddit", "gitlab", test=True)
def issue_from_forum() -> Iterator[Instance]:
    """Ask to carry the best thread of a forum over into an issue."""
    db = FORUM_TEMPLATE.open()
    chosen = projects("id % 3 = 2")
    for (number, forum), (project, path, _) in zip(
        db.rows(FORUMS, 4), chosen, strict=False
    ):
        (title, most), (_, second) = db.rows(
            "SELECT title, points FROM post WHERE forum = ? "
            "ORDER BY points DESC LIMIT 2",
            number,
        )
        assert most > second
        yield Instance(
            f"Open an issue in the project {path} whose title is the title of the "
            f"submission with the most points in the forum {forum}; no description, "
            "assigned to nobody.",
            new_issue(project, title).check(),
            (
                *to_forum(forum),
                click("Top"),
                show_tab(1),
                *to_project(path),
                *opening(title),
                stop(),
            ),
        )


@template(SEEK, "gitlab", "reddit")
def stars_and_points() -> Iterator[Instance]:
    """Ask for the sum of what two sites tell."""
    posts = FORUM_TEMPLATE.open().rows(
        "SELECT post.title, forum.name, points FROM post "
        "JOIN forum ON forum.id = forum WHERE points > 100 AND post.id % 7 = 3 "
        "ORDER BY post.id"
    )
    rows = [
        (path, title, forum, stars + points)
        for (_, path, stars), (title, forum, points) in zip(
            projects("stars > 20"), posts, strict=False
        )
    ]
    for path, title, forum, total in distinct(rows, 3):
        yield found(
            f"How much is the number of stars of the project {path} in the forge plus "
            f'the number of points of the submission "{title}" in the forum {forum}? '
            "Answer with the number.",
            str(total),
            *to_project(path),
            show_tab(1),
            write("Search query", title, enter=True, role="searchbox"),
            click(title),
        )


@template(NAVIGATE, "shopping", "reddit")
def search_for_brand() -> Iterator[Instance]:
    """Ask to search the forum for the maker of a product."""
    rows = SHOP_TEMPLATE.open().rows(
        "SELECT p.name, brand FROM product p WHERE enabled AND id % 67 = 47 ORDER BY id"
    )
    for name, brand in distinct(rows, 1):
        yield opened(
            f"Look up the brand of the {name} at One Stop Market, and search the "
            "forum for the name of the brand.",
            f"{FORUM}/search?q={brand}",
            *to_product(name),
            show_tab(1),
            write("Search query", brand, enter=True, role="searchbox"),
        )


@template(SEEK, "gitlab", "reddit", test=True)
def gap_of_counts() -> Iterator[Instance]:
    """Ask how far two counts are apart."""
    forge, forum = FORGE_TEMPLATE.open(), FORUM_TEMPLATE.open()
    forums = forum.rows(FORUMS, 1) + forum.rows(FORUMS, 2)
    rows = []
    for (number, path, _), (place, name) in zip(projects(), forums, strict=False):
        commits = forge.value("SELECT count(*) FROM commits WHERE project = ?", number)
        points = forum.value("SELECT max(points) FROM post WHERE forum = ?", place)
        rows.append((path, name, abs(points - commits)))
    for path, name, gap in distinct(rows, 2):
        yield found(
            f"By how much do the number of commits of the project {path} in the forge "
            "and the points of the submission with the most points in the forum "
            f"{name} differ? Answer with the number, without a sign.",
            str(gap),
            *to_project(path),
            show_tab(1),
            goto(f"{FORUM}/f/{name}"),
            click("Top"),
        )
