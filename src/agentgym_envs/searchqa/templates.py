"""The sentences of the embedded passages, with names in braces for what they tell.

``{X}`` is a name at the beginning of a sentence, and ``a(n)`` is settled when the word
that follows is known.
"""

from __future__ import annotations

# For each kind ways to begin, with the relations that each kind's beginning tells.
OPENINGS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "country": (
        ("capital",),
        (
            "{name}, officially the {alias}, is a country whose capital is {capital}.",
            "{name} ({alias}) is a sovereign state; its capital is {capital}.",
        ),
    ),
    "city": (
        ("country",),
        (
            "{name} is a city in {country}.",
            "{name} is a {adjective} city and the centre of a district of {country}.",
            "{name} is one of the larger cities of {country}.",
        ),
    ),
    "mountain": (
        ("country", "height"),
        (
            "{name} is a mountain in {country} that rises to {height}.",
            "{name}, with a height of {height}, is a mountain of {country}.",
        ),
    ),
    "lake": (
        ("country",),
        (
            "{name} is a freshwater lake in {country}.",
            "{name} is a lake of glacial origin in the north of {country}.",
        ),
    ),
    "river": (
        ("country", "length"),
        (
            "{Name} is a river in {country} with a length of {length}.",
            "{Name} is a river of {country}; it is {length} long.",
        ),
    ),
    "university": (
        ("city", "founded"),
        (
            "{Name}, or {alias}, is a public university in {city}. It was founded in "
            "{founded}.",
            "{Name} ({alias}) is an institution of higher learning in {city}. It was "
            "founded in {founded}.",
        ),
    ),
    "person": (
        ("calling", "born", "died"),
        (
            "{name} (in full {alias}; {life}) {was} a(n) {adjective} {calling}.",
            "{alias}, known as {name} ({life}), {was} a(n) {adjective} {calling}.",
        ),
    ),
    "book": (
        ("author", "year", "genre"),
        (
            "{name} is a(n) {genre} by {author}, first published in {year}.",
            "{name} is a(n) {adjective} {genre} written by {author} and published in "
            "{year}.",
            "{name}, a(n) {genre} by the {adjective} writer {author}, appeared in "
            "{year}.",
        ),
    ),
    "film": (
        ("director", "year", "genre"),
        (
            "{name} is a {year} {adjective} {genre} film directed by {director}.",
            "{name} is a(n) {adjective} {genre} film of {year} that {director} "
            "directed.",
        ),
    ),
    "painting": (
        ("painter", "year"),
        (
            "{name} is an oil painting by {painter}, completed in {year}.",
            "{name} is a work of the {adjective} painter {painter} from {year}.",
        ),
    ),
    "company": (
        ("industry", "founded", "founder"),
        (
            "{name} ({alias}) is a(n) {adjective} {industry} company founded in "
            "{founded} by {founder}.",
            "{name}, legally {alias}, is a(n) {industry} company that {founder} "
            "founded in {founded}.",
        ),
    ),
    "museum": (
        ("city", "opened"),
        (
            "{Name} is a museum in {city} that opened in {opened}.",
            "{Name}, opened in {opened}, is one of the museums of {city}.",
        ),
    ),
    "bridge": (
        ("city", "river", "opened"),
        (
            "{name} is a road bridge over {river} in {city}, opened in {opened}.",
            "{name} carries traffic across {river} in {city}. It opened in {opened}.",
        ),
    ),
    "newspaper": (
        ("city", "founded", "founder"),
        (
            "{Name} is a daily newspaper published in {city}. It was founded in "
            "{founded} by {founder}.",
            "{Name} is a newspaper from {city}, established in {founded} by {founder}.",
        ),
    ),
    "club": (
        ("city", "founded"),
        (
            "{name} is a football club based in {city}, founded in {founded}.",
            "{name} is a(n) {adjective} football club from {city}. It was formed in "
            "{founded}.",
        ),
    ),
}

