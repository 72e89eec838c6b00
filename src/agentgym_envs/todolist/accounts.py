"""Generated accounts: projects of a household, a school or an office."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from random import Random

from agentgym_envs.draws import between, choose, sample
from agentgym_envs.todolist.engine import Account, TodoTask
from agentgym_envs.todolist.words import ITEMS, TIPS, WORDS, Words

FIRST_DAY = date(2015, 1, 1).toordinal()
LAST_DAY = date(2024, 12, 31).toordinal()
PROJECTS = 4, 6
TASKS = 12, 20
DURATIONS = 15, 20, 25, 30, 40, 45, 50, 60, 75, 90, 100, 120, 150, 180  # minutes
OVERDUE, AHEAD = 9, 30  # days from today within which tasks are due


def draw_account(rng: Random, split: str) -> Account:
    """Draw an account; all its contents and places are different."""
    words = WORDS[split]
    today = between(rng, FIRST_DAY, LAST_DAY)
    names = sample(rng, tuple(words.projects), between(rng, *PROJECTS))
    tasks: list[TodoTask] = []
    for number, count in enumerate(_sizes(rng, len(names))):
        contents = sample(rng, words.projects[names[number]], count)
        for order, content in enumerate(contents, start=1):
            description = _description(rng, words)
            due_date = day(today + between(rng, -OVERDUE, AHEAD))
            length, priority = choose(rng, DURATIONS), between(rng, 1, 4)
            tasks.append(
                TodoTask(
                    *(number, order, content, description, due_date, length),
                    *("minute", priority),
                )
            )
    return Account(day(today), choose(rng, words.cities), tuple(names), tuple(tasks))


def _sizes(rng: Random, projects: int) -> list[int]:
    """Draw how many tasks each project has: 2 to 6, 12 to 20 in all."""
    low = max(2, -(-TASKS[0] // projects))
    sizes = [between(rng, low - 1, 5) for _ in range(projects)]
    while sum(sizes) < TASKS[0]:
        sizes[sizes.index(min(sizes))] += 1
    while sum(sizes) > TASKS[1]:
        sizes[sizes.index(max(sizes))] -= 1
    return sizes


def _description(rng: Random, words: Words) -> str:
    draw = rng.random  # called directly, because there are many descriptions
    first = words.first_names[int(draw() * len(words.first_names))]
    last = words.last_names[int(draw() * len(words.last_names))]
    items = ", ".join(sample(rng, ITEMS, 2 + int(draw() * 3)))
    place = words.places[int(draw() * len(words.places))]
    return (
        f"- Place: {place}\n- Contact: {first} {last}\n- Bring: {items}\n"
        f"- Tips: {TIPS[int(draw() * len(TIPS))]}."
    )


@lru_cache(maxsize=8192)
def day(ordinal: int) -> str:
    """A day as YYYY-MM-DD."""
    return date.fromordinal(ordinal).isoformat()


def shifted(text: str, days: int) -> str:
    """The day so many days after another."""
    return (date.fromisoformat(text) + timedelta(days=days)).isoformat()


def days_between(first: str, second: str) -> int:
    """How many days the second day is after the first."""
    return (date.fromisoformat(second) - date.fromisoformat(first)).days
