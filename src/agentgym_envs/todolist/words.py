"""What generated accounts are about: projects with their tasks, places and people.

Test accounts draw from words that training accounts never use.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """The words of one split."""

    projects: Mapping[str, tuple[str, ...]]
    places: tuple[str, ...]
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    cities: tuple[str, ...]


TIPS = (
    "Start early in the day",
    "Ask for help when it gets too much",
    "Write down what is left open",
    "Take a break every hour",
    "Check the list twice",
    "Bring something to drink",
    "Keep the receipts",
    "Take photos before and after",
)
ITEMS = (
    *("notebook", "tape measure", "gloves", "laptop", "scissors", "marker", "ladder"),
    *("bucket", "calculator", "charger", "folder", "stapler", "brush", "flashlight"),
    *("envelopes", "sponge", "drill", "rope", "first aid kit", "water bottle"),
)


def _projects(text: str) -> dict[str, tuple[str, ...]]:
    projects = {}
    for line in text.strip().splitlines():
        name, _, tasks = line.partition(": ")
        projects[name] = tuple(tasks.split("; "))
    return projects


TRAIN = Words(
    projects=_projects("""
Kitchen Renovation: Choose the floor tiles; Paint the ceiling; Order a new oven; Fix the cupboard doors; Compare prices of taps; Clear out the pantry
Vegetable Garden: Sow the carrots; Water the tomatoes; Build a compost box; Pull the weeds; Set up the rain barrel; Prune the berry bushes
Summer Holiday: Book the ferry; Renew the passports; Pack the tent; Reserve a campsite; Exchange some money; Plan the hiking route
Move to the New Flat: Hire a van; Change the postal address; Pack the books; Hand over the keys; Cancel the old internet contract; Measure the bedroom
Biology Course: Label the cell diagram; Read the chapter on enzymes; Write the lab report; Revise the genetics cards; Collect leaf samples; Prepare the dissection
History Seminar: Summarize the reading on trade routes; Find three primary sources; Draft the essay outline; Present the timeline; Visit the city archive; Proofread the bibliography
Charity Run: Register the team; Train five kilometres; Collect sponsor forms; Order the shirts; Map the course; Thank the volunteers
Choir Concert: Rehearse the second movement; Print the programmes; Tune the piano; Rent the risers; Sell the tickets; Record the warm-up
Budget Planning: Sort the invoices; Forecast the third quarter; Review the travel expenses; Update the cost sheet; Call the accountant; Archive last year's receipts
Product Launch: Write the press release; Test the checkout page; Film the demo; Brief the sales team; Translate the manual; Approve the packaging
Hiring Round: Post the job advert; Screen the applications; Schedule the interviews; Prepare the welcome kit; Check the references; Draft the contract
Office Maintenance: Replace the printer toner; Book the window cleaner; Repair the coffee machine; Test the smoke alarms; Order desk lamps; Label the meeting rooms
Football Club: Pump up the balls; Mark the pitch; Wash the jerseys; Plan the away trip; Elect a new captain; Repair the goal net
Chess Club: Set up the boards; Analyse the lost game; Invite the rival school; Buy a new clock; Teach the opening to beginners; Write the tournament rules
Birthday Party: Bake the cake; Send the invitations; Hang the lanterns; Choose the playlist; Wrap the presents; Borrow extra chairs
Health Check: Book the dentist; Collect the prescription; Renew the gym pass; Get the flu shot; Fill in the insurance form; Buy running shoes
Car Care: Change the tyres; Refill the wiper fluid; Vacuum the seats; Renew the parking permit; Check the brakes; Compare insurance offers
Pet Care: Brush the dog; Clean the aquarium; Buy cat litter; Book the vet; Repair the rabbit hutch; Order bird seed
Photography Hobby: Edit the wedding pictures; Clean the lenses; Print the calendar; Back up the memory cards; Scout the waterfall; Sell the old tripod
Language Learning: Memorize fifty verbs; Watch a film without subtitles; Meet the tandem partner; Write a diary page; Listen to the news podcast; Take the placement test
Community Library: Catalogue the donations; Repair torn covers; Plan the reading night; Update the loan rules; Move the comics shelf; Count the overdue books
Science Club: Assemble the telescope; Calibrate the scales; Grow the crystals; Launch the bottle rocket; Solder the sensor board; Write up the magnet test
Tax Return: Gather the pay slips; Scan the donation receipts; Download the tax form; Compute the home office days; Ask about the deduction; Post the envelope
Wedding Plans: Taste the menus; Pick the rings; Reserve the hall; Address the envelopes; Rehearse the first dance; Confirm the florist
Street Festival: Apply for the permit; Rent the stage; Recruit the face painters; Print the flyers; Lay the power cables; Arrange the recycling bins
Podcast Studio: Edit the pilot episode; Mount the foam panels; Interview the beekeeper; Compose the jingle; Write the show notes; Publish the trailer
"""),  # noqa: E501
    places=(
        *("Town Hall", "Central Station", "Room 12", "Green Park", "the workshop"),
        *("the public library", "Elm Street 4", "the school gym", "the basement"),
        *("Harbour Cafe", "Building C", "the market square", "the community centre"),
        *("the laboratory", "Maple Avenue 21", "the garage", "the music room"),
        *("Meeting Room Blue", "the rooftop terrace", "the hardware store"),
    ),
    first_names=(
        *("Alice", "Bruno", "Carla", "David", "Elena", "Farid", "Grace", "Hugo"),
        *("Ines", "Jamal", "Keiko", "Liam", "Marta", "Nikos", "Olga", "Pedro"),
    ),
    last_names=(
        *("Adler", "Brown", "Costa", "Dahl", "Evans", "Ferrari", "Garcia", "Horvat"),
        *("Ivanov", "Jensen", "Keller", "Larsen", "Moreau", "Novak", "Okafor", "Park"),
    ),
    cities=("Lisbon", "Toronto", "Vienna", "Nairobi", "Osaka", "Denver", "Gdansk"),
)
TEST = Words(
    projects=_projects("""
