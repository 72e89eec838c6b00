"""The home page: where everything is, the passwords, a calculator and a scratchpad."""

from agentgym_envs.webarena.sites.home.pages import home

__all__ = ["home"]
