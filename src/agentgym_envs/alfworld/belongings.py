"""Where people keep their things, how many they have, and what they want done.

All numbers are relative weights. Those for whole tasks follow the frequencies in the
item list that AgentGym publishes for ALFWorld (arXiv:2406.04151, arXiv:2010.03768);
those for single things are our own estimate of ordinary homes.
"""

from __future__ import annotations

from agentgym_envs.alfworld.furniture import Room
from agentgym_envs.alfworld.problem import CLEAN, COOL, HEAT, LOOK, PICK, TWO

# How many of a class lie in a room: the weights of none, one, two, three.
ALWAYS = (0, 6, 3, 1)
USUALLY = (2, 6, 2, 0)
SOMETIMES = (5, 4, 1, 0)
RARELY = (9, 1, 0, 0)

COUNTS: dict[Room, dict[tuple[int, ...], str]] = {
    "kitchen": {
        ALWAYS: "Apple Bowl Cup Egg Fork Knife Lettuce Mug Plate Potato Spoon Tomato",
        USUALLY: """
            Bread ButterKnife DishSponge Pan PepperShaker Pot SaltShaker SoapBottle
            Spatula""",
        SOMETIMES: "Glassbottle Kettle Ladle PaperTowel Vase WineBottle",
        RARELY: "Book CellPhone CreditCard Statue",
    },
    "living room": {
        ALWAYS: "Book KeyChain Newspaper Pillow RemoteControl",
        USUALLY: "CellPhone CreditCard Laptop Statue Vase Watch",
        SOMETIMES: "Box Candle Pen Pencil Plate TissueBox WateringCan",
        RARELY: "Bowl CD Cup Mug",
    },
    "bedroom": {
        ALWAYS: "Book CD CellPhone Pen Pencil Pillow",
        USUALLY: "AlarmClock CreditCard KeyChain Laptop",
        SOMETIMES: """
            BaseballBat BasketBall Bowl Box Cloth Mug Newspaper RemoteControl
            TennisRacket TissueBox Watch""",
        RARELY: "Candle Cup Plate Statue Vase",
    },
    "bathroom": {
        ALWAYS: "Cloth HandTowel SoapBar SoapBottle ToiletPaper",
        USUALLY: "Candle SprayBottle Towel ToiletPaperRoll",
        SOMETIMES: "DishSponge PaperTowel Plunger TissueBox",
        RARELY: "Newspaper",
    },
}
"""How often things of a class occur in a room."""

ELSEWHERE = 1  # the weight of a place that may hold a thing, but is not named here

