"""A small set in BIRD's published layout, written by hand."""

from __future__ import annotations

import json
import sqlite3

SCHEMA = """
CREATE TABLE Member (
    "member id" INTEGER PRIMARY KEY, "full name" TEXT, city TEXT, joined DATE
);
CREATE TABLE Book ("book id" INTEGER PRIMARY KEY, title TEXT, pages INT, price REAL);
CREATE TABLE BookLoan (
    "member id" INTEGER, "book id" INTEGER, due_date DATE, fine REAL,
    PRIMARY KEY ("member id", "book id"),
    FOREIGN KEY ("member id") REFERENCES Member ("member id"),
    FOREIGN KEY ("book id") REFERENCES Book ("book id")
);
"""
CITIES = ["Oslo"] * 8 + ["Bergen", "Tromsø", None]
TABLES = {
    "db_id": "library_loans",
    "table_names": ["member", "book", "book loan"],
    "table_names_original": ["Member", "Book", "BookLoan"],
    "column_names": [
        [-1, "*"],
        *([0, name] for name in ("member id", "full name", "city", "Joined")),
        *([1, name] for name in ("book id", "title", "pages", "price")),
        *([2, name] for name in ("member id", "book id", "due date", "fine")),
    ],
    "column_names_original": [
        [-1, "*"],
        *([0, name] for name in ("member id", "full name", "city", "joined")),
        *([1, name] for name in ("book id", "title", "pages", "price")),
        *([2, name] for name in ("member id", "book id", "due_date", "fine")),
    ],
    "column_types": ["text"] * 13,
    "primary_keys": [1, 5, [9, 10]],
    "foreign_keys": [[9, 1], [10, 5]],
}
OSLO = "SELECT COUNT(*) FROM Member WHERE city = 'Oslo'"
TRAIN = [
    ("How many members live in Oslo?", OSLO, "live in refers to city"),
    ("Which cities are there?", "SELECT DISTINCT city FROM Member", ""),
    ("Who lives in Rome?", "SELECT * FROM Member WHERE city = 'Rome'", ""),
    ("What does this ask?", "SELECT nobody FROM Member", ""),
    ("Which books are there?", "SELECT title FROM Book", ""),
]
DEV = [("How long is the longest book?", "SELECT MAX(pages) FROM Book", "")]


def write_library(root):
    """Write ``train`` and ``dev`` below a folder."""
    for split, items in (("train", TRAIN), ("dev", DEV)):
        folder = root / split
        home = folder / f"{split}_databases" / "library_loans"
        home.mkdir(parents=True)
        write_database(home / "library_loans.sqlite")
        records = [
            {"db_id": "library_loans", "question": q, "SQL": sql, "evidence": e}
            for q, sql, e in items
        ]
        if split == "dev":
            for number, record in enumerate(records):
                record |= {"question_id": number, "difficulty": "simple"}
        write(folder / f"{split}.json", records)
        write(folder / f"{split}_tables.json", [TABLES])
    return root


def write_database(file):
    """Write the database: eight of eleven members live in Oslo."""
    connection = sqlite3.connect(file)
    connection.executescript(SCHEMA)
    connection.executemany(
        "INSERT INTO Member VALUES (?, ?, ?, ?)",
        [(i, f"Name {i}", city, "2020-01-01") for i, city in enumerate(CITIES)],
    )
    connection.executemany(
        "INSERT INTO Book VALUES (?, ?, ?, ?)",
        [(i, f"Book {i}", 100 + i, 9.5) for i in range(30)],
    )
    connection.commit()
    connection.close()


def write(file, content):
    """Write JSON."""
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
