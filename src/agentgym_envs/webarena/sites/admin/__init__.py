"""The shop's back office, on the database of the shop."""

from agentgym_envs.webarena.sites.admin import content, reports, sales, stock
from agentgym_envs.webarena.sites.admin.layout import admin

__all__ = ["admin", "content", "reports", "sales", "stock"]
