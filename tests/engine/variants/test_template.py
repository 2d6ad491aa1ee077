"""One program with a marked line, and the variants made of it."""

from __future__ import annotations

import pytest

from engine.program.lesson import lesson
from engine.program.template import Common, Own, fill, mark_line, with_room
from engine.variants.example import FIRST, TEMPLATE, VARIANTS

TEXTS = {variant.slug: variant.text for variant in VARIANTS}


def test_the_text_takes_the_place_of_the_mark_and_of_the_empty_lines_after_it():
    template = "a = 1\n# the variant's lines\n\n\nb = 2\n"
    assert fill(template, "x\ny").source == "a = 1\nx\ny\n\nb = 2\n"
    assert fill(template, "x").source == "a = 1\nx\n\n\nb = 2\n"
    assert fill(template, "").source == "a = 1\n\n\n\nb = 2\n"


def test_a_text_with_more_lines_than_there_is_room_moves_what_is_below():
    filled = fill("a\n# the variant's lines\n\nb\n", "x\ny\nz")
    assert filled.source == "a\nx\ny\nz\nb\n"
    assert list(filled.own) == [2, 3, 4]
    assert [filled.place(line) for line in (1, 2, 4, 5)] == [Common(1), Own(1), Own(3), Common(4)]


def test_with_room_no_text_moves_what_is_below():
    template = with_room("a\n# the variant's lines\nb\n", 3)
    assert template == "a\n# the variant's lines\n\n\nb\n"
    assert with_room(template, 2) == template
    for text in ("x", "x\ny", "x\ny\nz"):
        filled = fill(template, text)
        assert filled.source.split("\n")[4] == "b"
        assert filled.place(5) == Common(5)


def test_the_text_is_indented_as_its_mark_was():
    assert fill("for i in x:\n    # the variant's lines\n", "y\n\n  z").source == "for i in x:\n    y\n\n      z\n"


def test_without_a_mark_every_variant_is_the_template():
    filled = fill("a\nb\n", "x")
    assert (filled.source, list(filled.own), filled.place(2)) == ("a\nb\n", [], Common(2))
    assert mark_line("a\nb\n") is None
    assert with_room("a\nb\n", 5) == "a\nb\n"


def test_only_the_first_mark_counts():
    assert fill("# the variant's lines\n# the variant's lines\n", "x").source == "x\n# the variant's lines\n"


@pytest.mark.parametrize("slug", ["detach", "data", "clone", "no-grad"])
def test_the_example_is_the_lesson(slug):
    found = lesson(f"d5-{slug}")
    assert found is not None
    assert fill(TEMPLATE, TEXTS[slug]).source == found.source


@pytest.mark.parametrize("slug", ["numpy", "out-of-place"])
def test_the_shorter_variants_have_the_lessons_lines(slug):
    found = lesson(f"d5-{slug}")
    assert found is not None
    assert TEXTS[slug] in found.source


def test_the_first_variants_exist_and_every_text_has_room_in_the_template():
    assert set(FIRST) <= set(TEXTS)
    assert with_room(TEMPLATE, max(len(text.split("\n")) for text in TEXTS.values())) == TEMPLATE
