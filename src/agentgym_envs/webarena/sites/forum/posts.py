"""Forums, posts, comments and votes."""

from __future__ import annotations

import re
from typing import Any

from agentgym_envs.webarena.pages.build import (
    button,
    div,
    field,
    form,
    heading,
    hidden,
    label,
    li,
    link,
    nav,
    p,
    paragraphs,
    select,
    strong,
    table,
    ul,
)
from agentgym_envs.webarena.pages.nodes import Content, Node, shorten, wrap
from agentgym_envs.webarena.sites.database import Row, escape_like
from agentgym_envs.webarena.sites.forum.layout import (
    forum,
    member,
    user_path,
)
from agentgym_envs.webarena.sites.signing import noticed
from agentgym_envs.webarena.sites.site import NotFound, View, Visit
from agentgym_envs.webarena.sites.widgets import choices, pager, plural

PER_PAGE = 12
FORUMS_PER_PAGE = 20
NAME = re.compile(r"[A-Za-z0-9_]{3,25}")
SORTS = (
    ("hot", "Hot"),
    ("new", "New"),
    ("top", "Top"),
    ("most_commented", "Commented"),
)
# Hot falls by a point an hour, roughly: days count more than all but great success.
ORDERS = {
    "hot": "julianday(time) * 12 + min(points, 400) / 8.0 DESC",
    "new": "time DESC",
    "top": "points DESC",
    "most_commented": "comments DESC",
}
LISTED = """
SELECT post.id, forum.name, account.name, post.title, post.url, post.time, post.points,
  (SELECT count(*) FROM comment WHERE post = post.id) AS comments
FROM post JOIN forum ON forum.id = forum JOIN account ON account.id = post.account
WHERE """
READS = ("post", "comment", "forum", "vote", "subscription")


def post_path(name: str, number: int) -> str:
    """Give the address of a post."""
    return f"/f/{name}/{number}"


def votes(kind: str, number: int, points: int) -> Node:
    """Points and two buttons, in a form of their own."""
    return form(
        f"/vote/{kind}/{number}",
        p(
            plural(points, "point"),
            button("Upvote", name="choice", value="1"),
            button("Downvote", name="choice", value="-1"),
        ),
    )


def post_rows(rows: list[Row]) -> list[Node]:
    """Posts, each with where it leads and how it is liked."""
    if not rows:
        return [p("There are no submissions here.")]
    return [
        ul(
            *[
                li(
                    heading(
                        3, link(shorten(title, 120), url or post_path(name, number))
                    ),
                    p(
                        "Submitted by",
                        link(author, user_path(author)),
                        f"{time} in",
                        link(name, f"/f/{name}"),
                        link(plural(comments, "comment"), post_path(name, number)),
                    ),
                    votes("post", number, points),
                )
                for number, name, author, title, url, time, points, comments in rows
            ]
        )
    ]


def listing(visit: Visit, where: str, *values: Any) -> list[Node]:
    """Posts that fit, sorted and cut as the query says."""
    sort = visit.asked("sort", "hot")
    sort = sort if sort in ORDERS else "hot"
    count = visit.db.value(f"SELECT count(*) FROM post WHERE {where}", *values)
    page, pages = visit.page_number(count, PER_PAGE)
    rows = visit.db.rows(
        f"{LISTED} {where} ORDER BY {ORDERS[sort]}, post.id DESC LIMIT ? OFFSET ?",
        *values,
        PER_PAGE,
        (page - 1) * PER_PAGE,
    )
    sorting = nav(p("Sort by", *choices(visit, "sort", SORTS, sort)), label="Sort")
    return [sorting, *post_rows(rows), *pager(visit, page, pages)]


