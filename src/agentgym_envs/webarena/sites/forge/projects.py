"""Projects: their files, commits and contributors, stars and forks."""

from __future__ import annotations

import re

from agentgym_envs.webarena.addresses import path_part
from agentgym_envs.webarena.pages.build import (
    Cell,
    button,
    field,
    form,
    heading,
    label,
    li,
    link,
    p,
    paragraphs,
    select,
    strong,
    table,
    ul,
)
from agentgym_envs.webarena.pages.nodes import Content, Node, shorten, wrap
from agentgym_envs.webarena.sites.forge.account import show_user
from agentgym_envs.webarena.sites.forge.layout import (
    forge,
    insist,
    project_of,
    user,
    within,
)
from agentgym_envs.webarena.sites.forge.seed import sha_of
from agentgym_envs.webarena.sites.signing import noticed
from agentgym_envs.webarena.sites.site import NotFound, View, Visit
from agentgym_envs.webarena.sites.widgets import pager, plural

PER_PAGE = 20
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,59}")
PATH = re.compile(r"[A-Za-z0-9_.-]{1,60}(/[A-Za-z0-9_.-]{1,60})?")
VISIBILITIES = (("Private", "Private"), ("Public", "Public"))


@forge.page("/projects/new")
def new(visit: Visit) -> View:
    """Ask what the project shall be."""
    user(visit)
    ask = form(
        "/projects/new",
        p(label("Project name", "name"), field("name", id="name")),
        p(label("Project description", "text"), field("description", id="text")),
        p(
            label("Visibility Level", "visibility"),
            select("visibility", VISIBILITIES, id="visibility"),
        ),
        p(button("Create project")),
    )
    return View("New project - GitLab", [heading(1, "Create blank project"), ask])


@forge.action("/projects/new")
def create(visit: Visit) -> str:
    """Make an empty project."""
    account, name = user(visit), visit.sent("name", 80)
    visibility = visit.sent("visibility")
    if not NAME.fullmatch(name) or visibility not in ("Private", "Public"):
        return noticed("/projects/new", "name")
    namespace = visit.db.value("SELECT name FROM account WHERE id = ?", account)
    if visit.db.value(
        "SELECT 1 FROM project WHERE namespace = ? AND name = ?", namespace, name
    ):
        return noticed("/projects/new", "taken")
    project = visit.db.insert(
        "project",
        owner=account,
        namespace=namespace,
        name=name,
        description=visit.sent("description", 200),
        language="",
        visibility=visibility,
        stars=0,
        forked=0,
    )
    visit.db.insert("member", project=project, account=account, role="Owner")
    _write(visit, project, account, "README.md", name, "Initial commit")
    return noticed(f"/{namespace}/{name}", "created")


def _write(
    visit: Visit, project: int, account: int, path: str, content: str, message: str
) -> None:
    if not visit.db.update("file", {"project": project, "path": path}, content=content):
        visit.db.insert("file", project=project, path=path, content=content)
    visit.db.insert(
        "commits",
        project=project,
        sha=sha_of(project, visit.now, path, content),
        account=account,
        message=message,
        time=visit.now,
    )


@forge.page("/<name>", "project")
def profile(visit: Visit, name: str) -> View:
    """Show a user."""
    row = visit.db.row("SELECT id, name FROM account WHERE name = ?", name)
    if row is None:
        raise NotFound
    return show_user(visit, *row)


@forge.page("/<space>/<name>", "project", "file", "commits", "star")
def home(visit: Visit, space: str, name: str) -> View:
    """Show a project with the text of its README."""
    project, path, name, about, visibility = project_of(visit, space, name)
    stars, language, forked = visit.db.rows(
        "SELECT stars, language, forked FROM project WHERE id = ?", project
    )[0]
    mine = visit.db.value(
        "SELECT 1 FROM star WHERE account = ? AND project = ?", visit.account, project
    )
    commits = visit.db.value("SELECT count(*) FROM commits WHERE project = ?", project)
    told: list[Content] = [
        f"{visibility} project {project},",
        plural(commits, "commit"),
    ]
    content: list[Node] = [p(" ".join(map(str, told)))]
    content += paragraphs(wrap(about))
    if language:
        content.append(p(f"Language: {language}"))
    if forked:
        origin = visit.db.row(
            "SELECT namespace || '/' || name FROM project WHERE id = ?", forked
        )
        if origin:
            content.append(p("Forked from", link(origin[0], f"/{origin[0]}")))
    content += [
        form(
            f"/{path}/star",
            p(plural(stars, "star"), button("Unstar" if mine else "Star")),
        ),
        form(f"/{path}/-/forks", p(button("Fork"))),
        p(strong("Clone"), f"git clone http://gitlab.com/{path}.git"),
        heading(2, "README.md"),
    ]
    readme = visit.db.value(
        "SELECT content FROM file WHERE project = ? AND path = 'README.md'", project
    )
    content += paragraphs(wrap(readme or "This project has no README."))
    return within(path, name, *content)


@forge.action("/<space>/<name>/star")
def star(visit: Visit, space: str, name: str) -> str:
    """Give a star, or take it back."""
    account = user(visit)
    project, path, *_ = project_of(visit, space, name)
    gone = visit.db.delete("star", account=account, project=project)
    if not gone:
        visit.db.insert("star", account=account, project=project)
    stars = visit.db.value("SELECT stars FROM project WHERE id = ?", project)
    visit.db.update("project", {"id": project}, stars=stars + (-1 if gone else 1))
    return f"/{path}"


