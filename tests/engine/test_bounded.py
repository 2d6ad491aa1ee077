"""A store that never holds more than it may."""

from __future__ import annotations

from engine.contract.bounded import Bounded


def test_what_was_used_last_is_kept_and_the_size_is_never_exceeded() -> None:
    store: Bounded[str, str] = Bounded(10, lambda _name: 4)
    made: list[str] = []

    def make(name: str) -> str:
        made.append(name)
        return name

    for name in ("a", "b", "a", "c", "a", "b"):
        assert store.get_or_make(name, lambda name=name: make(name)) == name  # type: ignore[misc]
        assert store.size <= 10
    assert made == ["a", "b", "c", "b"]


def test_without_a_size_things_are_counted() -> None:
    store: Bounded[int, str] = Bounded(2)
    for number in (1, 2, 1, 3):
        if store.get(number) is None:
            store.put(number, str(number))
    assert [number in store for number in (1, 2, 3)] == [True, False, True]
    assert (store.size, store.get(2)) == (2, None)


def test_what_is_larger_than_the_store_is_given_but_not_kept() -> None:
    store: Bounded[str, str] = Bounded(10, len)
    assert store.get_or_make("big", lambda: "b" * 11) == "b" * 11
    assert store.size == 0
    assert store.get_or_make("big", lambda: "again") == "again"


def test_what_is_made_twice_at_once_counts_once() -> None:
    store: Bounded[str, str] = Bounded(10, len)

    def make() -> str:
        store.put("a", "other")
        return "own"

    assert store.get_or_make("a", make) == "own"
    assert store.size == 3
    store.put("b", "seven b")
    assert store.size == 10
    assert store.get("a") == "own", "both fit"
