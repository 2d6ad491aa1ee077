"""What is worked out of a result, kept for as long as the result itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from pages.ui.desk.session import Result

P = ParamSpec("P")
T = TypeVar("T")


def with_result(function: Callable[Concatenate[Result, P], T]) -> Callable[Concatenate[Result, P], T]:
    """As ``functools.cache``, but what was kept goes with the first argument: nothing outlives its visitor.

    What ``function`` gives must not hold that result. Two threads that ask at once may both work it out.
    """
    kept: WeakKeyDictionary[Result, dict[object, T]] = WeakKeyDictionary()

    @wraps(function)
    def known(result: Result, *args: P.args, **kwargs: P.kwargs) -> T:
        of_result = kept.setdefault(result, {})
        key = (args, tuple(sorted(kwargs.items())))
        if key not in of_result:
            of_result[key] = function(result, *args, **kwargs)
        return of_result[key]

    return known