@forge.action("/<space>/<name>/-/forks")
def fork(visit: Visit, space: str, name: str) -> str:
    """Copy a project with its files and commits."""
    account = user(visit)
    project, path, name, about, visibility = project_of(visit, space, name)
    namespace = visit.db.value("SELECT name FROM account WHERE id = ?", account)
    if visit.db.value(
        "SELECT 1 FROM project WHERE namespace = ? AND name = ?", namespace, name
    ):
        return noticed(f"/{path}", "taken")
    language = visit.db.value("SELECT language FROM project WHERE id = ?", project)
    twin = visit.db.insert(
        "project",
        owner=account,
        namespace=namespace,
        name=name,
        description=about,
        language=language,
        visibility=visibility,
        stars=0,
        forked=project,
    )
    visit.db.insert("member", project=twin, account=account, role="Owner")
    for held, content in visit.db.rows(
        "SELECT path, content FROM file WHERE project = ? ORDER BY id", project
    ):
        visit.db.insert("file", project=twin, path=held, content=content)
    for sha, author, message, time in visit.db.rows(
        "SELECT sha, account, message, time FROM commits WHERE project = ? ORDER BY id",
        project,
    ):
        visit.db.insert(
            "commits", project=twin, sha=sha, account=author, message=message, time=time
        )
    return noticed(f"/{namespace}/{name}", "forked")


# Files


@forge.page("/<space>/<name>/-/tree/main", "project", "file")
def tree(visit: Visit, space: str, name: str) -> View:
    """Show all files."""
    project, path, *_ = project_of(visit, space, name)
    rows = visit.db.rows(
        "SELECT path FROM file WHERE project = ? ORDER BY path", project
    )
    content: list[Node] = [p(link("New file", f"/{path}/-/new/main"))]
    if rows:
        content.append(
            ul(*[li(link(shorten(file, 120), _blob(path, file))) for (file,) in rows])
        )
    return within(path, "Files", *content)


def _blob(path: str, file: str) -> str:
    return f"/{path}/-/blob/main/{'/'.join(map(path_part, file.split('/')))}"


@forge.page("/<space>/<name>/-/blob/main/<file>", "project", "file")
def blob(visit: Visit, space: str, name: str, file: str) -> View:
    """Show a file."""
    project, path, *_ = project_of(visit, space, name)
    content = visit.db.value(
        "SELECT content FROM file WHERE project = ? AND path = ?", project, file
    )
    if content is None:
        raise NotFound
    rows = paragraphs(wrap(content)) or [p("This file is empty.")]
    return within(path, file, p(link("Files", f"/{path}/-/tree/main")), *rows)


@forge.page("/<space>/<name>/-/blob/main/<folder>/<file>", "project", "file")
def nested_blob(visit: Visit, space: str, name: str, folder: str, file: str) -> View:
    """Show a file of a folder."""
    return blob(visit, space, name, f"{folder}/{file}")


@forge.page("/<space>/<name>/-/new/main", "project")
def new_file(visit: Visit, space: str, name: str) -> View:
    """Ask for a file."""
    project, path, *_ = project_of(visit, space, name)
    insist(visit, project, path, "Developer")
    ask = form(
        f"/{path}/-/new/main",
        p(label("Filename", "file"), field("file", id="file")),
        p(label("Content", "content"), field("content", id="content")),
        p(label("Commit message", "message"), field("message", id="message")),
        p(button("Commit changes")),
    )
    return within(path, "New file", ask)


@forge.action("/<space>/<name>/-/new/main")
def add_file(visit: Visit, space: str, name: str) -> str:
    """Commit a new file."""
    project, path, *_ = project_of(visit, space, name)
    insist(visit, project, path, "Developer")
    file, content = visit.sent("file", 130), visit.sent("content", 2000)
    if not PATH.fullmatch(file):
        return noticed(f"/{path}/-/new/main", "name")
    if visit.db.value(
        "SELECT 1 FROM file WHERE project = ? AND path = ?", project, file
    ):
        return noticed(f"/{path}/-/new/main", "taken")
    message = visit.sent("message", 100) or f"Add new file {file}"
    _write(visit, project, visit.account, file, content, message)
    return noticed(_blob(path, file), "created")


# Commits


@forge.page("/<space>/<name>/-/commits/main", "project", "commits")
def commits(visit: Visit, space: str, name: str) -> View:
    """Show the commits, the latest first."""
    project, path, *_ = project_of(visit, space, name)
    count = visit.db.value("SELECT count(*) FROM commits WHERE project = ?", project)
    page, pages = visit.page_number(count, PER_PAGE)
    rows = visit.db.rows(
        "SELECT message, account.name, time, sha FROM commits "
        "JOIN account ON account.id = account WHERE project = ? "
        "ORDER BY time DESC, commits.id DESC LIMIT ? OFFSET ?",
        project,
        PER_PAGE,
        (page - 1) * PER_PAGE,
    )
    cells: list[list[Cell]] = [
        [shorten(message, 45), link(author, f"/{author}"), time, sha[:8]]
        for message, author, time, sha in rows
    ]
    return within(
        path,
        "Commits",
        p(plural(count, "commit")),
        table(["Message", "Author", "Date", "Commit"], cells),
        *pager(visit, page, pages),
    )


@forge.page("/<space>/<name>/-/graphs/main", "project", "commits")
def contributors(visit: Visit, space: str, name: str) -> View:
    """Show who wrote how many commits."""
    project, path, *_ = project_of(visit, space, name)
    rows = visit.db.rows(
        "SELECT full, account.name, count(*) AS number FROM commits "
        "JOIN account ON account.id = account WHERE project = ? "
        "GROUP BY account.id ORDER BY number DESC, account.id",
        project,
    )
    cells: list[list[Cell]] = [
        [shorten(full, 45), link(f"@{who}", f"/{who}"), plural(number, "commit")]
        for full, who, number in rows
    ]
    return within(
        path, "Contributors", table(["Contributor", "Username", "Commits"], cells)
    )
