"""Heavy values that are made once in a process, whichever thread asks first."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from threading import RLock
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

# One for all, so that values that need each other can't wait for each other.
_LOCK = RLock()


def once(function: Callable[P, T]) -> Callable[P, T]:
    """Keep what a function gives, for ever, by its positional arguments.

    `functools.cache` lets two threads that ask at the same time make two values. For
    a world whose parts are compared by identity this is an error, and for each heavy
    value a waste.

    >>> @once
    ... def world():
    ...     return object()
    >>> world() is world()
    True
    """
    made: dict[tuple[object, ...], T] = {}

    @wraps(function)
    def get(*args: P.args, **kwargs: P.kwargs) -> T:
        assert not kwargs, "values are kept by positional arguments"
        try:
            return made[args]
        except KeyError:
            pass
        with _LOCK:
            if args not in made:
                made[args] = function(*args, **kwargs)
            return made[args]

    return get