# The other facts, one sentence each.
SENTENCES: dict[tuple[str, str], tuple[str, ...]] = {
    ("country", "currency"): (
        "The currency of {name} is the {currency}.",
        "{name} uses the {currency} as its currency.",
    ),
    ("country", "highest"): (
        "The highest mountain of {name} is {highest}.",
        "{highest} is the highest point of {name}.",
    ),
    ("country", "longest"): (
        "{name}'s longest river is {longest}.",
        "The longest river in {name} is {longest}.",
    ),
    ("country", "founded"): (
        "{name} has been an independent state since {founded}.",
        "{name} became independent in {founded}.",
    ),
    ("country", "population"): (
        "{name} has a population of about {population}.",
        "About {population} people live in {name}.",
    ),
    ("city", "founded"): (
        "{name} was founded in {founded}.",
        "The oldest charter that mentions {name} dates from {founded}, which counts as "
        "the year of its foundation.",
    ),
    ("city", "population"): (
        "{name} has a population of {population}.",
        "At the last census {name} had {population} inhabitants.",
    ),
    ("city", "river"): (
        "{name} lies on {river}.",
        "{River} flows through {name}.",
    ),
    ("mountain", "climber"): (
        "{short} was first climbed in {climbed} by {climber}.",
        "The first ascent of {short} was made by {climber} in {climbed}.",
    ),
    ("lake", "area"): (
        "{short} covers an area of {area}.",
        "The surface of {short} measures {area}.",
    ),
    ("lake", "depth"): (
        "The greatest depth of {short} is {depth}.",
        "{short} is up to {depth} deep.",
    ),
    ("river", "source"): (
        "The {short} rises on the slopes of {source}.",
        "The source of the {short} is on {source}.",
    ),
    ("river", "mouth"): (
        "The {short} flows into {mouth}.",
        "The mouth of the {short} is at {mouth}.",
    ),
    ("person", "birthplace"): (
        "{short} was born in {birthplace}.",
        "Born in {birthplace}, {short} was the child of a {parent}.",
    ),
    ("person", "university"): (
        "{short} studied at {university}.",
        "{He} was educated at {university}.",
    ),
    ("person", "teacher"): (
        "{short} was a pupil of {teacher}.",
        "{His} teacher was {teacher}.",
    ),
    ("person", "deathplace"): (
        "{short} died in {deathplace}.",
        "{He} spent {his} last years in {deathplace}, where {short} died.",
    ),
    ("book", "publisher"): (
        "{Short} was brought out by {publisher}.",
        "Its first publisher was {publisher}.",
    ),
    ("book", "setting"): (
        "{name} is set in {setting}.",
        "The story takes place in {setting}.",
    ),
    ("film", "composer"): (
        "The music of {short} was written by {composer}.",
        "{composer} composed the score.",
    ),
    ("film", "basis"): (
        "{name} is based on the novel {basis}.",
        "The screenplay is an adaptation of the novel {basis}.",
    ),
    ("painting", "museum"): (
        "{name} is kept in {museum}.",
        "{Short} hangs in {museum}.",
    ),
    ("company", "headquarters"): (
        "The headquarters of {name} are in {headquarters}.",
        "{name} has its head office in {headquarters}.",
    ),
    ("museum", "architect"): (
        "The building was designed by {architect}.",
        "{Name} is housed in a building by the architect {architect}.",
    ),
    ("bridge", "designer"): (
        "{name} was designed by the engineer {designer}.",
        "The design of {name} is by {designer}.",
    ),
    ("bridge", "length"): (
        "{Short} is {length} long.",
        "{name} has a total length of {length}.",
    ),
    ("club", "ground"): (
        "{name} plays its home matches at {ground}.",
        "The home ground of {name} is {ground}.",
    ),
}

# What tells nothing that is asked for; a passage ends with one of these.
ENDINGS: dict[str, tuple[str, ...]] = {
    "country": ("{name} is known for its {produce}.", "{name} exports {produce}."),
    "city": (
        "{name} is known for its {produce}.",
        "The market of {name} trades in {produce}.",
    ),
    "mountain": ("Its lower slopes are covered with {trees}.",),
    "lake": ("Its shores are lined with {trees}.",),
    "river": ("The {short} is navigable in its lower course.",),
    "person": (
        "{short} was the subject of several biographies.",
        "A street bears {his} name.",
        "{short}'s papers are kept in a private collection.",
    ),
    "book": ("Critics praised its {quality}.", "It was noted for its {quality}."),
    "film": (
        "Reviewers remarked on its {quality}.",
        "It was praised for its {quality}.",
    ),
    "painting": ("It is admired for its {craft}.", "Visitors come to see its {craft}."),
    "company": (
        "It began in a single workshop.",
        "It once employed {hundreds} workers.",
    ),
    "museum": ("Its collection comprises {hundreds} objects.",),
    "bridge": ("It replaced an old ferry.", "Tolls were charged for some decades."),
    "newspaper": ("It appears six days a week.", "It has a weekly supplement."),
    "club": ("Its supporters are known for their songs.",),
    "university": ("It has about {hundreds} teachers.", "Its library is open to all."),
}
WORDS = {
    "produce": ("cheese", "linen", "honey", "plum brandy", "pottery", "wool", "salt"),
    "trees": ("birch", "beech and oak", "pine", "larch", "willow", "alder"),
    "quality": ("irony", "sense of place", "sombre tone", "humour", "pace", "dialogue"),
    "craft": ("use of light", "colours", "composition", "brushwork"),
    "parent": ("baker", "teacher", "miller", "judge", "sailor", "tailor", "doctor"),
    "hundreds": ("two hundred", "three hundred", "four hundred", "seven hundred"),
}
WORKS = {
    "novelist": "{His} novels include {works}.",
    "film director": "{His} films include {works}.",
    "painter": "{His} paintings include {works}.",
    "architect": "{His} buildings include {works}.",
    "engineer": "{He} designed {works}.",
    "mountaineer": "{He} made the first ascent of {works}.",
    "river": "The {short} flows through {works}.",
}
