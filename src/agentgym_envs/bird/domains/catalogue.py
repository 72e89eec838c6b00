"""The embedded databases in the order of their items."""

from agentgym_envs.bird.domains.airline import AIRLINE
from agentgym_envs.bird.domains.art_museum import ART_MUSEUM
from agentgym_envs.bird.domains.botanical_garden import BOTANICAL_GARDEN
from agentgym_envs.bird.domains.city_library import CITY_LIBRARY
from agentgym_envs.bird.domains.film_archive import FILM_ARCHIVE
from agentgym_envs.bird.domains.food_inspections import FOOD_INSPECTIONS
from agentgym_envs.bird.domains.football_league import FOOTBALL_LEAGUE
from agentgym_envs.bird.domains.hospital import HOSPITAL
from agentgym_envs.bird.domains.hotel_chain import HOTEL_CHAIN
from agentgym_envs.bird.domains.model import Domain
from agentgym_envs.bird.domains.online_shop import ONLINE_SHOP
from agentgym_envs.bird.domains.railway import RAILWAY
from agentgym_envs.bird.domains.retail_bank import RETAIL_BANK
from agentgym_envs.bird.domains.software_projects import SOFTWARE_PROJECTS
from agentgym_envs.bird.domains.university import UNIVERSITY
from agentgym_envs.bird.domains.weather_stations import WEATHER_STATIONS

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
