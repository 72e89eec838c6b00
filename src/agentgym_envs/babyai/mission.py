"""Missions: a tree of instructions, verified after each low-level action.

A mission is static; what it has to remember lies in a `Progress`. The rules are
those of BabyAI's verifier in Minigrid, its stale fields included:

- *go to* and *put next* look at positions that only a drop action refreshes;
- *pick up* and *put next* compare with what was carried at the previous action that
  was verified, which is nothing at first. So a drop as the first verified action
  never counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from agentgym_envs.babyai.codes import OPEN, is_door, state_of
from agentgym_envs.babyai.paths import DROP, PICKUP, TOGGLE

if TYPE_CHECKING:
    from agentgym_envs.babyai.engine import World

CONTINUE, SUCCESS, FAILURE = 0, 1, 2
NONE = -1  # no object

Verb = Literal["go to", "open", "pick up", "put next"]
Order = Literal["before", "after", "and"]


@dataclass(frozen=True, slots=True)
class Part:
    """One instruction about objects, which are known by their numbers."""

    verb: Verb
    index: int
    """Its place in the lists of a `Progress`."""
    objects: frozenset[int]
    """What to go to, open, pick up, or put somewhere."""
    fixed: frozenset[int] = frozenset()
    """What to put the objects next to."""
    strict: bool = False
    """Whether a wrong door or object fails the mission."""

    @property
    def followed(self) -> frozenset[int]:
        """The objects whose positions matter."""
        if self.verb == "go to":
            return self.objects
        return self.fixed if self.verb == "put next" else frozenset()


@dataclass(frozen=True, slots=True)
class Joint:
    """Two instructions: first before second, first after second, or both."""

    order: Order
    index: int
    first: Instruction
    second: Instruction


Instruction = Part | Joint


@dataclass(slots=True)
class Progress:
    """What the verifier remembers, one entry per instruction of the tree."""

    places: list[frozenset[int]] = field(default_factory=list)
    """Cells of the objects that are followed, as of the last drop."""
    held: list[int] = field(default_factory=list)
    """The object that was carried when the part was verified last, or `NONE`."""
    done: list[bool] = field(default_factory=list)
    """Whether the instruction is achieved for good, inside its `Joint`."""

    def copy(self) -> Progress:
        """Give an independent copy."""
        return Progress(self.places[:], self.held[:], self.done[:])


def parts(instruction: Instruction) -> Iterator[Part]:
    """Give the leaves of a tree from left to right."""
    if isinstance(instruction, Part):
        yield instruction
    else:
        yield from parts(instruction.first)
        yield from parts(instruction.second)


def due(instruction: Instruction, progress: Progress) -> list[Part]:
    """Give the parts that can be worked on now, in the mission's order."""
    if isinstance(instruction, Part):
        return [instruction]
    first, second = instruction.first, instruction.second
    done = progress.done
    if instruction.order == "and":
        return [
            part
            for child in (first, second)
            if not done[child.index]
            for part in due(child, progress)
        ]
    earlier, later = _in_order(instruction)
    return due(later if done[earlier.index] else earlier, progress)


def _in_order(joint: Joint) -> tuple[Instruction, Instruction]:
    if joint.order == "after":
        return joint.second, joint.first
    return joint.first, joint.second


def follow(instruction: Instruction, world: World) -> None:
    """Look up the positions of followed objects anew, as each drop action does."""
    places = world.progress.places
    for part in parts(instruction):
        if wanted := part.followed:
            places[part.index] = frozenset(
                [cell for cell, thing in world.at.items() if thing in wanted]
            )


def verify(instruction: Instruction, world: World, action: int, lenient: bool) -> int:
    """Judge the action just done: `CONTINUE`, `SUCCESS` or `FAILURE`.

    Args:
        instruction: The mission or a branch of it.
        world: The world after the action.
        action: The low-level action.
        lenient: Whether to forgive a failure of the later instruction by the very
            action that completed the earlier one. In BabyAI, opening the first door
            of "open A, then open B" is held against the second one if that is
            strict, so that such missions can't be won.
    """
    if isinstance(instruction, Part):
        return _VERIFIERS[instruction.verb](instruction, world, action)
    done = world.progress.done
    if instruction.order == "and":
        for child in (instruction.first, instruction.second):
            if not done[child.index]:
                result = verify(child, world, action, lenient)
                done[child.index] = result == SUCCESS
        both = done[instruction.first.index] and done[instruction.second.index]
        return SUCCESS if both else CONTINUE
    earlier, later = _in_order(instruction)
    if done[earlier.index]:
        return verify(later, world, action, lenient)
    result = verify(earlier, world, action, lenient)
    if result != SUCCESS:
        return result
    done[earlier.index] = True
    result = verify(later, world, action, lenient)
    return CONTINUE if lenient and result == FAILURE else result


def _verify_go_to(part: Part, world: World, action: int) -> int:
    return SUCCESS if world.front in world.progress.places[part.index] else CONTINUE


def _verify_open(part: Part, world: World, action: int) -> int:
    if action != TOGGLE:
        return CONTINUE
    front = world.front
    code = world.cells[front]
    if not is_door(code):
        return CONTINUE
    if world.at[front] in part.objects and state_of(code) == OPEN:
        return SUCCESS
    return FAILURE if part.strict else CONTINUE


def _verify_pick_up(part: Part, world: World, action: int) -> int:
    held = world.progress.held
    before, held[part.index] = held[part.index], world.carried
    if action != PICKUP:
        return CONTINUE
    if before == NONE and world.carried in part.objects:
        return SUCCESS
    return FAILURE if part.strict and world.carried != NONE else CONTINUE


def _verify_put_next(part: Part, world: World, action: int) -> int:
    held = world.progress.held
    before, held[part.index] = held[part.index], world.carried
    if action != DROP or before not in part.objects:
        return CONTINUE
    places = world.progress.places[part.index]
    for cell, thing in world.at.items():
        if thing == before:
            stride = world.scene.stride
            around = (cell + 1, cell - 1, cell + stride, cell - stride)
            return SUCCESS if not places.isdisjoint(around) else CONTINUE
    return CONTINUE


_VERIFIERS = {
    "go to": _verify_go_to,
    "open": _verify_open,
    "pick up": _verify_pick_up,
    "put next": _verify_put_next,
}
