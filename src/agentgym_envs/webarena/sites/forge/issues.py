"""Issues and merge requests, which are much alike, with labels and milestones."""

from __future__ import annotations

from agentgym_envs.webarena.addresses import query_of
from agentgym_envs.webarena.pages.build import (
    Cell,
    button,
    field,
    form,
    heading,
    hidden,
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
from agentgym_envs.webarena.sites.database import Row, escape_like
from agentgym_envs.webarena.sites.forge.layout import (
    forge,
    insist,
    may,
    project_of,
    user,
    within,
)
from agentgym_envs.webarena.sites.signing import noticed
from agentgym_envs.webarena.sites.site import NotFound, View, Visit
from agentgym_envs.webarena.sites.widgets import choices, pager, plural

PER_PAGE = 15
KINDS = {"issues": "issue", "merge_requests": "mr"}
NAMES = {"issues": "Issues", "merge_requests": "Merge requests"}
STATES = {
    "issues": (("opened", "Open"), ("closed", "Closed"), ("all", "All")),
    "merge_requests": (("opened", "Open"), ("merged", "Merged"), ("all", "All")),
}
STATE_NAMES = {"opened": "Open", "closed": "Closed", "merged": "Merged"}
READS = ("project", "issue", "issue_label", "label", "milestone", "note")
NONE = "None"


def _kind(where: str) -> str:
    if where not in KINDS:
        raise NotFound
    return KINDS[where]


@forge.page("/dashboard/<where>", "issue", "project")
def assigned(visit: Visit, where: str) -> View:
    """Show what is assigned to the user, in all projects."""
    account, kind = user(visit), _kind(where)
    state = visit.asked("state", "opened")
    state = state if state in dict(STATES[where]) else "opened"
    wanted = STATE_NAMES.get(state)
    rows = visit.db.rows(
        "SELECT number, title, namespace || '/' || name, state FROM issue "
        "JOIN project ON project.id = project WHERE kind = ? AND assignee = ? "
        "AND (? IS NULL OR state = ?) ORDER BY time DESC, issue.id DESC LIMIT 50",
        kind,
        account,
        wanted,
        wanted,
    )
    content: list[Node] = [
        heading(1, NAMES[where]),
        p("Show", *choices(visit, "state", STATES[where], state)),
    ]
    if not rows:
        content.append(p("There is nothing assigned to you."))
    else:
        cells: list[list[Cell]] = [
            [
                link(shorten(title, 50), f"/{path}/-/{where}/{number}"),
                f"{path}#{number}",
                held,
            ]
            for number, title, path, held in rows
        ]
        content.append(table(["Title", "Reference", "State"], cells))
    return View(f"{NAMES[where]} - GitLab", content)


@forge.page("/<space>/<name>/-/labels", "project", "label", "issue_label")
def labels(visit: Visit, space: str, name: str) -> View:
    """Show the labels."""
    project, path, *_ = project_of(visit, space, name)
    rows = visit.db.rows(
        "SELECT name, (SELECT count(*) FROM issue_label WHERE label = label.id) "
        "FROM label WHERE project = ? ORDER BY name, id",
        project,
    )
    content: list[Node] = []
    if rows:
        cells: list[list[Cell]] = [
            [
                link(
                    shorten(text, 60),
                    f"/{path}/-/issues{query_of([('label_name', text)])}",
                ),
                str(count),
            ]
            for text, count in rows
        ]
        content.append(table(["Label", "Used by"], cells))
    if may(visit, project, "Reporter"):
        content.append(
            form(
                f"/{path}/-/labels",
                p(label("Title", "title"), field("title", id="title")),
                p(button("Create label")),
            )
        )
    return within(path, "Labels", *(content or [p("There are no labels.")]))


@forge.action("/<space>/<name>/-/labels")
def new_label(visit: Visit, space: str, name: str) -> str:
    """Make a label."""
    project, path, *_ = project_of(visit, space, name)
    insist(visit, project, path, "Reporter")
    text = visit.sent("title", 60)
    if not text:
        return noticed(f"/{path}/-/labels", "incomplete")
    if visit.db.value(
        "SELECT 1 FROM label WHERE project = ? AND name = ?", project, text
    ):
        return noticed(f"/{path}/-/labels", "taken")
    visit.db.insert("label", project=project, name=text)
    return noticed(f"/{path}/-/labels", "created")


@forge.page("/<space>/<name>/-/milestones", "project", "milestone", "issue")
def milestones(visit: Visit, space: str, name: str) -> View:
    """Show the milestones."""
    project, path, *_ = project_of(visit, space, name)
    rows = visit.db.rows(
        "SELECT title, due, "
        "(SELECT count(*) FROM issue WHERE milestone = m.id AND kind = 'issue') "
        "FROM milestone m WHERE project = ? ORDER BY due, id",
        project,
    )
    content: list[Node] = []
    if rows:
        cells: list[list[Cell]] = [
            [shorten(title, 60), due, plural(count, "issue")]
            for title, due, count in rows
        ]
        content.append(table(["Milestone", "Due date", "Issues"], cells))
    if may(visit, project, "Developer"):
        content.append(
            form(
                f"/{path}/-/milestones",
                p(label("Title", "title"), field("title", id="title")),
                p(label("Due date (YYYY-MM-DD)", "due"), field("due", id="due")),
                p(button("Create milestone")),
            )
        )
    return within(path, "Milestones", *(content or [p("There are no milestones.")]))


@forge.action("/<space>/<name>/-/milestones")
def new_milestone(visit: Visit, space: str, name: str) -> str:
    """Make a milestone."""
    project, path, *_ = project_of(visit, space, name)
    insist(visit, project, path, "Developer")
    title, due = visit.sent("title", 60), visit.sent("due", 10)
    if not title:
        return noticed(f"/{path}/-/milestones", "incomplete")
    visit.db.insert("milestone", project=project, title=title, due=due)
    return noticed(f"/{path}/-/milestones", "created")


@forge.page("/<space>/<name>/-/<where>", *READS)
def listing(visit: Visit, space: str, name: str, where: str) -> View:
    """Show issues or merge requests."""
    kind = _kind(where)
    project, path, *_ = project_of(visit, space, name)
    state = visit.asked("state", "opened")
    state = state if state in dict(STATES[where]) else "opened"
    condition, values = "project = ? AND kind = ?", [project, kind]
    wanted = STATE_NAMES.get(state)
    if wanted:
        condition, values = f"{condition} AND state = ?", [*values, wanted]
    if mark := visit.asked("label_name"):
        condition += (
            " AND issue.id IN (SELECT issue FROM issue_label "
            "JOIN label ON label.id = label WHERE label.name = ?)"
        )
        values.append(mark)
    if text := visit.asked("search"):
        condition += " AND title LIKE ? ESCAPE '\\'"
        values.append(f"%{escape_like(text)}%")
    count = visit.db.value(f"SELECT count(*) FROM issue WHERE {condition}", *values)
    page, pages = visit.page_number(count, PER_PAGE)
    rows = visit.db.rows(
        f"SELECT number, title, account.name, time, state FROM issue "
        f"JOIN account ON account.id = author WHERE {condition} "
        "ORDER BY time DESC, issue.id DESC LIMIT ? OFFSET ?",
        *values,
        PER_PAGE,
        (page - 1) * PER_PAGE,
    )
    base = f"/{path}/-/{where}"
    keep = [hidden("state", state)]
    if mark:
        keep.append(hidden("label_name", mark))
    content: list[Node] = [
        p("Show", *choices(visit, "state", STATES[where], state)),
        form(
            base,
            *keep,
            p(
                label("Search or filter results", "filter"),
                field("search", text, id="filter"),
                button("Filter"),
            ),
            method="get",
        ),
    ]
    if where == "issues":
        content.append(p(link("New issue", f"{base}/new")))
    if mark:
        content.append(p(f"Label: {shorten(mark, 60)}"))
    if rows:
        cells: list[list[Cell]] = [
            [
                link(shorten(title, 40), f"{base}/{number}"),
                f"#{number}",
                author,
                time,
                held,
            ]
            for number, title, author, time, held in rows
        ]
        content.append(table(["Title", "Number", "Author", "Created", "State"], cells))
    else:
        content.append(p("There is nothing here."))
    content += pager(visit, page, pages)
    return within(path, NAMES[where], *content)


@forge.page("/<space>/<name>/-/issues/new", "project", "issue")
def new(visit: Visit, space: str, name: str) -> View:
    """Ask for an issue."""
    user(visit)
    project, path, *_ = project_of(visit, space, name)
    ask = form(
        f"/{path}/-/issues",
        p(label("Title", "title"), field("title", id="title")),
        p(label("Description", "body"), field("body", id="body")),
        p(label("Assignee", "who"), _people(visit, project, 0)),
        p(button("Create issue")),
    )
    return within(path, "New issue", ask)


def _people(visit: Visit, project: int, chosen: int) -> Node:
    rows = visit.db.rows(
        "SELECT account.id, account.name FROM member "
        "JOIN account ON account.id = account WHERE project = ? ORDER BY account.name",
        project,
    )
    options = [("0", "Unassigned"), *[(str(number), who) for number, who in rows]]
    return select("assignee", options, str(chosen), id="who")


def _assignee(visit: Visit, project: int) -> int:
    """Give the member that a form names, 0 if it names none."""
    number = visit.number("assignee")
    known = visit.db.value(
        "SELECT 1 FROM member WHERE project = ? AND account = ?", project, number
    )
    return number if known else 0


@forge.action("/<space>/<name>/-/issues")
def create(visit: Visit, space: str, name: str) -> str:
    """Make an issue."""
    account = user(visit)
    project, path, *_ = project_of(visit, space, name)
    title = visit.sent("title", 200)
    if not title:
        return noticed(f"/{path}/-/issues/new", "incomplete")
    number = 1 + (
        visit.db.value(
            "SELECT max(number) FROM issue WHERE project = ? AND kind = 'issue'",
            project,
        )
        or 0
    )
    visit.db.insert(
        "issue",
        project=project,
        number=number,
        kind="issue",
        title=title,
        body=visit.sent("body", 2000),
        author=account,
        assignee=_assignee(visit, project),
        state="Open",
        milestone=0,
        time=visit.now,
        branch="",
    )
    return f"/{path}/-/issues/{number}"


def _issue(visit: Visit, project: int, kind: str, number: int) -> Row:
    row = visit.db.row(
        "SELECT issue.id, title, body, account.name, assignee, state, milestone, time, "
        "branch FROM issue JOIN account ON account.id = author "
        "WHERE project = ? AND kind = ? AND number = ?",
        project,
        kind,
        number,
    )
    if row is None:
        raise NotFound
    return row


@forge.page("/<space>/<name>/-/<where>/<int:number>", *READS)
def show(visit: Visit, space: str, name: str, where: str, number: int) -> View:
    """Show an issue or a merge request."""
    kind = _kind(where)
    project, path, *_ = project_of(visit, space, name)
    issue, title, body, author, assignee, state, milestone, time, branch = _issue(
        visit, project, kind, number
    )
    who = visit.db.value("SELECT name FROM account WHERE id = ?", assignee) or NONE
    due = visit.db.value("SELECT title FROM milestone WHERE id = ?", milestone) or NONE
    marks = [
        text
        for (text,) in visit.db.rows(
            "SELECT name FROM label JOIN issue_label ON label.id = label "
            "WHERE issue = ? ORDER BY label.id",
            issue,
        )
    ]
    content: list[Node] = [
        p(strong(state), f"#{number} opened on {time} by", link(author, f"/{author}")),
        *paragraphs(wrap(body)),
        p(f"Assignee: {who}"),
        p(f"Labels: {shorten(', '.join(marks) or NONE, 140)}"),
        p(f"Milestone: {shorten(due, 60)}"),
    ]
    if branch:
        content.append(p(f"Request to merge {branch} into main"))
    notes = visit.db.rows(
        "SELECT account.name, body, time FROM note "
        "JOIN account ON account.id = account WHERE issue = ? ORDER BY note.id",
        issue,
    )
    content.append(heading(2, "Activity"))
    if notes:
        content.append(
            ul(
                *[
                    li(
                        p(link(writer, f"/{writer}"), f"commented on {when}"),
                        *paragraphs(wrap(text)),
                    )
                    for writer, text, when in notes
                ]
            )
        )
    base = f"/{path}/-/{where}/{number}"
    if visit.account:
        content.append(
            form(
                f"{base}/notes",
                p(
                    label("Comment", "note"),
                    field("note", id="note"),
                    button("Comment"),
                ),
            )
        )
        if may(visit, project, "Reporter"):
            content += _controls(visit, project, base, kind, state, assignee, milestone)
    return within(path, title, *content)


def _controls(
    visit: Visit,
    project: int,
    base: str,
    kind: str,
    state: str,
    assignee: int,
    milestone: int,
) -> list[Node]:
    """What members may change."""
    verbs: list[Content] = []
    if state == "Open":
        verbs.append(button("Close", name="event", value="close"))
        if kind == "mr":
            verbs.append(button("Merge", name="event", value="merge"))
    elif state == "Closed":
        verbs.append(button("Reopen", name="event", value="reopen"))
    labels = [
        (str(n), text)
        for n, text in visit.db.rows(
            "SELECT id, name FROM label WHERE project = ? ORDER BY name, id", project
        )
    ]
    times = [
        (str(n), text)
        for n, text in visit.db.rows(
            "SELECT id, title FROM milestone WHERE project = ? ORDER BY id", project
        )
    ]
    forms: list[Node] = [form(f"{base}/state", p(*verbs))] if verbs else []
    forms.append(
        form(
            f"{base}/assign",
            p(
                label("Assign to", "who"),
                _people(visit, project, assignee),
                button("Assign"),
            ),
        )
    )
    if labels:
        forms.append(
            form(
                f"{base}/label",
                p(
                    label("Label", "mark"),
                    select("label", labels, id="mark"),
                    button("Add or remove label"),
                ),
            )
        )
    choices_ = [("0", NONE), *times]
    forms.append(
        form(
            f"{base}/milestone",
            p(
                label("Milestone", "due"),
                select("milestone", choices_, str(milestone), id="due"),
                button("Set milestone"),
            ),
        )
    )
    return [heading(2, "Manage"), *forms]


@forge.action("/<space>/<name>/-/<where>/<int:number>/<deed>")
def change(
    visit: Visit, space: str, name: str, where: str, number: int, deed: str
) -> str:
    """Comment on an issue or merge request, or change it."""
    account, kind = user(visit), _kind(where)
    project, path, *_ = project_of(visit, space, name)
    issue, *_, state, _, _, _ = _issue(visit, project, kind, number)
    back = f"/{path}/-/{where}/{number}"
    if deed == "notes":
        text = visit.sent("note", 2000)
        if not text:
            return noticed(back, "incomplete")
        visit.db.insert("note", issue=issue, account=account, body=text, time=visit.now)
        return back
    insist(visit, project, path, "Reporter")
    if deed == "state":
        event = visit.sent("event")
        if event == "merge" and kind == "mr":
            insist(visit, project, path, "Developer")
        new = {
            ("Open", "close"): "Closed",
            ("Closed", "reopen"): "Open",
            ("Open", "merge"): "Merged" if kind == "mr" else "",
        }.get((state, event))
        if new:
            visit.db.update("issue", {"id": issue}, state=new)
    elif deed == "assign":
        visit.db.update("issue", {"id": issue}, assignee=_assignee(visit, project))
    elif deed == "label":
        _toggle_label(visit, project, issue)
    elif deed == "milestone":
        due = visit.number("milestone")
        known = visit.db.value(
            "SELECT 1 FROM milestone WHERE id = ? AND project = ?", due, project
        )
        visit.db.update("issue", {"id": issue}, milestone=due if known else 0)
    else:
        raise NotFound
    return back


def _toggle_label(visit: Visit, project: int, issue: int) -> None:
    mark = visit.number("label")
    if visit.db.value(
        "SELECT 1 FROM label WHERE id = ? AND project = ?", mark, project
    ) and not visit.db.delete("issue_label", issue=issue, label=mark):
        visit.db.insert("issue_label", issue=issue, label=mark)
