"""One Stop Market: the shop."""

from agentgym_envs.webarena.sites.shop import account, catalogue, checkout
from agentgym_envs.webarena.sites.shop.layout import shop

__all__ = ["account", "catalogue", "checkout", "shop"]
