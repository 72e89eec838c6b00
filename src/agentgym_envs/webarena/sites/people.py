"""Names for the people of all sites."""

from __future__ import annotations

FIRST = """
Ava Liam Noah Mia Ethan Zoe Lucas Ines Omar Priya Hana Felix Nora Diego Aisha
Tomas Leila Victor Clara Kenji Sofia Marcus Elena Ravi Grace Bruno Yuki Amara
Stefan Lucy Ivan Chloe Samuel Rosa Daniel Freya Hugo Maya Oscar Tara
""".split()
LAST = """
Bennett Okafor Larsen Moreau Castillo Novak Sato Brandt Iyer Doyle Haddad Silva
Petrov Lindqvist Romero Whitaker Chen Kowalski Adeyemi Fischer Marino Byrne
Nakamura Dubois Hughes Vargas Eriksen Malik Rossi Carver Tanaka Weber Osei
Delgado Fraser Popescu Quinn Abbott Jensen Mendes
""".split()

STREETS = """
Maple Oak Cedar Washington Lake Hill Park Elm River Church Mill Spring Pine
Franklin Highland Prospect
""".split()
CITIES = (
    ("Portland", "Maine", "04101"),
    ("Burlington", "Vermont", "05401"),
    ("Albany", "New York", "12207"),
    ("Providence", "Rhode Island", "02903"),
    ("Hartford", "Connecticut", "06103"),
    ("Pittsburgh", "Pennsylvania", "15222"),
    ("Columbus", "Ohio", "43215"),
    ("Madison", "Wisconsin", "53703"),
    ("Des Moines", "Iowa", "50309"),
    ("Boulder", "Colorado", "80302"),
    ("Tucson", "Arizona", "85701"),
    ("Eugene", "Oregon", "97401"),
    ("Spokane", "Washington", "99201"),
    ("Savannah", "Georgia", "31401"),
)
