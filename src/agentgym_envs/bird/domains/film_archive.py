"""An archive of films, their makers, and the copies it keeps."""

from agentgym_envs.bird.domains.making import (
    day,
    day_after,
    group,
    key,
    label,
    measure,
    pairs,
    person,
    ref,
)
from agentgym_envs.bird.domains.model import Domain, Table
from agentgym_envs.bird.domains.words import COUNTRIES, words

FILM_ARCHIVE = Domain(
    "film_archive",
    (
        Table(
            "director",
            "director",
            "directors",
            45,
            (
                key("director_id"),
                person("name", "name"),
                group("country", "country", "from {}", COUNTRIES),
                measure("awards", "number of awards", 0, 18, missing=0.1),
                day(
                    "born_on",
                    "date of birth",
                    "born",
                    "1930-01-01",
                    "1988-12-31",
                ),
            ),
            ("director_id",),
        ),
        Table(
            "film",
            "film",
            "films",
            190,
            (
                key("film_id", "F{:04}"),
                label(
                    "title",
                    "title",
                    pairs(
                        words(
                            "Last Train to, Letters to, Winter in, The Girl from, "
                            "No Sleep in, Three Men of, Café"
                        ),
                        words(
                            "Vilnius, Trieste, Ålesund, Łódź, Montréal, Cádiz, "
                            "Tórshavn, Genève, Kyōto, Tampere, Split, Ghent, Bergen, "
                            "Salò, Pécs, Göteborg, Nîmes, Évora, Siófok, Đakovo, Umeå, "
                            "Liège, Zadar, Tartu, Rīga, Mérida, Lübeck, Kōbe, Odda"
                        ),
                    ),
                ),
                ref("director_id", "director", "directed by"),
                group(
                    "genre",
                    "genre",
                    "of the genre {}",
                    words("drama, comedy, thriller, documentary, western"),
                ),
                measure("minutes", "running time in minutes", 62, 215),
                measure(
                    "budget", "budget in millions", 0.2, 48, digits=1, missing=0.15
                ),
                day(
                    "released_on",
                    "release date",
                    "released",
                    "1969-01-01",
                    "2022-12-31",
                ),
            ),
            ("film_id",),
        ),
        Table(
            "actor",
            "actor",
            "actors",
            120,
            (
                key("actor_id"),
                person("name", "name"),
                group("country", "country", "from {}", COUNTRIES[:6], missing=0.05),
                group(
                    "agency",
                    "agency",
                    "of the agency {}",
                    words("Nordlys, Étoile, Ósemka, Aurora"),
                    missing=0.2,
                ),
            ),
            ("actor_id",),
        ),
        Table(
            "casting",
            "role",
            "roles",
            620,
            (
                ref("film_id", "film", "in"),
                ref("actor_id", "actor", "played by"),
                group(
                    "billing",
                    "billing",
                    "with {} billing",
                    words("minor, supporting, leading"),
                ),
                measure("fee", "fee in thousands", 1, 400, missing=0.2),
            ),
            ("film_id", "actor_id"),
        ),
        Table(
            "copy",
            "copy",
            "copies",
            420,
            (
                key("copy_id"),
                ref("film_id", "film", "of"),
                group(
                    "condition",
                    "condition",
                    "",
                    {
                        "G": "in good condition",
                        "W": "in worn condition",
                        "D": "in damaged condition",
                    },
                ),
                group(
                    "carrier",
                    "carrier",
                    "on {}",
                    words("35 mm film, video tape, disc, 16 mm film"),
                ),
                day(
                    "acquired_on",
                    "acquisition date",
                    "acquired",
                    "1980-01-01",
                    "2023-06-30",
                ),
                day_after(
                    "restored_on",
                    "restoration date",
                    "restored",
                    "acquired_on",
                    90,
                    6000,
                    missing=0.55,
                ),
            ),
            ("copy_id",),
        ),
    ),
)
