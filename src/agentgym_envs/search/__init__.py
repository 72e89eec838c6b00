"""Full-text search with the ranking of Lucene, in numpy.

WebShop and SearchQA rank with it; see ``docs/search.md``.
"""

from agentgym_envs.search.analysis import analyze
from agentgym_envs.search.disk import build_on_disk
from agentgym_envs.search.index import Hit, Index

__all__ = ["Hit", "Index", "analyze", "build_on_disk"]
