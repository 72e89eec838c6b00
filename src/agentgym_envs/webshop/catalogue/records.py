"""Put a product and its wishes into the layout of the published files."""

from __future__ import annotations

from typing import Any

from agentgym_envs.webshop.catalogue.draws import Draws
from agentgym_envs.webshop.catalogue.products import Product
from agentgym_envs.webshop.catalogue.texts import headline, write_name, write_texts
from agentgym_envs.webshop.catalogue.wishes import Wish

STOCK = ("In Stock.", "In Stock.", "In Stock.", "Only a few left in stock.", "")


def product_record(product: Product, draws: Draws) -> dict[str, Any]:
    """The entry in ``items_shuffle``; page text may be missing, as in the original."""
    name = write_name(product, draws)
    bullets, description = write_texts(product, draws)
    return {
        "name": name,
        "product_information": {},
        "brand": _brand_line(product.brand, draws),
        "brand_url": f"/stores/{product.brand.lower().replace(' ', '-')}",
        "full_description": "" if draws.chance(0.04) else description,
        "pricing": _pricing(product.price, draws),
        "list_price": _list_price(product.price, draws),
        "availability_quantity": draws.between(1, 30) if draws.chance(0.3) else None,
        "availability_status": draws.pick(STOCK),
        "images": [f"{product.asin}-{n}.jpg" for n in range(1, draws.between(2, 7))],
        "product_category": product.kind.path,
        "small_description": _bullet_field(bullets, draws),
        "total_reviews": draws.between(1, 900) if draws.chance(0.7) else None,
        "total_answered_questions": "",
        "customization_options": _options(product, draws),
        "seller_id": None,
        "seller_name": product.brand if draws.chance(0.4) else "",
        "fulfilled_by_amazon": None,
        "fast_track_message": "",
        "aplus_present": "",
        "small_description_old": "",
        "category": product.kind.category,
        "query": product.kind.query,
        "asin": product.asin,
    }


def instruction_record(product: Product, wish: Wish | None) -> dict[str, Any]:
    """The entry in ``items_ins_v2``."""
    record: dict[str, Any] = {"attributes": [t.text for t in product.traits]}
    if wish:
        record["instruction"] = wish.text
        record["instruction_attributes"] = wish.attributes
    return record


def human_record(product: Product, wish: Wish) -> dict[str, Any]:
    """One of the entries in ``items_human_ins``."""
    return {
        "asin": product.asin,
        "options": [f"{name}: {value}" for name, value in wish.options.items()],
        "instruction": wish.text,
        "attributes": [trait.text for trait in product.traits],
        "instruction_options": list(wish.options.values()),
        "instruction_attributes": wish.attributes,
    }


def _brand_line(brand: str, draws: Draws) -> str:
    return draws.pick((f"Brand: {brand}", f"Visit the {brand} Store"))


def _pricing(price: tuple[float, ...], draws: Draws) -> str | None:
    if not price:
        return draws.pick(("", None))
    return "".join(f"${dollars:,.2f}" for dollars in price)


def _list_price(price: tuple[float, ...], draws: Draws) -> str:
    if len(price) == 1 and draws.chance(0.2):
        return f"${int(price[0] * 1.2) + 1}.99"
    return ""


def _bullet_field(bullets: list[str], draws: Draws) -> list[str] | str:
    lot = draws.share()
    if lot < 0.03 or not bullets:
        return [""]
    if lot < 0.04:
        return bullets[0]
    if lot < 0.06:
        return [*bullets, " "]
    return bullets


def _options(product: Product, draws: Draws) -> dict[str, Any] | str | None:
    if not product.options:
        return draws.pick(("", None, {}))
    groups: dict[str, Any] = {
        headline(name): [
            {
                "is_selected": place == 0 and len(values) == 1,
                "url": None,
                "value": value,
                "price_string": "",
                "price": 0,
                "image": None,
            }
            for place, value in enumerate(values)
        ]
        for name, values in product.options.items()
    }
    if draws.chance(0.005):
        groups["Gift Wrap"] = None
    return groups
