"""The generated questions about films.

A template draws what it asks about, finds the answer by calls of the tools, and
gives the question with it. Ties and empty answers are drawn anew.
"""

from __future__ import annotations

from agentgym_envs.draws import choose
from agentgym_envs.movie.scene import (
    AS_DATE,
    AS_NAMES,
    AS_NUMBER,
    AS_TITLE,
    Scene,
    only_best,
    shared,
)
from agentgym_envs.tools.generate import require
from agentgym_envs.tools.questions import Asked

LANGUAGES = {
    "NL": "Dutch",
    "DE": "German",
    "CN": "Mandarin",
    "RU": "Russian",
    "JP": "Japanese",
}
ABROAD = {
    "BR": "Brazil",
    "CZ": "Czechia",
    "DE": "Germany",
    "ES": "Spain",
    "FR": "France",
    "HU": "Hungary",
    "IT": "Italy",
    "MX": "Mexico",
    "PL": "Poland",
    "PT": "Portugal",
    "SE": "Sweden",
    "TR": "Turkey",
}


def release_date(scene: Scene) -> Asked:
    """Ask when a film was released."""
    film = scene.film()
    answer = scene.details(scene.find(film.title))["release_date"]
    return f"When was the film '{film.title}' released? {AS_DATE}", answer


def higher_rating(scene: Scene) -> Asked:
    """Ask which of two films has the higher rating."""
    titles = [film.title for film in scene.two_films()]
    ratings = [scene.details(scene.find(title))["vote_average"] for title in titles]
    answer = only_best(ratings, titles)
    return (
        f"Which film has the higher average vote: '{titles[0]}' or '{titles[1]}'? "
        f"{AS_TITLE}",
        answer,
    )


def highest_revenue(scene: Scene) -> Asked:
    """Ask which of three films earned most."""
    titles = [scene.film().title for _ in range(3)]
    require(len(set(titles)) == 3)
    revenues = [scene.details(scene.find(title))["revenue"] for title in titles]
    answer = only_best(revenues, titles)
    return (
        f"Which of these films has the highest revenue: '{titles[0]}', '{titles[1]}' "
        f"or '{titles[2]}'? {AS_TITLE}",
        answer,
    )


def profit(scene: Scene) -> Asked:
    """Ask what a film earned beyond its budget."""
    film = scene.film()
    details = scene.details(scene.find(film.title))
    return (
        f"By how many dollars did the revenue of '{film.title}' exceed its budget? If "
        f"it made a loss, the number is negative. {AS_NUMBER}",
        details["revenue"] - details["budget"],
    )


def budget_difference(scene: Scene) -> Asked:
    """Ask for the difference of two budgets."""
    one, other = scene.two_films()
    budgets = [scene.details(scene.find(film.title))["budget"] for film in (one, other)]
    require(budgets[0] > budgets[1])
    return (
        f"How many dollars more did '{one.title}' cost to make than '{other.title}'? "
        f"{AS_NUMBER}",
        budgets[0] - budgets[1],
    )


def shared_genres(scene: Scene) -> Asked:
    """Ask for the genres of both of two films."""
    one, other = scene.two_films()
    genres = [
        [genre["name"] for genre in scene.details(scene.find(film.title))["genres"]]
        for film in (one, other)
    ]
    return (
        f"Which genres do '{one.title}' and '{other.title}' share? {AS_NAMES}",
        shared(*genres),
    )


def shared_keywords(scene: Scene) -> Asked:
    """Ask for the keywords of both of two films."""
    one, other = scene.two_films()
    words = [
        scene.about("get_movie_keywords", scene.find(film.title))["keywords"]
        for film in (one, other)
    ]
    return (
        f"Which keywords do '{one.title}' and '{other.title}' have in common? Please "
        "provide the answer as a list ['keyword', ...].",
        shared(*words),
    )


def shared_companies(scene: Scene) -> Asked:
    """Ask for the companies that made both of two films."""
    one, other = scene.two_films()
    # Cheaper than asking for films that surely have none in common.
    require({s.id for s in one.studios} & {s.id for s in other.studios})
    tool = "get_movie_production_companies"
    names = [
        [
            company["name"]
            for company in scene.about(tool, scene.find(film.title))[
                "production_companies"
            ]
        ]
        for film in (one, other)
    ]
    return (
        f"Which production companies made both '{one.title}' and '{other.title}'? "
        f"{AS_NAMES}",
        shared(*names),
    )


def production_countries(scene: Scene) -> Asked:
    """Ask where a film was made."""
    film = scene.film()
    reply = scene.about("get_movie_production_countries", scene.find(film.title))
    answer = [country["name"] for country in reply["production_countries"]]
    require(len(answer) > 1)
    return (
        f"In which countries was the film '{film.title}' produced? {AS_NAMES}",
        sorted(answer),
    )


def keywords(scene: Scene) -> Asked:
    """Ask for a film's keywords."""
    film = scene.film()
    answer = scene.about("get_movie_keywords", scene.find(film.title))["keywords"]
    return (
        f"Which keywords does the film '{film.title}' have? Please provide the answer "
        "as a list ['keyword', ...].",
        sorted(answer),
    )


def first_release(scene: Scene) -> Asked:
    """Ask which of two films came first."""
    titles = [film.title for film in scene.two_films()]
    dates = [scene.details(scene.find(title))["release_date"] for title in titles]
    latest = only_best(dates, titles)
    answer = titles[0] if latest == titles[1] else titles[1]
    return (
        f"Which film was released first: '{titles[0]}' or '{titles[1]}'? {AS_TITLE}",
        answer,
    )


def years_between(scene: Scene) -> Asked:
    """Ask how many years lie between two films."""
    one, other = scene.two_films()
    years = [
        int(scene.details(scene.find(film.title))["release_date"][:4])
        for film in (one, other)
    ]
    answer = abs(years[0] - years[1])
    require(answer)
    return (
        f"How many years lie between the years in which '{one.title}' and "
        f"'{other.title}' were released? {AS_NUMBER}",
        answer,
    )


def translated_overview(scene: Scene) -> Asked:
    """Ask for an overview in another language."""
    film = scene.film()
    country = choose(scene.rng, list(LANGUAGES))
    data = _translation(scene, film.title, country)
    return (
        f"What is the {LANGUAGES[country]} overview of the film '{film.title}'? "
        "Please answer with the exact text.",
        data["overview"],
    )


def translated_tagline(scene: Scene) -> Asked:
    """Ask for a tagline in another language."""
    film = scene.film()
    country = choose(scene.rng, list(LANGUAGES))
    data = _translation(scene, film.title, country)
    return (
        f"What is the {LANGUAGES[country]} tagline of the film '{film.title}'? Please "
        "answer with the exact text.",
        data["tagline"],
    )


def _translation(scene: Scene, title: str, country: str) -> dict[str, str]:
    reply = scene.about("get_movie_translation", scene.find(title))
    (data,) = (
        entry["data"]
        for entry in reply["translations"]
        if entry["iso_3166_1"] == country
    )
    return dict(data)


def title_abroad(scene: Scene) -> Asked:
    """Ask for the title of a film in another country."""
    film = scene.film()
    code = choose(scene.rng, film.abroad)
    reply = scene.about("get_movie_alternative_titles", scene.find(film.title))
    (answer,) = (
        title["title"] for title in reply["titles"] if title["iso_3166_1"] == code
    )
    return (
        f"Under which title is the film '{film.title}' known in {ABROAD[code]}? Please "
        "answer with the exact title.",
        answer,
    )
