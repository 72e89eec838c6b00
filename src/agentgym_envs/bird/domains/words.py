"""Names that several domains draw from, from many languages."""

FIRST_NAMES = (
    "Aino Anaïs Björn Chloé Dávid Elif Fatima Giulia Hana Ingrid Jörg João Kamal "
    "Léa Łukasz Mai Marek Niamh Noor Olga Pedro Quentin Rania Søren Tamás Ulla "
    "Víctor Wanda Xenia Yusuf Zofia Émile Þóra Şeyma"
).split()
SURNAMES = (
    "Andersson Bakır Castañeda Dubois Eriksen Fernández Gößling Horváth Ivanova "
    "Jørgensen Kowalczyk Lindqvist Müller Nakamura O'Brien Papadopoulos Quispe "
    "Rossi Sørensen Ťažký Ueda Vargas Wójcik Yılmaz Zieliński Álvarez"
).split()
CITIES = (
    "Oslo Kraków Zürich Porto Malmö Győr Lyon Ålesund Brno İzmir Graz Århus"
).split()
COUNTRIES = (
    "Norway Poland Switzerland Portugal Sweden Hungary France Türkiye Austria".split()
)


def words(text: str) -> list[str]:
    """Take a list apart at its commas."""
    return text.split(", ")
