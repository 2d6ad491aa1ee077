"""How links name lessons."""

import pytest

from engine.program.lesson import lessons
from pages.ui.desk.lessons import by_id, find, known, lesson_programs, like, link_name, program_of, title_of, typed


def test_the_explorer_opens_on_c1():
    assert find("").id == "C1"
    assert link_name(find("c1")) == ""


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.slug)
def test_the_link_to_a_lesson_leads_to_it(lesson):
    assert find(link_name(lesson)) == lesson


def test_an_id_in_any_case_means_its_first_program():
    assert find("d5") == find("D5") == by_id()["D5"][0]
    assert find("D5").order == ("D", 5, 1)


def test_an_unknown_name_leads_to_where_the_app_opens():
    assert find("../../etc/passwd") == find("")


def test_every_lesson_has_a_program_of_its_own():
    assert len(lesson_programs()) == len(lessons()) + 1  # and the one that a program of one's own begins as


def test_what_is_typed_over_a_lesson_is_another_program_until_it_is_the_lessons_again() -> None:
    lesson = find("c1")
    assert typed(lesson, lesson.source) == program_of(lesson)
    assert typed(lesson, lesson.source + "#").filename == "program.py"
    assert typed(find("own"), "x = 1").filename == program_of(find("own")).filename == "program.py"


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ('"""A net\n\nMore."""\nx = 1', "A net"),
        ("# A net\nx = 1", "A net"),
        ("#!/usr/bin/python\n", "/usr/bin/python"),
        ("x = 1", ""),
        ("", ""),
        ("# broken (\nx = (", "broken ("),
        ("x = (", ""),
        ("# " + "a" * 99, "a" * 60),
        ("\0", ""),
    ],
)
def test_a_program_of_ones_own_says_what_it_is_called(source: str, title: str) -> None:
    assert title_of(source) == title


def test_lessons_like_an_unknown_name_are_few_and_have_its_letters() -> None:
    assert "d5-data" in [lesson.slug for lesson in like("d5-dat")]
    assert like("zzzz") == ()
    assert len(like("c")) <= 3
    assert known("zzzz") is None
