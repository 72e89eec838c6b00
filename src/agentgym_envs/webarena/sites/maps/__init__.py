"""The map: places, what is near them, and how to get there."""

from agentgym_envs.webarena.sites.maps import pages
from agentgym_envs.webarena.sites.maps.layout import maps

__all__ = ["maps", "pages"]
