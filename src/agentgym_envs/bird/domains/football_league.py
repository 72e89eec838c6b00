"""A league: stadiums, clubs, players, matches and transfers."""

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
from agentgym_envs.bird.domains.words import CITIES, COUNTRIES, words

FOOTBALL_LEAGUE = Domain(
    "football_league",
    (
        Table(
            "stadium",
            "stadium",
            "stadiums",
            16,
            (
                key("stadium_id"),
                label(
                    "name",
                    "name",
                    pairs(
                        words("Estádio, Arena, Parc, Stadion"),
                        words("Municipal, Północ, des Sports, Riverside"),
                    ),
                ),
                group("city", "city", "in {}", CITIES[:9]),
                measure("capacity", "capacity", 2800, 61000),
                day("opened_on", "opening date", "opened", "1911-01-01", "2016-12-31"),
            ),
            ("stadium_id",),
        ),
        Table(
            "club",
            "club",
            "clubs",
            24,
            (
                key("club_id"),
                label(
                    "name",
                    "name",
                    pairs(
                        words("Sporting, Dynamo, Real, Union"),
                        words("Málaga, Tromsø, Łódź, Genève, Ostrava, Braga"),
                    ),
                ),
                ref("stadium_id", "stadium", "playing in"),
                group(
                    "division",
                    "division",
                    "in the division {}",
                    words("First, Second, Third"),
                ),
                measure("founded_in", "year of foundation", 1886, 1990),
                measure("budget", "budget in millions", 1, 120, digits=1, missing=0.1),
            ),
            ("club_id",),
        ),
        Table(
            "player",
            "player",
            "players",
            300,
            (
                key("player_id"),
                person(),
                ref("club_id", "club", "under contract with"),
                group(
                    "position",
                    "position",
                    "",
                    {
                        "MF": "playing in midfield",
                        "DF": "playing in defence",
                        "FW": "playing as forward",
                        "GK": "keeping goal",
                    },
                ),
                group("country", "country", "from {}", COUNTRIES),
                day(
                    "born_on",
                    "date of birth",
                    "born",
                    "1984-01-01",
                    "2005-12-31",
                ),
                measure("height", "height in centimetres", 162, 204, missing=0.07),
                measure("value", "market value in thousands", 20, 39000),
            ),
            ("player_id",),
        ),
        Table(
            "match",
            "match",
            "matches",
            420,
            (
                key("match_id"),
                ref("stadium_id", "stadium", "held in"),
                day("played_on", "match date", "played", "2018-08-01", "2023-05-31"),
                group(
                    "competition",
                    "competition",
                    "of the {}",
                    words("league, cup, super cup"),
                ),
                measure("attendance", "attendance", 300, 58000, missing=0.09),
            ),
            ("match_id",),
        ),
        Table(
            "appearance",
            "appearance",
            "appearances",
            1200,
            (
                ref("match_id", "match", "in"),
                ref("player_id", "player", "by"),
                measure("minutes", "number of minutes", 1, 90),
                group(
                    "card",
                    "card",
                    "punished with a {} card",
                    words("yellow, red"),
                    missing=0.8,
                ),
            ),
            ("match_id", "player_id"),
        ),
        Table(
            "transfer",
            "transfer",
            "transfers",
            170,
            (
                key("transfer_id"),
                ref("player_id", "player", "of"),
                ref("club_id", "club", "to"),
                day(
                    "signed_on", "date of signing", "signed", "2012-01-01", "2023-01-31"
                ),
                day_after(
                    "expires_on",
                    "date of expiry",
                    "expiring",
                    "signed_on",
                    360,
                    1900,
                    ahead=True,
                    missing=0.1,
                ),
                measure("fee", "fee in thousands", 10, 28000, missing=0.25),
            ),
            ("transfer_id",),
        ),
    ),
)
