"""The forge's database at the start of every episode."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from random import Random
from sqlite3 import Connection

from agentgym_envs.draws import between, choose, sample
from agentgym_envs.webarena.sites.database import Row, Template, fill
from agentgym_envs.webarena.sites.forge.words import (
    CHANGES,
    DEFECTS,
    ISSUE_TEXTS,
    LABELS,
    LICENSES,
    MESSAGES,
    NOTES,
    PEOPLE,
    PROJECTS,
    WISHES,
)

SEED = 4711
MINE = 1  # the account of agents
SESSION = "session-byteblaze"
NOW = datetime(2023, 6, 11, 18, 0)
ROLES = ("Guest", "Reporter", "Developer", "Maintainer", "Owner")

SCHEMA = """
CREATE TABLE account (id INTEGER PRIMARY KEY, name TEXT UNIQUE, full TEXT,
  password TEXT, bio TEXT, status TEXT);
CREATE TABLE session (token TEXT PRIMARY KEY, account INT);
CREATE TABLE project (id INTEGER PRIMARY KEY, owner INT, namespace TEXT, name TEXT,
  description TEXT, language TEXT, visibility TEXT, stars INT, forked INT);
CREATE UNIQUE INDEX project_path ON project (namespace, name);
CREATE TABLE member (id INTEGER PRIMARY KEY, project INT, account INT, role TEXT);
CREATE TABLE file (id INTEGER PRIMARY KEY, project INT, path TEXT, content TEXT);
CREATE INDEX file_project ON file (project);
CREATE TABLE commits (id INTEGER PRIMARY KEY, project INT, sha TEXT, account INT,
  message TEXT, time TEXT);
CREATE INDEX commits_project ON commits (project);
CREATE TABLE label (id INTEGER PRIMARY KEY, project INT, name TEXT);
CREATE TABLE milestone (id INTEGER PRIMARY KEY, project INT, title TEXT, due TEXT);
CREATE TABLE issue (id INTEGER PRIMARY KEY, project INT, number INT, kind TEXT,
  title TEXT, body TEXT, author INT, assignee INT, state TEXT, milestone INT,
  time TEXT, branch TEXT);
CREATE INDEX issue_project ON issue (project);
CREATE TABLE issue_label (id INTEGER PRIMARY KEY, issue INT, label INT);
CREATE INDEX issue_label_issue ON issue_label (issue);
CREATE TABLE note (id INTEGER PRIMARY KEY, issue INT, account INT, body TEXT,
  time TEXT);
