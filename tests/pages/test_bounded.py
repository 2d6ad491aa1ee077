"""A cache that never holds more than it may."""

from __future__ import annotations

from pages.ui.desk.bounded import Bounded


def test_what_was_used_last_is_kept_and_the_size_is_never_exceeded() -> None:
    cache: Bounded[str] = Bounded(10)
    made: list[str] = []

    def make(name: str, size: int) -> tuple[str, int]:
        made.append(name)
        return name, size

    for name in ("a", "b", "a", "c", "a", "b"):
        assert cache.get(name, lambda name=name: make(name, 4)) == name  # type: ignore[misc]
        assert cache.n_bytes <= 10
    assert made == ["a", "b", "c", "b"]


def test_what_is_larger_than_the_cache_is_given_but_not_kept() -> None:
    cache: Bounded[str] = Bounded(10)
    assert cache.get("big", lambda: ("big", 11)) == "big"
    assert cache.n_bytes == 0
    assert cache.get("big", lambda: ("again", 1)) == "again"


def test_what_is_made_twice_at_once_counts_once() -> None:
    cache: Bounded[str] = Bounded(10)

    def make() -> tuple[str, int]:
        cache.get("a", lambda: ("of the other thread", 5))
        return "mine", 3

    assert cache.get("a", make) == "mine"
    assert cache.n_bytes == 3
    cache.get("b", lambda: ("b", 7))
    assert cache.n_bytes == 10
    assert cache.get("a", lambda: ("made anew", 3)) == "mine", "both fit"
