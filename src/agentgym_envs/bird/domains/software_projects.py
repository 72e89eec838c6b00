"""Projects, the teams that write them, and their issues."""

from agentgym_envs.bird.domains.making import (
    day,
    day_after,
    email,
    group,
    key,
    label,
    measure,
    pairs,
    person,
    plain,
    ref,
)
from agentgym_envs.bird.domains.model import Domain, Table
from agentgym_envs.bird.domains.words import CITIES, words

SOFTWARE_PROJECTS = Domain(
    "software_projects",
    (
        Table(
            "team",
            "team",
            "teams",
            12,
            (
                key("team_id"),
                label(
                    "name",
                    "name",
                    words(
                        "Fjällräven, Compass, Étoile, Lantern, Nimbus, Orka, Pixel, "
                        "Quartz, Rakieta, Saffron, Tundra, Umbra"
                    ),
                ),
                group("site", "site", "in {}", CITIES[:4]),
                measure("budget", "budget in thousands", 80, 2100),
            ),
            ("team_id",),
        ),
        Table(
            "developer",
            "developer",
            "developers",
            110,
            (
                key("developer_id"),
                person(),
                ref("team_id", "team", "in"),
                group(
                    "seniority",
                    "seniority",
                    "of the seniority {}",
                    words("junior, regular, senior, principal"),
                ),
                day(
                    "joined_on",
                    "joining date",
                    "who joined",
                    "2010-01-01",
                    "2022-12-31",
                ),
                measure("salary", "monthly salary", 2900, 9800, missing=0.08),
                plain("email", email),
            ),
            ("developer_id",),
        ),
        Table(
            "project",
            "project",
            "projects",
            44,
            (
                key("project_id"),
                label(
                    "name",
                    "name",
                    pairs(
                        words("Blue, Open, Fast, Żółw"),
                        words(
                            "Ledger, Kart, Mailer, Atlas, Notebook, Garçon, Parser, "
                            "Queue, Vault, Mirror, Scheduler"
                        ),
                    ),
                ),
                ref("team_id", "team", "run by"),
                group(
                    "language",
                    "language",
                    "written in {}",
                    words("Python, Rust, Java, C++, Elixir"),
                ),
                group(
                    "licence",
                    "licence",
                    "under the {} licence",
                    words("MIT, Apache, proprietary"),
                    missing=0.1,
                ),
                day(
                    "started_on",
                    "starting date",
                    "that started",
                    "2014-01-01",
                    "2022-06-30",
                ),
                measure("lines", "number of lines", 900, 240000),
            ),
            ("project_id",),
        ),
        Table(
            "issue",
            "issue",
            "issues",
            780,
            (
                key("issue_id"),
                ref("project_id", "project", "of"),
                ref("developer_id", "developer", "assigned to", missing=0.1),
                group(
                    "kind",
                    "kind",
                    "",
                    {
                        "B": "reporting a bug",
                        "F": "asking for a feature",
                        "Q": "asking a question",
                    },
                ),
                group(
                    "priority",
                    "priority",
                    "with the priority {}",
                    words("low, medium, high, critical"),
                ),
                day("opened_on", "opening date", "opened", "2018-01-01", "2023-06-30"),
                day_after(
                    "closed_on",
                    "closing date",
                    "closed",
                    "opened_on",
                    0,
                    180,
                    missing=0.25,
                ),
                measure("votes", "number of votes", 0, 90),
            ),
            ("issue_id",),
        ),
        Table(
            "contribution",
            "contribution",
            "contributions",
            380,
            (
                ref("developer_id", "developer", "made by"),
                ref("project_id", "project", "to"),
                measure("commits", "number of commits", 1, 640),
                group(
                    "role",
                    "role",
                    "with the role {}",
                    words("author, reviewer, maintainer, translator"),
                ),
            ),
            ("developer_id", "project_id"),
        ),
        Table(
            "review",
            "review",
            "reviews",
            420,
            (
                key("review_id"),
                ref("issue_id", "issue", "of"),
                ref("developer_id", "developer", "written by"),
                group(
                    "verdict",
                    "verdict",
                    "with the verdict {}",
                    words("approved, changes wanted, rejected"),
                ),
                day("written_on", "review date", "written", "2018-02-01", "2023-09-30"),
                measure("remarks", "number of remarks", 0, 38, missing=0.12),
            ),
            ("review_id",),
        ),
    ),
)
