"""Tasks in the forge, for a user who is signed in."""

from __future__ import annotations

from collections.abc import Iterator

from agentgym_envs.webarena.pages.nodes import shorten
from agentgym_envs.webarena.sites.database import Row
from agentgym_envs.webarena.sites.forge.seed import MINE, TEMPLATE
from agentgym_envs.webarena.sites.forge.words import ME
from agentgym_envs.webarena.steps import (
    Steps,
    click,
    pick,
    press_button,
    stop,
    write,
)
from agentgym_envs.webarena.tasks.item import (
    CHANGE,
    FORGE,
    NAVIGATE,
    PERMISSION_DENIED,
    SEEK,
    Deeds,
    Instance,
    alternate,
    distinct,
    found,
    opened,
    template,
)

_ROLE = f"(SELECT role FROM member WHERE project = p.id AND account = {MINE})"


def to_project(path: str) -> Steps:
    """Search for a project and open it."""
    name = path.partition("/")[2]
    return write("Search GitLab", name, enter=True, role="searchbox"), click(path)


def projects(where: str = "1") -> list[Row]:
    """Public projects: number, path, stars."""
    return TEMPLATE.open().rows(
        "SELECT id, namespace || '/' || name, stars FROM project p "
        f"WHERE visibility = 'Public' AND ({where}) ORDER BY id"
    )


def _issues(remainder: int, where: str = "1") -> list[Row]:
    """Issues: row, project, path, number, title, author."""
    return TEMPLATE.open().rows(
        "SELECT issue.id, p.id, namespace || '/' || p.name, number, title, "
        "account.name FROM issue JOIN project p ON p.id = project "
        "JOIN account ON account.id = author WHERE kind = 'issue' AND "
        f"visibility = 'Public' AND issue.id % 5 = ? AND ({where}) AND NOT EXISTS "
        "(SELECT 1 FROM issue other WHERE other.id != issue.id AND "
        "other.project = p.id AND other.title LIKE issue.title || '%') "
        "ORDER BY issue.id",
        remainder,
    )


def _to_issue(path: str, title: str) -> Steps:
    return (
        *to_project(path),
        click("Issues", after="Contributors"),
        click("All"),
        write("Search or filter results", title, enter=True),
        click(shorten(title, 40)),
    )


@template(SEEK, "gitlab")
def commits_of_user() -> Iterator[Instance]:
    """Ask how much somebody has written."""
    db = TEMPLATE.open()
    rows = [
        (path, *row)
        for number, path, _ in projects()
        for row in db.rows(
            "SELECT account.name, count(*) AS number FROM commits "
            "JOIN account ON account.id = account WHERE project = ? "
            "GROUP BY account ORDER BY number DESC, account LIMIT 1",
            number,
        )
    ]
    for path, who, count in distinct(rows, 2):
        yield found(
            f"How many commits did {who} make to the project {path}? "
            "Answer with the number.",
            str(count),
            *to_project(path),
            click("Contributors"),
        )


@template(SEEK, "gitlab", test=True)
def author_of_issue() -> Iterator[Instance]:
    """Ask who opened an issue."""
    for _, _, path, _, title, author in distinct(_issues(0), 5):
        yield found(
            f'Who opened the issue "{title}" in the project {path}? '
            "Answer with the username.",
            author,
            *_to_issue(path, title),
        )


@template(SEEK, "gitlab")
def stars_of_project() -> Iterator[Instance]:
    """Ask how a project is liked."""
    for _, path, stars in distinct(projects("stars > 40"), 2):
        yield found(
            f"How many stars does the project {path} have? Answer with the number.",
            str(stars),
            *to_project(path),
        )