HOMES = {
    "AlarmClock": "SideTable 30 Desk 20 Dresser 20 Shelf 15",
    "Apple": "CounterTop 35 Fridge 30 DiningTable 30 SideTable 8 SinkBasin 3",
    "BaseballBat": "Bed 10",
    "BasketBall": "Bed 5 Dresser 10 ArmChair 5",
    "Book": "Shelf 35 Desk 30 Bed 20 CoffeeTable 25 SideTable 25 Sofa 12 DiningTable 9",
    "Bowl": "Cabinet 35 CounterTop 25 DiningTable 15 Shelf 20 SinkBasin 9 Fridge 6",
    "Box": "Sofa 10 CoffeeTable 15 DiningTable 12 Desk 10 Dresser 10 Cabinet 10",
    "Bread": "CounterTop 60 DiningTable 25 Fridge 12 SideTable 6",
    "ButterKnife": "Drawer 50 CounterTop 25 DiningTable 20 SinkBasin 8",
    "CD": "Desk 40 Drawer 25 Shelf 20 Dresser 15 SideTable 10",
    "Candle": "CounterTop 25 Toilet 20 Shelf 15 Cabinet 12 Drawer 8 SideTable 15",
    "CellPhone": "Desk 25 Bed 25 SideTable 25 Dresser 15 Sofa 10 CoffeeTable 12",
    "Cloth": "CounterTop 15 LaundryHamper 40 BathtubBasin 15 Drawer 15 Cabinet 15",
    "CreditCard": "Desk 25 Dresser 15 SideTable 20 Drawer 15 CoffeeTable 20 Shelf 10",
    "Cup": "Cabinet 40 CounterTop 25 DiningTable 12 SinkBasin 10 Shelf 15 Fridge 3",
    "DishSponge": "SinkBasin 30 CounterTop 35 BathtubBasin 12 Drawer 8 Cabinet 8",
    "Egg": "Fridge 65 CounterTop 22 DiningTable 6 SideTable 2",
    "Fork": "Drawer 55 CounterTop 18 DiningTable 18 SinkBasin 8",
    "Glassbottle": "CounterTop 25 Cabinet 20 Shelf 15 DiningTable 10 Fridge 15",
    "HandTowel": "HandTowelHolder 70 CounterTop 8 BathtubBasin 4 Cabinet 6",
    "Kettle": "StoveBurner 50 CounterTop 25 Cabinet 12 Shelf 8",
    "KeyChain": "SideTable 25 Dresser 15 Desk 12 Drawer 15 CoffeeTable 15 Shelf 10",
    "Knife": "CounterTop 35 Drawer 40 DiningTable 12 SinkBasin 7",
    "Ladle": "Drawer 35 CounterTop 30 Cabinet 20 SinkBasin 8",
    "Laptop": "Desk 45 Bed 20 Sofa 12 CoffeeTable 18 DiningTable 12 ArmChair 5",
    "Lettuce": "Fridge 50 CounterTop 35 DiningTable 12 SinkBasin 5",
    "Mug": "Cabinet 25 CounterTop 30 CoffeeMachine 22 Shelf 12 SinkBasin 9 Desk 20",
    "Newspaper": "CoffeeTable 30 Sofa 15 SideTable 15 DiningTable 15 Toilet 9 Drawer 8",
    "Pan": "StoveBurner 50 Cabinet 20 CounterTop 18 SinkBasin 6 Fridge 2",
    "PaperTowel": "CounterTop 40 Toilet 15 Shelf 15 Cart 15",
    "Pen": "Desk 45 Drawer 20 Shelf 10 SideTable 12 Dresser 8",
    "Pencil": "Desk 45 Drawer 20 Shelf 12 SideTable 10 Dresser 8",
    "PepperShaker": "CounterTop 35 Cabinet 25 DiningTable 15 Drawer 8 Shelf 15",
    "Pillow": "Bed 70 Sofa 40 ArmChair 20 Ottoman 4",
    "Plate": "Cabinet 40 CounterTop 22 DiningTable 15 SinkBasin 9 Shelf 12 Fridge 2",
    "Plunger": "Cabinet 30 Cart 10",
    "Pot": "StoveBurner 45 Cabinet 22 CounterTop 15 SinkBasin 7 Fridge 4 Shelf 4",
    "Potato": "CounterTop 35 Fridge 30 SinkBasin 8 DiningTable 10 SideTable 5",
    "RemoteControl": "CoffeeTable 30 Sofa 30 ArmChair 15 SideTable 12 Dresser 10",
    "SaltShaker": "CounterTop 35 Cabinet 25 DiningTable 15 Drawer 8 Shelf 15",
    "SoapBar": "SinkBasin 15 CounterTop 25 BathtubBasin 25 Toilet 8 Cabinet 6 Shelf 8",
    "SoapBottle": "CounterTop 35 Cabinet 15 Toilet 12 Shelf 10 Cart 8 Drawer 5",
    "Spatula": "Drawer 35 CounterTop 35 DiningTable 8 SinkBasin 9",
    "Spoon": "Drawer 55 CounterTop 18 DiningTable 16 SinkBasin 9",
    "SprayBottle": "Cabinet 30 CounterTop 22 Toilet 15 Shelf 10 Cart 8 GarbageCan 3",
    "Statue": "Shelf 25 Dresser 20 CoffeeTable 15 SideTable 12 DiningTable 10",
    "TennisRacket": "Bed 8 Desk 5 Dresser 8",
    "TissueBox": "SideTable 15 Toilet 15 CoffeeTable 15 Desk 12 Shelf 10 TVStand 5",
    "ToiletPaper": "ToiletPaperHanger 50 Toilet 20 Cabinet 20 CounterTop 5 Drawer 5",
    "ToiletPaperRoll": "Cabinet 25 Toilet 18 Drawer 10 GarbageCan 10 Shelf 8",
    "Tomato": "Fridge 30 CounterTop 35 DiningTable 18 SinkBasin 6 SideTable 8",
    "Towel": "TowelHolder 1",
    "Vase": "Shelf 30 SideTable 15 CoffeeTable 15 DiningTable 15 CounterTop 10 Safe 2",
    "Watch": "Dresser 20 SideTable 22 Desk 15 Drawer 12 CoffeeTable 12 Shelf 12 Safe 5",
    "WateringCan": "SideTable 10 DiningTable 8 Shelf 6 Cabinet 6",
    "WineBottle": "CounterTop 25 Fridge 30 Cabinet 15 DiningTable 15 Shelf 8",
}
"""Where things of a class are kept: classes of furniture with their weights."""