CREATE INDEX note_issue ON note (issue);
CREATE TABLE star (id INTEGER PRIMARY KEY, account INT, project INT);
"""


def sha_of(*parts: object) -> str:
    """Give a commit its number."""
    return hashlib.sha1(repr(parts).encode()).hexdigest()


class _Builder:
    """Collects the rows of all tables."""

    def __init__(self) -> None:
        self.rng = Random(SEED)
        self.tables: dict[str, list[Row]] = {}

    def add(self, table: str, *values: object) -> int:
        rows = self.tables.setdefault(table, [])
        rows.append((len(rows) + 1, *values))
        return len(rows)

    def time(self, days: int = 700) -> str:
        moment = NOW - timedelta(minutes=between(self.rng, 30, days * 1440))
        return moment.strftime("%Y-%m-%d %H:%M")

    def words(self, parts: list[str]) -> dict[str, str]:
        part = choose(self.rng, parts)
        version = f"{between(self.rng, 0, 3)}.{between(self.rng, 0, 12)}"
        return {
            "part": part,
            "Part": part[0].upper() + part[1:],
            "n": str(100 * between(self.rng, 1, 50)),
            "v": version,
        }

    def people(self) -> list[tuple[str, str]]:
        people = []
        for line in PEOPLE.strip().splitlines():
            name, full = line.split("|")
            password = "hello1234" if name == "byteblaze" else f"{name}-pass"
            self.add("account", name, full, password, "", "")
            people.append((name, full))
        return people

    def project(self, line: str, people: list[tuple[str, str]]) -> None:
        rng = self.rng
        name, language, about, listed = line.split("|")
        parts = listed.split(", ")
        owner = MINE if rng.random() < 0.2 else between(rng, 2, len(people))
        stars = int(900 * rng.random() ** 3)
        private = owner == MINE and rng.random() < 0.3
        project = self.add(
            "project",
            owner,
            people[owner - 1][0],
            name,
            f"{about}.",
            language,
            "Private" if private else "Public",
            stars,
            0,
        )
        others = sample(rng, range(1, len(people) + 1), 6)
        team = [owner, *[number for number in others if number != owner][:5]]
        for place, number in enumerate(team):
            role = "Owner" if not place else choose(rng, ROLES[1:4])
            self.add("member", project, number, role)
        self.files(project, name, about, language, parts)
        for number in sorted(
            [between(rng, 1, 600_000) for _ in range(between(rng, 10, 26))],
            reverse=True,
        ):
            # The owner writes the most, the last member the least.
            author = team[int(len(team) * rng.random() ** 2)]
            moment = NOW - timedelta(minutes=number)
            message = choose(rng, MESSAGES).format(**self.words(parts))
            time = moment.strftime("%Y-%m-%d %H:%M")
            sha = sha_of(project, time, message)
            self.add("commits", project, sha, author, message, time)
        labels = [self.add("label", project, text) for text in LABELS]
        milestones = [
            self.add("milestone", project, f"{between(rng, 1, 3)}.{minor}", due)
            for minor, due in ((0, "2023-07-01"), (1, "2023-09-15"))
        ]
        self.issues(project, parts, team, labels, milestones)

    def files(
        self, project: int, name: str, about: str, language: str, parts: list[str]
    ) -> None:
        readme = (
            f"{name}\n{about}.\n\nParts: {', '.join(parts)}.\n"
            "Install it with the package manager of your system.\n"
            "Bug reports are welcome; please say which version you use."
        )
        self.add("file", project, "README.md", readme)
        self.add("file", project, "LICENSE", choose(self.rng, LICENSES))
        self.add("file", project, "CONTRIBUTING.md", "Open an issue before you start.")
        for part in parts:
            slug = part.replace(" ", "_")
            text = f"The {part} of {name}, written in {language}."
            self.add("file", project, f"src/{slug}.txt", text)
            self.add("file", project, f"docs/{slug}.md", f"How the {part} works.")

    def issues(
        self,
        project: int,
        parts: list[str],
        team: list[int],
        labels: list[int],
        milestones: list[int],
    ) -> None:
        rng = self.rng
        titles: set[str] = set()
        counts = {"issue": between(rng, 9, 18), "mr": between(rng, 3, 6)}
        for kind, count in counts.items():
            times = sorted(self.time() for _ in range(count))
            for number, time in enumerate(times, 1):
                words = self.words(parts)
                defect = rng.random() < 0.5
                kinds = CHANGES if kind == "mr" else DEFECTS if defect else WISHES
                title = choose(rng, kinds).format(**words)
                while title in titles:
                    title += " again"
                titles.add(title)
                state = choose(rng, ("Open", "Open", "Closed"))
                if kind == "mr" and state == "Closed":
                    state = "Merged"
                issue = self.add(
                    "issue",
                    project,
                    number,
                    kind,
                    title,
                    choose(rng, ISSUE_TEXTS).format(**words),
                    choose(rng, team),
                    choose(rng, [0, *team]),
                    state,
                    choose(rng, [0, 0, *milestones]),
                    time,
                    f"{words['part'].replace(' ', '-')}-{number}"
                    if kind == "mr"
                    else "",
                )
                chosen = {labels[0] if defect else labels[1]}
                if rng.random() < 0.4:
                    chosen.add(choose(rng, labels))
                for label in sorted(chosen):
                    self.add("issue_label", issue, label)
                for text in sample(rng, NOTES, int(4 * rng.random())):
                    self.add(
                        "note", issue, choose(rng, team), text.format(**words), time
                    )


def build(connection: Connection) -> None:
    """Fill an empty database."""
    connection.executescript(SCHEMA)
    builder = _Builder()
    people = builder.people()
    for line in PROJECTS.strip().splitlines():
        builder.project(line, people)
    for project in (2, 5, 9):
        builder.add("star", MINE, project)
    for table, rows in builder.tables.items():
        fill(connection, table, rows)
    fill(connection, "session", [(SESSION, MINE)])


TEMPLATE = Template(build)
