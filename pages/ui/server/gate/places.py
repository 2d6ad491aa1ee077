"""Places for what stays open: so many in all, so many for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class OpenPlaces:
    """To be used in one event loop.

    >>> places = OpenPlaces(most=3, most_each=1)
    >>> with places.take("me") as is_first, places.take("me") as is_second:
    ...     is_first, is_second, places.n_taken
    (True, False, 1)
    """

    def __init__(self, most: int, most_each: int) -> None:
        self._most, self._most_each = most, most_each
        self._taken: Counter[str | None] = Counter()

    @property
    def n_taken(self) -> int:
        return self._taken.total()

    @contextmanager
    def take(self, whose: str | None) -> Generator[bool, None, None]:
        """Whether there was a place; it is given back with the end of the block. None: of those who are not known."""
        has_all = whose is not None and self._taken[whose] >= self._most_each
        if has_all or self.n_taken >= self._most:
            yield False
            return
        self._taken[whose] += 1
        try:
            yield True
        finally:
            self._taken[whose] -= 1
            self._taken += Counter()  # forgets those with none


@dataclass(frozen=True)
class WithPlace:
    """An answer that takes one of ``whose`` places for as long as it lasts; where there is none, it is another."""

    answer: ASGIApp
    places: OpenPlaces
    whose: str | None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self.places.take(self.whose) as is_taken:
            await (self.answer if is_taken else FULL)(scope, receive, send)


FULL = PlainTextResponse("too many are open\n", status_code=503, headers={"Retry-After": "5"})
