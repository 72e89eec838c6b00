"""The forge: repositories with issues, merge requests and members."""

from agentgym_envs.webarena.sites.forge import account, issues, members, projects
from agentgym_envs.webarena.sites.forge.layout import forge

__all__ = ["account", "forge", "issues", "members", "projects"]