@template(SEEK, "gitlab")
def branch_of_request() -> Iterator[Instance]:
    """Ask where the changes of a merge request come from."""
    rows = TEMPLATE.open().rows(
        "SELECT namespace || '/' || p.name, title, branch FROM issue "
        "JOIN project p ON p.id = project WHERE kind = 'mr' AND issue.state = 'Open' "
        "AND visibility = 'Public' AND issue.id % 3 = 1 ORDER BY issue.id"
    )
    for path, title, branch in distinct(rows, 2):
        yield found(
            f'Which branch does the merge request "{title}" of the project {path} ask '
            "to merge? Answer with its name.",
            branch,
            *to_project(path),
            click("Merge requests", after="Contributors"),
            click(shorten(title, 40)),
        )


@template(NAVIGATE, "gitlab")
def issues_with_label() -> Iterator[Instance]:
    """Ask for the issues with a label."""
    marks = "bug", "feature", "documentation"
    for place, (_, path, _) in enumerate(projects("id % 2 = 0")):
        mark = marks[place % 3]
        yield opened(
            f"Show me the open issues of the project {path} "
            f'that have the label "{mark}".',
            f"{FORGE}/{path}/-/issues?label_name={mark}",
            *to_project(path),
            click("Labels"),
            click(mark),
        )


@template(NAVIGATE, "gitlab", test=True)
def merged_requests() -> Iterator[Instance]:
    """Ask for what was merged."""
    for _, path, _ in projects("id % 2 = 1"):
        yield opened(
            f"Show me the merged merge requests of the project {path}.",
            f"{FORGE}/{path}/-/merge_requests?state=merged",
            *to_project(path),
            click("Merge requests", after="Contributors"),
            click("Merged"),
        )


@template(NAVIGATE, "gitlab")
def file_of_project() -> Iterator[Instance]:
    """Ask for a file."""
    rows = TEMPLATE.open().rows(
        "SELECT namespace || '/' || name, path FROM file JOIN project p "
        "ON p.id = project WHERE path LIKE 'docs/%' AND visibility = 'Public' "
        "AND file.id % 3 = 0 ORDER BY file.id"
    )
    for path, file in distinct(rows, 0):
        yield opened(
            f"Open the file {file} of the project {path}.",
            f"{FORGE}/{path}/-/blob/main/{file}",
            *to_project(path),
            click("Repository"),
            click(file),
        )


@template(CHANGE, "gitlab")
def open_issue() -> Iterator[Instance]:
    """Ask for a new issue."""
    titles = "Typo on the start page", "Tests fail on a clean machine"
    for place, (number, path, _) in enumerate(projects("id % 3 = 1")):
        title = titles[place % 2]
        yield Instance(
            f'Open an issue "{title}" in the project {path}, without a description '
            "and assigned to nobody.",
            new_issue(number, title).check(),
            (*to_project(path), *opening(title), stop()),
        )


def new_issue(project: int, title: str) -> Deeds:
    """What a new issue changes."""
    db = TEMPLATE.open()
    last = db.value(
        "SELECT max(number) FROM issue WHERE project = ? AND kind = 'issue'", project
    )
    return Deeds(db, "gitlab").insert(
        "issue",
        project=project,
        number=last + 1,
        kind="issue",
        title=title,
        body="",
        author=MINE,
        assignee=0,
        state="Open",
        milestone=0,
        branch="",
    )


def opening(title: str) -> Steps:
    """Open an issue in the project that is shown."""
    return (
        click("Issues", after="Contributors"),
        click("New issue"),
        write("Title", title),
        press_button("Create issue"),
    )


@template(CHANGE, "gitlab")
def comment_on_issue() -> Iterator[Instance]:
    """Ask for a comment."""
    db = TEMPLATE.open()
    texts = "I see the same here.", "Could you attach the log?", "Fixed for me."
    for place, (issue, _, path, _, title, _) in enumerate(_issues(1)[::6]):
        text = texts[place % 3]
        yield Instance(
            f'Comment on the issue "{title}" of the project {path}: "{text}"',
            Deeds(db, "gitlab")
            .insert("note", issue=issue, account=MINE, body=text)
            .check(),
            (
                *_to_issue(path, title),
                write("Comment", text),
                press_button("Comment"),
                stop(),
            ),
        )