@forum.page("/", *READS)
def front(visit: Visit) -> View:
    """Show posts of the forums one is subscribed to, or of all."""
    content: list[Node] = [heading(1, "Featured")]
    subscribed = visit.db.value(
        "SELECT count(*) FROM subscription WHERE account = ?", visit.account
    )
    row: list[Content] = [link("All", "/all"), link("Forums", "/forums")]
    content.append(p(*row))
    if subscribed and visit.account:
        where = "forum IN (SELECT forum FROM subscription WHERE account = ?)"
        return View("Postmill", [*content, *listing(visit, where, visit.account)])
    return View("Postmill", [*content, *listing(visit, "1")])


@forum.page("/all", *READS)
def everything(visit: Visit) -> View:
    """Show posts of all forums."""
    return View("All", [heading(1, "All"), *listing(visit, "1")])


@forum.page("/forums", "forum", "subscription", "post")
def forums(visit: Visit) -> View:
    """Show all forums."""
    count = visit.db.value("SELECT count(*) FROM forum")
    page, pages = visit.page_number(count, FORUMS_PER_PAGE)
    rows = visit.db.rows(
        "SELECT name, title, "
        "(SELECT count(*) FROM subscription WHERE forum = forum.id), "
        "(SELECT count(*) FROM post WHERE forum = forum.id) "
        "FROM forum ORDER BY name LIMIT ? OFFSET ?",
        FORUMS_PER_PAGE,
        (page - 1) * FORUMS_PER_PAGE,
    )
    return View(
        "List of forums",
        [
            heading(1, "List of forums"),
            p(link("Create a forum", "/create_forum")),
            table(
                ["Forum", "Title", "Submissions", "Subscribers"],
                [
                    [
                        link(name, f"/f/{name}"),
                        shorten(title, 60),
                        str(posts),
                        str(subs),
                    ]
                    for name, title, subs, posts in rows
                ],
            ),
            *pager(visit, page, pages),
        ],
    )


def _forum(visit: Visit, name: str) -> Row:
    row = visit.db.row(
        "SELECT id, name, title, description, sidebar, owner FROM forum "
        "WHERE name = ? COLLATE NOCASE",
        name,
    )
    if row is None:
        raise NotFound
    return row


@forum.page("/f/<name>", *READS)
def one_forum(visit: Visit, name: str) -> View:
    """Show a forum."""
    number, name, title, text, sidebar, owner = _forum(visit, name)
    mine = visit.db.value(
        "SELECT 1 FROM subscription WHERE account = ? AND forum = ?",
        visit.account,
        number,
    )
    count = visit.db.value("SELECT count(*) FROM subscription WHERE forum = ?", number)
    verb = "Unsubscribe" if mine else "Subscribe"
    row: list[Content] = [link("Submit to this forum", f"/submit/{name}")]
    if owner == visit.account and owner:
        row.append(link("Edit forum", f"/f/{name}/edit"))
    return View(
        f"{name}: {title}",
        [
            heading(1, link(name, f"/f/{name}")),
            p(strong(title)),
            *paragraphs(wrap(text)),
            *paragraphs(wrap(sidebar)),
            form(f"/f/{name}/subscribe", p(plural(count, "subscriber"), button(verb))),
            p(*row),
            *listing(visit, "forum = ?", number),
        ],
    )


@forum.action("/f/<name>/subscribe")
def subscribe(visit: Visit, name: str) -> str:
    """Subscribe, or end the subscription."""
    account = member(visit)
    number, name, *_ = _forum(visit, name)
    if not visit.db.delete("subscription", account=account, forum=number):
        visit.db.insert("subscription", account=account, forum=number)
    return f"/f/{name}"


@forum.page("/f/<name>/edit", "forum")
def edit_forum(visit: Visit, name: str) -> View:
    """Ask the owner for changes."""
    account = member(visit)
    _, name, title, text, sidebar, owner = _forum(visit, name)
    if owner != account:
        raise NotFound
    fields = _forum_fields(title, text, sidebar)
    save = form(f"/f/{name}/edit", *fields, p(button("Save changes")))
    return View(f"Editing {name}", [heading(1, f"Editing {name}"), save])


