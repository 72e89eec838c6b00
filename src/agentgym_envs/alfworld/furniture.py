"""What exists in a house: classes of furniture and of things, and what they allow.

These are the classes and permissions of ALFWorld (Shridhar et al., "ALFWorld:
Aligning Text and Embodied Environments for Interactive Learning",
arXiv:2010.03768), which come from AI2-THOR (Kolve et al., arXiv:1712.05474). How
often something occurs is our own estimate of ordinary homes.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Room = Literal["kitchen", "living room", "bedroom", "bathroom"]

ROOMS: dict[Room, range] = {
    "kitchen": range(1, 31),
    "living room": range(201, 231),
    "bedroom": range(301, 331),
    "bathroom": range(401, 431),
}
"""The rooms, and the numbers that their floor plans have in AI2-THOR."""

OPENABLE = frozenset("Cabinet Drawer Fridge Microwave Safe".split())
"""The furniture with a door."""

APPLIANCES = {"clean": "SinkBasin", "heat": "Microwave", "cool": "Fridge"}
"""Where something is cleaned, heated and cooled."""

LAMP = "DeskLamp"

_ON_A_TABLE = """
    AlarmClock Apple BaseballBat BasketBall Book Bowl Box Bread ButterKnife CD Candle
    CellPhone Cloth CreditCard Cup DishSponge Egg Fork Glassbottle HandTowel Kettle
    KeyChain Knife Ladle Laptop Lettuce Mug Newspaper Pan PaperTowel Pen Pencil
    PepperShaker Plate Pot Potato RemoteControl SaltShaker SoapBar SoapBottle Spatula
    Spoon SprayBottle Statue TennisRacket TissueBox ToiletPaper ToiletPaperRoll Tomato
    Vase Watch WateringCan WineBottle"""
_ON_A_SEAT = """
    BasketBall Book Box CellPhone Cloth CreditCard KeyChain Laptop Newspaper Pillow
    RemoteControl"""
_ON_A_DRESSER = """
    AlarmClock BasketBall Book Bowl Box CD Candle CellPhone Cloth CreditCard Cup
    Glassbottle KeyChain Laptop Mug Newspaper Pen Pencil Plate RemoteControl
    SprayBottle Statue TennisRacket TissueBox ToiletPaper ToiletPaperRoll Vase Watch
    WateringCan WineBottle"""

_HOLDS = {
    "ArmChair": _ON_A_SEAT,
    "BathtubBasin": "Cloth DishSponge HandTowel SoapBar",
    "Bed": """
        BaseballBat BasketBall Book CellPhone Laptop Newspaper Pillow TennisRacket""",
    "Cabinet": """
        Book Bowl Box CD Candle Cloth Cup DishSponge Glassbottle HandTowel Kettle
        Ladle Mug Newspaper Pan PepperShaker Plate Plunger Pot SaltShaker SoapBar
        SoapBottle SprayBottle TissueBox ToiletPaper ToiletPaperRoll Vase WateringCan
        WineBottle""",
    "Cart": """
        Candle Cloth DishSponge HandTowel Mug PaperTowel Plunger SoapBar SoapBottle
        SprayBottle Statue TissueBox ToiletPaper ToiletPaperRoll Vase""",
    "CoffeeMachine": "Mug",
    "CoffeeTable": _ON_A_TABLE,
    "CounterTop": _ON_A_TABLE,
    "Desk": _ON_A_DRESSER + " SoapBottle",
    "DiningTable": _ON_A_TABLE,
    "Drawer": """
        Book ButterKnife CD Candle CellPhone Cloth CreditCard DishSponge Fork
        HandTowel KeyChain Knife Ladle Newspaper Pen Pencil PepperShaker
        RemoteControl SaltShaker SoapBar SoapBottle Spatula Spoon SprayBottle
        TissueBox ToiletPaper ToiletPaperRoll Watch WateringCan""",
    "Dresser": _ON_A_DRESSER,
    "Fridge": """
        Apple Bowl Bread Cup Egg Glassbottle Lettuce Mug Pan Plate Pot Potato Tomato
        WineBottle""",
    "GarbageCan": """
        Apple Bread CD Cloth DishSponge Egg HandTowel Lettuce Newspaper PaperTowel
        Pen Pencil Potato SoapBar SoapBottle SprayBottle TissueBox ToiletPaper
        ToiletPaperRoll Tomato WineBottle""",
    "HandTowelHolder": "HandTowel",
    "LaundryHamper": "Cloth",
    "Microwave": "Apple Bowl Bread Cup Egg Glassbottle Mug Plate Potato Tomato",
    "Ottoman": _ON_A_SEAT,
    "Safe": "CD CellPhone CreditCard KeyChain Statue Vase Watch",
    "Shelf": """
        AlarmClock Book Bowl Box CD Candle CellPhone Cloth CreditCard Cup DishSponge
        Glassbottle HandTowel Kettle KeyChain Mug Newspaper PaperTowel Pen Pencil
        PepperShaker Plate Pot RemoteControl SaltShaker SoapBar SoapBottle
        SprayBottle Statue TissueBox ToiletPaper ToiletPaperRoll Vase Watch
        WateringCan WineBottle""",
    "SideTable": _ON_A_TABLE,
    "SinkBasin": """
        Apple Bowl ButterKnife Cloth Cup DishSponge Egg Fork Glassbottle HandTowel
        Kettle Knife Ladle Lettuce Mug Pan Plate Pot Potato SoapBar Spatula Spoon
        Tomato""",
    "Sofa": _ON_A_SEAT,
    "StoveBurner": "Kettle Pan Pot",
    "TVStand": "TissueBox",
    "Toaster": "",
    "Toilet": """
        Candle Cloth DishSponge HandTowel Newspaper PaperTowel SoapBar SoapBottle
        SprayBottle TissueBox ToiletPaper ToiletPaperRoll""",
    "ToiletPaperHanger": "ToiletPaper ToiletPaperRoll",
    "TowelHolder": "Towel",
}

HOLDS = {furniture: frozenset(names.split()) for furniture, names in _HOLDS.items()}
"""What may be put where, by class."""

CAN_CONTAIN = frozenset(
    (f"{furniture}Type", f"{name}Type")
    for furniture, names in HOLDS.items()
    for name in names
)
"""The same as pairs, with classes written as in the game files."""

_COLD_OR_HOT = "Apple Bread Cup Egg Mug Plate Potato Tomato"

PROPERTIES = {
    "cleanable": frozenset(
        """Apple Bowl ButterKnife Cloth Cup DishSponge Egg Fork Kettle Knife Ladle
        Lettuce Mug Pan Plate Pot Potato SoapBar Spatula Spoon Tomato""".split()
    ),
    "heatable": frozenset(_COLD_OR_HOT.split()),
    "coolable": frozenset(
        f"{_COLD_OR_HOT} Bowl Lettuce Pan Pot WineBottle".split(),
    ),
    "toggleable": frozenset([LAMP, "FloorLamp"]),
    "sliceable": frozenset("Apple Bread Egg Lettuce Potato Tomato".split()),
    "is_receptacle": frozenset("Bowl Box Cup Mug Pan Plate Pot".split()),
}
"""Which classes of things have which property of a `Thing`."""

FIXTURES = frozenset([LAMP, "HousePlant", "Television"])
"""Things that stand on furniture and can't be picked up."""


