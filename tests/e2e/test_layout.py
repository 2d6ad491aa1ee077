"""Where things are on the screen: the header's rows, the picture's texts, what is cut, on a projector, a phone, zoomed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from engine.program.lesson import lessons
from tests.e2e.axe import violations
from tests.e2e.explorer import Explorer
from tests.e2e.waiting import settled

Open = Callable[..., Page]
CROWDED = (
    "c6-residuals",
    "e2-accumulate",
    "e6-regression",
    "a3-autograd",
    "a4-function",
    "a6-rmsprop",
    "b3-two-layers",
    "f10-rebound-weight",
    "f12-hidden-state",
)
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ZOOMED = {"viewport": {"width": 640, "height": 360}, "device_scale_factor": 2}  # 1280x720 at 200%
DRAWN = "[data-testid=player] :is([data-node-id], .no-picture, [data-testid=vertices])"
BOXES = """() => {
  const player = [...document.querySelectorAll("*")].map((e) => e.shadowRoot?.querySelector("[data-testid=player]")).find(Boolean);
  const box = (e) => { const { left, top, right, bottom } = e.getBoundingClientRect(); return [left, top, right, bottom].map(Math.round); };
  const rows = (key) => new Set([...document.querySelectorAll(`.st-key-${key} :is(a, button, input, label)`)].filter((e) => e.checkVisibility())
    .map((e) => { const [, top, , bottom] = box(e); return Math.round((top + bottom) / 20); })).size;
  const scale = player.querySelector(".frame svg > g")?.getScreenCTM().a ?? 1;
  const texts = [...player.querySelectorAll(".frame svg text")].filter((e) => e.textContent.trim()).map((e) => parseFloat(getComputedStyle(e).fontSize) * scale);
  const spilled = [...player.querySelectorAll(".frame .vertex:not([data-kind=cut])")].flatMap((vertex) => {
    const [left, , right] = box(vertex.querySelector("path, polygon, ellipse"));
    return [...vertex.querySelectorAll(":scope > text, :scope > g:not(.sign-of-failure) > text")].filter((e) => { const [l, , r] = box(e); return l < left - 1 || r > right + 1; }).map((e) => e.textContent);
  });
  const cut = [...player.querySelectorAll(".now *")].filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== "visible"
    && !(e.tabIndex === 0 && e.getAttribute("role") === "region" && e.getAttribute("aria-label"))).map((e) => e.outerHTML.slice(0, 80));
  const output = player.querySelector(".output");
  return {
    player: box(player), language: box(document.querySelector(".st-key-language")), rows: [rows("bar"), rows("row")],
    texts: texts.length ? [Math.min(...texts), Math.max(...texts)] : null, spilled, cut,
    frame: box(player.querySelector(".frame")), headline: box(player.querySelector(".now h2")), now: box(player.querySelector(".now")),
    code: box(player.querySelector("[data-testid=code]")), controls: box(player.querySelector(".controls")), timeline: box(player.querySelector(".timeline")),
    focus: player.querySelector(".vertex.focus") && box(player.querySelector(".vertex.focus")),
    output: output.checkVisibility() ? output.querySelector("pre").clientHeight : null,
    page: document.querySelector("[data-testid=stMain]").scrollHeight,
  };
}"""


def look(page: Page, path: str) -> dict[str, Any]:
    """The boxes (left, top, right, bottom) of a lesson once it is drawn and stands still."""
    page.goto(page.url.split("/?")[0].rstrip("/") + path)
    page.wait_for_selector(DRAWN)
    return settled(page, lambda: page.evaluate(BOXES), still_ms=150)


def outside(inner: list[int], outer: list[int]) -> bool:
    return inner[0] < outer[0] - 1 or inner[1] < outer[1] - 1 or inner[2] > outer[2] + 1 or inner[3] > outer[3] + 1


def faults(seen: dict[str, Any]) -> list[str]:
    """What a teacher would object to at 1280x720."""
    found = [f"{seen['rows']} rows"] if max(seen["rows"]) > 1 else []
    found += [f"player at {seen['player']}"] if seen["player"][1] > 90 else []
    found += [f"page of {seen['page']} px"] if seen["page"] > 720 else []
    found += (
        [f"text of {seen['texts']} px"]
        if seen["texts"] and not 11 <= seen["texts"][0] <= seen["texts"][1] <= 16.01
        else []
    )
    found += [f"spills: {text}" for text in seen["spilled"]] + [f"cut: {text}" for text in seen["cut"]]
    found += ["output cut"] if seen["output"] is not None and seen["output"] < 40 else []
    found += ["the running node is out of sight"] if seen["focus"] and outside(seen["focus"], seen["frame"]) else []
    return found


@pytest.mark.slow
@pytest.mark.parametrize("part", range(2))
def test_lessons_fit_a_projector(visit: Open, part: int) -> None:
    page = visit("/")
    seen = {lesson.slug: look(page, f"/?lesson={lesson.slug}") for lesson in lessons()[part::20]}
    assert {slug: found for slug, one in seen.items() if (found := faults(one))} == {}


@pytest.mark.timeout(400)  # ten pages
@pytest.mark.parametrize("language", ["en", "zh"])
def test_crowded_lessons_have_the_same_header_as_others(visit: Open, language: str) -> None:
    page = visit("/")
    seen = {slug: look(page, f"/?lesson={slug}&lang={language}") for slug in ("c1-product", *CROWDED)}
    assert {slug: found for slug, one in seen.items() if (found := faults(one))} == {}
    assert len({tuple(one["language"]) for one in seen.values()}) == 1
    assert len({one["player"][1] for one in seen.values()}) == 1


@pytest.mark.parametrize("slug", ["c1-product", "d4-equal-weights", CROWDED[0]])
def test_a_phone_shows_step_sentence_and_controls_together_and_the_code_one_swipe_away(visit: Open, slug: str) -> None:
    page = visit("/", **PHONE)
    seen = look(page, f"/?lesson={slug}")
    screen = [0, 0, 390, 844]
    for part in ("frame", "headline", "controls", "timeline", "language"):
        assert not outside(seen[part], screen), part
    assert seen["page"] <= 844
    assert seen["player"][1] <= 90
    assert seen["rows"] == [1, 1]
    assert seen["focus"] is None or not outside(seen["focus"], seen["frame"])
    assert seen["code"][0] >= 375
    page.locator(".pane-tab").nth(1).tap()
    at = settled(page, lambda: page.evaluate(BOXES))
    assert not outside(at["code"], screen)
    assert not outside(at["controls"], screen)
    assert page.locator(".pane-tab").nth(1).get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize("slug", ["c1-product", "e6-regression"])
def test_at_200_percent_the_picture_gets_most_of_what_the_header_leaves(visit: Open, slug: str) -> None:
    seen = look(visit("/", **ZOOMED), f"/?lesson={slug}")
    assert seen["page"] <= 360
    assert seen["frame"][3] - seen["frame"][1] >= 180
    for part in ("frame", "headline", "controls", "timeline"):
        assert not outside(seen[part], [0, 0, 640, 360]), part


def test_a_search_shows_its_hit_in_the_middle_and_large(visit: Open) -> None:
    page = visit("/?lesson=b5")
    explorer = Explorer(page).wait_for_picture()
    explorer.focus()
    explorer.press("0", "-", "-", "-", "/")
    page.locator("[data-testid=search]").fill("weight")
    hit = page.locator(".vertex.selected")
    box, frame = hit.bounding_box(), page.locator(".frame").bounding_box()
    assert box and frame
    assert abs(box["x"] + box["width"] / 2 - frame["x"] - frame["width"] / 2) < 4
    assert abs(box["y"] + box["height"] / 2 - frame["y"] - frame["height"] / 2) < 4
    assert (
        hit.locator("text.name").evaluate("(e) => parseFloat(getComputedStyle(e).fontSize) * e.getScreenCTM().a") >= 11
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_lessons_with_findings_and_errors(visit: Open, scheme: str) -> None:
    page = visit("/", color_scheme=scheme, reduced_motion="reduce")
    for slug in ("d5-data", "f12-hidden-state", "d4-equal-weights", "a1-numpy"):
        look(page, f"/?lesson={slug}")
        assert violations(page) == [], slug
    page.goto(page.url.split("/?")[0] + "/?lesson=c1")
    explorer = Explorer(page).wait_for_picture()
    explorer.type_program(explorer.program() + "# more\n")
    page.wait_for_selector(".stale")
    assert violations(page) == []