def _forum_fields(title: str = "", text: str = "", sidebar: str = "") -> list[Node]:
    return [
        p(label("Title", "title"), field("title", title, id="title")),
        p(label("Description", "text"), field("description", text, id="text")),
        p(label("Sidebar", "sidebar"), field("sidebar", sidebar, id="sidebar")),
    ]


def _forum_values(visit: Visit) -> dict[str, str]:
    return {
        "title": visit.sent("title", 100),
        "description": visit.sent("description", 300),
        "sidebar": visit.sent("sidebar", 1500),
    }


@forum.action("/f/<name>/edit")
def save_forum(visit: Visit, name: str) -> str:
    """Change a forum of one's own."""
    number, name, *_, owner = _forum(visit, name)
    if owner != member(visit):
        raise NotFound
    values = _forum_values(visit)
    if not all(values.values()):
        return noticed(f"/f/{name}/edit", "incomplete")
    visit.db.update("forum", {"id": number}, **values)
    return noticed(f"/f/{name}", "edited")


@forum.page("/create_forum")
def new_forum(visit: Visit) -> View:
    """Ask what the forum shall be."""
    member(visit)
    create = form(
        "/create_forum",
        p(label("Name", "name"), field("name", id="name")),
        *_forum_fields(),
        p(button("Create forum")),
    )
    return View("Create new forum", [heading(1, "Create new forum"), create])


@forum.action("/create_forum")
def create_forum(visit: Visit) -> str:
    """Found a forum."""
    account, name = member(visit), visit.sent("name", 60)
    values = _forum_values(visit)
    if not NAME.fullmatch(name):
        return noticed("/create_forum", "name")
    if not all(values.values()):
        return noticed("/create_forum", "incomplete")
    if visit.db.value("SELECT 1 FROM forum WHERE name = ? COLLATE NOCASE", name):
        return noticed("/create_forum", "taken")
    number = visit.db.insert("forum", name=name, owner=account, **values)
    visit.db.insert("subscription", account=account, forum=number)
    return f"/f/{name}"


# Posts


def _post(visit: Visit, name: str, number: int) -> Row:
    row = visit.db.row(
        "SELECT post.id, forum.name, post.account, post.title, url, body, time, "
        "points, edited FROM post JOIN forum ON forum.id = forum "
        "WHERE post.id = ? AND forum.name = ? COLLATE NOCASE",
        number,
        name,
    )
    if row is None:
        raise NotFound
    return row


@forum.page("/f/<name>/<int:number>", *READS)
def post(visit: Visit, name: str, number: int) -> View:
    """Show a post with its comments."""
    _, name, owner, title, url, body, time, points, edited = _post(visit, name, number)
    author = visit.db.value("SELECT name FROM account WHERE id = ?", owner)
    path = post_path(name, number)
    told: list[Content] = [
        "Submitted by",
        link(author, user_path(author)),
        f"{time} in",
    ]
    told.append(link(name, f"/f/{name}"))
    if edited:
        told.append("edited")
    content: list[Node] = [heading(1, link(shorten(title, 140), url or path)), p(*told)]
    content += paragraphs(wrap(body))
    content.append(votes("post", number, points))
    if owner == visit.account and owner:
        content.append(p(link("Edit", f"{path}/edit")))
        content.append(form(f"{path}/delete", p(button("Delete"))))
    count = visit.db.value("SELECT count(*) FROM comment WHERE post = ?", number)
    content.append(heading(2, plural(count, "comment")))
    if visit.account:
        content.append(_comment_form(path, 0, "Comment"))
    rows = visit.db.rows(
        "SELECT comment.id, parent, name, body, time, points FROM comment "
        "JOIN account ON account.id = account WHERE post = ? "
        "ORDER BY points DESC, comment.id",
        number,
    )
    below: dict[int, list[Row]] = {}
    for row in rows:
        below.setdefault(row[1], []).append(row)
    content += _thread(path, below, 0, 0)
    return View(title, content)


MAX_DEPTH = 8


