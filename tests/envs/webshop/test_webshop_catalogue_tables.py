from __future__ import annotations

import re

import pytest

from agentgym_envs.webshop.catalogue.grammar import indefinite, listing, title, variants
from agentgym_envs.webshop.catalogue.kinds import (
    CATEGORIES,
    ROLES,
    load_kinds,
    read_table,
)

KINDS = load_kinds()
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.query)

# The colors that WebShop's reward looks for inside a value, in its order. It then
# compares the color alone with the wanted group and value, so that "Rustic Oak", which
# holds "rust", could never be bought rightly.
COLORS = """
    alabaster apricot aqua ash asphalt azure banana beige black blue blush bordeaux
    bronze brown burgundy camel camo caramel champagne charcoal cheetah chestnut
    chocolate christmas coffee cognac copper coral cranberry cream crystal dark denim
    eggplant elephant espresso fuchsia gold granite grape graphite grass gray green grey
    heather indigo ivory ivy khaki lavender lemon leopard light lilac lime magenta
    maroon mauve merlot midnight mint mocha multicolor mushroom mustard natural navy
    nude olive orange peach pewter pink plum purple rainbow red rose royal rust sand
    sapphire seashell silver skull slate steel stone stonewash sunflower tan taupe teal
    tiger turquoise violet walnut wheat white wine yellow
""".split()


def words(text):
    return set(re.findall(r"\w+", text.lower()))


@each_kind
def test_every_option_can_be_bought_rightly(kind):
    for group in kind.groups:
        for value in group.values:
            found = next((c for c in COLORS if c in value.lower()), value)
            assert words(found) and words(found) <= words(value), value


@each_kind
def test_groups_are_told_apart(kind):
    names = [group.name for group in kind.groups]
    assert len(set(names)) == len(names)
    for group in kind.groups:
        lowered = [value.lower() for value in group.values]
        assert len(set(lowered)) == len(lowered) >= 2
        assert 0 < group.chance <= 1 and group.most >= 2


@each_kind
def test_every_kind_has_enough_to_tell(kind):
    assert len(kind.nouns) >= 4 and len(kind.extras) >= 3 and len(kind.said) >= 2
    assert len(kind.openings) >= 3 and len(kind.facts) >= 3
    assert len(kind.slots) >= 7
    assert 0 < kind.price[0] < kind.price[1]
    assert all(said.count("*") == 1 for said in kind.said)
    assert any(" for " not in said for said in kind.said)


@each_kind
def test_every_group_can_be_asked_for_and_told_of(kind):
    for group in kind.groups:
        assert group.name in read_table("wishes")["options"]
        assert group.name in read_table("common")["choices"]


@each_kind
def test_no_trait_is_in_two_slots(kind):
    texts = [trait.text for slot in kind.slots for trait in slot.traits]
    assert len(set(texts)) == len(texts)


@each_kind
def test_sentences_are_whole(kind):
    sentences = [*kind.openings, *kind.facts]
    for slot in kind.slots:
        for trait in slot.traits:
            assert trait.text == trait.text.lower()
            assert len(trait.sentences) >= 2
            sentences += [text for texts in trait.sentences for text in texts]
    for sentence in sentences:
        assert sentence[0].isupper() or sentence[0] in "1<{", sentence
        assert sentence[-1] in ".!?", sentence
        assert "  " not in sentence and " ," not in sentence
        assert not re.search(r"[\[\]|]", sentence), sentence
        assert set(re.findall(r"{(\w+)}", sentence)) <= {"brand"}


@pytest.mark.parametrize("category", [*CATEGORIES, "common"])
def test_every_trait_is_used(category):
    used = {t.text for kind in KINDS for slot in kind.slots for t in slot.traits}
    for role in ROLES:
        assert read_table(category).get(role, {}).keys() <= used


def test_no_brand_is_in_two_categories():
    brands = read_table("brands")
    names = [name for category in CATEGORIES for name in brands[category]["names"]]
    assert len(set(names)) == len(names)


def test_queries_are_told_apart():
    assert len({kind.query for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize(
    ("article", "words"),
    [
        ("an", "oak table, led lamp, hdmi cable, unscented candle, eau de parfum"),
        ("an", "eco friendly mug, 8 inch pan, hour glass, ultra thin case"),
        ("a", "usb cable, cream, usda organic tea, one piece suit, 4k screen"),
    ],
)
def test_articles_follow_the_sound(article, words):
    for word in words.split(", "):
        assert indefinite(word) == article, word


def test_choices_in_a_sentence_give_all_readings():
    assert variants("[Soft|Kind] to [skin|hair].") == [
        *("Soft to skin.", "Soft to hair.", "Kind to skin.", "Kind to hair.")
    ]
    assert variants("Plain [as is].") == ["Plain [as is]."]


def test_headlines_and_lists_read_well():
    assert title("easy to use usb c", {"usb": "USB", "c": "C"}) == "Easy to Use USB C"
    assert [listing(["a", "b", "c"][:n]) for n in (0, 1, 2, 3)] == [
        *("", "a", "a and b", "a, b and c")
    ]
