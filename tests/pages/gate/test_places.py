"""Places for what stays open."""

from __future__ import annotations

from contextlib import ExitStack

from hypothesis import given
from hypothesis import strategies as st

from pages.ui.server.gate.places import OpenPlaces


@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.booleans()), max_size=40),
    st.integers(0, 6),
    st.integers(0, 4),
)
def test_no_more_are_taken_than_there_are_and_all_come_back(
    acts: list[tuple[str | None, bool]], most: int, each: int
) -> None:
    places, held = OpenPlaces(most, each), []
    for whose, comes in acts:
        if comes:
            stack, before = ExitStack(), sum(one == whose for one, _ in held)
            is_taken = stack.enter_context(places.take(whose))
            assert is_taken is (len(held) < most and (whose is None or before < each))
            held += [(whose, stack)] if is_taken else []
        elif held:
            held.pop()[1].close()
        assert places.n_taken == len(held)
    for _, stack in held:
        stack.close()
    assert places.n_taken == 0
