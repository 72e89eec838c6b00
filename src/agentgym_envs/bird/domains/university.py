"""A university: departments, teachers, students and courses."""

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
from agentgym_envs.bird.domains.words import COUNTRIES, words

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
                        "Mathematics, Physics, Chemistry, History, Law, Medicine, "
                        "Economics, Philosophy, Études romanes, Geography, Informatik, "
                        "Music, Biology"
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
                    "hired",
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
                            "Introduction to, Advanced, Topics in, Seminar on, History "
                            "of"
                        ),
                        words(
                            "Logic, Optics, Trade, Poetry, Genetics, Maps, Algèbre, "
                            "Ethics, Acoustics, Data, Polymers, Contracts, Rivers, "
                            "Opera, Sprachen, Energy, Cities, Numbers, Religion"
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
