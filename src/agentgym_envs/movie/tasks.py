"""The items of Movie: generated questions, or the published ones."""

from __future__ import annotations

from pathlib import Path

from agentgym_envs.movie import goals_films as films
from agentgym_envs.movie import goals_people as people
from agentgym_envs.movie.scene import Scene
from agentgym_envs.tasks import Split, TaskSet
from agentgym_envs.tools.generate import draw
from agentgym_envs.tools.items import (
    GeneratedTasks,
    Item,
    PublishedTasks,
    answer_items,
    find_file,
    read_lists,
)
from agentgym_envs.tools.questions import question_makers

PREFIX = "movie"


TEMPLATES = question_makers(
    Scene,
    (
        films.release_date,
        films.higher_rating,
        films.highest_revenue,
        films.profit,
        films.budget_difference,
        films.shared_genres,
        films.shared_keywords,
        films.shared_companies,
        films.production_countries,
        films.keywords,
        films.first_release,
        films.years_between,
        films.translated_overview,
        films.translated_tagline,
        films.title_abroad,
        people.directors_birthplace,
        people.directors_birthday,
        people.directors_account,
        people.players_imdb_id,
        people.character,
        people.film_of_a_character,
        people.director_of_both,
        people.same_director,
        people.players_of_both,
        people.producers,
        people.other_work,
        people.writers_birthplace,
        people.older_lead,
        people.number_of_films,
        people.best_film,
    ),
)


def make(split: str, number: int) -> Item:
    """Give a generated item."""
    return draw("Movie", TEMPLATES, split, number)


def open_tasks(*, split: Split, data: Path | None) -> TaskSet:
    """Give the items of a split.

    Args:
        split: Which items to list.
        data: The published ``movie.jsonl``, or a folder with it and, perhaps, the
            lists ``movie_train.json`` and ``movie_test.json``.

    Raises:
        DataError: if the data is not as published.
    """
    if data is None:
        return GeneratedTasks(prefix=PREFIX, make=make, split=split)
    items = answer_items(find_file(data, ("movie.jsonl",)), lambda record, where: None)
    lists = read_lists(data, PREFIX, len(items))
    return PublishedTasks(prefix=PREFIX, items=items, split=split, lists=lists)