TASKS: dict[tuple[str, Room], int] = {
    (PICK, "kitchen"): 88,
    (PICK, "living room"): 174,
    (PICK, "bedroom"): 211,
    (PICK, "bathroom"): 245,
    (LOOK, "living room"): 37,
    (LOOK, "bedroom"): 178,
    (CLEAN, "kitchen"): 329,
    (CLEAN, "bathroom"): 156,
    (HEAT, "kitchen"): 346,
    (COOL, "kitchen"): 422,
    (TWO, "kitchen"): 45,
    (TWO, "living room"): 107,
    (TWO, "bedroom"): 112,
    (TWO, "bathroom"): 170,
}
"""How often a task type occurs in a room."""

GOAL_OBJECTS = {
    PICK: """
        AlarmClock 17 Book 35 Bowl 5 Box 8 Bread 3 ButterKnife 6 CD 32 Candle 41
        CellPhone 43 Cloth 21 CreditCard 34 Cup 2 DishSponge 6 Egg 4 Fork 3
        Glassbottle 10 HandTowel 28 Kettle 4 KeyChain 47 Knife 5 Laptop 20 Lettuce 3
        Mug 3 Newspaper 11 Pan 7 Pen 18 Pencil 21 PepperShaker 11 Pillow 18 Plate 3
        Pot 3 Potato 3 RemoteControl 26 SaltShaker 6 SoapBar 12 SoapBottle 47 Spoon 6
        SprayBottle 48 Statue 16 TissueBox 13 ToiletPaper 46 Tomato 12 Vase 11
        Watch 13 WineBottle 3""",
    LOOK: """
        AlarmClock 12 Book 20 Bowl 15 Box 5 CD 24 CellPhone 8 CreditCard 6 KeyChain 6
        Laptop 14 Mug 6 Newspaper 11 Pen 12 Pencil 16 Pillow 30 Plate 3 RemoteControl 4
        Statue 6 TissueBox 8 Vase 4 Watch 5""",
    CLEAN: """
        Apple 15 Bowl 22 ButterKnife 14 Cloth 60 Cup 14 DishSponge 21 Egg 13 Fork 16
        Kettle 16 Knife 15 Ladle 30 Lettuce 23 Mug 25 Pan 16 Plate 22 Pot 8 Potato 22
        SoapBar 78 Spatula 16 Spoon 23 Tomato 20""",
    HEAT: "Apple 36 Bread 8 Cup 40 Egg 43 Mug 78 Plate 29 Potato 51 Tomato 61",
    COOL: """
        Apple 22 Bowl 44 Bread 30 Cup 37 Egg 9 Lettuce 45 Mug 63 Pan 38 Plate 24
        Pot 26 Potato 36 Tomato 34 WineBottle 14""",
    TWO: """
        AlarmClock 9 Book 22 Bowl 6 Box 2 Bread 1 CD 11 Candle 18 CellPhone 25 Cloth 10
        CreditCard 18 Cup 2 DishSponge 7 Fork 2 HandTowel 19 Kettle 1 KeyChain 13
        Ladle 3 Laptop 8 Lettuce 5 Mug 4 Newspaper 24 Pen 15 Pencil 7 PepperShaker 16
        Pillow 4 Plate 2 Pot 1 Potato 2 RemoteControl 20 SaltShaker 9 SoapBar 26
        SoapBottle 32 Spatula 2 Spoon 2 SprayBottle 28 Statue 9 TissueBox 13
        ToiletPaper 26 Vase 6 Watch 5 WineBottle 1""",
}
"""What a task is about: classes of things with their weights."""

