"""What the shop sells: kinds of products, with the words that describe them."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """A subcategory and how its products are named."""

    name: str
    nouns: str
    """Separated by commas, as are all words here."""
    traits: str
    sizes: str
    low: int
    """Dollars."""
    high: int
    praise: str
    complaint: str


BRANDS = """
Alderway Brightmoor Corvale Dunmere Estrel Fernhollow Glenarch Hartwick Ilvora
Juniper&Co Kestrel Lumora Maplefield Northbay Orrin Pinecrest Quillon Redthorn
Sundale Tavira Umberly Vantor Westlark Yarrow
""".split()

CATALOGUE: dict[str, tuple[Kind, ...]] = {
    "Beauty & Personal Care": (
        Kind(
            "Skin Care",
            "Face Cream, Body Lotion, Cleansing Gel, Eye Serum, Clay Mask",
            "Fragrance Free, Hyaluronic, Oat and Honey, Vitamin C, Night, Green Tea",
            "1.7 oz, 4 oz, 8 oz, Pack of 2",
            8,
            42,
            "My skin feels soft and not greasy at all",
            "It left a sticky film and the pump stopped working",
        ),
        Kind(
            "Hair Care",
            "Shampoo, Conditioner, Hair Oil, Styling Cream, Scalp Scrub",
            "Color Safe, Argan, Volumizing, Sulfate Free, Coconut, Curl Defining",
            "6 oz, 12 oz, 24 oz, Travel Size",
            6,
            34,
            "My hair is easier to comb and keeps its shine",
            "The scent is far too strong and stays for days",
        ),
        Kind(
            "Oral Care",
            "Electric Toothbrush, Brush Heads, Whitening Strips, Floss, Mouthwash",
            "Charcoal, Sensitive, Sonic, Mint, Kids, Extra Soft",
            "Pack of 2, Pack of 4, 16 oz, Single",
            5,
            89,
            "My dentist noticed the difference at the last visit",
            "The battery dies after three days",
        ),
        Kind(
            "Shaving",
            "Safety Razor, Shaving Brush, Beard Oil, Beard Trimmer, Aftershave Balm",
            "Classic, Cordless, Sandalwood, Double Edge, Waterproof, Unscented",
            "Single, Gift Set, 2 oz, Starter Kit",
            9,
            75,
            "A close shave without any irritation",
            "The blade rusted within a month",
        ),
    ),
    "Electronics": (
        Kind(
            "Headphones",
            "Headphones, Earbuds, Headset, Neckband",
            "Noise Cancelling, Wireless, Over Ear, Studio, Sport, Foldable",
            "Black, White, Navy, Rose",
            19,
            249,
            "Clear sound and they stay comfortable for hours",
            "The left side cuts out whenever I walk",
        ),
        Kind(
            "Cameras",
            "Action Camera, Dash Camera, Webcam, Instant Camera, Trail Camera",
            "4K, Wide Angle, Night Vision, Compact, Waterproof, Dual Lens",
            "Black, Silver, Bundle, With Tripod",
            39,
            320,
            "Sharp pictures even when the light is poor",
            "The mount broke on the first trip",
        ),
        Kind(
            "Chargers & Cables",
            "Wall Charger, Power Bank, USB-C Cable, Wireless Charger, Car Charger",
            "Fast, 65W, Braided, Slim, Three Port, Magnetic",
            "3 ft, 6 ft, Black, White",
            8,
            69,
            "Charges my phone and laptop at the same time",
            "It gets worryingly hot after ten minutes",
        ),
        Kind(
            "Speakers",
            "Bluetooth Speaker, Soundbar, Bookshelf Speaker, Shower Speaker, Subwoofer",
            "Portable, Waterproof, Stereo, Retro, Bass Boost, Mini",
            "Black, Teal, Red, Pair",
            22,
            280,
            "Fills the whole living room without distortion",
            "It forgets the pairing every single time",
        ),
    ),
    "Home & Kitchen": (
        Kind(
            "Cookware",
            "Skillet, Saucepan, Dutch Oven, Stock Pot, Baking Sheet",
            "Cast Iron, Nonstick, Stainless Steel, Enameled, Copper Core, Ceramic",
            "8 inch, 10 inch, 12 inch, Set of 3",
            16,
            180,
            "Heats evenly and nothing sticks to it",
            "The handle came loose after a few washes",
        ),
        Kind(
            "Bedding",
            "Sheet Set, Duvet Cover, Pillow, Weighted Blanket, Mattress Topper",
            "Cotton, Linen, Bamboo, Cooling, Quilted, Hypoallergenic",
            "Twin, Queen, King, Standard",
            18,
            160,
            "I sleep better and it washes well",
            "The seams opened after the second wash",
        ),
        Kind(
            "Lighting",
            "Desk Lamp, Floor Lamp, String Lights, Night Light, Pendant Lamp",
            "Dimmable, LED, Rattan, Brass, Solar, Adjustable",
            "Warm White, Black, 33 ft, Set of 2",
            12,
            140,
            "A warm light that makes the room cosy",
            "It flickers and hums when dimmed",
        ),
        Kind(
            "Storage",
            "Storage Bins, Shoe Rack, Spice Rack, Closet Organizer, Laundry Basket",
            "Stackable, Woven, Folding, Clear, Bamboo, Wall Mounted",
            "Set of 4, Small, Large, 3 Tier",
            11,
            85,
            "Finally everything in the closet has its place",
            "The shelves bend under very little weight",
        ),
    ),
    "Grocery": (
        Kind(
            "Tea",
            "Green Tea, Earl Grey, Herbal Tea, Oolong, Chai",
            "Organic, Loose Leaf, Decaf, Jasmine, Smoky, Ginger",
            "20 Bags, 50 Bags, 4 oz Tin, Sampler",
            5,
            32,
            "A full flavour that isn't bitter even when steeped long",
            "It tastes of nothing, like warm paper",
        ),
        Kind(
            "Coffee",
            "Whole Bean Coffee, Ground Coffee, Cold Brew, Coffee Pods, Espresso Beans",
            "Dark Roast, Single Origin, Decaf, Fair Trade, Hazelnut, Breakfast Blend",
            "12 oz, 2 lb, 24 Count, 72 Count",
            9,
            58,
            "Rich, smooth, and fresh when it arrives",
            "The bag was open and the beans were stale",
        ),
        Kind(
            "Snacks",
            "Trail Mix, Granola Bars, Rice Crackers, Dried Mango, Dark Chocolate",
            "Gluten Free, Sea Salt, Unsweetened, Spicy, Vegan, Maple",
            "6 oz, Pack of 6, Pack of 12, 2 lb",
            4,
            39,
            "My children ask for them every day",
            "Half of the pack was crumbs",
        ),
        Kind(
            "Spices",
            "Smoked Paprika, Turmeric, Curry Powder, Vanilla Beans, Peppercorns",
            "Organic, Ground, Whole, Steam Sealed, Hot, Toasted",
            "2 oz, 4 oz, 1 lb, Refill Bag",
            4,
            29,
            "So much more fragrant than what the supermarket has",
            "It came without a seal and had caked",
        ),
    ),
    "Sports & Outdoors": (
        Kind(
            "Camping",
            "Tent, Sleeping Bag, Camping Stove, Lantern, Folding Chair",
            "Two Person, Ultralight, Four Season, Rechargeable, Pop Up, Insulated",
            "Green, Orange, Regular, Long",
            22,
            290,
            "Kept us dry through a whole night of rain",
            "One of the poles snapped on the first evening",
        ),
        Kind(
            "Cycling",
            "Bike Helmet, Bike Light, Floor Pump, Cycling Gloves, Bike Lock",
            "Reflective, Mountain, Road, Rechargeable, Folding, Kids",
            "Small, Medium, Large, Set of 2",
            12,
            130,
            "Light, sturdy, and easy to fit",
            "The strap wears out within weeks",
        ),
        Kind(
            "Fitness",
            "Yoga Mat, Resistance Bands, Kettlebell, Foam Roller, Jump Rope",
            "Non Slip, Extra Thick, Adjustable, Cork, Weighted, Textured",
            "5 lb, 20 lb, 6 mm, Set of 5",
            9,
            95,
            "I use it every morning and it shows no wear",
            "The smell of rubber never went away",
        ),
        Kind(
            "Hiking",
            "Daypack, Trekking Poles, Water Bottle, Rain Poncho, Headlamp",
            "Packable, Carbon, Insulated, Anti Shock, Waterproof, Compact",
            "20 L, 32 oz, Pair, Blue",
            11,
            120,
            "Went up two mountains with it and loved it",
            "It leaks no matter how tight I close it",
        ),
    ),
    "Office Products": (
        Kind(
            "Notebooks",
            "Notebook, Planner, Sketchbook, Legal Pads, Index Cards",
            "Dotted, Hardcover, Recycled, Spiral, Weekly, Lay Flat",
            "A5, Letter, Pack of 3, Pocket",
            4,
            36,
            "The paper takes fountain pen ink without bleeding",
            "The pages fall out as soon as it is opened flat",
        ),
        Kind(
            "Pens",
            "Gel Pens, Fountain Pen, Highlighters, Mechanical Pencil, Brush Markers",
            "Fine Point, Quick Dry, Pastel, Refillable, Metal, Assorted",
            "Pack of 6, Pack of 12, Single, Black",
            4,
            48,
            "Writes smoothly and never skips",
            "Half of them were dry out of the box",
        ),
        Kind(
            "Desk Accessories",
            "Monitor Stand, Desk Mat, File Sorter, Laptop Stand, Cable Box",
            "Walnut, Steel Mesh, Leather, Height Adjustable, Felt, Minimal",
            "Small, Large, Black, Oak",
            10,
            98,
            "My desk looks tidy for the first time in years",
            "It wobbles whenever I type",
        ),
        Kind(
            "Printing",
            "Copy Paper, Photo Paper, Label Printer, Toner Cartridge, Laminator",
            "Bright White, Glossy, Compact, High Yield, Thermal, Recycled",
            "500 Sheets, 100 Sheets, Black, Starter Kit",
            8,
            150,
            "No jams at all, and the print is crisp",
            "My printer refuses to recognise it",
        ),
    ),
    "Toys & Games": (
        Kind(
            "Board Games",
            "Strategy Game, Card Game, Trivia Game, Word Game, Dice Game",
            "Family, Cooperative, Travel, Classic, Two Player, Party",
            "Standard, Deluxe, Expansion, Mini",
            9,
            70,
            "We laughed all evening and started again at once",
            "The rules contradict themselves and cards are missing",
        ),
        Kind(
            "Puzzles",
            "Jigsaw Puzzle, Wooden Puzzle, Brain Teaser, 3D Puzzle, Magnetic Puzzle",
            "Panoramic, Round, Vintage Map, Animal, Botanical, Night Sky",
            "100 Pieces, 500 Pieces, 1000 Pieces, Set of 3",
            7,
            45,
            "Pieces fit tightly and the picture is beautiful",
            "One piece was missing at the very end",
        ),
        Kind(
            "Building Sets",
            "Building Blocks, Marble Run, Train Set, Robot Kit, Gear Set",
            "Wooden, Magnetic, Glow, Starter, Motorized, Castle",
            "50 Pieces, 120 Pieces, 300 Pieces, Add On",
            14,
            110,
            "It has kept my son busy for weeks",
            "The parts do not hold together",
        ),
        Kind(
            "Plush Toys",
            "Plush Bear, Plush Fox, Plush Whale, Plush Dinosaur, Plush Owl",
            "Giant, Weighted, Organic Cotton, Musical, Recycled, Sleepy",
            "8 inch, 12 inch, 20 inch, Keychain",
            6,
            54,
            "Soft, well made, and already much loved",
            "An eye came off on the first day",
        ),
    ),
    "Clothing & Shoes": (
        Kind(
            "Jackets",
            "Rain Jacket, Fleece Jacket, Down Jacket, Windbreaker, Denim Jacket",
            "Hooded, Packable, Slim Fit, Lined, Reflective, Vintage",
            "Small, Medium, Large, X-Large",
            29,
            190,
            "Warm without being bulky and true to size",
            "The zipper jams every time",
        ),
        Kind(
            "Running Shoes",
            "Running Shoes, Trail Shoes, Walking Shoes, Racing Flats",
            "Cushioned, Lightweight, Wide, Stability, Waterproof, Knit",
            "Size 7, Size 8, Size 9, Size 10",
            39,
            165,
            "No blisters even after ten miles",
            "They run a full size too small",
        ),
        Kind(
            "Socks",
            "Crew Socks, Ankle Socks, Hiking Socks, Compression Socks, House Socks",
            "Merino, Cotton, Bamboo, Padded, Striped, No Show",
            "Pack of 3, Pack of 6, Medium, Large",
            6,
            38,
            "Comfortable, and they don't slide down",
            "A hole in the heel after two weeks",
        ),
        Kind(
            "Hats",
            "Baseball Cap, Beanie, Sun Hat, Bucket Hat, Visor",
            "Wool, Straw, Quick Dry, Cable Knit, Packable, Organic Cotton",
            "One Size, Small, Large, Kids",
            8,
            52,
            "Fits well and survived a windy beach",
            "The colour washed out at once",
        ),
    ),
}

OPENINGS = (
    "{brand} made this {noun} for everyday use.",
    "A {noun} from {brand} that does one thing well.",
    "Our customers come back for this {noun} by {brand}.",
    "This {noun} is part of the {brand} {trait} line.",
)
CLOSINGS = (
    "Ships within two working days and can be returned within 30 days.",
    "Backed by a two year warranty of the maker.",
    "A popular gift; comes in plain packaging.",
    "Made in small batches, so colours may differ a little.",
)
VERDICTS = {
    5: ("Love it", "Exactly what I wanted", "Highly recommended", "Would buy again"),
    4: ("Very good", "Nearly perfect", "Happy with it", "Good value"),
    3: ("It is okay", "Mixed feelings", "Average", "Does the job"),
    2: ("Disappointed", "Expected more", "Not for me", "Below average"),
    1: ("Do not buy", "Waste of money", "Broke at once", "Sent it back"),
}
CONTEXTS = (
    "I bought the {size} version.",
    "Bought it for my sister.",
    "I have used it for two months now.",
    "It arrived a day early.",
    "I compared several before I chose this one.",
    "This is my second one.",
    "I got it on sale.",
)
