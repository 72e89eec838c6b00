"""The forum: communities with posts, comments and votes."""

from agentgym_envs.webarena.sites.forum import people, posts
from agentgym_envs.webarena.sites.forum.layout import forum

__all__ = ["forum", "people", "posts"]
