"""Members of the forum: signing in, their pages and what they say of themselves."""

from __future__ import annotations

from agentgym_envs.webarena.pages.build import (
    button,
    field,
    form,
    heading,
    label,
    li,
    link,
    p,
    paragraphs,
    ul,
)
from agentgym_envs.webarena.pages.nodes import Node, shorten, wrap
from agentgym_envs.webarena.sites.forum.layout import (
    LOGIN,
    forum,
    member,
    name_of,
    user_path,
)
from agentgym_envs.webarena.sites.forum.posts import (
    LISTED,
    NAME,
    READS,
    post_path,
    post_rows,
)
from agentgym_envs.webarena.sites.signing import ask_password, noticed, sign_in
from agentgym_envs.webarena.sites.site import NotFound, View, Visit
from agentgym_envs.webarena.sites.widgets import plural

SHOWN = 10  # posts and comments on somebody's page


def _ask(title: str, path: str, verb: str) -> View:
    return View(title, [heading(1, title), ask_password(path, verb)])


@forum.page(LOGIN)
def login(visit: Visit) -> View:
    """Ask who it is."""
    return _ask("Log in", LOGIN, "Log in")


@forum.action(LOGIN)
def do_login(visit: Visit) -> str:
    """Sign in."""
    query = "SELECT id FROM account WHERE name = ? AND password = ?"
    name = visit.sent("name")
    return sign_in(visit, query, name, login=LOGIN, home="/")


@forum.action("/logout")
def logout(visit: Visit) -> str:
    """Sign out."""
    visit.sign_out()
    return noticed("/", "out")


@forum.page("/registration")
def register(visit: Visit) -> View:
    """Ask a new member."""
    return _ask("Create new account", "/registration", "Sign up")


@forum.action("/registration")
def do_register(visit: Visit) -> str:
    """Make an account and sign in."""
    name, password = visit.sent("name", 60), visit.form.get("password", "")[:250]
    if not NAME.fullmatch(name):
        return noticed("/registration", "name")
    if not password:
        return noticed("/registration", "incomplete")
    if visit.db.value("SELECT 1 FROM account WHERE name = ? COLLATE NOCASE", name):
        return noticed("/registration", "taken")
    account = visit.db.insert(
        "account", name=name, password=password, bio="", since=visit.now
    )
    visit.sign_in(account)
    return "/"


@forum.page("/user/<name>", *READS)
def user(visit: Visit, name: str) -> View:
    """Show a member."""
    row = visit.db.row(
        "SELECT id, name, bio, since FROM account WHERE name = ? COLLATE NOCASE", name
    )
    if row is None:
        raise NotFound
    number, name, bio, since = row
    content: list[Node] = [heading(1, name), p(f"Member since {since[:10]}")]
    content += paragraphs(wrap(bio))
    if number == visit.account:
        content.append(p(link("Edit biography", f"{user_path(name)}/edit_biography")))
    posts = visit.db.rows(
        f"{LISTED} post.account = ? ORDER BY post.time DESC, post.id DESC LIMIT ?",
        number,
        SHOWN,
    )
    content += [heading(2, "Submissions"), *post_rows(posts)]
    comments = visit.db.rows(
        "SELECT comment.body, comment.time, comment.points, post.id, post.title, "
        "forum.name FROM comment JOIN post ON post.id = comment.post "
        "JOIN forum ON forum.id = post.forum WHERE comment.account = ? "
        "ORDER BY comment.time DESC, comment.id DESC LIMIT ?",
        number,
        SHOWN,
    )
    content.append(heading(2, "Comments"))
    if not comments:
        content.append(p("There are no comments here."))
    else:
        content.append(
            ul(
                *[
                    li(
                        p(link(shorten(title, 120), post_path(where, post))),
                        *paragraphs(wrap(body)),
                        p(f"{time}, {plural(points, 'point')}"),
                    )
                    for body, time, points, post, title, where in comments
                ]
            )
        )
    return View(name, content)


@forum.page("/user/<name>/edit_biography")
def edit_bio(visit: Visit, name: str) -> View:
    """Ask for the text."""
    bio = visit.db.value("SELECT bio FROM account WHERE id = ?", member(visit))
    if name.lower() != name_of(visit).lower():
        raise NotFound
    ask = form(
        f"{user_path(name)}/edit_biography",
        p(label("Biography", "bio"), field("bio", bio, id="bio"), button("Save")),
    )
    return View("Edit biography", [heading(1, "Edit biography"), ask])


@forum.action("/user/<name>/edit_biography")
def save_bio(visit: Visit, name: str) -> str:
    """Keep what a member says of himself or herself."""
    account = member(visit)
    visit.db.update("account", {"id": account}, bio=visit.sent("bio", 1500))
    return noticed(user_path(name_of(visit)), "edited")