def _thread(
    path: str, below: dict[int, list[Row]], parent: int, depth: int
) -> list[Node]:
    items: list[Node] = []
    for number, _, author, body, time, points in below.get(parent, ()):
        parts = [
            p(link(author, user_path(author)), f"wrote on {time}"),
            *paragraphs(wrap(body)),
            votes("comment", number, points),
            p(link("Reply", f"{path}/comment/{number}")),
        ]
        # What is nested deeper than this goes on at the same depth.
        under = _thread(path, below, number, depth + 1)
        if depth < MAX_DEPTH:
            items.append(li(*parts, *under))
        else:
            items += [li(*parts), *[li(div(part)) for part in under]]
    return [ul(*items)] if items else []


def _comment_form(path: str, parent: int, verb: str) -> Node:
    return form(
        f"{path}/comment",
        hidden("parent", str(parent)),
        p(label(verb, "comment"), field("comment", id="comment"), button("Post")),
    )


@forum.page("/f/<name>/<int:number>/comment/<int:comment>", *READS)
def one_comment(visit: Visit, name: str, number: int, comment: int) -> View:
    """Show a comment, to be answered."""
    _, name, _, title, *_ = _post(visit, name, number)
    row = visit.db.row(
        "SELECT name, body, time, points FROM comment "
        "JOIN account ON account.id = account WHERE comment.id = ? AND post = ?",
        comment,
        number,
    )
    if row is None:
        raise NotFound
    author, body, time, points = row
    path = post_path(name, number)
    content: list[Node] = [
        heading(1, link(shorten(title, 140), path)),
        p(link(author, user_path(author)), f"wrote on {time}"),
        *paragraphs(wrap(body)),
        votes("comment", comment, points),
    ]
    if visit.account:
        content.append(_comment_form(path, comment, "Reply"))
    return View(title, content)


@forum.action("/f/<name>/<int:number>/comment")
def send_comment(visit: Visit, name: str, number: int) -> str:
    """Comment on a post or answer a comment."""
    account = member(visit)
    _, name, *_ = _post(visit, name, number)
    body, parent = visit.sent("comment", 2000), visit.number("parent")
    if not body:
        return noticed(post_path(name, number), "incomplete")
    if parent and not visit.db.value(
        "SELECT 1 FROM comment WHERE id = ? AND post = ?", parent, number
    ):
        raise NotFound
    visit.db.insert(
        "comment",
        post=number,
        parent=max(0, parent),
        account=account,
        body=body,
        time=visit.now,
        points=1,
    )
    return post_path(name, number)


@forum.page("/submit", "forum")
def submit(visit: Visit) -> View:
    """Ask for a post."""
    return _submit(visit, "")


@forum.page("/submit/<name>", "forum")
def submit_to(visit: Visit, name: str) -> View:
    """Ask for a post to a forum."""
    return _submit(visit, _forum(visit, name)[1])


def _submit(visit: Visit, name: str) -> View:
    member(visit)
    names = [(n, n) for (n,) in visit.db.rows("SELECT name FROM forum ORDER BY name")]
    ask = form(
        "/submit",
        p(label("URL", "url"), field("url", id="url")),
        p(label("Title", "title"), field("title", id="title")),
        p(label("Body", "body"), field("body", id="body")),
        p(label("Forum", "forum"), select("forum", names, name, id="forum")),
        p(button("Create submission")),
    )
    content = [heading(1, "Create submission"), ask]
    if name:
        content.insert(1, p(f"Chosen forum: {name}"))
    return View("Create submission", content)


def _is_web(url: str) -> bool:
    return re.fullmatch(r"https?://[a-z0-9.-]+(/[\w\-./%]*)?", url) is not None