GOAL_PLACES = {
    PICK: """
        ArmChair 56 BathtubBasin 7 Bed 17 Cabinet 23 Cart 11 CoffeeTable 44
        CounterTop 28 Desk 54 DiningTable 23 Drawer 34 Dresser 34 Fridge 8
        GarbageCan 51 Microwave 16 Ottoman 16 Safe 16 Shelf 45 SideTable 47
        SinkBasin 29 Sofa 45 StoveBurner 4 Toilet 79 ToiletPaperHanger 33""",
    CLEAN: """
        BathtubBasin 45 Cabinet 40 Cart 11 CoffeeMachine 25 CounterTop 61
        DiningTable 67 Drawer 40 Dresser 4 Fridge 29 GarbageCan 25 Microwave 38
        Shelf 27 SideTable 32 StoveBurner 12 Toilet 31""",
    HEAT: """
        Cabinet 40 CoffeeMachine 45 CounterTop 49 DiningTable 26 Fridge 69
        GarbageCan 35 Shelf 13 SideTable 40 SinkBasin 29""",
    COOL: """
        Cabinet 44 CoffeeMachine 39 CounterTop 64 DiningTable 63 GarbageCan 26
        Microwave 70 Shelf 36 SideTable 10 SinkBasin 54 StoveBurner 16""",
    TWO: """
        ArmChair 29 BathtubBasin 15 Bed 19 Cabinet 35 Cart 11 CoffeeTable 31
        CounterTop 15 Desk 25 DiningTable 10 Drawer 63 Dresser 23 Fridge 7
        GarbageCan 27 Microwave 2 Ottoman 8 Safe 6 Shelf 23 SideTable 17 SinkBasin 8
        Sofa 23 Toilet 38""",
}
"""Where it shall go: classes of furniture with their weights."""

TEXTS = {
    PICK: ("put a {o} in {r}", "put some {o} on {r}"),
    LOOK: ("look at {o} under the {r}", "examine the {o} with the {r}"),
    CLEAN: ("put a clean {o} in {r}", "clean some {o} and put it in {r}"),
    HEAT: ("put a hot {o} in {r}", "heat some {o} and put it in {r}"),
    COOL: ("put a cool {o} in {r}", "cool some {o} and put it in {r}"),
    TWO: ("put two {o} in {r}", "find two {o} and put them in {r}"),
}
"""How a goal is worded: ``{o}`` is the object, ``{r}`` the target or the lamp."""


def read_weights(text: str) -> dict[str, int]:
    """Read ``"Fridge 65 CounterTop 22"`` as classes and their weights.

    >>> read_weights("Fridge 65 CounterTop 22")
    {'Fridge': 65, 'CounterTop': 22}
    """
    words = text.split()
    return dict(zip(words[::2], map(int, words[1::2]), strict=True))