class Furniture(NamedTuple):
    """How many pieces of a class a room has."""

    low: int
    high: int
    chance: float = 1.0  # that there are any
    height: int = 90  # centimetres, of what lies in or on it
    width: int = 1  # half metres along the wall


FURNISHING: dict[Room, dict[str, Furniture]] = {
    "kitchen": {
        "Cabinet": Furniture(4, 14, height=165),
        "CoffeeMachine": Furniture(1, 1, height=95),
        "CounterTop": Furniture(1, 3, height=95, width=2),
        "DiningTable": Furniture(1, 1, 0.5, height=80, width=3),
        "Drawer": Furniture(3, 9, height=75),
        "Fridge": Furniture(1, 1, height=110, width=2),
        "GarbageCan": Furniture(1, 1, height=30),
        "Microwave": Furniture(1, 1, height=130),
        "Shelf": Furniture(1, 3, 0.35, height=140),
        "SideTable": Furniture(1, 1, 0.35, height=70),
        "SinkBasin": Furniture(1, 1, height=90),
        "StoveBurner": Furniture(4, 4, height=96),
        "Toaster": Furniture(1, 1, height=98),
    },
    "living room": {
        "ArmChair": Furniture(1, 3, 0.75, height=50, width=2),
        "Cabinet": Furniture(2, 5, 0.3, height=50),
        "Cart": Furniture(1, 1, 0.05, height=60),
        "CoffeeTable": Furniture(1, 2, 0.9, height=45, width=2),
        "Desk": Furniture(1, 1, 0.15, height=80, width=3),
        "DiningTable": Furniture(1, 1, 0.45, height=80, width=3),
        "Drawer": Furniture(2, 6, 0.5, height=50),
        "Dresser": Furniture(1, 1, 0.35, height=90, width=2),
        "GarbageCan": Furniture(1, 1, 0.75, height=25),
        "Ottoman": Furniture(1, 1, 0.25, height=40),
        "Safe": Furniture(1, 1, 0.1, height=40),
        "Shelf": Furniture(1, 5, 0.4, height=120),
        "SideTable": Furniture(1, 3, height=60),
        "Sofa": Furniture(1, 2, height=50, width=3),
        "TVStand": Furniture(1, 1, 0.6, height=60, width=2),
    },
    "bedroom": {
        "ArmChair": Furniture(1, 1, 0.3, height=50, width=2),
        "Bed": Furniture(1, 2, height=60, width=4),
        "Cabinet": Furniture(1, 4, 0.25, height=60),
        "Desk": Furniture(1, 2, 0.85, height=80, width=3),
        "DiningTable": Furniture(1, 1, 0.05, height=80, width=3),
        "Drawer": Furniture(2, 8, 0.95, height=60),
        "Dresser": Furniture(1, 1, 0.5, height=95, width=2),
        "GarbageCan": Furniture(1, 1, 0.85, height=25),
        "LaundryHamper": Furniture(1, 1, 0.35, height=45),
        "Safe": Furniture(1, 1, 0.25, height=40),
        "Shelf": Furniture(1, 6, 0.6, height=140),
        "SideTable": Furniture(1, 2, height=60),
        "Sofa": Furniture(1, 1, 0.08, height=50, width=3),
    },
    "bathroom": {
        "BathtubBasin": Furniture(1, 1, 0.55, height=35, width=3),
        "Cabinet": Furniture(1, 5, 0.8, height=45),
        "Cart": Furniture(1, 1, 0.2, height=60),
        "CounterTop": Furniture(1, 1, 0.85, height=90, width=2),
        "Drawer": Furniture(1, 4, 0.45, height=60),
        "Dresser": Furniture(1, 1, 0.05, height=90, width=2),
        "GarbageCan": Furniture(1, 1, height=20),
        "HandTowelHolder": Furniture(1, 2, height=155),
        "LaundryHamper": Furniture(1, 1, 0.2, height=45),
        "Shelf": Furniture(1, 3, 0.35, height=130),
        "SideTable": Furniture(1, 1, 0.15, height=60),
        "SinkBasin": Furniture(1, 2, height=80),
        "Toilet": Furniture(1, 1, height=100),
        "ToiletPaperHanger": Furniture(1, 1, height=75),
        "TowelHolder": Furniture(1, 1, height=140),
    },
}
"""What stands in a room; every plan draws from it once and for all."""
