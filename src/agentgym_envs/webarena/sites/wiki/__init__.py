"""The wiki: articles about the county that the map shows."""

from agentgym_envs.webarena.sites.wiki import pages
from agentgym_envs.webarena.sites.wiki.layout import wiki

__all__ = ["pages", "wiki"]
