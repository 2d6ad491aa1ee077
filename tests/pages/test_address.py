"""Links into the Explorer."""

from dataclasses import replace

import pytest

from pages.ui.desk.address import NAMES, Address, moved, parameters, read


def test_a_link_says_lesson_view_run_step_and_language():
    link = {"lesson": "d5-data", "view": "combined", "run": "2", "step": "5", "lang": "zh"}

    assert read(link) == Address(lesson="d5-data", view="combined", run=1, language="zh", step=5)


def test_a_link_says_which_variants_stand_side_by_side():
    assert read({"variants": "data,numpy"}).variants == ("data", "numpy")
    assert read({"variants": ","}).variants == ()
    assert parameters(Address(variants=("data", "numpy")), browser="en") == {"variants": "data,numpy"}


def test_a_link_without_parameters_leaves_every_choice_open():
    assert read({}) == Address(lesson="", view="backward", run=0, language=None, step=None)


@pytest.mark.parametrize(
    "odd",
    [
        {"view": "sideways", "run": "0", "step": "-1", "lang": "xx"},
        {"view": "", "run": "", "step": "1.5", "lang": ""},
        {"run": "99999999999999999999", "step": "9" * 5000},
        {"run": "٣", "step": "²"},  # digits to str.isdigit, not to a link
    ],
)
def test_parameters_that_make_no_sense_count_as_missing(odd):
    assert read(odd) == Address()


def test_a_link_leaves_out_what_the_visitor_gets_anyway():
    assert parameters(Address(language="zh"), browser="zh") == {}


def test_reading_back_the_parameters_of_an_address_gives_the_address():
    here = Address(lesson="e2", view="combined", run=1, language="zh", step=0)

    assert read(parameters(here, browser="en")) == here


def test_every_parameter_of_a_link_is_known_as_one_but_the_step():
    here = Address(lesson="e2", view="combined", run=1, language="zh", step=2, variants=("data",))

    assert set(parameters(here, browser="en")) == {*NAMES, "step"}


def test_a_page_moves_only_what_its_address_tells() -> None:
    place = Address(lesson="c2", view="combined", run=1, variants=("data",))
    assert moved(place, Address(lesson="d5-data", view="backward"), ("lesson",)) == replace(place, lesson="d5-data")
    assert moved(place, Address(), ("view", "run", "step")) == replace(place, view="backward", run=0)
    assert moved(place, Address(language="zh"), ("lang",)) == replace(place, language="zh")
    assert moved(place, Address(lesson="a1"), ()) == place
