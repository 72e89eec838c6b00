"""A shop with customers, suppliers, products, orders and reviews."""

from agentgym_envs.bird.domains.making import (
    day,
    day_after,
    email,
    group,
    key,
    label,
    measure,
    pairs,
    person,
    plain,
    ref,
)
from agentgym_envs.bird.domains.model import Domain, Table
from agentgym_envs.bird.domains.words import COUNTRIES, words

ONLINE_SHOP = Domain(
    "online_shop",
    (
        Table(
            "customer",
            "customer",
            "customers",
            150,
            (
                key("customer_id"),
                person(),
                group("country", "country", "from {}", COUNTRIES),
                group(
                    "segment",
                    "segment",
                    "",
                    {
                        "B": "buying for a business",
                        "P": "buying for themselves",
                        "R": "buying to resell",
                    },
                ),
                day(
                    "registered_on",
                    "registration date",
                    "who registered",
                    "2016-01-01",
                    "2022-12-31",
                ),
                plain("email", email, missing=0.1),
            ),
            ("customer_id",),
        ),
        Table(
            "supplier",
            "supplier",
            "suppliers",
            18,
            (
                key("supplier_id"),
                label(
                    "company",
                    "company name",
                    pairs(
                        words("Nordic, Łódź, Adria, Alpen, Bosphorus, Douro"),
                        words("Trading, Foods, Works"),
                    ),
                ),
                group("country", "country", "from {}", COUNTRIES[:5]),
                measure("rating", "rating", 1, 5, digits=1, missing=0.15),
            ),
            ("supplier_id",),
        ),
        Table(
            "product",
            "product",
            "products",
            130,
            (
                key("sku", "P-{:04}"),
                label(
                    "name",
                    "name",
                    pairs(
                        words("Classic, Mini, Deluxe, Travel, Éco, Pro, Retro"),
                        words(
                            "Kettle, Lamp, Desk, Backpack, Headphones, Grinder, "
                            "Camera, Tent, Blender, Clock, Scale, Keyboard, Bottle, "
                            "Fondue Set, Mug, Umbrella, Speaker, Rug, Chair, Crêpe Pan"
                        ),
                    ),
                ),
                ref("supplier_id", "supplier", "delivered by"),
                group(
                    "category",
                    "category",
                    "in the category {}",
                    words("kitchen, office, outdoor, audio, home"),
                ),
                measure("price", "price in euros", 4, 320, digits=2),
                measure("stock", "stock", 0, 500),
                measure("weight", "weight in grams", 80, 9000, missing=0.12),
            ),
            ("sku",),
        ),
        Table(
            "order",
            "order",
            "orders",
            520,
            (
                key("order_id"),
                ref("customer_id", "customer", "placed by"),
                day("placed_on", "order date", "placed", "2019-01-01", "2023-06-30"),
                day_after(
                    "shipped_on",
                    "shipping date",
                    "shipped",
                    "placed_on",
                    0,
                    16,
                    missing=0.1,
                ),
                group(
                    "status",
                    "status",
                    "",
                    {
                        "D": "already delivered",
                        "S": "on their way",
                        "C": "cancelled by the customer",
                    },
                ),
                group(
                    "payment",
                    "means of payment",
                    "paid by {}",
                    words("card, transfer, voucher"),
                ),
            ),
            ("order_id",),
        ),
        Table(
            "order_item",
            "order line",
            "order lines",
            1100,
            (
                ref("order_id", "order", "of"),
                ref("sku", "product", "of"),
                measure("quantity", "quantity", 1, 12),
                measure("discount", "discount in percent", 1, 40, missing=0.7),
            ),
            ("order_id", "sku"),
        ),
        Table(
            "review",
            "review",
            "reviews",
            340,
            (
                ref("customer_id", "customer", "written by"),
                ref("sku", "product", "of"),
                group("stars", "number of stars", "with {} stars", (5, 4, 3, 2, 1)),
                day("written_on", "review date", "written", "2019-03-01", "2023-07-31"),
                plain(
                    "comment",
                    words("Très bien, as expected, broke soon, großartig, ok"),
                    missing=0.5,
                ),
            ),
            ("customer_id", "sku"),
        ),
    ),
)
