"""All sites that the package holds, and who is signed in at the start."""

from __future__ import annotations

from functools import cache

from agentgym_envs.webarena.sites.site import Site

# Cookies of an episode whose agent is signed in, by host.
SIGNED_IN = {
    "luma.com": "session-admin",
    "onestopmarket.com": "session-emma",
    "reddit.com": "session-marvels",
    "gitlab.com": "session-byteblaze",
}


@cache
def embedded_sites() -> tuple[Site, ...]:
    """Give the sites; their data is made when somebody visits them."""
    from agentgym_envs.webarena.sites.admin import admin
    from agentgym_envs.webarena.sites.forge import forge
    from agentgym_envs.webarena.sites.forum import forum
    from agentgym_envs.webarena.sites.home import home
    from agentgym_envs.webarena.sites.maps import maps
    from agentgym_envs.webarena.sites.shop import shop
    from agentgym_envs.webarena.sites.wiki import wiki

    return shop, admin, forum, forge, maps, wiki, home
