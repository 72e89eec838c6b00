"""A shop, a bank and a chain of hotels."""

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
    phone,
    plain,
    ref,
)
from agentgym_envs.bird.domains.model import Domain, Table
from agentgym_envs.bird.domains.words import CITIES, COUNTRIES, words

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
                            "Kettle, Lamp, Desk, Backpack, Headphones, Grinder, Camera, Tent, "
                            "Blender, Clock, Scale, Keyboard, Bottle, Fondue Set, Mug, "
                            "Umbrella, Speaker, Rug, Chair, Crêpe Pan"
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

RETAIL_BANK = Domain(
    "retail_bank",
    (
        Table(
            "office",
            "office",
            "offices",
            12,
            (
                key("office_id"),
                label(
                    "name",
                    "name",
                    pairs(
                        words("Market, Harbour, Old Town, Königs"),
                        words("Square, Street, Gate"),
                    ),
                ),
                group("city", "city", "in {}", CITIES[:5]),
                measure("staff", "number of staff", 4, 60),
            ),
            ("office_id",),
        ),
        Table(
            "client",
            "client",
            "clients",
            170,
            (
                key("client_id"),
                person(),
                group("city", "town", "living in {}", CITIES),
                day(
                    "born_on",
                    "date of birth",
                    "who were born",
                    "1940-01-01",
                    "2002-12-31",
                ),
                measure("income", "yearly income in thousands", 12, 190, missing=0.18),
                ref("office_id", "office", "served by"),
                plain("phone", phone, missing=0.1),
            ),
            ("client_id",),
        ),
        Table(
            "account",
            "account",
            "accounts",
            260,
            (
                key("iban", "XX{:06}"),
                ref("client_id", "client", "held by"),
                group(
                    "kind",
                    "kind",
                    "of the kind {}",
                    words("current, savings, joint, youth"),
                ),
                group("currency", "currency", "in {}", words("EUR, NOK, PLN, CHF")),
                measure("balance", "balance", -900, 42000, digits=2),
                day("opened_on", "opening date", "opened", "2001-01-01", "2022-12-31"),
                day_after(
                    "closed_on",
                    "closing date",
                    "closed",
                    "opened_on",
                    200,
                    5000,
                    missing=0.8,
                ),
            ),
            ("iban",),
        ),
        Table(
            "transaction",
            "transaction",
            "transactions",
            1300,
            (
                key("transaction_id"),
                ref("iban", "account", "on"),
                day("booked_on", "booking date", "booked", "2020-01-01", "2023-12-31"),
                group(
                    "kind",
                    "kind",
                    "",
                    {
                        "POS": "paid by card in a shop",
                        "TRF": "sent as a transfer",
                        "ATM": "drawn from a cash machine",
                        "DD": "taken by direct debit",
                    },
                ),
                measure("amount", "amount", 1, 2600, digits=2),
            ),
            ("transaction_id",),
        ),
        Table(
            "loan",
            "loan",
            "loans",
            110,
            (
                key("loan_id"),
                ref("client_id", "client", "taken by"),
                group(
                    "purpose",
                    "purpose",
                    "for {}",
                    words("a house, a car, studies, a business"),
                ),
                measure("principal", "principal in thousands", 2, 480),
                measure("rate", "interest rate in percent", 1, 11, digits=2),
                day(
                    "granted_on", "granting date", "granted", "2009-01-01", "2022-06-30"
                ),
                day_after(
                    "repaid_on",
                    "date of repayment",
                    "repaid",
                    "granted_on",
                    300,
                    4000,
                    missing=0.5,
                ),
            ),
            ("loan_id",),
        ),
        Table(
            "card_holder",
            "card",
            "cards",
            240,
            (
                ref("client_id", "client", "issued to"),
                key("card_number", "CARD-{:04}"),
                group(
                    "brand", "brand", "of the brand {}", words("Aurum, Visum, Órbita")
                ),
                measure("monthly_limit", "monthly limit", 200, 9000, missing=0.1),
            ),
            ("client_id", "card_number"),
        ),
    ),
)

HOTEL_CHAIN = Domain(
    "hotel_chain",
    (
        Table(
            "hotel",
            "hotel",
            "hotels",
            22,
            (
                key("hotel_id"),
                label(
                    "name",
                    "name",
                    pairs(
                        words("Grand, Park, Hôtel, Villa, Pension"),
                        words("Bellevue, Kärnten, Miramar, Stadtpark, Óbidos"),
                    ),
                ),
                group("city", "city", "in {}", CITIES[:9]),
                group("stars", "number of stars", "with {} stars", (3, 4, 2, 5)),
                measure("floors", "number of floors", 2, 14),
                day("opened_on", "opening date", "opened", "1902-01-01", "2019-12-31"),
            ),
            ("hotel_id",),
        ),
        Table(
            "room",
            "room",
            "rooms",
            330,
            (
                ref("hotel_id", "hotel", "of"),
                plain(
                    "room_no", lambda row: row.draw.between(100, 720), type="INTEGER"
                ),
                group(
                    "bed", "kind of bed", "with a {} bed", words("double, twin, single")
                ),
                measure("rate", "nightly rate in euros", 38, 360, digits=2),
                measure("area", "area in square metres", 11, 62, missing=0.12),
                group(
                    "view",
                    "view",
                    "looking at the {}",
                    words("street, yard, sea, park"),
                    missing=0.1,
                ),
            ),
            ("hotel_id", "room_no"),
        ),
        Table(
            "guest",
            "guest",
            "guests",
            210,
            (
                key("guest_id"),
                person(),
                group("country", "country", "from {}", COUNTRIES),
                group(
                    "tier",
                    "tier",
                    "",
                    {
                        "0": "without a loyalty card",
                        "1": "with a silver card",
                        "2": "with a gold card",
                    },
                ),
                day(
                    "born_on",
                    "date of birth",
                    "who were born",
                    "1938-01-01",
                    "2003-12-31",
                    missing=0.2,
                ),
                plain("email", email, missing=0.25),
            ),
            ("guest_id",),
        ),
        Table(
            "stay",
            "stay",
            "stays",
            880,
            (
                key("stay_id"),
                ref("guest_id", "guest", "booked by"),
                ref("hotel_id", "hotel", "at"),
                day("booked_on", "booking date", "booked", "2018-01-01", "2022-12-31"),
                day_after(
                    "arrived_on", "arrival date", "that began", "booked_on", 1, 200
                ),
                day_after(
                    "left_on",
                    "departure date",
                    "that ended",
                    "arrived_on",
                    1,
                    15,
                    missing=0.05,
                ),
                measure("persons", "number of persons", 1, 6),
                measure("bill", "bill in euros", 45, 2900, digits=2, missing=0.06),
                group(
                    "channel",
                    "channel",
                    "booked through the {}",
                    words("website, agency, telephone"),
                ),
            ),
            ("stay_id",),
        ),
        Table(
            "complaint",
            "complaint",
            "complaints",
            160,
            (
                key("complaint_id"),
                ref("stay_id", "stay", "about"),
                group(
                    "topic",
                    "topic",
                    "about the {}",
                    words("noise, heating, breakfast, cleaning"),
                ),
                day("filed_on", "filing date", "filed", "2018-03-01", "2023-12-31"),
                day_after(
                    "settled_on",
                    "settlement date",
                    "settled",
                    "filed_on",
                    0,
                    60,
                    missing=0.2,
                ),
            ),
            ("complaint_id",),
        ),
    ),
)
