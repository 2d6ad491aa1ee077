"""The error clinic in Chromium: predict, run, see it fail at its node, cure it, see both differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.waiting import settled, wait_until

Open = Callable[..., Page]
F1, F12, SAFE = "f01-saved-overwritten", "f12-hidden-state", "f02-safe-in-place"
RAISED, RIGHT = "An error is raised", "It runs, and every gradient is right"
PHONE = {"width": 390, "height": 844}
FRAMES_DRAWN = """async () => {
  for (let i = 0; i < 5; i++) await new Promise(requestAnimationFrame);
}"""


class Clinic:
    """The open page; every method waits for what it needs."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def predict_and_run(self, answer: str, run: str = "Run") -> Clinic:
        self.page.get_by_text(answer, exact=True).click()
        button = self.page.locator(".st-key-question button")
        expect(button).to_be_enabled()
        expect(button).to_contain_text(run)
        button.click()
        self.page.wait_for_selector("[data-testid=player] [data-testid=step-counter]")
        return self

    def press(self, label: str) -> Clinic:
        self.page.get_by_role("button", name=label).click()
        return self

    def verdict(self) -> Locator:
        return self.page.locator(".st-key-verdict")

    def failed(self) -> Locator:
        return self.page.locator("[data-testid=player] [data-state=failed]")


def opened(visit: Open, card: str, **options: object) -> Clinic:
    page = visit(f"/clinic?card={card}", **options)
    page.wait_for_selector(".st-key-question [role=radiogroup]")
    return Clinic(page)


def test_a_card_from_the_list_to_the_difference_its_cure_made(visit: Open) -> None:
    page = visit("/clinic")
    clinic = Clinic(page)
    clinic.press("A result is changed before backward")
    expect(page.locator("[data-testid=stCode]")).to_contain_text("y += 1")
    assert page.locator("[data-testid=player]").count() == 0  # nothing ran yet
    clinic.predict_and_run(RAISED)
    expect(clinic.verdict()).to_contain_text(
        "As you predicted. RuntimeError was raised by line 7, at the node ExpBackward0"
    )
    expect(page.get_by_test_id("inspector")).to_contain_text("on line 5 changed y in place")
    expect(clinic.failed()).to_have_count(1)
    assert "ExpBackward0" in (clinic.failed().get_attribute("aria-label") or "")
    expect(clinic.failed()).to_be_in_viewport()

    clinic.press("Apply the cure")
    expect(clinic.verdict()).to_contain_text("Cured. It ran, and every gradient is right. x.grad = [1, 2.718]")
    expect(clinic.failed()).to_have_count(0)

    clinic.press("See what changed")
    programs = page.locator(".program-diff")
    expect(programs.locator("tr.removed del")).to_have_text("+=")
    expect(programs.locator("tr.added ins")).to_have_text("= y +")
    expect(page.locator(".pair svg")).to_have_count(2)
    marks = [one.get_attribute("data-mark") for one in page.locator(".pair figure").first.locator("[data-mark]").all()]
    assert sorted(mark for mark in marks if mark) == ["changed", "failed"]
    expect(page.locator(".graph-differences")).to_contain_text("raised an error → ran")

    clinic.press("All cards")
    expect(page.locator(".st-key-clinic-progress")).to_contain_text("1 of 27 tried, 1 predicted right")


def test_a_program_that_is_right_says_so_to_a_wrong_prediction(visit: Open) -> None:
    clinic = opened(visit, SAFE).predict_and_run(RAISED)
    expect(clinic.verdict()).to_contain_text("Not as predicted. It ran, and every gradient is right.")
    expect(clinic.verdict()).to_contain_text(f"You predicted: “{RAISED}”")
    expect(clinic.page.locator(".st-key-act")).to_contain_text("nothing to cure")


def test_a_large_graph_opens_with_the_failing_node_in_view(visit: Open) -> None:
    clinic = opened(visit, F12).predict_and_run(RAISED)
    clinic.failed().wait_for()
    clinic.page.evaluate(FRAMES_DRAWN)  # a frame that gets its size must not move the picture away
    frame, node = clinic.page.locator(".pane.graph .frame").bounding_box(), clinic.failed().bounding_box()
    assert frame is not None and node is not None
    assert frame["y"] <= node["y"] and node["y"] + node["height"] <= frame["y"] + frame["height"]


def test_a_card_is_played_with_the_keyboard_alone(visit: Open) -> None:
    clinic = opened(visit, F1)
    page = clinic.page
    page.locator(".st-key-question input[type=radio]").first.focus()
    page.keyboard.press("Space")
    expect(page.locator(".st-key-question button")).to_be_enabled()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(clinic.verdict()).to_contain_text("As you predicted.")


def test_progress_survives_a_change_of_page_and_starting_over_can_be_undone(visit: Open) -> None:
    clinic = opened(visit, F1).predict_and_run(RIGHT)
    page = clinic.page
    page.get_by_role("link", name="Explorer", exact=True).click()
    page.wait_for_selector("[data-testid=player] [data-testid=run]")
    page.get_by_role("link", name="Error clinic").click()
    progress = page.locator(".st-key-clinic-progress")
    expect(progress).to_contain_text("1 of 27 tried, 0 predicted right")
    clinic.press("Start over")
    expect(progress).to_contain_text("0 of 27 tried")
    clinic.press("Undo")
    expect(progress).to_contain_text("1 of 27 tried")
    wait_until(page, "(localStorage.getItem('backstep.clinic') ?? '').includes('predicted')")
    page.goto(page.url.partition("?")[0])  # another session of the server
    expect(progress).to_contain_text("1 of 27 tried, 0 predicted right")
    page.locator(".st-key-clinic-mark").get_by_text("predicted wrong").click()
    expect(page.locator(".st-key-clinic-cards button")).to_have_count(1)


def test_a_whole_tile_is_its_button_for_mouse_and_keyboard(visit: Open) -> None:
    page = visit("/clinic")
    tile = page.locator("[class*=st-key-clinic-card-]").nth(2)
    tile.scroll_into_view_if_needed()
    box = settled(page, tile.bounding_box)  # cards come one after the other
    assert box is not None
    page.mouse.click(box["x"] + box["width"] - 6, box["y"] + box["height"] - 6)
    expect(page.locator(".st-key-question")).to_be_visible()
    page.go_back()
    expect(tile).to_be_visible()
    settled(page, tile.bounding_box)
    tile.locator("button").focus()
    ring = page.evaluate("getComputedStyle(document.activeElement, '::after').getPropertyValue('inset')")
    assert ring == "0px"
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-question")).to_be_visible()


def test_back_and_forward_go_between_list_and_card(visit: Open) -> None:
    page = visit("/clinic")
    Clinic(page).press("A loss for each sample")
    page.wait_for_url("**/clinic?card=f05-loss-per-sample")
    page.wait_for_selector(".st-key-question")
    page.go_back()
    page.wait_for_selector(".st-key-clinic-cards")
    page.go_forward()
    expect(page.locator("[data-testid=stCode]")).to_contain_text("loss.backward()")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_chinese_visitor_on_a_phone_gets_as_far(visit: Open, scheme: str) -> None:
    clinic = opened(visit, F1, locale="zh-CN", viewport=PHONE, color_scheme=scheme)
    clinic.predict_and_run("会报错", "运行")
    expect(clinic.verdict()).to_contain_text("与你的预测一致。")
    clinic.press("应用修正")
    expect(clinic.verdict()).to_contain_text("已修正。")
    clinic.press("看看改了什么")
    expect(clinic.page.locator(".pair svg")).to_have_count(2)
    wide = clinic.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]
