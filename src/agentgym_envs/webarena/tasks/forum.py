"""Tasks in the forum, for a member who is signed in."""

from __future__ import annotations

from collections.abc import Iterator

from agentgym_envs.webarena.pages.nodes import shorten
from agentgym_envs.webarena.sites.database import Row
from agentgym_envs.webarena.sites.forum.seed import MINE, TEMPLATE
from agentgym_envs.webarena.sites.forum.words import ME
from agentgym_envs.webarena.steps import (
    Steps,
    click,
    goto,
    press_button,
    stop,
    write,
)
from agentgym_envs.webarena.tasks.item import (
    CHANGE,
    FORUM,
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

SEARCHED_WORDS = 8  # of a query, that the forum looks at


def to_forum(name: str) -> Steps:
    """Open a forum, whose address its name tells."""
    return (goto(f"{FORUM}/f/{name}"),)


def to_post(title: str) -> Steps:
    """Search for a post and open it."""
    return write("Search query", title, enter=True, role="searchbox"), click(title)


def _posts(remainder: int) -> list[Row]:
    """Posts of others: number, title, forum, author, points."""
    rows = TEMPLATE.open().rows(
        "SELECT post.id, post.title, forum.name, account.name, points FROM post "
        "JOIN forum ON forum.id = forum JOIN account ON account.id = post.account "
        f"WHERE post.id % 31 = ? AND post.account != {MINE} ORDER BY post.id",
        remainder,
    )
    return [row for row in rows if len(row[1].split()) <= SEARCHED_WORDS]


def _path(forum: str, number: int) -> str:
    return f"{FORUM}/f/{forum}/{number}"


@template(SEEK, "reddit")
def author_of_post() -> Iterator[Instance]:
    """Ask who began a thread."""
    for _, title, forum, author, _ in distinct(_posts(1), 3):
        yield found(
            f'Who submitted "{title}" to the forum {forum}? Answer with the username.',
            author,
            *to_post(title),
        )


@template(SEEK, "reddit", test=True)
def points_of_post() -> Iterator[Instance]:
    """Ask how a thread is liked."""
    for _, title, forum, _, points in distinct(_posts(2), 4):
        yield found(
            f'How many points does the submission "{title}" in the forum {forum} have? '
            "Answer with the number.",
            str(points),
            *to_post(title),
        )


@template(SEEK, "reddit")
def member_since() -> Iterator[Instance]:
    """Ask since when somebody has been here."""
    rows = TEMPLATE.open().rows(
        "SELECT name, substr(since, 1, 10) FROM account WHERE id % 3 = 2 ORDER BY id"
    )
    for name, day in distinct(rows, 1):
        yield found(
            f"Since when has {name} been a member of the forum? "
            "Answer with the date, for example 2022-01-31.",
            day,
            goto(f"{FORUM}/user/{name}"),
        )


@template(NAVIGATE, "reddit")
def best_of_forum() -> Iterator[Instance]:
    """Ask for a forum in the order of points."""
    for name in _forums(2):
        yield opened(
            f"Show me the submissions of the forum {name}, "
            "those with the most points first.",
            f"{FORUM}/f/{name}?sort=top",
            *to_forum(name),
            click("Top"),
        )


def _forums(remainder: int) -> list[str]:
    return [
        name
        for (name,) in TEMPLATE.open().rows(
            "SELECT name FROM forum WHERE id % 5 = ? ORDER BY id", remainder
        )
    ]


@template(NAVIGATE, "reddit", test=True)
def most_commented() -> Iterator[Instance]:
    """Ask for the thread of a forum that has the most comments."""
    db = TEMPLATE.open()
    for name in [*_forums(1), *_forums(3)]:
        (number, title, most), (*_, second) = db.rows(
            "SELECT post.id, post.title, "
            "(SELECT count(*) FROM comment WHERE post = post.id) AS said FROM post "
            "JOIN forum ON forum.id = forum WHERE forum.name = ? "
            "ORDER BY said DESC LIMIT 2",
            name,
        )
        if most > second:
            yield opened(
                "Open the submission that has the most comments of all in the "
                f"forum {name}.",
                _path(name, number),
                *to_forum(name),
                click("Commented"),
                click(title),
            )


@template(NAVIGATE, "reddit")
def page_of_author() -> Iterator[Instance]:
    """Ask for the page of somebody who began a thread."""
    for _, title, forum, author, _ in distinct(_posts(6), 3):
        yield opened(
            f'Open the page of the user who submitted "{title}" to the forum {forum}.',
            f"{FORUM}/user/{author}",
            *to_post(title),
            click(author, after="Submitted by"),
        )


@template(CHANGE, "reddit")
def subscribe() -> Iterator[Instance]:
    """Ask for a subscription."""
    db = TEMPLATE.open()
    rows = db.rows(
        "SELECT id, name FROM forum WHERE id % 4 = 0 AND id NOT IN "
        "(SELECT forum FROM subscription WHERE account = ?) ORDER BY id",
        MINE,
    )
    for number, name in rows:
        yield Instance(
            f"Subscribe me to the forum {name}.",
            Deeds(db, "reddit")
            .insert("subscription", account=MINE, forum=number)
            .check(),
            (*to_forum(name), press_button("Subscribe"), stop()),
        )


@template(CHANGE, "reddit")
def vote_for_post() -> Iterator[Instance]:
    """Ask for a vote."""
    db = TEMPLATE.open()
    for place, (number, title, forum, _, points) in enumerate(_posts(9)):
        verb, choice = (("Upvote", 1), ("Downvote", -1))[place % 2]
        yield Instance(
            f'{verb} the submission "{title}" in the forum {forum}.',
            Deeds(db, "reddit")
            .insert("vote", account=MINE, post=number, comment=0, choice=choice)
            .update("post", number, points=points + choice)
            .check(),
            (*to_post(title), press_button(verb, after="Submitted by"), stop()),
        )


@template(CHANGE, "reddit", test=True)
def comment_on_post() -> Iterator[Instance]:
    """Ask for a comment."""
    db = TEMPLATE.open()
    texts = (
        "Thank you, I will try this at the weekend.",
        "I remember a thread about the same question.",
        "Please post an update in a month.",
    )
    for place, (number, title, forum, *_) in enumerate(_posts(12)):
        text = texts[place % 3]
        yield Instance(
            f'Comment on the submission "{title}" in the forum {forum}: "{text}"',
            Deeds(db, "reddit")
            .insert("comment", post=number, parent=0, account=MINE, body=text)
            .check(),
            (*to_post(title), write("Comment", text), press_button("Post"), stop()),
        )


@template(CHANGE, "reddit")
def answer_comment() -> Iterator[Instance]:
    """Ask for an answer to somebody."""
    db = TEMPLATE.open()
    text = "That is good to know, thanks."
    for number, title, forum, *_ in _posts(15):
        rows = db.rows(
            "SELECT comment.id, account.name, comment.body FROM comment "
            "JOIN account ON account.id = account WHERE post = ? "
            "ORDER BY comment.id",
            number,
        )
        names = [name for _, name, _ in rows]
        if not rows or names.count(names[0]) > 1:
            continue
        comment, name, body = rows[0]
        yield Instance(
            f'Answer the comment of {name} on the submission "{title}" in the forum '
            f'{forum}: "{text}"',
            Deeds(db, "reddit")
            .insert("comment", post=number, parent=comment, account=MINE, body=text)
            .check(),
            (
                *to_post(title),
                click("Reply", after=shorten(body, 100).removesuffix("...")),
                write("Reply", text),
                press_button("Post"),
                stop(),
            ),
        )


@template(CHANGE, "reddit")
def submit_post() -> Iterator[Instance]:
    """Ask for a new thread."""
    db = TEMPLATE.open()
    titles = ("Hello from a new reader", "What are you working on this month?")
    text = "Curious to hear from all of you."
    for place, name in enumerate(_forums(4)):
        number = db.value("SELECT id FROM forum WHERE name = ?", name)
        title = titles[place % 2]
        yield Instance(
            f'Submit a post to the forum {name} with the title "{title}" and the body '
            f'"{text}"',
            submission(number, title, text).check(),
            (*to_forum(name), *submitting(title, text), stop()),
        )


def submission(forum: int, title: str, text: str) -> Deeds:
    """What a new thread changes; its author votes for it."""
    return (
        Deeds(TEMPLATE.open(), "reddit")
        .insert(
            "post", forum=forum, account=MINE, title=title, url="", body=text, points=1
        )
        .insert("vote", account=MINE, comment=0, choice=1)
    )


def submitting(title: str, text: str) -> Steps:
    """Begin a thread in the forum that is shown."""
    return (
        click("Submit to this forum"),
        write("Title", title),
        write("Body", text),
        press_button("Create submission"),
    )


@template(CHANGE, "reddit")
def write_biography() -> Iterator[Instance]:
    """Ask for words about oneself."""
    db = TEMPLATE.open()
    for hobby in "bread chess trains tea jazz kites maps owls".split():
        text = f"Reads everything about {hobby}, writes little."
        yield Instance(
            f'Set my biography in the forum to "{text}"',
            Deeds(db, "reddit").update("account", MINE, bio=text).check(),
            (
                click(ME),
                click("Edit biography"),
                write("Biography", text),
                press_button("Save"),
                stop(),
            ),
        )


@template(CHANGE, "reddit")
def delete_of_others() -> Iterator[Instance]:
    """Ask to delete a thread, which is somebody else's or one's own."""
    intent = 'Delete the submission "{}" in the forum {}.'
    yield from alternate(
        [
            found(intent.format(title, forum), PERMISSION_DENIED, *to_post(title))
            for _, title, forum, _, _ in _posts(20)
        ],
        _deletions(intent),
    )


def _deletions(intent: str) -> Iterator[Instance]:
    """Tasks that ask to delete a thread of one's own."""
    db = TEMPLATE.open()
    for number, title, forum in db.rows(
        "SELECT post.id, post.title, forum.name FROM post "
        "JOIN forum ON forum.id = forum "
        f"WHERE post.account = {MINE} ORDER BY post.id"
    ):
        deeds = Deeds(db, "reddit").delete("post", number)
        for (comment,) in db.rows(
            "SELECT id FROM comment WHERE post = ? ORDER BY id", number
        ):
            deeds.delete("comment", comment)
        yield Instance(
            intent.format(title, forum),
            deeds.check(),
            (*to_post(title), press_button("Delete"), stop()),
        )
