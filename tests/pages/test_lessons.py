"""How links name lessons."""

import pytest

from engine.lesson import lessons
from pages.ui.lessons import by_id, find, lesson_programs, link_name


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
    assert len(lesson_programs()) == len(lessons())
