"""What a generated goal is about, and short ways to look things up."""

from __future__ import annotations

from random import Random
from typing import Any

from agentgym_envs.draws import choose
from agentgym_envs.movie import HORIZON
from agentgym_envs.movie.database import Database, world
from agentgym_envs.movie.films import Film
from agentgym_envs.movie.people import Person
from agentgym_envs.movie.tools import TOOLBOX
from agentgym_envs.once import once
from agentgym_envs.tools.generate import Session, require
from agentgym_envs.tools.state import ToolState

DATABASE = Database()
TEST_SHARE = 5  # every fifth film and person is for testing

AS_NUMBER = "Please provide the answer as a whole number."
AS_NAMES = "Please provide the answer as a list of names ['name', ...]."
AS_TITLE = "Please answer with the title of the film."
AS_NAME = "Please answer with the person's name."
AS_DATE = "Please provide the answer as a date in the form 'YYYY-MM-DD'."


def _is_test(number: int) -> bool:
    # Ids are drawn, so that their remainders tell nothing.
    return number % TEST_SHARE == 0


@once
def films(split: str) -> tuple[Film, ...]:
    """The films that the goals of a split name: those which their titles find."""
    return tuple(
        film
        for film in world().films.values()
        if _is_test(film.id) == (split == "test")
        and world().search_films(film.title)[0] is film
    )


@once
def people(split: str) -> tuple[Person, ...]:
    """The people that the goals of a split name."""
    return tuple(
        person
        for person in world().people.values()
        if _is_test(person.id) == (split == "test")
        and world().search_people(person.name)[0] is person
        and (person.id in world().roles or person.id in world().works)
    )


@once
def directors(split: str) -> tuple[Person, ...]:
    """The people who directed at least two films, all of which are shown."""
    return tuple(
        person
        for person in people(split)
        if len(world().works.get(person.id, ())) <= 10 and len(directed_by(person)) > 1
    )


def directed_by(person: Person) -> list[Film]:
    """The films that somebody directed."""
    return [film for film, job in world().works.get(person.id, ()) if job == "Director"]


@once
def pairs_by_director(split: str) -> tuple[tuple[Film, Film], ...]:
    """Pairs of a split's films that one person directed."""
    known = {film.id for film in films(split)}
    pairs = []
    for person in world().people.values():
        made = [film for film in directed_by(person) if film.id in known]
        pairs += [(one, other) for one in made for other in made if one is not other]
    return tuple(pairs)


@once
def pairs_by_player(split: str) -> tuple[tuple[Film, Film], ...]:
    """Pairs of a split's films that one person plays in, among the first ten."""
    known = {film.id for film in films(split)}
    pairs = []
    for roles in world().roles.values():
        made = [film for film, _ in roles if film.id in known][:6]
        pairs += [(one, other) for one in made for other in made if one is not other]
    return tuple(pairs)


class Scene:
    """A database and the calls that answer a question.

    Args:
        rng: Where the goal's draws come from.
        split: Which films and people it may speak of.
    """

    def __init__(self, rng: Random, split: str) -> None:
        self.rng = rng
        self.split = split
        self.session = Session(TOOLBOX, DATABASE, ToolState(), longest=HORIZON)

    # Draws

    def film(self) -> Film:
        """Draw a film."""
        return choose(self.rng, films(self.split))

    def two_films(self) -> tuple[Film, Film]:
        """Draw two films."""
        one, other = self.film(), self.film()
        require(one is not other)
        return one, other

    def person(self) -> Person:
        """Draw somebody."""
        return choose(self.rng, people(self.split))

    # Calls

    def find(self, title: str) -> int:
        """Ask for the id of a film."""
        found: int = self.session.call("get_search_movie", movie_name=title)[0]["id"]
        return found

    def find_person(self, name: str) -> int:
        """Ask for the id of a person."""
        found: int = self.session.call("get_search_person", person_name=name)[0]["id"]
        return found

    def about(self, tool: str, film: int) -> Any:
        """Ask something about a film."""
        return self.session.call(tool, movie_id=film)

    def about_person(self, tool: str, person: int) -> Any:
        """Ask something about a person."""
        return self.session.call(tool, person_id=person)

    def details(self, film: int) -> dict[str, Any]:
        """Ask for a film's details."""
        told: dict[str, Any] = self.about("get_movie_details", film)
        return told

    def cast(self, film: int) -> list[dict[str, Any]]:
        """Ask for the first ten of a cast."""
        told: list[dict[str, Any]] = self.about("get_movie_cast", film)["cast"]
        return told

    def doing(self, job: str, film: int) -> list[dict[str, Any]]:
        """Ask who had a job in a film's crew."""
        crew = self.about("get_movie_crew", film)["crew"]
        return [entry for entry in crew if entry["job"] == job]

    def director(self, film: int) -> dict[str, Any]:
        """Ask who directed a film alone."""
        found = self.doing("Director", film)
        require(len(found) == 1)
        return found[0]


def shared(one: list[str], other: list[str]) -> list[str]:
    """What two lists have in common, in alphabetical order; never nothing."""
    common = sorted(set(one) & set(other))
    require(common)
    return common


def only_best(values: list[Any], names: list[str]) -> str:
    """The name of the largest value.

    Raises:
        Unsuitable: if there is no such.
    """
    ranked = sorted(values, reverse=True)
    require(ranked[0] > ranked[1])
    return names[values.index(ranked[0])]