@template(CHANGE, "gitlab")
def close_issue() -> Iterator[Instance]:
    """Ask to close an issue."""
    db = TEMPLATE.open()
    where = f"issue.state = 'Open' AND {_ROLE} IS NOT NULL"
    for issue, _, path, _, title, _ in _issues(2, where):
        yield Instance(
            f'Close the issue "{title}" of the project {path}.',
            Deeds(db, "gitlab").update("issue", issue, state="Closed").check(),
            (*_to_issue(path, title), press_button("Close"), stop()),
        )


@template(CHANGE, "gitlab", test=True)
def assign_issue() -> Iterator[Instance]:
    """Ask to assign an issue."""
    db = TEMPLATE.open()
    where = f"{_ROLE} IS NOT NULL"
    for issue, project, path, _, title, _ in _issues(3, where):
        who, name = db.rows(
            "SELECT account.id, account.name FROM member "
            "JOIN account ON account.id = account WHERE project = ? AND account.id NOT "
            "IN (?, (SELECT assignee FROM issue WHERE issue.id = ?)) "
            "ORDER BY member.id",
            project,
            MINE,
            issue,
        )[0]
        yield Instance(
            f'Assign the issue "{title}" of the project {path} to {name}.',
            Deeds(db, "gitlab").update("issue", issue, assignee=who).check(),
            (
                *_to_issue(path, title),
                pick("Assign to", name),
                press_button("Assign"),
                stop(),
            ),
        )


@template(CHANGE, "gitlab")
def label_issue() -> Iterator[Instance]:
    """Ask for a label on an issue."""
    db = TEMPLATE.open()
    mark = "help wanted"
    where = (
        f"{_ROLE} IS NOT NULL AND issue.id NOT IN (SELECT issue FROM issue_label "
        f"JOIN label ON label.id = label WHERE label.name = '{mark}')"
    )
    for issue, project, path, _, title, _ in _issues(4, where):
        number = db.value(
            "SELECT id FROM label WHERE project = ? AND name = ?", project, mark
        )
        yield Instance(
            f'Give the issue "{title}" of the project {path} the label "{mark}".',
            Deeds(db, "gitlab")
            .insert("issue_label", issue=issue, label=number)
            .check(),
            (
                *_to_issue(path, title),
                pick("Label", mark),
                press_button("Add or remove label"),
                stop(),
            ),
        )


@template(CHANGE, "gitlab")
def star_project() -> Iterator[Instance]:
    """Ask for a star."""
    db = TEMPLATE.open()
    where = f"id NOT IN (SELECT project FROM star WHERE account = {MINE})"
    for number, path, stars in projects(where)[1::2]:
        yield Instance(
            f"Star the project {path}.",
            Deeds(db, "gitlab")
            .insert("star", account=MINE, project=number)
            .update("project", number, stars=stars + 1)
            .check(),
            (*to_project(path), press_button("Star"), stop()),
        )


@template(CHANGE, "gitlab", test=True)
def invite_member() -> Iterator[Instance]:
    """Ask to take somebody in."""
    roles = "Guest", "Reporter", "Developer", "Maintainer"
    rows = TEMPLATE.open().rows(
        "SELECT p.id, namespace || '/' || p.name, account.id, account.name "
        f"FROM project p JOIN account WHERE {_ROLE} IN ('Owner', 'Maintainer') "
        "AND account.id % 6 = 3 AND account.id NOT IN "
        "(SELECT account FROM member WHERE project = p.id) ORDER BY p.id, account.id"
    )
    for place, (project, path, account, name) in enumerate(rows):
        yield _invitation(project, path, account, name, roles[place % 4])


def _invitation(
    project: int, path: str, account: int, name: str, role: str
) -> Instance:
    return Instance(
        f"Invite {name} to the project {path} as {role}.",
        Deeds(TEMPLATE.open(), "gitlab")
        .insert("member", project=project, account=account, role=role)
        .check(),
        (
            *to_project(path),
            click("Members"),
            write("Username", name),
            pick("Select a role", role),
            press_button("Invite"),
            stop(),
        ),
    )


