"""Configuration of Sphinx: `sphinx-build -W docs build/docs`."""

from agentgym_envs import __version__

project = "agentgym-envs"
author = "The agentgym-envs developers"
release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 2
exclude_patterns = ["build", "Thumbs.db", ".DS_Store"]
html_theme = "furo"
html_title = f"agentgym-envs {release}"

autodoc_member_order = "bysource"
autodoc_typehints = "description"
# A generated page may quote texts that are no Python at all.
suppress_warnings = ["misc.highlighting_failure"]
