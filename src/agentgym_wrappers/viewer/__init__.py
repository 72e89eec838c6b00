"""One HTML page that shows trajectories: `write_page`."""

from agentgym_wrappers.viewer.page import write_page

__all__ = ["write_page"]
