"""The generated questions about people in films."""

from __future__ import annotations

from typing import Any

from agentgym_envs.draws import choose
from agentgym_envs.movie.scene import (
    AS_DATE,
    AS_NAME,
    AS_NAMES,
    AS_NUMBER,
    AS_TITLE,
    Scene,
    directors,
    only_best,
    pairs_by_director,
    pairs_by_player,
    shared,
)
from agentgym_envs.tools.generate import require
from agentgym_envs.tools.questions import Asked

ACCOUNTS = {
    "facebook_id": "Facebook",
    "instagram_id": "Instagram",
    "twitter_id": "Twitter",
}
OTHER_JOBS = {
    "Editor": "edited",
    "Original Music Composer": "composed the music of",
    "Director of Photography": "was director of photography of",
    "Costume Design": "designed the costumes of",
}


def directors_birthplace(scene: Scene) -> Asked:
    """Ask where a director was born."""
    film = scene.film()
    director = scene.director(scene.find(film.title))
    details = scene.about_person("get_person_details", director["id"])
    return (
        f"Where was the director of '{film.title}' born? Please answer with the place "
        "of birth as the database gives it.",
        details["place_of_birth"],
    )


def directors_birthday(scene: Scene) -> Asked:
    """Ask when a director was born."""
    film = scene.film()
    director = scene.director(scene.find(film.title))
    details = scene.about_person("get_person_details", director["id"])
    return f"When was the director of '{film.title}' born? {AS_DATE}", details[
        "birthday"
    ]


def directors_account(scene: Scene) -> Asked:
    """Ask for a director's account."""
    film = scene.film()
    key = choose(scene.rng, list(ACCOUNTS))
    director = scene.director(scene.find(film.title))
    answer = scene.about_person("get_person_external_ids", director["id"])[key]
    require(answer)
    return (
        f"What is the {ACCOUNTS[key]} id of the director of '{film.title}'? Please "
        "answer with the id.",
        answer,
    )


def players_imdb_id(scene: Scene) -> Asked:
    """Ask for the IMDb id of who plays a character."""
    film = scene.film()
    part = choose(scene.rng, scene.cast(scene.find(film.title)))
    ids = scene.about_person("get_person_external_ids", part["id"])
    return (
        f"What is the IMDb id of whoever plays {part['character']} in '{film.title}'? "
        "Please answer with the id.",
        ids["imdb_id"],
    )


def character(scene: Scene) -> Asked:
    """Ask whom somebody plays."""
    film = scene.film()
    part = choose(scene.rng, scene.cast(scene.find(film.title)))
    return (
        f"Whom does {part['name']} play in '{film.title}'? Please answer with the "
        "name of the character.",
        part["character"],
    )


def film_of_a_character(scene: Scene) -> Asked:
    """Ask in which film somebody plays someone."""
    person = scene.person()
    roles = scene.about_person("get_person_cast", scene.find_person(person.name))
    require(roles["cast"])
    role = choose(scene.rng, roles["cast"])
    require(sum(r["character"] == role["character"] for r in roles["cast"]) == 1)
    return (
        f"In which film does {person.name} play {role['character']}? {AS_TITLE}",
        role["title"],
    )


def director_of_both(scene: Scene) -> Asked:
    """Ask who directed two films."""
    one, other = choose(scene.rng, pairs_by_director(scene.split))
    names = [
        [entry["name"] for entry in scene.doing("Director", scene.find(film.title))]
        for film in (one, other)
    ]
    (answer, *more) = shared(*names)
    require(not more)
    return (
        f"Who directed both '{one.title}' and '{other.title}'? {AS_NAME}",
        answer,
    )


def same_director(scene: Scene) -> Asked:
    """Ask whether two films have the same director; both answers are as frequent."""
    wanted = choose(scene.rng, ["Yes", "No"])
    if wanted == "Yes":
        one, other = choose(scene.rng, pairs_by_director(scene.split))
    else:
        one, other = scene.two_films()
    found = [
        {entry["id"] for entry in scene.doing("Director", scene.find(film.title))}
        for film in (one, other)
    ]
    require(bool(found[0] & found[1]) == (wanted == "Yes"))
    return (
        f"Were '{one.title}' and '{other.title}' directed by the same person? Please "
        "answer with 'Yes' or 'No'.",
        wanted,
    )


def players_of_both(scene: Scene) -> Asked:
    """Ask who plays in two films."""
    one, other = choose(scene.rng, pairs_by_player(scene.split))
    names = [
        [part["name"] for part in scene.cast(scene.find(film.title))]
        for film in (one, other)
    ]
    return (
        f"Who is among the first ten of the cast of both '{one.title}' and "
        f"'{other.title}'? {AS_NAMES}",
        shared(*names),
    )


def producers(scene: Scene) -> Asked:
    """Ask who produced a film."""
    film = scene.film()
    found = scene.doing("Producer", scene.find(film.title))
    answer = sorted({entry["name"] for entry in found})
    return f"Who are the producers of '{film.title}'? {AS_NAMES}", answer


def other_work(scene: Scene) -> Asked:
    """Ask who had another job."""
    film = scene.film()
    job = choose(scene.rng, list(OTHER_JOBS))
    found = scene.doing(job, scene.find(film.title))
    require(len(found) == 1)
    return f"Who {OTHER_JOBS[job]} '{film.title}'? {AS_NAME}", found[0]["name"]


def writers_birthplace(scene: Scene) -> Asked:
    """Ask where a writer was born."""
    film = scene.film()
    found = scene.doing("Writer", scene.find(film.title))
    require(len(found) == 1)
    details = scene.about_person("get_person_details", found[0]["id"])
    return (
        f"Where was the writer of '{film.title}' born? Please answer with the place of "
        "birth as the database gives it.",
        details["place_of_birth"],
    )


def older_lead(scene: Scene) -> Asked:
    """Ask which of the two leads is older."""
    film = scene.film()
    leads = scene.cast(scene.find(film.title))[:2]
    days = [
        scene.about_person("get_person_details", lead["id"])["birthday"]
        for lead in leads
    ]
    names = [lead["name"] for lead in leads]
    younger = only_best(days, names)
    answer = names[0] if younger == names[1] else names[1]
    return (
        f"Who of the first two of the cast of '{film.title}' was born earlier? "
        f"{AS_NAME}",
        answer,
    )


def number_of_films(scene: Scene) -> Asked:
    """Ask how many films somebody directed."""
    person = choose(scene.rng, directors(scene.split))
    crew = _work(scene, person.name)
    return (
        f"How many films did {person.name} direct? {AS_NUMBER}",
        sum(entry["job"] == "Director" for entry in crew),
    )


def best_film(scene: Scene) -> Asked:
    """Ask for the best of somebody's films."""
    person = choose(scene.rng, directors(scene.split))
    key, told = choose(
        scene.rng,
        [
            ("revenue", "highest revenue"),
            ("budget", "highest budget"),
            ("vote_average", "highest average vote"),
        ],
    )
    made = [e for e in _work(scene, person.name) if e["job"] == "Director"]
    require(len({entry["title"] for entry in made}) == len(made))
    values = [scene.details(entry["id"])[key] for entry in made]
    answer = only_best(values, [entry["title"] for entry in made])
    return (
        f"Among the films that {person.name} directed, which one has the {told}? "
        f"{AS_TITLE}",
        answer,
    )


def _work(scene: Scene, name: str) -> list[dict[str, Any]]:
    reply = scene.about_person("get_person_crew", scene.find_person(name))
    crew: list[dict[str, Any]] = reply["crew"]
    return crew
