"""What callers may pass for slots, seeds, items and actions, in one form each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium import Space
from gymnasium.spaces import Text
from gymnasium.vector.utils import batch_differing_spaces, batch_space, iterate
from numpy.typing import NDArray

from agentgym_envs import TextSpace
from agentgym_envs.errors import BadOption

Slots = int | Sequence[int] | NDArray[Any] | None
Seeds = int | Sequence[int | None] | None
Item = int | str
Items = Item | Sequence[Item] | None


def slots_of(env_ids: Slots, count: int) -> Sequence[int]:
    """Give numbers of slots; None stands for all.

    Raises:
        BadOption: for a number that is no slot, or is there twice.
    """
    if env_ids is None:
        return range(count)
    if isinstance(env_ids, int | np.integer):
        env_ids = [int(env_ids)]
    slots = env_ids.tolist() if isinstance(env_ids, np.ndarray) else list(env_ids)
    for slot in slots:
        is_number = isinstance(slot, int | np.integer) and not isinstance(slot, bool)
        if not is_number or not 0 <= slot < count:
            raise BadOption(f"there is no slot {slot!r}; there are 0..{count - 1}")
    if len(set(slots)) < len(slots):
        raise BadOption(f"env_ids names a slot twice: {slots}")
    return [int(slot) for slot in slots]


def masked(mask: Any, count: int) -> list[int]:
    """Give the slots that a ``reset_mask`` chooses.

    Raises:
        BadOption: if it is no Boolean array of one entry per slot with a True.
    """
    if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_:
        raise BadOption("reset_mask must be a numpy array of bool")
    if mask.shape != (count,) or not mask.any():
        raise BadOption(f"reset_mask must have {count} entries, and one be True")
    chosen: list[int] = np.flatnonzero(mask).tolist()
    return chosen


def seeds_of(seed: Seeds, slots: Sequence[int]) -> list[int | None]:
    """Give a seed per slot; to a single one the number of the slot is added.

    Raises:
        BadOption: if there are more or fewer seeds than slots.
    """
    if seed is None:
        return [None] * len(slots)
    if isinstance(seed, int | np.integer):
        return [int(seed) + slot for slot in slots]
    seeds = [None if number is None else int(number) for number in seed]
    check_length(seeds, slots, "seeds")
    return seeds


def options_of(
    options: dict[str, Any] | None, items: Items, slots: Sequence[int]
) -> list[dict[str, Any]]:
    """Give the reset options per slot.

    Raises:
        BadOption: if there are more or fewer items than slots.
    """
    each = [dict(options or {}) for _ in slots]
    if items is None:
        return each
    if isinstance(items, int | str | np.integer):
        items = [items] * len(slots)
    check_length(items, slots, "items")
    for chosen, item in zip(each, items, strict=True):
        chosen["item"] = int(item) if isinstance(item, np.integer) else item
    return each


def check_length(given: Sequence[Any], slots: Sequence[int], what: str) -> None:
    """Refuse more or fewer of something than there are slots.

    Raises:
        BadOption: if so.
    """
    if len(given) != len(slots):
        raise BadOption(f"{len(slots)} slots can't take {len(given)} {what}")


def actions_of(actions: Any, space: Space[Any], slots: Sequence[int]) -> Sequence[Any]:
    """Give an action per slot.

    Args:
        actions: Any sequence, or what ``space`` makes of a batch.
        space: Of a single slot.
        slots: The slots.

    Raises:
        TypeError: if texts are wanted, and an action is none.
        BadOption: if there are more or fewer actions than slots.
    """
    is_text = isinstance(space, Text)
    if is_text and isinstance(actions, str):
        raise TypeError("actions are a sequence of texts, one per slot, not one text")
    if isinstance(actions, np.ndarray) and is_text:
        actions = actions.tolist()
    elif not is_text:
        actions = list(iterate(batch_space(space, len(slots)), actions))
    elif not isinstance(actions, list | tuple):
        actions = list(actions)
    check_length(actions, slots, "actions")
    if is_text and set(map(type, actions)) != {str}:
        for action in actions:
            if not isinstance(action, str):
                raise TypeError(f"an action is a str, not {type(action).__name__}")
    found: Sequence[Any] = actions
    return found


def common_space(spaces: Sequence[Space[Any]]) -> tuple[Space[Any], Space[Any]]:
    """Give the space of one slot and that of all.

    Texts may have different bounds; the space of one slot then holds them all.

    Raises:
        BadOption: for spaces that have nothing in common.
    """
    first = spaces[0]
    if all(space == first for space in spaces):
        return first, batch_space(first, len(spaces))
    texts = [space for space in spaces if isinstance(space, TextSpace)]
    if len(texts) < len(spaces):
        raise BadOption("the environments of a vector must agree in their spaces")
    widest = TextSpace(
        max(space.max_length for space in texts),
        min_length=min(space.min_length for space in texts),
    )
    return widest, batch_differing_spaces(texts)
