"""How a model is told what it may do in SciWorld."""

from __future__ import annotations

from typing import Any

from agentgym_envs.schema import function

INSTRUCTIONS = """\
You are in a house with a greenhouse, a workshop, a foundry and a yard, where you \
carry out a small science experiment. First you read the task and see the room you \
are in. Then you do one action at a time, and read what happens.

Actions, with the names of things as you see them:
- look around; look at <thing>; look in <thing>; read <thing>; inventory; task
- open <thing>; close <thing>: doors too, as in "open door to kitchen"
- go to <place>: through an open door to the next room, as in "go to hallway"
- pick up <thing>; put down <thing>; move <thing> to <place>
- pour <liquid> in <container>; dunk <container> in <liquid>; mix <container>
- activate <device>; deactivate <device>; use <tool> on <thing>, as in "use \
thermometer on water"
- connect <thing> to <thing>; disconnect <thing>: battery, wires and devices have \
terminals, as in "connect red wire terminal 1 to anode in red light bulb"
- focus on <thing>: declares that this is what the task asks about
- eat <thing>; flush <thing>
- wait (ten moves go by) or wait1 (a single one)
- reset task: takes back the focus and the progress, but not the world
- help; objects: list the forms, and the things in reach

If your words fit several things, you are given a numbered list; then answer with the \
number alone, or with an empty action to cancel. You can only use what is in the room \
with you or in your inventory, and closed containers hide what they hold. Things need \
time to heat, cool or grow.

Focus with care: to focus on a thing that the task does not ask for ends it as \
failed. Partial progress earns a part of the score; do the steps in the order in which \
the task names them."""

_THING = {"type": "string", "description": "Its name, as it is seen."}


def _on_one(name: str, description: str, verb: str) -> dict[str, Any]:
    return function(name, description, f"{verb} {{object}}", object=_THING)


ACTION_SCHEMA = [
    function("look_around", "See the room and what is in it.", "look around"),
    _on_one("look_at", "Look at a thing closely.", "look at"),
    _on_one("look_in", "Look into a thing.", "look in"),
    _on_one("read", "Read a text.", "read"),
    function("inventory", "See what you carry.", "inventory"),
    function("task", "Read the task again.", "task"),
    _on_one("open", "Open a door or a container.", "open"),
    _on_one("close", "Close a door or a container.", "close"),
    function(
        "go_to",
        "Go to the next room, through an open door.",
        "go to {location}",
        location={"type": "string", "description": "The room."},
    ),
    _on_one("pick_up", "Take a thing.", "pick up"),
    _on_one("put_down", "Put a thing that you carry on the floor.", "put down"),
    function(
        "move",
        "Put a thing into or onto another.",
        "move {object} to {target}",
        object=_THING,
        target={"type": "string", "description": "Where it goes."},
    ),
    function(
        "pour",
        "Pour a liquid, or what a container holds, into a container.",
        "pour {object} in {target}",
        object=_THING,
        target={"type": "string", "description": "The container."},
    ),
    function(
        "dunk",
        "Dunk a container into a liquid to fill it.",
        "dunk {object} in {target}",
        object=_THING,
        target={"type": "string", "description": "The liquid."},
    ),
    _on_one("mix", "Mix what a container holds.", "mix"),
    _on_one("activate", "Turn a device on.", "activate"),
    _on_one("deactivate", "Turn a device off.", "deactivate"),
    function(
        "use",
        "Use a tool on a thing.",
        "use {tool} on {target}",
        tool={"type": "string", "description": "The tool."},
        target={"type": "string", "description": "What it is used on."},
    ),
    function(
        "connect",
        "Connect two things electrically.",
        "connect {object} to {target}",
        object=_THING,
        target={"type": "string", "description": "What it is connected to."},
    ),
    _on_one("disconnect", "Take all electrical connections off a thing.", "disconnect"),
    _on_one("focus_on", "Declare that the task asks about this.", "focus on"),
    _on_one("eat", "Eat a thing.", "eat"),
    _on_one("flush", "Flush a toilet.", "flush"),
    function(
        "wait",
        "Let time go by.",
        "wait{moves}",
        moves={
            "type": "string",
            "enum": ["", "1"],
            "default": "",
            "description": 'Ten moves if empty, a single one if "1".',
        },
    ),
    function("reset_task", "Take back the focus and the progress.", "reset task"),
    function("help", "List the forms of actions.", "help"),
    function("objects", "List the things in reach.", "objects"),
    function(
        "choose",
        "Answer the question which of several things is meant.",
        "{option}",
        option={"type": "integer", "minimum": 0, "description": "Its number."},
    ),
]
