"""An invented shop: products, options, prices and wishes in WebShop's layout."""

from __future__ import annotations

from agentgym_envs.webshop.catalogue.folder import embedded_folder
from agentgym_envs.webshop.catalogue.generator import VERSION, generate

__all__ = ["VERSION", "embedded_folder", "generate"]
