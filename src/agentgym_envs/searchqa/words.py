"""The words and sounds that the embedded world is named with."""

from __future__ import annotations

CONSONANTS = "b c d f g h j k l m n p r s t v w z".split()
CLUSTERS = "br ch dr fl gl gr kl kr pr sk sl st th tr".split()
VOWELS = "a e i o u".split()
DIPHTHONGS = "ae ai ei ia io oa ou".split()
CODAS = "l m n r s l n r nd rk th st".split()
PLACE_ENDINGS = (
    "holm gard mora venna stow field ona wick burg essa port haven dal ova minster "
    "quay ford ita mouth elle"
).split()
NATURE_ENDINGS = "une el ask aro ith enne ok una yr ade umo erra".split()
MALE_ENDINGS = "o us an ek or im as en".split()
FEMALE_ENDINGS = "a ia e ine el ora isse una".split()
FAMILY_ENDINGS = "son ik ari off ez mann ides elli quist ak ov ant".split()
# How a country's name ends, and how what comes from there is called.
COUNTRY_ENDINGS = (
    ("ia", "ian"),
    ("ova", "ovan"),
    ("and", "andic"),
    ("or", "orian"),
    ("una", "unese"),
    ("ar", "arian"),
    ("esh", "eshi"),
    ("ica", "ican"),
)

ADJECTIVES = """
amber ancient ashen bitter blind borrowed broken burning copper crooked distant double
drowned empty endless faithful fallen forgotten frozen gentle gilded glass golden
green hidden hollow honest idle iron ivory lonely lost marble midnight narrow
northern painted pale paper patient quiet restless sacred salt scarlet secret
seventh silent silver sleeping southern stolen stone tender thirsty unfinished velvet
waking wandering western white wild winter wooden
""".split()
NOUNS = """
almanac anchor apprentice archive arrow autumn ballad balcony beekeeper bell bishop
candle caravan carpenter cartographer cathedral chapel chimney clock clown compass
corridor crown dancer daughter doorway dream echo emperor feather ferry festival fiddler
fisherman flood forest fountain gardener gate ghost glacier glove granary harbour
harvest hermit horizon horseman hunter inheritance island journey judge kingdom kite
ladder lamp lantern letter lighthouse locksmith map market mask meadow merchant mirror
monastery moon mountain nightingale notebook oath orchard orphan palace parade parrot
pilgrim pilot portrait promise prophet quarry raven regiment riddle road rose ruin
sailor saddle season shadow shepherd signal sister snow soldier sparrow staircase
stranger summer surgeon tailor tavern thief thunder tide tower traveller treasure
umbrella valley verdict vineyard violin voyage wall watchmaker wedding well whisper
widow window witness wolf
""".split()

SEAS = "Sea of,Bay of,Gulf of".split(",")
GENRES = (
    "historical novel,crime novel,adventure novel,satirical novel,family saga,"
    "gothic novel,war novel,coming-of-age novel,epistolary novel,sea novel"
).split(",")
FILM_GENRES = "drama,comedy,thriller,melodrama,musical,western,war,mystery".split(",")
INDUSTRIES = {
    "shipbuilding": "Shipyards",
    "textile": "Mills",
    "steel": "Steelworks",
    "brewing": "Brewery",
    "chemical": "Chemicals",
    "watchmaking": "Watches",
    "railway": "Locomotives",
    "ceramics": "Porcelain",
    "glass": "Glassworks",
    "aircraft": "Aviation",
}
TOPICS = "Glass,Maritime History,Natural History,Folk Art,Clocks,Printing".split(",")
PAPERS = "Courier,Herald,Gazette,Chronicle,Tribune,Observer,Mercury".split(",")
CLUB_NAMES = "Rovers,Athletic,Wanderers,United,Rangers".split(",")
GROUNDS = "Park,Road,Meadow,Lane".split(",")
FORMS = "Republic of,Kingdom of,Federation of,Grand Duchy of".split(",")
