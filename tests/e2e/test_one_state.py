"""Step, picture, chosen backward run and address speak of the same moment, in Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from engine.text.language import LANGUAGES, Language, translator
from tests.e2e.explorer import Explorer

Open = Callable[..., Page]
LARGE = """import torch
x = torch.ones(3, requires_grad=True)
for k in range(3):
    y = x
    for _ in range(9):
        y = (y * 2 - k).sin()
    y.sum().backward()
"""


def opened(visit: Open, path: str = "/") -> Explorer:
    return Explorer(visit(path)).wait_for_picture()


def expect_at(explorer: Explorer, step: int, run: int | None = None) -> None:
    """The counter, the address and the chosen run say the same, and the picture is of it."""
    expect(explorer.part("step-counter")).to_have_text(re.compile(rf"^{step} /"))
    expect(explorer.page).to_have_url(re.compile(rf"[?&]step={step}(&|$)"))
    if run is not None:
        expect(chosen_run(explorer)).to_have_text(f"Backward {run}")
        tail = f"run={run}" if run > 1 else "(?!.*run=)"
        expect(explorer.page).to_have_url(re.compile(tail))
        expect(explorer.page.locator(".veil")).to_be_hidden()


def chosen_run(explorer: Explorer):
    return explorer.page.locator(".runs [aria-pressed=true]")


def view(explorer: Explorer, name: str):
    return explorer.page.get_by_role("radio", name=name)


def focus_vertex(explorer: Explorer) -> str:
    return explorer.page.locator("[data-state=running]").first.get_attribute("aria-label") or ""


def test_a_step_in_the_address_stays_there_and_nothing_is_written_before_something_is_chosen(visit: Open) -> None:
    explorer = opened(visit, "/?step=9")
    expect_at(explorer, 9)
    length = explorer.page.evaluate("history.length")
    explorer.focus()
    explorer.press("ArrowRight", "ArrowRight", "ArrowLeft")
    expect_at(explorer, 10)
    assert explorer.page.evaluate("history.length") == length  # stepping is no page to go back to


def test_a_change_of_view_keeps_the_step_and_back_and_forward_restore_what_the_address_says(visit: Open) -> None:
    explorer = opened(visit, "/?lesson=d4&step=9")
    explorer.page.get_by_text("Forward and backward", exact=True).click()
    expect(explorer.page).to_have_url(re.compile("view=combined"))
    expect_at(explorer, 9)
    explorer.focus()
    explorer.press("ArrowRight")
    expect_at(explorer, 10)
    explorer.page.go_back()
    expect(explorer.page).not_to_have_url(re.compile("view="))
    expect_at(explorer, 9)
    explorer.page.go_forward()
    expect(explorer.page).to_have_url(re.compile("view=combined"))
    expect_at(explorer, 10)


def test_a_backward_run_is_chosen_by_its_tab_by_the_address_and_by_stepping_into_it(visit: Open) -> None:
    explorer = opened(visit)
    explorer.run(LARGE)
    tabs = explorer.page.locator(".runs button")
    expect(tabs).to_have_text(["Backward 1", "Backward 2", "Backward 3"])
    tabs.nth(1).click()
    expect(chosen_run(explorer)).to_have_text("Backward 2")
    step = explorer.counter()[0]
    expect_at(explorer, step, 2)
    expect(explorer.part("inspector")).to_contain_text("backward()")
    assert focus_vertex(explorer) or explorer.page.locator(".vertex.focus").count() == 1
    explorer.focus()
    explorer.press("Home")
    expect_at(explorer, 0, 1)
    explorer.press("End")
    expect_at(explorer, explorer.counter()[1], 3)


@pytest.mark.parametrize("run", [1, 2, 3])
def test_a_link_to_a_run_opens_where_its_backward_starts(visit: Open, run: int) -> None:
    explorer = opened(visit, f"/?lesson=a3&run={run}")
    expect(chosen_run(explorer)).to_have_text(f"Backward {run}")
    expect(explorer.part("inspector").locator("h2")).to_have_text("loss.backward()")


def test_a_step_of_another_run_than_the_address_names_wins(visit: Open) -> None:
    explorer = opened(visit, "/?lesson=a3&run=3&step=2")
    expect(explorer.part("step-counter")).to_have_text(re.compile("^2 /"))
    expect(chosen_run(explorer)).to_have_text("Backward 1")


def test_parameters_of_one_page_stay_there(visit: Open) -> None:
    explorer = opened(visit, "/?lesson=c2&view=combined&step=3")
    links = explorer.page.locator(".st-key-pages a")
    told = {link.inner_text(): (link.get_attribute("href") or "").partition("?")[2] for link in links.all()}
    assert told["Explorer"] == "lesson=c2&view=combined"
    assert told["Gradients"] == told["Training"] == "lesson=c2"
    assert told["Error clinic"] == told["Safety"] == told["Loss lab"] == told["detach vs .data"] == ""
    links.filter(has_text="Error clinic").click()
    expect(explorer.page).to_have_url(re.compile("/clinic$"))
    explorer.page.go_back()
    explorer.wait_for_picture()
    expect_at(explorer, 3)
    assert "lesson=c2&view=combined" in explorer.page.url


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_lesson_is_named_and_like_ones_are_offered(visit: Open, language: Language) -> None:
    explorer = opened(visit, f"/?lesson=d5-dat&lang={language}")
    said = explorer.page.locator(".st-key-unknown-lesson")
    text = translator(language)("There is no lesson `{name}` here. This is {lesson}; the list has them all.")
    expect(said).to_contain_text(text.replace("`", "").format(name="d5-dat", lesson="C1").replace("  ", " "))
    said.get_by_role("button").first.click()
    expect(explorer.part("editor")).to_contain_text(".data")
    expect(said).to_have_count(0)


def test_a_picture_that_is_the_backward_graph_alone_is_not_called_forward_and_backward(visit: Open) -> None:
    explorer = opened(visit, "/?view=combined")
    chosen = explorer.page.locator(".st-key-view [aria-checked=true], .st-key-view [kind$=Active]")
    expect(chosen).to_have_text("Forward and backward")
    explorer.run(LARGE.replace("range(9)", "range(60)"))
    expect(explorer.page.locator(".notices")).to_contain_text("backward graph alone")
    expect(chosen).to_have_text("Backward graph")