@forum.action("/submit")
def send_post(visit: Visit) -> str:
    """Keep a post, with one vote: its author's."""
    account = member(visit)
    title, body = visit.sent("title", 250), visit.sent("body", 2000)
    url = visit.sent("url", 250)
    row = visit.db.row("SELECT id, name FROM forum WHERE name = ?", visit.sent("forum"))
    if row is None:
        return noticed("/submit", "no-forum")
    if not title or (url and not _is_web(url)):
        return noticed(f"/submit/{row[1]}", "incomplete")
    number = visit.db.insert(
        "post",
        forum=row[0],
        account=account,
        title=title,
        url="",
        body=f"{url} {body}".strip() if url else body,
        time=visit.now,
        points=1,
        edited=0,
    )
    visit.db.insert("vote", account=account, post=number, comment=0, choice=1)
    return noticed(post_path(row[1], number), "posted")


@forum.page("/f/<name>/<int:number>/edit", *READS)
def edit(visit: Visit, name: str, number: int) -> View:
    """Ask the author for changes."""
    account = member(visit)
    _, name, owner, title, _, body, *_ = _post(visit, name, number)
    if owner != account:
        raise NotFound
    ask = form(
        f"{post_path(name, number)}/edit",
        p(label("Title", "title"), field("title", title, id="title")),
        p(label("Body", "body"), field("body", body, id="body")),
        p(button("Edit submission")),
    )
    return View("Edit submission", [heading(1, "Edit submission"), ask])


@forum.action("/f/<name>/<int:number>/edit")
def save_post(visit: Visit, name: str, number: int) -> str:
    """Change a post of one's own."""
    _, name, owner, *_ = _post(visit, name, number)
    if owner != member(visit):
        raise NotFound
    title, body = visit.sent("title", 250), visit.sent("body", 2000)
    path = post_path(name, number)
    if not title:
        return noticed(f"{path}/edit", "incomplete")
    visit.db.update("post", {"id": number}, title=title, body=body, edited=1)
    return noticed(path, "edited")


@forum.action("/f/<name>/<int:number>/delete")
def delete(visit: Visit, name: str, number: int) -> str:
    """Delete a post of one's own, and what was said about it."""
    _, name, owner, *_ = _post(visit, name, number)
    if owner != member(visit):
        raise NotFound
    visit.db.delete("comment", post=number)
    visit.db.delete("post", id=number)
    return noticed(f"/f/{name}", "deleted")


@forum.action("/vote/<kind>/<int:number>")
def vote(visit: Visit, kind: str, number: int) -> str:
    """Vote; the same vote again takes it back."""
    account, choice = member(visit), visit.number("choice")
    if kind not in ("post", "comment") or choice not in (1, -1):
        raise NotFound
    about = visit.db.row(
        "SELECT post.id, forum.name FROM post JOIN forum ON forum.id = forum "
        f"WHERE post.id = {'?' if kind == 'post' else _POST_OF_COMMENT}",
        number,
    )
    if about is None:
        raise NotFound
    where = {"account": account, "post": 0, "comment": 0, kind: number}
    held = visit.db.value(
        "SELECT choice FROM vote WHERE account = ? AND post = ? AND comment = ?",
        *where.values(),
    )
    held = held or 0
    new = 0 if held == choice else choice
    if held:
        visit.db.delete("vote", **where)
    if new:
        visit.db.insert("vote", **where, choice=new)
    points = visit.db.value(f"SELECT points FROM {kind} WHERE id = ?", number)
    visit.db.update(kind, {"id": number}, points=points + new - held)
    return post_path(about[1], about[0])


_POST_OF_COMMENT = "(SELECT post FROM comment WHERE id = ?)"


@forum.page("/search", *READS)
def search(visit: Visit) -> View:
    """Show posts that have all words in their titles or texts."""
    words = visit.asked("q").split()[:8]
    content: list[Node] = [heading(1, "Search")]
    if not words:
        return View("Search", [*content, p("Enter a search query.")])
    where, values = [], []
    for word in words:
        where.append("(post.title LIKE ? ESCAPE '\\' OR post.body LIKE ? ESCAPE '\\')")
        values += [f"%{escape_like(word)}%"] * 2
    content.append(p(f"Results for: {shorten(' '.join(words), 120)}"))
    return View("Search", [*content, *listing(visit, " AND ".join(where), *values)])
