"""The embedded databases in the order of their items."""

from agentgym_envs.bird.domains.culture import CITY_LIBRARY
from agentgym_envs.bird.domains.model import Domain

TRAIN: tuple[Domain, ...] = (CITY_LIBRARY,)
TEST: tuple[Domain, ...] = ()
