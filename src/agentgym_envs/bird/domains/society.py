"""A university, a football league, software projects and food inspections."""

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
from agentgym_envs.bird.domains.words import CITIES, COUNTRIES, words

UNIVERSITY = Domain(
    "university",
    (
        Table(
            "department",
            "department",
            "departments",
            13,
            (
                key("department_id"),
                label(
                    "name",
                    "name",
                    words(
                        "Mathematics, Physics, Chemistry, History, Law, Medicine, Economics, "
                        "Philosophy, Études romanes, Geography, Informatik, Music, Biology"
                    ),
                ),
                group(
                    "faculty",
                    "faculty",
                    "of the faculty of {}",
                    words("Science, Arts, Society"),
                ),
                measure("budget", "budget in thousands", 200, 5200),
                measure("founded_in", "year of foundation", 1805, 1995),
            ),
            ("department_id",),
        ),
        Table(
            "teacher",
            "teacher",
            "teachers",
            80,
            (
                key("teacher_id"),
                person(),
                ref("department_id", "department", "employed at"),
                group(
                    "position",
                    "position",
                    "working as {}",
                    words("lecturer, professor, assistant"),
                ),
                day(
                    "hired_on",
                    "hiring date",
                    "who were hired",
                    "1989-01-01",
                    "2022-12-31",
                ),
                measure("salary", "monthly salary", 2400, 8900),
            ),
            ("teacher_id",),
        ),
        Table(
            "student",
            "student",
            "students",
            240,
            (
                key("student_id", "S{:05}"),
                person(),
                group("country", "country", "from {}", COUNTRIES),
                ref("department_id", "department", "studying at"),
                group(
                    "level",
                    "level",
                    "",
                    {
                        "B": "in a bachelor's programme",
                        "M": "in a master's programme",
                        "D": "in a doctoral programme",
                    },
                ),
                day(
                    "enrolled_on",
                    "date of enrolment",
                    "who enrolled",
                    "2015-09-01",
                    "2022-10-31",
                ),
                day_after(
                    "graduated_on",
                    "date of graduation",
                    "who graduated",
                    "enrolled_on",
                    900,
                    2300,
                    missing=0.5,
                ),
                plain("email", email, missing=0.1),
            ),
            ("student_id",),
        ),
        Table(
            "course",
            "course",
            "courses",
            95,
            (
                key("course_id"),
                label(
                    "title",
                    "title",
                    pairs(
                        words(
                            "Introduction to, Advanced, Topics in, Seminar on, History of"
                        ),
                        words(
                            "Logic, Optics, Trade, Poetry, Genetics, Maps, Algèbre, Ethics, "
                            "Acoustics, Data, Polymers, Contracts, Rivers, Opera, Sprachen, "
                            "Energy, Cities, Numbers, Religion"
                        ),
                    ),
                ),
                ref("teacher_id", "teacher", "taught by"),
                measure("credits", "number of credits", 2, 15),
                group("term", "term", "held in {}", words("autumn, spring, summer")),
                group(
                    "language",
                    "language",
                    "taught in {}",
                    words("English, Français, Deutsch, Polski"),
                ),
            ),
            ("course_id",),
        ),
        Table(
            "enrolment",
            "enrolment",
            "enrolments",
            1150,
            (
                ref("student_id", "student", "of"),
                ref("course_id", "course", "in"),
                group(
                    "year", "year", "for the year {}", (2022, 2021, 2020, 2019, 2018)
                ),
                measure("grade", "grade", 1, 100, missing=0.12),
            ),
            ("student_id", "course_id", "year"),
        ),
    ),
)

FOOTBALL_LEAGUE = Domain(
    "football_league",
    (
        Table(
            "stadium",
            "stadium",
            "stadiums",
            16,
            (
                key("stadium_id"),
                label(
                    "name",
                    "name",
                    pairs(
                        words("Estádio, Arena, Parc, Stadion"),
                        words("Municipal, Północ, des Sports, Riverside"),
                    ),
                ),
                group("city", "city", "in {}", CITIES[:9]),
                measure("capacity", "capacity", 2800, 61000),
                day("opened_on", "opening date", "opened", "1911-01-01", "2016-12-31"),
            ),
            ("stadium_id",),
        ),
        Table(
            "club",
            "club",
            "clubs",
            24,
            (
                key("club_id"),
                label(
                    "name",
                    "name",
                    pairs(
                        words("Sporting, Dynamo, Real, Union"),
                        words("Málaga, Tromsø, Łódź, Genève, Ostrava, Braga"),
                    ),
                ),
                ref("stadium_id", "stadium", "playing in"),
                group(
                    "division",
                    "division",
                    "in the division {}",
                    words("First, Second, Third"),
                ),
                measure("founded_in", "year of foundation", 1886, 1990),
                measure("budget", "budget in millions", 1, 120, digits=1, missing=0.1),
            ),
            ("club_id",),
        ),
        Table(
            "player",
            "player",
            "players",
            300,
            (
                key("player_id"),
                person(),
                ref("club_id", "club", "under contract with"),
                group(
                    "position",
                    "position",
                    "",
                    {
                        "MF": "playing in midfield",
                        "DF": "playing in defence",
                        "FW": "playing as forward",
                        "GK": "keeping goal",
                    },
                ),
                group("country", "country", "from {}", COUNTRIES),
                day(
                    "born_on",
                    "date of birth",
                    "who were born",
                    "1984-01-01",
                    "2005-12-31",
                ),
                measure("height", "height in centimetres", 162, 204, missing=0.07),
                measure("value", "market value in thousands", 20, 39000),
            ),
            ("player_id",),
        ),
        Table(
            "match",
            "match",
            "matches",
            420,
            (
                key("match_id"),
                ref("stadium_id", "stadium", "held in"),
                day("played_on", "date", "played", "2018-08-01", "2023-05-31"),
                group(
                    "competition",
                    "competition",
                    "of the {}",
                    words("league, cup, super cup"),
                ),
                measure("attendance", "attendance", 300, 58000, missing=0.09),
            ),
            ("match_id",),
        ),
        Table(
            "appearance",
            "appearance",
            "appearances",
            1200,
            (
                ref("match_id", "match", "in"),
                ref("player_id", "player", "by"),
                measure("minutes", "number of minutes", 1, 90),
                group(
                    "card",
                    "card",
                    "punished with a {} card",
                    words("yellow, red"),
                    missing=0.8,
                ),
            ),
            ("match_id", "player_id"),
        ),
        Table(
            "transfer",
            "transfer",
            "transfers",
            170,
            (
                key("transfer_id"),
                ref("player_id", "player", "of"),
                ref("club_id", "club", "to"),
                day(
                    "signed_on", "date of signing", "signed", "2012-01-01", "2023-01-31"
                ),
                day_after(
                    "expires_on",
                    "date of expiry",
                    "expiring",
                    "signed_on",
                    360,
                    1900,
                    missing=0.1,
                ),
                measure("fee", "fee in thousands", 10, 28000, missing=0.25),
            ),
            ("transfer_id",),
        ),
    ),
)

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
                        "Fjällräven, Compass, Étoile, Lantern, Nimbus, Orka, Pixel, Quartz, "
                        "Rakieta, Saffron, Tundra, Umbra"
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
                            "Ledger, Kart, Mailer, Atlas, Notebook, Garçon, Parser, Queue, "
                            "Vault, Mirror, Scheduler"
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
                day("written_on", "date", "written", "2018-02-01", "2023-09-30"),
                measure("remarks", "number of remarks", 0, 38, missing=0.12),
            ),
            ("review_id",),
        ),
    ),
)

