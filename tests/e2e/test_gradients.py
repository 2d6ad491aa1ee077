"""The page of gradients in Chromium, with programs that really run."""

from __future__ import annotations

import base64
import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.explorer import Explorer

Open = Callable[..., Page]
PHONE = {"width": 390, "height": 844}
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"
DEEP = """import torch
torch.manual_seed(0)
layers = []
for _ in range(6):
    layers += [torch.nn.Linear(8, 8), torch.nn.Sigmoid()]
model = torch.nn.Sequential(*layers)
unused = torch.nn.Linear(2, 2)
big = torch.ones(120, 120, requires_grad=True)
bad = torch.tensor([0., 4.], requires_grad=True)
still = torch.tensor([2., 3.], requires_grad=True)
loss = model(torch.randn(4, 8)).sum() + big.sum() + (torch.sqrt(bad) * 0).sum() + (still * 0).sum()
loss.backward()
"""


class Gradients:
    """The open page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.locator(".st-key-gradient-part").wait_for()

    def figure(self, key: str) -> Locator:
        """A drawn Plotly figure by its key."""
        plot = self.page.locator(f".st-key-{key} .js-plotly-plot")
        plot.locator(".main-svg").first.wait_for()
        return plot

    def part(self, title: str) -> None:
        self.page.locator(".st-key-gradient-part").get_by_text(title, exact=True).click()

    def choose(self, name: str) -> None:
        picker = self.page.locator(".st-key-gradient-name input")
        picker.fill(name)
        picker.press("Enter")

    def csv(self) -> tuple[str, list[dict[str, str]]]:
        self.page.wait_for_selector(SETTLED)
        with self.page.expect_download() as download:
            self.page.locator(".st-key-gradient-csv").get_by_role("button").click()
        text = Path(download.value.path()).read_text(encoding="utf-8-sig")
        return download.value.suggested_filename, list(csv.DictReader(text.splitlines()))


def opened(visit: Open, path: str, **options: object) -> Gradients:
    return Gradients(visit(path, **options))


def ran(visit: Open, source: str) -> Gradients:
    """A program run in the Explorer, and the page reached from there."""
    explorer = Explorer(visit("/")).wait_for_picture()
    explorer.run(source)
    expect(explorer.page.get_by_role("button", name="Restore")).to_be_visible()  # the result is on the desk
    explorer.page.get_by_role("link", name="Gradients").click()
    return Gradients(explorer.page)


def test_a_deep_link_shows_the_wrong_gradient_beside_the_true_one(visit: Open) -> None:
    page = opened(visit, "/gradients?lesson=d5-data")
    name, (row,) = page.csv()
    assert name == "gradients-d5_data.csv"
    assert (row["name"], row["state"], float(row["norm"]), row["findings"]) == (
        "a",
        "zero",
        0.0,
        "silent-wrong-gradient",
    )
    assert float(row["true_norm"]) == pytest.approx(6.289, abs=1e-3)
    figure = page.figure("gradient-norms")
    expect(figure).to_contain_text("true gradient")
    expect(figure).to_contain_text("6.289")
    expect(page.page.locator(".st-key-gradient-page")).to_contain_text("The true gradient is [6, 1.333, 1.333].")


def test_a_program_of_ones_own_shows_vanishing_missing_and_broken_gradients(visit: Open) -> None:
    page = ran(visit, DEEP)
    _name, rows = page.csv()
    states = {row["name"]: row["state"] for row in rows}
    assert states["bad"] == "not_finite" and states["still"] == "zero" and states["unused.weight"] == "none"
    norms = [float(row["norm"]) for row in rows if row["name"].startswith("model") and row["name"].endswith("weight")]
    assert len(norms) == 6 and norms[0] < norms[-1] / 100
    figure = page.figure("gradient-norms")
    for text in ("model.0.weight", "0 everywhere", "NaN", "None", "unused.bias"):
        expect(figure).to_contain_text(text)


def test_the_filter_and_the_toggle_work(visit: Open) -> None:
    page = ran(visit, DEEP)
    box = page.page.locator(".st-key-gradient-filter input")
    box.fill("UNUSED")
    box.press("Enter")
    expect(page.page.locator(".st-key-gradient-tools")).to_contain_text("2 of 17 shown")
    assert [row["name"] for row in page.csv()[1]] == ["unused.weight", "unused.bias"]
    box.fill("")
    box.press("Enter")
    page.page.locator(".st-key-gradient-problems label").click()
    expect(page.page.locator(".st-key-gradient-tools")).to_contain_text("4 of 17 shown")


def test_one_gradient_is_drawn_and_a_part_says_so(visit: Open) -> None:
    page = ran(visit, DEEP)
    page.part("One gradient")
    page.choose("big")
    page.figure("gradient-heat")
    expect(page.page.locator(".st-key-gradient-page")).to_contain_text("36 of 14,400 elements")
    page.figure("gradient-histogram")  # of all of them: counted while the program was recorded
    page.choose("bad")
    expect(page.figure("gradient-heat")).to_contain_text("NaN")
    expect(page.figure("gradient-histogram")).to_contain_text("value of an element")


CUT = """import torch
w = torch.tensor([3., 4.], requires_grad=True)
v = torch.tensor([1., 2.], requires_grad=True)
y = (v * 2).detach()
((-w).relu() * y).sum().backward()
"""


def test_the_reason_of_a_gradient_leads_to_its_place_in_the_graph(visit: Open) -> None:
    page = ran(visit, CUT)
    for name, node in (("w", "ReluBackward0"), ("v", "MulBackward0")):
        page.page.locator(f".st-key-note-{name}").get_by_role("button", name="Show in the graph").click()
        explorer = Explorer(page.page).wait_for_picture()
        expect(page.page.locator(".vertex.selected")).to_have_attribute("aria-label", re.compile(f"^{name},"))
        place = page.page.locator(".vertex.place")
        expect(place).to_have_count(1)
        assert node in (place.get_attribute("aria-label") or "")
        expect(explorer.page.locator("[data-testid=why]")).to_contain_text(
            node if name == "w" else "detach() on line 4"
        )
        explorer.page.locator("[data-testid=why] button").click()
        expect(page.page.locator(".vertex.selected")).to_have_attribute("aria-label", re.compile(node))
        explorer.page.get_by_role("link", name="Gradients").click()


@pytest.mark.parametrize(("scheme", "ground"), [("light", "ffffff"), ("dark", "12161c")])
def test_the_graph_has_norms_on_its_edges_in_the_theme(visit: Open, scheme: str, ground: str) -> None:
    page = opened(visit, "/gradients?lesson=d5-data", color_scheme=scheme)
    page.part("On the graph")
    picture = page.page.locator(".gradient-flow img")
    picture.wait_for()
    svg = base64.b64decode((picture.get_attribute("src") or "").partition(",")[2]).decode()
    assert "0.577" in svg and svg.count("stroke-dasharray") >= 3
    assert ("white" if scheme == "light" else f"#{ground}") in svg
    assert picture.evaluate("image => image.naturalWidth") > 50


def test_the_place_is_kept_between_the_pages(visit: Open) -> None:
    page = opened(visit, "/gradients?lesson=e3-retain-grad&lang=zh").page
    page.get_by_role("link", name="逐步查看").click()
    explorer = Explorer(page).wait_for_picture()
    assert "y.retain_grad()" in explorer.program()
    page.get_by_role("link", name="梯度").click()
    page.locator(".st-key-gradient-part").wait_for()
    expect(page).to_have_url(re.compile("/gradients.*lesson=e3-retain-grad"))
    expect(page.locator(".st-key-gradient-part")).to_contain_text("全部梯度")


@pytest.mark.parametrize("part", ["All gradients", "One gradient", "On the graph"])
def test_a_phone_is_not_scrolled_sideways(visit: Open, part: str) -> None:
    page = opened(visit, "/gradients?lesson=e3-intermediate", viewport=PHONE)
    page.part(part)
    page.page.wait_for_selector(SETTLED)
    assert page.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
