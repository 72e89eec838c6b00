"""The forum's database at the start of every episode."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from sqlite3 import Connection

from agentgym_envs.draws import between, choose, sample
from agentgym_envs.webarena.sites.database import Row, Template, fill
from agentgym_envs.webarena.sites.forum.words import (
    BODIES,
    COMMENTS,
    FORUMS,
    HANDLES,
    ME,
    REPLIES,
    TITLES,
)

SEED = 136
POSTS = 18  # of each forum
MINE = 1  # the account of agents
SESSION = "session-marvels"
NOW = datetime(2023, 6, 12, 8, 30)
DAYS = 500  # that posts go back

SCHEMA = """
CREATE TABLE account (id INTEGER PRIMARY KEY, name TEXT UNIQUE, password TEXT,
  bio TEXT, since TEXT);
CREATE TABLE session (token TEXT PRIMARY KEY, account INT);
CREATE TABLE forum (id INTEGER PRIMARY KEY, name TEXT UNIQUE, title TEXT,
  description TEXT, sidebar TEXT, owner INT);
CREATE TABLE subscription (id INTEGER PRIMARY KEY, account INT, forum INT);
CREATE TABLE post (id INTEGER PRIMARY KEY, forum INT, account INT, title TEXT,
  url TEXT, body TEXT, time TEXT, points INT, edited INT);
CREATE INDEX post_forum ON post (forum);
CREATE TABLE comment (id INTEGER PRIMARY KEY, post INT, parent INT, account INT,
  body TEXT, time TEXT, points INT);
CREATE INDEX comment_post ON comment (post);
CREATE TABLE vote (id INTEGER PRIMARY KEY, account INT, post INT, comment INT,
  choice INT);
"""


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")


def build(connection: Connection) -> None:
    """Fill an empty database."""
    connection.executescript(SCHEMA)
    rng = Random(SEED)
    names = [ME, *HANDLES]
    people: list[Row] = []
    for number, name in enumerate(names, 1):
        password = "test1234" if number == MINE else f"{name}!{number}"
        since = _time(NOW - timedelta(days=DAYS + between(rng, 10, 900)))
        people.append((number, name, password, "", since))
    forums: list[Row] = []
    posts: list[Row] = []
    comments: list[Row] = []
    subscriptions: list[Row] = []
    for line in FORUMS.strip().splitlines():
        name, title, topics = line.split("|")
        number = len(forums) + 1
        owner = between(rng, 2, len(people))
        text = f"{title}: {topics}, and whatever else is on your mind."
        rules = "Be kind. Search before you post. No selling."
        forums.append((number, name, title, text, rules, owner))
        if number % 6 == 1:
            subscriptions.append((len(subscriptions) + 1, MINE, number))
        _posts(rng, number, topics.split(", "), people, posts, comments)
    fill(connection, "account", people)
    fill(connection, "session", [(SESSION, MINE)])
    fill(connection, "forum", forums)
    fill(connection, "subscription", subscriptions)
    fill(connection, "post", posts)
    fill(connection, "comment", comments)


def _posts(
    rng: Random,
    forum: int,
    topics: list[str],
    people: list[Row],
    posts: list[Row],
    comments: list[Row],
) -> None:
    pairs = [(title, topic) for title in TITLES for topic in topics]
    for title, topic in sample(rng, pairs, POSTS):
        number = len(posts) + 1
        author = MINE if rng.random() < 0.02 else between(rng, 2, len(people))
        moment = NOW - timedelta(minutes=between(rng, 60, DAYS * 1440))
        words = {
            "topic": topic,
            "Topic": topic[0].upper() + topic[1:],
            "months": str(between(rng, 2, 18)),
        }
        points = int(2000 * rng.random() ** 5) - 3
        url = ""
        body = choose(rng, BODIES).format(**words)
        posts.append(
            (
                number,
                forum,
                author,
                title.format(**words),
                url,
                body,
                _time(moment),
                points,
                0,
            )
        )
        said: list[tuple[int, datetime]] = []
        for text in sample(rng, COMMENTS, int(7 * rng.random() ** 1.5)):
            place = len(comments) + 1
            later = min(NOW, moment + timedelta(minutes=between(rng, 5, 4000)))
            text = text.format(**words)
            person = between(rng, 2, len(people))
            score = int(60 * rng.random() ** 3) - 4
            comments.append((place, number, 0, person, text, _time(later), score))
            said.append((place, later))
        for parent, moment_ in said:
            if rng.random() < 0.35:
                place = len(comments) + 1
                later = min(NOW, moment_ + timedelta(minutes=between(rng, 5, 900)))
                person = between(rng, 1, len(people))
                comments.append(
                    (
                        place,
                        number,
                        parent,
                        person,
                        choose(rng, REPLIES),
                        _time(later),
                        int(20 * rng.random() ** 2) - 2,
                    )
                )


TEMPLATE = Template(build)
