"""The text layer over Minigrid's own environment: slow, plain, absolute coordinates.

Written from a description of the original server, and independent of the package:
it shares neither codes nor boards nor memories with it. Tests hold the two against
each other in parity mode.
"""

from __future__ import annotations

from typing import Any

import babyai_stock as stock

TYPES = "unseen empty wall floor door key ball box goal lava agent".split()
COLOURS = "red green blue purple yellow grey".split()
STATES = "open closed locked".split()
AHEAD = ((1, 0), (0, 1), (-1, 0), (0, -1))
SOLID = ("wall", "box", "lava", "ball", "key")
SIZE = 7


def add(a, b, times=1):
    return (a[0] + times * b[0], a[1] + times * b[1])


def dot(a, b):
    return a[0] * b[0] + a[1] * b[1]


class Thing:
    def __init__(self, name: str, kind: str, pos: tuple[int, int], distance: int):
        self.name, self.kind, self.pos, self.distance = name, kind, pos, distance


class Reference:
    """One environment of the original server."""

    def __init__(self, level: int, seed: int) -> None:
        self.env: Any = stock.make(level)
        seen = stock.reset(self.env, seed)
        self.image = seen["image"]
        self.heading = int(seen["direction"])
        mission = self.env.mission
        self.goal = mission.replace("then", "and").replace("after you", "and")
        self.reward, self.total, self.done = 0, 0, False
        self.text = self.describe()
        self.first = f"Your goal: {self.goal}\n{self.text}{self.listing()}"

    def listing(self) -> str:
        return "\nAvailable actions: [" + ", ".join(f'"{a}"' for a in self.macros) + "]"

    def step(self, action: str) -> tuple[str, float, float, bool]:
        action = action.lower().strip()
        text = self.answer(action)
        if text is None:
            self.play(self.macros[action])
            text = self.text
        self.total += self.reward
        return text + self.listing(), self.reward, self.total, self.done

    def answer(self, action: str) -> str | None:
        if "check" in action:
            return "You can take the following actions: " + ", ".join(self.macros)
        if action == "":
            return "No change in state."
        if action not in self.macros:
            unknown = "The action is not recognized. Please check valid actions."
            return self.errors.get(action, unknown)
        return None if self.macros[action] else "No change in state."

    def play(self, moves: list[int]) -> None:
        for move in moves:
            seen, self.reward, self.done, _, _ = self.env.step(move)
            self.heading = int(seen["direction"])
            if (seen["image"] == self.image).all():
                break
            self.image = seen["image"]
        self.text = self.describe()
        if self.done:
            self.text += "\n The task is completed."
            self.done = self.reward > 0.5

    def describe(self) -> str:
        pos = self.pos = tuple(int(n) for n in self.env.agent_pos)
        ahead, right = AHEAD[self.heading], AHEAD[(self.heading + 1) % 4]
        corner = add(add(pos, ahead, SIZE - 1), right, -(SIZE // 2))
        things: list[Thing] = []
        barriers: list[tuple[int, str]] = []
        for j in range(SIZE):
            for i in range(SIZE):
                cell = add(add(corner, ahead, -j), right, i)
                offset = add(cell, pos, -1)
                distance = abs(offset[0]) + abs(offset[1])
                if min(cell) < 0 or distance == 0:
                    continue
                kind, colour, state = (int(n) for n in self.image[i, j])
                if TYPES[kind] in ("door", "key", "ball", "box", "wall"):
                    words = [COLOURS[colour], TYPES[kind]]
                    if TYPES[kind] == "door":
                        words.insert(1, STATES[state])
                    things.append(Thing(" ".join(words), TYPES[kind], cell, distance))
                cross = ahead[0] * offset[1] - ahead[1] * offset[0]
                if TYPES[kind] in ("box", "wall") and cross == 0:
                    barriers.append((dot(ahead, offset), TYPES[kind]))
        things.sort(key=lambda thing: thing.distance)
        barriers.sort(key=lambda barrier: barrier[0])
        self.things, self.corner = things, corner
        self.list_macros(barriers)
        return self.sentences(barriers)

    def sentences(self, barriers: list[tuple[int, str]]) -> str:
        ahead, right = AHEAD[self.heading], AHEAD[(self.heading + 1) % 4]
        text = "You cannot see any objects within sight."
        if self.things:
            text = "In front of you in this room, you can see several objects: "
        counts: dict[str, int] = {}
        for thing in self.things:
            if thing.kind == "wall":
                continue
            counts[thing.name] = counts.get(thing.name, 0) + 1
            offset = add(thing.pos, self.pos, -1)
            front, side = dot(ahead, offset), dot(right, offset)
            text += f"There is a {thing.name} {counts[thing.name]} "
            if side == 0:
                text += f"right in front of you {front} steps away. "
            else:
                hand = "right" if side > 0 else "left"
                text += f"{front} steps in front of you and "
                text += f"{abs(side)} steps to your {hand}. "
            text += " "
        text += "The room has walls around you. "
        if barriers:
            text += f"You are facing a {barriers[0][1]} {barriers[0][0]} steps away. "
        carried = self.env.carrying
        if carried is None:
            return text + "You are not carrying anything."
        return text + f"You are carrying a {carried.color} {carried.type}."

    def list_macros(self, barriers: list[tuple[int, str]]) -> None:
        macros: dict[str, list[int]] = {"turn left": [0], "turn right": [1]}
        errors: dict[str, str] = {}
        self.macros, self.errors = macros, errors
        carried = self.env.carrying
        if not barriers or barriers[0][0] > 1:
            macros["move forward"] = [2]
        else:
            errors["move forward"] = (
                "There is a barrier in front of you, you can't move forward."
            )
        if carried is None:
            movable = [t for t in self.things if t.kind not in ("wall", "door")]
            self.reach("pickup", movable, [3])
            errors["drop"] = (
                "You cannot drop the object, as you are not carrying anything."
            )
        else:
            front = add(self.pos, AHEAD[self.heading])
            if any(t.pos == front and t.kind in SOLID for t in self.things):
                errors["drop"] = (
                    "You cannot drop the object, "
                    "as there is already an object in front of you."
                )
            else:
                macros["drop"] = [4]
        counts: dict[str, int] = {}
        for door in self.things:
            if door.kind == "door":
                counts[door.name] = counts.get(door.name, 0) + 1
                self.list_door(door, counts)
        self.reach("go to", [t for t in self.things if t.kind != "wall"], [])
        macros["check available actions"] = []

    def reach(self, verb: str, things: list[Thing], ending: list[int]) -> None:
        counts: dict[str, int] = {}
        for thing in things:
            path = self.find_path(thing.pos, arrive=False)
            name = f"{verb} {thing.name} {counts.get(thing.name, 0) + 1}"
            if path is None:
                self.errors[name] = (
                    f"You cannot {name}, as there is no path leading to it."
                )
            else:
                counts[thing.name] = counts.get(thing.name, 0) + 1
                self.macros[name] = path + ending

    def list_door(self, door: Thing, counts: dict[str, int]) -> None:
        colour, state, _ = door.name.split()
        through = f"go through {door.name} {counts[door.name]}"
        toggle = f"toggle and {through}"
        carried = self.env.carrying
        if state == "open":
            path = self.find_path(door.pos, arrive=True)
            if path is None:
                self.errors[through] = (
                    f"You cannot {through}, as there is no path leading to it."
                )
            else:
                self.macros[through] = path
            return
        if state == "closed":
            self.errors[through] = (
                f"You cannot {through}, as it is closed. You should toggle it first."
            )
        elif carried is None or carried.type != "key":
            self.errors[toggle] = f"You cannot {toggle}, as you are not carrying a key."
            return
        elif carried.color != colour:
            self.errors[toggle] = (
                f"You cannot {toggle}, as the color of the key you are carrying "
                "does not match the color of door."
            )
            return
        path = self.find_path(door.pos, arrive=False)
        if path is None:
            self.errors[toggle] = (
                f"You cannot toggle and go through {door.name} {counts!r}, "
                "as there is no path leading to it."
            )
        else:
            self.macros[toggle] = [*path, 5, 2]
            if not path:
                self.macros["toggle"] = [5]

    def find_path(self, goal: tuple[int, int], arrive: bool) -> list[int] | None:
        ahead, right = AHEAD[self.heading], AHEAD[(self.heading + 1) % 4]
        edge = add(add(self.corner, ahead, -SIZE), right, SIZE)
        spans = [
            range(end, start + 1) if end < start else range(start, end)
            for start, end in zip(self.corner, edge, strict=True)
        ]
        solid = {thing.pos for thing in self.things if thing.kind in SOLID}
        start = (self.pos, self.heading)
        queue, closed, parent = [start], set(), {}
        while queue:
            state = queue.pop(0)
            closed.add(state)
            pos, heading = state
            facing = add(pos, AHEAD[heading]) == goal
            if pos == goal if arrive else facing:
                path = []
                while state != start:
                    state, action = parent[state]
                    path.append(action)
                return path[::-1]
            for action in (2, 0, 1):
                new = pos, heading
                if action == 2:
                    new = add(pos, AHEAD[heading]), heading
                else:
                    new = pos, (heading + (1 if action == 1 else -1)) % 4
                inside = all(n in span for n, span in zip(new[0], spans, strict=True))
                if inside and new not in closed and new[0] not in solid:
                    queue.append(new)
                    parent[new] = state, action
        return None
