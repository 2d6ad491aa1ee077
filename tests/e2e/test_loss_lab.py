"""The loss laboratory in Chromium: an outlier is moved, and the numbers that PyTorch prints follow."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

Open = Callable[..., Page]
PHONE = {"width": 390, "height": 844}


class Lab:
    """The open page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.plot("loss-curve")

    def plot(self, key: str) -> Locator:
        """A drawn figure by its key."""
        plot = self.page.locator(f".st-key-{key} .js-plotly-plot")
        plot.locator(".main-svg").first.wait_for()
        return plot

    def chosen(self) -> Locator:
        """The row of the chosen point."""
        return self.page.locator(".loss-table tr.chosen")

    def cells(self) -> list[str]:
        return self.chosen().locator("td").all_text_contents()

    def press(self, *keys: str) -> None:
        """Keys on the slider that moves the chosen point."""
        slider = self.page.locator(".st-key-loss-moved input")
        slider.focus()
        for key in keys:
            slider.press(key)

    def choose(self, control: str, title: str) -> None:
        self.page.locator(f".st-key-{control}").get_by_text(title, exact=True).click()

    def expect_cell(self, column: int, text: str) -> None:
        expect(self.chosen().locator("td").nth(column)).to_have_text(text)

    def click(self, key: str, across: float, up: float) -> None:
        """A click on a place of a figure's plot area, in parts of its width and height."""
        area = self.plot(key).locator(".nsewdrag").first
        box = area.bounding_box()
        assert box is not None
        self._click(box["x"] + across * box["width"], box["y"] + (1 - up) * box["height"])

    def click_first_target(self) -> None:
        box = self.plot("loss-data").locator(".scatterlayer .trace").last.locator(".point").first.bounding_box()
        assert box is not None
        self._click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def _click(self, x: float, y: float) -> None:
        """Plotly clicks what it has found below the pointer, which it shows."""
        self.page.mouse.move(x, y)
        self.page.locator(".hoverlayer .hovertext").first.wait_for()
        self.page.mouse.click(x, y)


def opened(visit: Open, path: str = "/losses", **options: object) -> Lab:
    return Lab(visit(path, **options))


def test_an_outlier_that_is_moved_pulls_by_its_distance_with_mse_and_always_alike_with_l1(visit: Open) -> None:
    lab = opened(visit)
    # residual 6 - 14; loss of one point and gradient, by mean of six points: MSE, L1, SmoothL1 (1), Huber (2)
    assert lab.cells() == ["6", "-8", "10.67", "-2.667", "1.333", "-0.1667", "1.25", "-0.1667", "2.333", "-0.3333"]
    lab.press("Home")
    lab.expect_cell(1, "21")
    assert lab.cells()[2:6] == ["73.5", "7", "3.5", "0.1667"]
    lab.press("ArrowRight")
    lab.expect_cell(1, "20.9")
    assert float(lab.cells()[3]) == pytest.approx(2 * 20.9 / 6, rel=1e-3)
    lab.choose("loss-reduction", "sum")
    lab.expect_cell(3, "41.8")
    assert lab.cells()[5] == "1"


def test_a_click_on_a_curve_moves_the_point_there_and_a_click_on_a_point_chooses_it(visit: Open) -> None:
    lab = opened(visit)
    lab.click("loss-slopes", 0.75, 0.72)
    expect(lab.chosen().locator("td").nth(1)).not_to_have_text("-8")
    residual, gradient = float(lab.cells()[1]), float(lab.cells()[3])
    assert residual > 2
    assert gradient == pytest.approx(2 * residual / 6, rel=1e-2)
    lab.click_first_target()
    lab.expect_cell(0, "1")
    lab.expect_cell(1, "-0.4")


def test_a_saturated_sigmoid_gives_zero_and_nan_where_the_logits_give_one(visit: Open) -> None:
    lab = opened(visit, "/losses?part=binary", color_scheme="dark")
    assert lab.cells() == ["4", "20", "100", "0", "20", "1", "∞", "NaN"]
    assert "NaN" in (lab.plot("loss-slopes").locator(".legend").text_content() or "")
    lab.choose("loss-chosen", "3")
    lab.expect_cell(0, "3")
    p = 1 / (1 + math.exp(-5))
    assert [float(lab.cells()[i]) for i in (3, 5, 7)] == pytest.approx([p, p, p], rel=1e-3)
    lab.choose("loss-target", "1")
    lab.expect_cell(3, "-0.006693")


def test_the_gradient_of_cross_entropy_is_softmax_minus_one_hot(visit: Open) -> None:
    lab = opened(visit, "/losses?part=classes", locale="zh-CN")
    expect(lab.page.locator(".st-key-bar")).to_contain_text("损失实验室")
    for change in ("", "2"):
        if change:
            lab.choose("loss-class", change)
            expect(lab.page.locator(".loss-table tbody tr").nth(2).locator("td").nth(3)).to_have_text("1")
        rows = lab.page.locator(".loss-table tbody tr").all()
        for row in rows:
            _name, _logit, softmax, onehot, gradient = (float(t) for t in row.locator("td").all_text_contents())
            assert gradient == pytest.approx(softmax - onehot, abs=2e-4)
    lab.choose("loss-reduction", "mean")
    lab.expect_cell(4, "0.2146")
    assert float(lab.cells()[2]) / 3 == pytest.approx(0.2146, abs=1e-4)


def test_the_program_is_shown_and_a_phone_has_room(visit: Open) -> None:
    lab = opened(visit, viewport=PHONE)
    lab.page.get_by_role("button", name="The program").click()
    expect(lab.page.get_by_test_id("stCode")).to_contain_text("loss.backward()")
    assert lab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_part_is_in_the_link_and_settings_outlast_a_visit_to_another_page(visit: Open) -> None:
    lab = opened(visit)
    lab.choose("loss-family", "BCE")
    lab.page.wait_for_url("**part=binary*")
    lab.press("Home")
    lab.expect_cell(1, "-120")
    lab.page.get_by_role("link", name="Error clinic").click()
    lab.page.wait_for_url("**/clinic*")
    lab.page.get_by_role("link", name="Loss lab").click()
    lab.expect_cell(1, "-120")
