"""A bank: clients, accounts, transactions, loans and cards."""

from agentgym_envs.bird.domains.making import (
    day,
    day_after,
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
from agentgym_envs.bird.domains.words import CITIES, words

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
                    "born",
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
