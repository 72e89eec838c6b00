"""What generated tables are about; test tables have names that training never shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """The words of one split."""

    products: Mapping[str, tuple[str, ...]]
    people: tuple[str, ...]
    tasks: tuple[str, ...]
    shops: tuple[str, ...]


STATUSES = "Scheduled", "In Progress", "Completed", "On Hold"
PRIORITIES = "Low", "Medium", "High"
SUBJECTS = "Math", "English", "Physics", "Chemistry", "Biology", "History", "Music"

TRAIN = Words(
    products={
        "Tools": ("hammer", "pliers", "wrench", "chisel", "screwdriver", "handsaw"),
        "Garden": ("rake", "shovel", "hose", "flower pot", "hedge shears", "trowel"),
        "Kitchen": ("kettle", "toaster", "blender", "frying pan", "ladle", "colander"),
        "Office": ("stapler", "notebook", "pencil case", "desk lamp", "hole punch"),
        "Sports": (
            "football",
            "tennis racket",
            "yoga mat",
            "dumbbell",
            "skipping rope",
        ),
        "Toys": ("puzzle", "kite", "doll house", "toy train", "marbles", "yo-yo"),
        "Bakery": ("rye bread", "croissant", "bagel", "muffin", "pretzel", "scone"),
    },
    people=(
        *("Alma", "Boris", "Clara", "Dario", "Edith", "Felix", "Greta", "Henrik"),
        *("Irma", "Jonas", "Katja", "Leon", "Mira", "Nils", "Oskar", "Paula"),
        *("Rene", "Sonja", "Timo", "Ulla", "Viktor", "Wilma", "Xaver", "Yvette"),
        *("Anton", "Berta", "Cyril", "Dora", "Emil", "Frida", "Gustav", "Helga"),
    ),
    tasks=(
        *("Update the website", "Back up the database", "Call the supplier"),
        *("Prepare the newsletter", "Audit the firewall", "Write the user guide"),
        *("Test the payment page", "Clean the server room", "Plan the workshop"),
        *("Review the contract", "Order new laptops", "Train the interns"),
        *("Translate the brochure", "Archive old projects", "Design the logo"),
        *("Fix the login page", "Count the stock", "Book the trade fair"),
        *("Interview candidates", "Renew the licences", "Draft the budget"),
        *("Migrate the mailboxes", "Repair the printer", "Film the tutorial"),
    ),
    shops=("North", "South", "East", "West", "Centre"),
)
TEST = Words(
    products={
        "Camping": ("tent", "sleeping bag", "camp stove", "lantern", "folding chair"),
        "Music": (
            "guitar strings",
            "drumsticks",
            "metronome",
            "music stand",
            "harmonica",
        ),
        "Pets": ("dog leash", "cat tree", "bird cage", "fish food", "hamster wheel"),
        "Cycling": ("bicycle pump", "saddle", "helmet", "bell", "pannier bag"),
        "Crafts": ("knitting wool", "glue gun", "felt sheets", "beads", "paint set"),
    },
    people=(
        *("Amir", "Bianca", "Chidi", "Dalia", "Enzo", "Fatou", "Goran", "Hana"),
        *("Ivo", "Jasmin", "Kofi", "Lucia", "Mateo", "Nadia", "Omar", "Priya"),
        *("Rafael", "Samira", "Tariq", "Uma", "Valentin", "Wen", "Yara", "Zoltan"),
    ),
    tasks=(
        *("Paint the lobby", "Replace the router", "Survey the customers"),
        *("Tidy the warehouse", "Rehearse the keynote", "Label the cables"),
        *("Measure the noise", "Print the badges", "Tune the search engine"),
        *("Check the fire exits", "Sort the samples", "Publish the salaries"),
        *("Upgrade the scanners", "Sketch the floor plan", "Host the open day"),
        *("Weigh the parcels", "Sign the lease", "Polish the trophies"),
    ),
    shops=("Harbour", "Hilltop", "Airport", "Old Town"),
)
WORDS = {"train": TRAIN, "test": TEST}