FOOD_INSPECTIONS = Domain(
    "food_inspections",
    (
        Table(
            "district",
            "district",
            "districts",
            10,
            (
                key("district_id"),
                label(
                    "name",
                    "name",
                    words(
                        "Altstadt, Bryggen, Centrum, Docks, Éclair, Foreshore, Grünau, Hafen, "
                        "Île Verte, Żoliborz"
                    ),
                ),
                measure("population", "population", 4200, 98000),
                group(
                    "side", "side of the river", "on the {} bank", words("left, right")
                ),
            ),
            ("district_id",),
        ),
        Table(
            "restaurant",
            "restaurant",
            "restaurants",
            160,
            (
                key("restaurant_id"),
                label(
                    "name",
                    "name",
                    pairs(
                        words("Chez, Casa, Zum, Pod, Little"),
                        words(
                            "Léon, Mañana, Bären, Aniołem, Kitchen, Goose, Søster, Tomate, "
                            "Anchor, Löwen, Garden, Smak, Basil, Fuchs, Olive, Lemon, Kogut, "
                            "Corner, Pêche, Raven, Turm, Saffron, Wine, Bread, Kraken, Oven, "
                            "Apple, Mühle, Star, Onion, Truite, Crab, Dom, Noodle"
                        ),
                    ),
                ),
                ref("district_id", "district", "in"),
                group(
                    "cuisine",
                    "cuisine",
                    "serving {} food",
                    words("Italian, Polish, Thai, French, Turkish, vegan"),
                ),
                measure("seats", "number of seats", 8, 180),
                day(
                    "licensed_on",
                    "date of licence",
                    "licensed",
                    "2001-01-01",
                    "2021-12-31",
                ),
                group(
                    "price_band",
                    "price band",
                    "",
                    {
                        "1": "that are cheap",
                        "2": "of middling price",
                        "3": "that are expensive",
                    },
                    missing=0.12,
                ),
            ),
            ("restaurant_id",),
        ),
        Table(
            "inspector",
            "inspector",
            "inspectors",
            28,
            (
                key("inspector_id"),
                person(),
                group(
                    "grade",
                    "grade",
                    "of the grade {}",
                    words("trainee, officer, chief"),
                ),
                day(
                    "sworn_in_on",
                    "date of oath",
                    "who were sworn in",
                    "1998-01-01",
                    "2020-12-31",
                ),
            ),
            ("inspector_id",),
        ),
        Table(
            "inspection",
            "inspection",
            "inspections",
            700,
            (
                key("inspection_id"),
                ref("restaurant_id", "restaurant", "of"),
                ref("inspector_id", "inspector", "made by"),
                day("made_on", "inspection date", "made", "2017-01-01", "2023-12-31"),
                day_after(
                    "reported_on",
                    "date of the report",
                    "reported",
                    "made_on",
                    0,
                    40,
                    missing=0.07,
                ),
                measure("score", "score", 31, 100),
                group(
                    "reason",
                    "reason",
                    "for the reason {}",
                    words("routine, complaint, follow-up"),
                ),
            ),
            ("inspection_id",),
        ),
        Table(
            "violation",
            "violation",
            "violations",
            820,
            (
                ref("inspection_id", "inspection", "found in"),
                group(
                    "code",
                    "code",
                    "",
                    {
                        "T1": "of wrong temperature",
                        "H2": "of poor hygiene",
                        "L3": "of missing labels",
                        "P4": "of pests",
                        "S5": "of unsafe storage",
                    },
                ),
                group(
                    "severity",
                    "severity",
                    "of the severity {}",
                    words("minor, major, critical"),
                ),
                measure("fine", "fine in euros", 20, 1900, missing=0.4),
            ),
            ("inspection_id", "code"),
        ),
    ),
)