Attic Conversion: Insulate the roof; Fit the skylight; Order the staircase; Sand the beams; Run the new wiring; Varnish the floorboards
Geography Fieldwork: Sketch the river bend; Log the rainfall; Compare the soil profiles; Trace the old coastline; Rent the theodolite; Write the erosion report
Theatre Group: Learn the final monologue; Sew the king's cloak; Paint the forest backdrop; Focus the spotlights; Draft the casting list; Sweep the stage
Beehive Keeping: Inspect the queen; Melt the wax; Feed the swarm; Label the honey jars; Replace the smoker; Treat against mites
Website Relaunch: Redesign the landing page; Migrate the mailing list; Fix the broken links; Audit the cookies; Shrink the hero images; Rewrite the privacy notice
Sailing Trip: Mend the mainsail; Chart the currents; Stock the galley; Oil the winches; File the float plan; Refit the life jackets
Bicycle Workshop: True the rear wheel; Grease the chain; Patch the inner tube; Adjust the gears; Wrap the handlebars; Sort the spanners
Neighbourhood Watch: Map the dark corners; Brief the new members; Repair the notice board; Collect the phone numbers; Order reflective vests; Draft the newsletter
Pottery Class: Wedge the clay; Glaze the bowls; Stack the kiln; Throw six mugs; Carve the stamp; Sieve the slip
"""),  # noqa: E501
    places=(
        *("the old mill", "Pier 7", "Room 305", "Cedar Lane 9", "the glass house"),
        *("the boat shed", "Lecture Hall East", "the farmers' hall", "Studio Four"),
    ),
    first_names=(
        "Quentin",
        "Rosa",
        "Stefan",
        "Thandi",
        "Umar",
        "Vera",
        "Wanda",
        "Yuki",
    ),
    last_names=(
        *("Quist", "Rossi", "Schmidt", "Tanaka", "Ulrich", "Vargas", "Weber", "Zhang"),
    ),
    cities=("Bergen", "Quito", "Perth"),
)
WORDS = {"train": TRAIN, "test": TEST}
