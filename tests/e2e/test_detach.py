"""The page detach vs .data in Chromium, with programs that really run."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.graphviz_tools.player.opened import text_of

Open = Callable[..., Page]
WRITE = 6  # the moment of b_.zero_() in the example


class Detach:
    """The open page."""

    def __init__(self, page: Page, *slugs: str) -> None:
        self.page = page
        for slug in slugs or ("detach", "data"):
            self.column(slug).locator("[data-testid=verdict]").wait_for()

    def column(self, slug: str) -> Locator:
        return self.page.locator(f"[data-testid=column][data-variant={slug}]")

    def verdict(self, slug: str) -> str | None:
        return self.column(slug).get_attribute("data-verdict")

    def tags(self, slug: str) -> list[str]:
        """Each tensor at the first storage with its counter: "b version 1"."""
        tags = self.column(slug).locator("[data-testid=storage]").first.locator("[data-testid=tag]")
        return [f"{t.locator('.tag-name').inner_text()} {t.locator('.version').inner_text()}" for t in tags.all()]

    def cells(self, slug: str) -> list[str]:
        return self.column(slug).locator("[data-testid=storage]").first.locator(".bytes td").all_inner_texts()

    def saved(self, slug: str) -> str:
        return self.column(slug).locator(".saved-sentence").first.inner_text()

    def judged(self, slug: str) -> Locator:
        return self.column(slug).locator("[data-testid=judged]")

    def now(self, slug: str) -> str:
        return self.column(slug).locator(".column-now").inner_text()

    def counter(self) -> str:
        return self.page.locator("[data-testid=step-counter]").inner_text()

    def press(self, *keys: str) -> None:
        self.page.locator("[data-testid=compare]").focus()
        for key in keys:
            self.page.keyboard.press(key)

    def common(self) -> Locator:
        return self.page.locator("[data-testid=code] [data-testid=editor]")

    def own(self, slug: str) -> Locator:
        return self.column(slug).locator("[data-testid=editor]")

    def run(self) -> None:
        self.page.locator("[data-testid=run]").click()
        expect(self.page.locator(".veil")).to_be_hidden()


def opened(visit: Open, path: str = "/detach", *slugs: str, **options: object) -> Detach:
    return Detach(visit(path, **options), *slugs)


def test_detach_raises_and_its_three_lines_are_shown(visit: Open) -> None:
    page = opened(visit)
    assert page.verdict("detach") == "error"
    assert page.judged("detach").locator(".at-line").all_inner_texts() == [
        "5 saved here",
        "8 changed here",
        "10 used here",
    ]
    expect(page.judged("detach").locator(".true")).to_have_text("true [6, 1.333, 1.333]")


def test_data_computes_zeros_where_the_true_gradient_is_another(visit: Open) -> None:
    page = opened(visit)
    assert page.verdict("data") == "wrong"
    expect(page.judged("data").locator(".computed")).to_have_text("computed [0, 0, 0]")
    expect(page.judged("data").locator(".true")).to_have_text("true [6, 1.333, 1.333]")


def test_it_opens_at_the_write_where_one_counter_moves_and_the_other_stands_still(visit: Open) -> None:
    page = opened(visit)
    assert page.counter() == f"{WRITE} / 14"
    assert page.tags("detach") == ["b version 0 → 1", "b_ version 0 → 1", "MulBackward0 noted version 0"]
    assert page.tags("data") == ["b version 0", "b_ version 0 → 1", "MulBackward0 noted version 0"]
    assert page.cells("detach") == page.cells("data") == ["0", "0", "0"]
    assert page.saved("detach") == "✕ Version 1, noted 0: PyTorch will refuse."
    assert page.saved("data") == "⚠ Other bytes, still version 0: PyTorch cannot see it."


def test_stepping_moves_both_and_the_one_that_ended_waits(visit: Open) -> None:
    page = opened(visit)
    page.press("ArrowLeft")
    assert (page.now("detach"), page.now("data")) == ("b_ = b.detach()", "b_ = b.data")
    assert page.cells("detach") == page.cells("data") == ["9", "2", "2"]
    page.press(*["ArrowRight"] * 4)
    assert (page.now("detach"), page.now("data")) == ("MulBackward0 fails", "MulBackward0 runs")
    page.press("End")
    assert page.now("detach").split("\n") == ["RuntimeError", "has ended"]
    assert page.saved("data") == "⚠ Backward used these other numbers, and PyTorch could not see it."
    page.press("Home")
    assert page.now("detach") == page.now("data") == "before the first line"
    assert page.column("data").locator(".nothing").inner_text() == "Nothing is in memory yet."


def test_a_line_of_the_verdict_leads_to_its_moment(visit: Open) -> None:
    page = opened(visit)
    page.judged("data").locator(".at-line").first.click()
    assert page.counter() == "3 / 14"
    expect(page.page.locator("[data-testid=code] .cm-gutterElement.current")).to_have_text("5")


def test_the_harmless_variants_are_right_and_say_why(visit: Open) -> None:
    slugs = ("clone", "out-of-place", "not-saved")
    page = opened(visit, f"/detach?variants={','.join(slugs)}", *slugs)
    assert [page.verdict(slug) for slug in slugs] == ["right"] * 3
    expect(page.judged("clone")).to_contain_text("Line 8 changed b_, which is a copy with a storage of its own.")
    expect(page.judged("out-of-place")).to_contain_text("Nothing was written in place")
    expect(page.judged("not-saved")).to_contain_text("Line 8 changed b.data, but nothing had saved those numbers")
    expect(page.judged("clone").locator(".gradients")).to_contain_text("[6, 1.333, 1.333]")


def test_numpy_writes_at_a_moment_of_its_own_without_a_counter(visit: Open) -> None:
    page = opened(visit, "/detach?variants=detach,numpy", "detach", "numpy")
    assert "NumPy array no version counter" in page.tags("numpy")
    assert page.now("numpy") == "line 7 writes to the memory, and PyTorch is not told"
    assert page.now("detach") == "b_.zero_()"
    assert page.verdict("numpy") == "wrong"


def test_a_variant_is_added_and_taken_away_by_its_name(visit: Open) -> None:
    page = opened(visit)
    page.page.get_by_role("button", name="clone()").click()
    page.column("clone").locator("[data-testid=verdict]").wait_for()
    expect(page.page.locator("[data-testid=column]")).to_have_count(3)
    page.page.get_by_role("button", name="detach()", exact=True).click()
    expect(page.column("detach")).to_have_count(0)
    expect(page.page).to_have_url(re.compile("variants=data%2Cclone"))


def test_the_learner_changes_the_program_and_a_variant_and_runs_both(visit: Open) -> None:
    page = opened(visit)
    page.common().fill(text_of(page.common()).replace("a + 2", "a * 2"))
    page.own("data").fill("b_ = b.data\nb_.add_(1)")
    expect(page.page.locator(".stale")).to_have_count(1)
    page.run()
    expect(page.judged("data").locator(".computed")).to_have_text("computed [20, 1.333, 1.333]")
    expect(page.judged("data").locator(".true")).to_have_text("true [18.67, 0, 0]")
    assert page.cells("data") == ["15", "1", "1"]
    assert text_of(page.own("data")) == "b_ = b.data\nb_.add_(1)"
    page.page.get_by_role("button", name="Restore").click()
    expect(page.judged("data").locator(".computed")).to_have_text("computed [0, 0, 0]")
    assert text_of(page.own("data")) == "b_ = b.data\nb_.zero_()"


def test_changes_are_undone_without_running(visit: Open) -> None:
    page = opened(visit)
    page.own("detach").fill("nonsense")
    page.page.locator(".veil button").last.click()
    expect(page.page.locator(".stale")).to_have_count(0)
    assert text_of(page.own("detach")) == "b_ = b.detach()\nb_.zero_()"


def test_the_graphs_step_along_too(visit: Open) -> None:
    page = opened(visit)
    page.page.locator("[data-mode=graph]").click()
    page.press("ArrowRight", "ArrowRight", "ArrowRight")
    assert page.column("detach").locator("[data-state=failed]").count() == 1
    running = page.column("data").locator(".vertex[data-kind=node][data-state=running]")
    assert "MulBackward0" in (running.get_attribute("aria-label") or "")


def test_a_program_that_does_not_compile_is_an_error_in_its_column_alone(visit: Open) -> None:
    page = opened(visit)
    page.own("detach").fill("b_ = (")
    page.run()
    expect(page.judged("detach")).to_contain_text("never closed")
    assert page.verdict("data") == "wrong"


def test_in_chinese_everything_is_chinese_and_the_moment_stays(visit: Open) -> None:
    page = opened(visit)
    page.press("ArrowRight")
    page.page.get_by_text("中文", exact=True).click()
    expect(page.column("data").locator("[data-testid=verdict]")).to_have_text("⚠ 无声出错")
    assert page.counter() == f"{WRITE + 1} / 14"
    assert page.saved("data") == "⚠ 内容变了，版本仍是 0：PyTorch 察觉不到。"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_two_variants_fit_on_one_screen(visit: Open, scheme: str) -> None:
    page = opened(visit, color_scheme=scheme)
    hidden = "all => all.map(e => e.scrollHeight - e.clientHeight)"
    overflow = page.page.locator("[data-testid=column], .memory, .judged").evaluate_all(hidden)
    assert max(overflow) <= 1
    bottom = page.page.locator(".bottom").bounding_box()
    assert bottom is not None
    assert bottom["y"] + bottom["height"] <= 720
    script = "e => getComputedStyle(e).backgroundColor"
    ground = page.column("data").evaluate(script)
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 22, 28)"}[scheme]


def test_on_a_phone_the_variants_stand_below_each_other(visit: Open) -> None:
    page = opened(visit, viewport={"width": 390, "height": 844})
    detach, data = (page.column(slug).bounding_box() for slug in ("detach", "data"))
    assert detach is not None and data is not None
    assert data["y"] >= detach["y"] + detach["height"]
    assert detach["width"] > 350
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 390
