"""What the forums talk about."""

from __future__ import annotations

# Name, title, and things that people there have on their minds.
FORUMS = """
askhistory|Questions about the past|Roman roads, medieval guilds, the silk trade
aquariums|Fish keeping|planted tanks, shrimp colonies, canister filters
astronomy|Looking up|Saturn's rings, meteor showers, a first telescope
baking|Bread and cakes|sourdough starters, rye bread, laminated dough
beekeeping|Hives and honey|winter losses, varroa mites, swarm traps
bikes|Everything on two wheels|gravel tyres, commuter bikes, squeaky brakes
birding|Bird watching|warblers in spring, cheap binoculars, owl boxes
boardgames|Games around a table|solo modes, worker placement, teaching rules
bookclub|Books we read together|long novels, unreliable narrators, short stories
boston|The city and around|the Red Line, apartment hunting, autumn walks
chess|The royal game|the Caro-Kann, endgame studies, blitz habits
cleaning|Tips for a clean home|hard water stains, old carpets, oven racks
coffee|Beans and brewing|hand grinders, pour over recipes, stale beans
cooking|Cooking at home|knife care, freezer meals, weeknight curries
crochet|Hooks and yarn|granny squares, amigurumi, blocking wool
dataisbeautiful|Charts and maps|transit maps, rainfall charts, colour scales
dogs|Good dogs|leash training, senior dogs, puppy sleep
electronics|Circuits and parts|op amps, cheap oscilloscopes, cold solder joints
fitness|Getting stronger|deload weeks, home gyms, knee pain
frugal|Spending less|bulk rice, repairing shoes, library perks
gardening|Growing things|tomato blight, raised beds, compost heat
guitars|Six strings|neck relief, small tube amps, fingerstyle practice
hiking|Long walks|trail runners, water filters, permit lotteries
homelab|Servers at home|quiet fans, backup plans, used switches
housing|Renting and buying|lease clauses, noisy neighbours, inspection reports
jazz|Music that swings|modal harmony, live recordings, trumpet tone
languages|Learning languages|verb aspect, flash cards, shadowing
linux|Free systems|window managers, shell history, suspend bugs
maine|Down east|lobster rolls, mud season, ferry times
mechkeyboards|Keys that click|lubed switches, split layouts, keycap shine
movies|Films old and new|slow cinema, festival tickets, practical effects
photography|Taking pictures|prime lenses, film scanning, night streets
pittsburgh|City of bridges|the inclines, pierogi spots, parking chairs
running|One foot after the other|easy pace, marathon blocks, winter shoes
sciencenews|New results|coral recovery, battery chemistry, gene drives
space|Rockets and probes|lunar landers, solar sails, launch windows
tea|Leaves and water|gongfu sessions, aged oolong, gaiwan burns
trains|On rails|night trains, signal boxes, branch lines
typography|Letters|variable fonts, ligatures, wood type
woodworking|Making things from wood|hand planes, dovetails, workshop dust
"""
TITLES = (
    "Has anyone changed their mind about {topic}?",
    "What I learned from a year of {topic}",
    "{Topic}: where should a beginner start?",
    "An honest question about {topic}",
    "Unpopular opinion: {topic} is overrated",
    "My notes on {topic}, now with pictures",
    "Is {topic} still worth it this year?",
    "Finally understood {topic}",
    "A short guide to {topic}",
    "Looking for advice on {topic}",
    "The best thing written about {topic} so far",
    "Weekly thread: {topic}",
    "Please talk me out of {topic}",
    "Three mistakes I made with {topic}",
)
BODIES = (
    "I have been at it for {months} months and keep running into the same wall. "
    "What would you do differently?",
    "After {months} months I can say that patience matters more than money. "
    "Happy to answer questions.",
    "A friend got me interested, and now I can't stop reading. "
    "Which book or site should come first?",
    "Everybody here seems to agree, but my experience has been the opposite. "
    "Tell me what I am missing.",
    "I wrote down everything that helped me in the last {months} months. "
    "Corrections are welcome.",
    "Last weekend it went wrong for the third time. "
    "I suspect it is me and not the equipment.",
)
COMMENTS = (
    "This matches what I have seen, thanks for writing it up.",
    "I disagree. It took me {months} months, but it was worth every minute.",
    "Start small and keep notes, the rest follows.",
    "Could you share more about how you began?",
    "We had the same discussion in spring and nobody could settle it.",
    "The cheap option served me well for {months} years.",
    "Saved. This should be in the sidebar.",
    "Nobody told me this when I started with {topic}.",
    "That is the best argument for {topic} I have read here.",
    "I tried that once. Never again.",
    "Ask at your local club, they know {topic} better than any of us.",
    "Source? I would like to read more.",
)
REPLIES = (
    "Good point, I had not thought of that.",
    "Exactly my experience.",
    "Not quite: it depends on where you live.",
    "Thanks, that helps a lot.",
    "Do you have a link?",
    "I stand corrected.",
)
LINKS = (
    "http://homepage.com/",
    "http://wikipedia.org/",
    "http://openstreetmap.org/",
)
HANDLES = """quietharbor tinroof maplekey nightferry oldgauge saltmarsh inkwell
birchbark lowtide paperkite slowtrain copperpot graysky longshadow redclay drywit
fernandflint hollowlog northwindow plainsong roundtable softsolder thirdrail umbrastar
velvetmoss wildcarrot yellowbrick zeroindex amberglass bluenote""".split()
ME = "MarvelsGrantMan136"  # the account that agents are signed in as
