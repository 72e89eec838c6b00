"""The shop's own interface (Magento's REST), as far as evaluators ask it.

Routes: POST ``/rest/default/V1/integration/admin/token``, GET ``/rest/V1/orders`` and
GET ``/rest/V1/products/{sku}/reviews``.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.error import URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from agentgym_envs.errors import ServiceUnavailable

TIMEOUT = 30.0  # seconds
MAX_REPLY = 16 << 20  # bytes
LATEST = {
    "searchCriteria[sortOrders][0][field]": "created_at",
    "searchCriteria[sortOrders][0][direction]": "DESC",
    "searchCriteria[pageSize]": "1",
}


class RestShop:
    """Asks the shop as its administrator.

    Args:
        address: Of the shop, without a slash at the end.
        user: The administrator's name.
        password: And password.
    """

    def __init__(
        self, address: str, user: str = "admin", password: str = "admin1234"
    ) -> None:
        self._address = address
        self._login = {"username": user, "password": password}

    def latest_order_url(self) -> str:
        """Give the address of the order that was made last.

        Raises:
            ServiceUnavailable: if the shop doesn't say.
        """
        orders = self._get(f"/rest/V1/orders?{urlencode(LATEST)}")
        try:
            number = int(orders["items"][0]["increment_id"])
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise ServiceUnavailable(f"the shop tells of no order: {error}") from error
        return f"{self._address}/sales/order/view/order_id/{number}/"

    def latest_review(self, sku: str) -> tuple[str, str]:
        """Give author and percents of a product's last review; empty without one.

        Raises:
            ServiceUnavailable: if the shop doesn't say.
        """
        reviews = self._get(f"/rest/V1/products/{quote(sku, safe='')}/reviews")
        if not reviews:
            return "", ""
        try:
            rating = reviews[-1]["ratings"][0]
            if rating["rating_name"] != "Rating":
                raise ValueError(rating["rating_name"])
            return str(reviews[-1]["nickname"]), str(rating["percent"])
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise ServiceUnavailable(f"no review can be read: {error}") from error

    def _get(self, path: str) -> Any:
        token = self._ask("/rest/default/V1/integration/admin/token", self._login)
        return self._ask(path, None, {"Authorization": f"Bearer {token}"})

    def _ask(
        self, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Any:
        request = Request(
            self._address + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", **(headers or {})},
        )
        try:
            with urlopen(request, timeout=TIMEOUT) as reply:
                return json.loads(reply.read(MAX_REPLY))
        except (URLError, OSError, ValueError) as error:
            raise ServiceUnavailable(f"the shop does not answer: {error}") from error
