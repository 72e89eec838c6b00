"""What the projects of the forge are about."""

from __future__ import annotations

ME = "byteblaze"  # the account that agents are signed in as
PEOPLE = """
byteblaze|Byte Blaze
abennett|Ava Bennett
lokafor|Liam Okafor
mlarsen|Mia Larsen
ecastillo|Ethan Castillo
znovak|Zoe Novak
ksato|Kenji Sato
hbrandt|Hana Brandt
priyai|Priya Iyer
fdoyle|Felix Doyle
nhaddad|Nora Haddad
dsilva|Diego Silva
apetrov|Aisha Petrov
tlindqvist|Tomas Lindqvist
lromero|Leila Romero
vwhitaker|Victor Whitaker
claraq|Clara Quinn
marcusw|Marcus Weber
"""
# Name, language, what it does, and parts that issues speak of.
PROJECTS = """
tide-clock|Python|Tide tables for small harbours|station list, moon phase, cache
lanternfish|Rust|A log viewer for the terminal|search bar, colour theme, tail mode
paperboy|Python|Turns feeds into a printed page|feed parser, page layout, font loading
cedar-ui|TypeScript|Accessible web components|dialog, date picker, focus ring
quietmail|Go|A mail server for families|spam filter, setup wizard, quota report
hexmaps|JavaScript|Hexagon maps for games|tile renderer, path finder, export dialog
ledgerline|Python|Plain text book keeping|balance report, csv import, currency table
birdfeeder|C++|Firmware for a smart feeder|weight sensor, camera driver, sleep mode
dotkeeper|Shell|Keeps configuration files in order|install script, link checker, dry run
rainbarrel|Go|Collects weather readings|ingest queue, retention job, dashboard
solfege|Haskell|Ear training exercises|interval quiz, sound engine, score sheet
parcel-post|Java|Tracks shipments across carriers|carrier adapter, retry policy, webhook
gridline|TypeScript|A spreadsheet in the browser|formula bar, cell editor, undo stack
mosslib|C|Small data structures|hash table, ring buffer, test runner
trailmix|Kotlin|Offline hiking maps|map download, route planner, compass
inkstand|Python|A static site generator|template engine, live reload, tag pages
clinker|Rust|Checks links in documents|http client, report format, ignore list
orchard|Ruby|Runs jobs in the right order|scheduler, worker pool, job history
pinhole|Python|Film scanning tools|dust removal, colour profile, batch mode
semaphore-bot|Go|Chat reminders for teams|time zones, slash command, digest
kettle|Python|Brew timers for tea|timer view, preset list, sound alert
stitchbook|TypeScript|Patterns for knitting|chart editor, yarn calculator, print view
nightjar|Elixir|A radio stream recorder|stream buffer, schedule page, tagger
waypost|JavaScript|Self hosted short links|redirect cache, click counter, admin page
"""
DEFECTS = (
    "{Part} fails when the input is empty",
    "{Part} is slow with more than {n} entries",
    "Crash in the {part} after an update",
    "{Part} ignores the configured language",
    "Wrong result of the {part} at the end of the month",
)
WISHES = (
    "Add a keyboard shortcut for the {part}",
    "Document the {part}",
    "Let users turn off the {part}",
    "Support dark colours in the {part}",
    "Write tests for the {part}",
)
ISSUE_TEXTS = (
    "It happens on every machine that I tried. Version {v}, nothing configured.",
    "I can look into it next week if nobody else wants to.",
    "Several people asked for this in the chat, so I write it down here.",
    "Steps: open the {part}, wait a moment, look at the log.",
)
NOTES = (
    "I can reproduce this with version {v}.",
    "Thanks for the report! I will have a look.",
    "Is this still a problem on the main branch?",
    "A fix is on its way, please test it.",
    "We should talk about it in the next call.",
)
CHANGES = (
    "Rewrite the {part}",
    "Fix a race in the {part}",
    "Make the {part} configurable",
    "Update dependencies of the {part}",
)
MESSAGES = (
    "Fix typo in the {part}",
    "Add tests for the {part}",
    "Speed up the {part}",
    "Refactor the {part}",
    "Handle errors in the {part}",
    "Document the {part}",
    "Release {v}",
    "Remove dead code from the {part}",
)
LABELS = ("bug", "feature", "documentation", "good first issue", "help wanted")
LICENSES = ("MIT License", "Apache License 2.0", "GNU GPL v3")
