"""The embedded databases in the order of their items."""

from agentgym_envs.bird.domains.commerce import HOTEL_CHAIN, ONLINE_SHOP, RETAIL_BANK
from agentgym_envs.bird.domains.culture import ART_MUSEUM, CITY_LIBRARY, FILM_ARCHIVE
from agentgym_envs.bird.domains.model import Domain
from agentgym_envs.bird.domains.nature import (
    BOTANICAL_GARDEN,
    HOSPITAL,
    WEATHER_STATIONS,
)
from agentgym_envs.bird.domains.society import (
    FOOD_INSPECTIONS,
    FOOTBALL_LEAGUE,
    SOFTWARE_PROJECTS,
    UNIVERSITY,
)
from agentgym_envs.bird.domains.transport import AIRLINE, RAILWAY

TRAIN: tuple[Domain, ...] = (
    CITY_LIBRARY,
    ONLINE_SHOP,
    UNIVERSITY,
    HOSPITAL,
    AIRLINE,
    FOOTBALL_LEAGUE,
    FILM_ARCHIVE,
    WEATHER_STATIONS,
    FOOD_INSPECTIONS,
    RETAIL_BANK,
    ART_MUSEUM,
    SOFTWARE_PROJECTS,
)
TEST: tuple[Domain, ...] = (HOTEL_CHAIN, BOTANICAL_GARDEN, RAILWAY)