@template(CHANGE, "gitlab")
def new_project() -> Iterator[Instance]:
    """Ask for a project."""
    db = TEMPLATE.open()
    last = db.value("SELECT max(id) FROM project")
    for place, noun in enumerate("notes maps recipes chords stars seeds tides".split()):
        for kind in ("Private", "Public")[: 2 if not place else 1]:
            name, text = f"my-{noun}-{kind.lower()}", f"All about {noun}"
            yield Instance(
                f'Create a {kind.lower()} project "{name}" with the description '
                f'"{text}".',
                Deeds(db, "gitlab")
                .insert(
                    "project",
                    owner=MINE,
                    namespace=ME,
                    name=name,
                    description=text,
                    visibility=kind,
                    stars=0,
                    forked=0,
                )
                .insert("member", project=last + 1, account=MINE, role="Owner")
                .insert("file", project=last + 1, path="README.md", content=name)
                .insert("commits", project=last + 1, account=MINE)
                .check(),
                (
                    click("New project"),
                    write("Project name", name),
                    write("Project description", text),
                    pick("Visibility Level", kind),
                    press_button("Create project"),
                    stop(),
                ),
            )


@template(CHANGE, "gitlab")
def set_status() -> Iterator[Instance]:
    """Ask to say what one is doing."""
    db = TEMPLATE.open()
    for text in (
        "On holiday until Monday",
        "Reviewing merge requests",
        "Writing documentation",
        "Looking for a co-maintainer",
        "In a workshop today",
        "Busy with the release",
        "Slow to answer this week",
        "Happy to help newcomers",
    ):
        yield Instance(
            f'Set my status in the forge to "{text}"',
            Deeds(db, "gitlab").update("account", MINE, status=text).check(),
            (
                click("Edit profile"),
                write("Your status", text),
                press_button("Update profile settings"),
                stop(),
            ),
        )


@template(CHANGE, "gitlab")
def fork_project() -> Iterator[Instance]:
    """Ask for a copy of a project."""
    db = TEMPLATE.open()
    last = db.value("SELECT max(id) FROM project")
    for number, path, _ in projects(f"owner != {MINE}")[::2]:
        space, _, name = path.partition("/")
        about = db.value("SELECT description FROM project WHERE id = ?", number)
        deeds = Deeds(db, "gitlab")
        deeds.insert(
            "project",
            owner=MINE,
            namespace=ME,
            name=name,
            description=about,
            visibility="Public",
            stars=0,
            forked=number,
        )
        deeds.insert("member", project=last + 1, account=MINE, role="Owner")
        for file, content in db.rows(
            "SELECT path, content FROM file WHERE project = ? ORDER BY id", number
        ):
            deeds.insert("file", project=last + 1, path=file, content=content)
        for sha, message in db.rows(
            "SELECT sha, message FROM commits WHERE project = ? ORDER BY id", number
        ):
            deeds.insert("commits", project=last + 1, sha=sha, message=message)
        yield Instance(
            f"Fork the project {name} of {space}.",
            deeds.check(),
            (*to_project(path), press_button("Fork"), stop()),
        )


@template(CHANGE, "gitlab", test=True)
def invite_to_foreign() -> Iterator[Instance]:
    """Ask to take somebody into a project, which may be none of one's own."""
    yield from alternate(
        [
            found(
                f"Invite {_stranger(number)[1]} to the project {path} as Developer.",
                PERMISSION_DENIED,
                *to_project(path),
                click("Members"),
            )
            for number, path, _ in projects(f"{_ROLE} IS NULL")[::2]
        ],
        [
            _invitation(number, path, *_stranger(number), "Developer")
            for number, path, _ in projects(f"owner = {MINE}")
        ],
    )


def _stranger(project: int) -> tuple[int, str]:
    """Number and name of somebody who isn't in a project."""
    rows = TEMPLATE.open().rows(
        "SELECT id, name FROM account WHERE id NOT IN "
        "(SELECT account FROM member WHERE project = ?) AND id > 1 ORDER BY id",
        project,
    )
    number, name = rows[0]
    return number, name
