"""The embedded databases in the order of their items."""

from agentgym_envs.bird.domains.commerce import HOTEL_CHAIN, ONLINE_SHOP, RETAIL_BANK
from agentgym_envs.bird.domains.culture import ART_MUSEUM, CITY_LIBRARY, FILM_ARCHIVE
from agentgym_envs.bird.domains.model import Domain

TRAIN: tuple[Domain, ...] = (
    CITY_LIBRARY,
    ONLINE_SHOP,
    FILM_ARCHIVE,
    RETAIL_BANK,
    ART_MUSEUM,
)
TEST: tuple[Domain, ...] = (HOTEL_CHAIN,)
