"""Where the sites are, and the names that agents have for them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from agentgym_envs.errors import BadOption

# In the order in which AgentGym's server replaces them.
PUBLIC = {
    "reddit": "http://reddit.com",
    "shopping": "http://onestopmarket.com",
    "shopping_admin": "http://luma.com/admin",
    "gitlab": "http://gitlab.com",
    "wikipedia": "http://wikipedia.org",
    "map": "http://openstreetmap.org",
    "homepage": "http://homepage.com",
}
SITES = tuple(PUBLIC)
PREFIX = "WA_"  # BrowserGym's variables have it


@dataclass(frozen=True)
class Addresses:
    """The address of each site of a deployment, without a slash at the end."""

    by_site: Mapping[str, str]

    def __post_init__(self) -> None:
        """Check the addresses.

        Raises:
            BadOption: for a site that WebArena hasn't, or an address that is none.
        """
        for site, address in self.by_site.items():
            if site not in PUBLIC:
                raise BadOption(f"no site {site!r}; there are {', '.join(SITES)}")
            parts = urlsplit(address)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise BadOption(
                    f"the address of {site} must begin with http:// or https://, "
                    f"not {address!r}"
                )
        kept = {site: address.rstrip("/") for site, address in self.by_site.items()}
        object.__setattr__(self, "by_site", kept)

    @classmethod
    def from_environment(cls, variables: Mapping[str, str] | None = None) -> Addresses:
        """Read ``SHOPPING``, ``MAP``, ... or ``WA_SHOPPING``, ..., where they are set.

        Args:
            variables: None means those of this process.
        """
        variables = os.environ if variables is None else variables
        found = {}
        for site in SITES:
            name = site.upper()
            if address := variables.get(name) or variables.get(PREFIX + name):
                found[site] = address
        return cls(found)

    @classmethod
    def public(cls) -> Addresses:
        """The names that agents know, which are also those of the embedded sites."""
        return cls(PUBLIC)

    def __getitem__(self, site: str) -> str:
        """Give the address of a site.

        Raises:
            BadOption: if it has none.
        """
        if site not in self.by_site:
            name = site.upper()
            raise BadOption(
                f"the site {site} has no address; set ${name} or ${PREFIX}{name}"
            )
        return self.by_site[site]

    def fill(self, text: str) -> str:
        """Replace placeholders such as ``__SHOPPING__``.

        Raises:
            BadOption: if a site that is named has no address.
        """
        if "__" not in text:
            return text
        for site in SITES:
            placeholder = f"__{site.upper()}__"
            if placeholder in text:
                text = text.replace(placeholder, self[site])
        return text

    def local(self, text: str) -> str:
        """Turn public names within a text into addresses of this deployment."""
        for site, name in PUBLIC.items():
            if site in self.by_site:
                text = text.replace(name, self.by_site[site])
                text = text.replace(_secure(name), self.by_site[site])
        return text

    def shown(self, text: str) -> str:
        """Turn addresses of this deployment within a text into public names."""
        for site, name in PUBLIC.items():
            if site in self.by_site:
                text = text.replace(self.by_site[site], name)
        return text

    @property
    def origins(self) -> frozenset[str]:
        """Scheme, host and port of each site: where an agent may go."""
        return frozenset(origin_of(address) for address in self.by_site.values())


def origin_of(address: str) -> str:
    """Give scheme, host and port of an address, the port always told.

    Empty if it has none of them, as ``about:blank`` and ``file:`` haven't, or if it
    carries a name or password.
    """
    try:
        parts = urlsplit(address.strip())
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    if "@" in parts.netloc or "\\" in address:
        return ""
    return f"{parts.scheme}://{parts.hostname}:{port}"


def _secure(name: str) -> str:
    return name.replace("http", "https", 1)
