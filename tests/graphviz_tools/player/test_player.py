"""The player in Chromium on payloads written by hand: the picture, the selection, values, marks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, expect

from engine.text.language import N_
from graphviz_tools.payload import Cell, ShownValue
from graphviz_tools.picture import show
from tests.graphviz_tools.player.opened import Open, counter, opening, press
from tests.graphviz_tools.player.payloads import LONG, NAME, no_graph, odd
from tests.graphviz_tools.traces import c1, recurrent

pytestmark = pytest.mark.e2e


@pytest.fixture
def player(browser: Browser) -> Iterator[Open]:
    with opening(browser) as open_player:
        yield open_player


def test_nothing_of_a_hostile_picture_survives_and_nothing_runs(player: Open) -> None:
    page = player(odd())
    page.locator("[data-node-id=w1]").click()
    hostile = (
        "[data-testid=player] :is(script, image, foreignObject, animate, style, a, img, [onclick], [onload], [href])"
    )
    assert page.locator(hostile).count() == 0
    assert page.evaluate("window.hacked") is None
    assert NAME in page.locator("[data-testid=inspector]").inner_text()


def test_states_kinds_and_what_is_built_can_be_read_from_outside(player: Open) -> None:
    page = player(odd())
    press(page, "ArrowRight", "ArrowRight", "ArrowRight")
    read = "all => all.map(v => [v.dataset.nodeId, v.dataset.kind, v.dataset.state, v.dataset.built])"
    assert page.locator("[data-node-id]").evaluate_all(read) == [
        ["root", "root", "done", "true"],
        ["bad", "node", "failed", "true"],
        ["w1", "leaf", "waiting", "true"],
        ["w2", "leaf", "waiting", "true"],
        ["kept", "saved", "freed", "true"],
    ]
    press(page, "Home")
    assert page.locator("[data-built=false]").evaluate_all("all => all.map(v => v.id)") == ["a2", "w2"]


def test_a_failed_vertex_is_hatched_and_signed_and_says_so_and_is_whole_again_before(player: Open) -> None:
    page = player(odd())
    press(page, "End")
    failed = page.locator("[data-node-id=bad]")
    assert failed.locator(".hatch").count() == 1
    assert failed.locator(".sign-of-failure text").text_content() == "✕"
    assert (failed.get_attribute("aria-label") or "").endswith("(failed)")
    press(page, "Home")
    assert failed.locator(".hatch, .sign-of-failure").count() == 0


def test_a_badge_too_long_is_cut_and_whole_on_hover(player: Open) -> None:
    page = player(odd())
    press(page, "End")
    leaf = page.locator("[data-node-id=w1]")
    shown = leaf.locator("text.badge").text_content() or ""
    assert shown.endswith("…")
    assert LONG.startswith(shown[:-1])
    assert LONG in (leaf.locator("title").text_content() or "")
    assert LONG in (leaf.get_attribute("aria-label") or "")


def test_a_click_shows_all_places_of_a_leaf_and_a_step_forgets_it(player: Open) -> None:
    page = player(odd())
    page.locator("[data-node-id=w1]").click()
    assert page.locator(".vertex.same").get_attribute("data-node-id") == "w2"
    press(page, "ArrowRight")
    assert page.locator(".vertex:is(.selected, .same)").count() == 0


def test_a_click_on_a_node_marks_its_line(player: Open) -> None:
    page = player(odd())
    page.locator("[data-node-id=bad]").click()
    assert page.locator(".number.current").text_content() == "2"


def test_numbers_none_and_nothing_yet_look_different_and_points_stand_in_line(player: Open) -> None:
    page = player(odd())
    press(page, "ArrowRight", "ArrowRight", "ArrowRight")
    inside = page.locator("[data-testid=inspector]")
    for look, text in ((".value.none", "None"), (".value.pending", "·"), ("td.zero", "0"), ("td.nan", "NaN")):
        assert inside.locator(look).all_inner_texts() == [text]
    ends = inside.locator("table >> nth=1 >> td").evaluate_all(
        "all => all.map(c => { const r = document.createRange(); const t = c.firstChild; const p = t.data.indexOf('.');"
        " r.setStart(t, 0); r.setEnd(t, p < 0 ? t.length : p); return Math.round(r.getBoundingClientRect().right) })"
    )
    assert ends[0] == ends[2]
    assert ends[1] == ends[3]


def test_output_is_shown_as_far_as_it_was_printed(player: Open) -> None:
    page = player(odd())
    output = page.locator("[data-testid=output]")
    assert output.text_content() == ""
    press(page, "ArrowRight", "ArrowRight")
    assert output.text_content() == "3\n\n"
    press(page, "End")
    assert output.text_content() == "3\n\n12"


def test_a_click_on_the_timeline_and_on_its_marks_goes_there(player: Open) -> None:
    page = player(odd())
    page.locator(".mark.failure").click()
    assert counter(page) == "3 / 4"
    assert page.locator(".mark.failure").get_attribute("title") == NAME
    page.locator(".band.forward").click(position={"x": 20, "y": 8})
    assert counter(page) == "1 / 4"
    box = page.locator(".rail").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 35)
    assert page.locator(".hint").inner_text() == "1: makes w"


def test_without_a_graph_it_says_so_and_steps_still(player: Open) -> None:
    page = player(no_graph())
    assert page.locator(".no-picture").inner_text() == "There is no graph."
    press(page, "End", "+", "0", "/", "Escape")
    assert counter(page) == "1 / 1"
    assert page.locator(".tools, .legend").locator("visible=true").count() == 0


def test_what_changed_is_lit_for_a_moment_and_not_where_less_motion_is_asked_for(player: Open) -> None:
    running = "async () => { await new Promise(requestAnimationFrame); await new Promise(requestAnimationFrame);"
    running += " return document.querySelector('.frame').getAnimations({ subtree: true }).filter(a => a.animationName).length }"
    found = []
    for motion in ("no-preference", "reduce"):
        page = player(odd(), reduced_motion=motion)
        press(page, "ArrowRight", "ArrowRight", "ArrowRight")
        found.append(page.evaluate(running))
    assert found == [1, 0]


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844)])
def test_everything_that_can_be_pressed_is_large_enough(player: Open, width: int, height: int) -> None:
    page = player(odd(), viewport={"width": width, "height": height})
    sizes = page.locator("button:visible, select:visible, summary:visible").evaluate_all(
        "all => all.filter(e => !e.matches('.link')).map(e => [e.className, e.getBoundingClientRect()])"
        ".map(([name, r]) => [name, Math.min(r.width, r.height)])"
    )
    assert [(name, size) for name, size in sizes if size < 24] == []
    if width < 760:
        assert [(name, size) for name, size in sizes if name.startswith(("tool", "primary")) and size < 40] == []


def test_a_table_wider_than_the_inspector_scrolls_by_keys_and_says_that_there_is_more(player: Open) -> None:
    payload = odd()
    wide = ShownValue(
        "tensor", "", rows=(tuple(Cell("-1.2345e-10") for _ in range(6)),) * 2, stats=(("min", "-1.2345e-10"),) * 6
    )
    page = player(replace(payload, values=(wide, *payload.values[1:3], wide)))
    press(page, "End", "ArrowLeft")
    table = page.get_by_role("region", name="numbers")
    assert table.evaluate("(e) => e.scrollWidth > e.clientWidth && e.matches('.more[tabindex=\"0\"]')")
    table.evaluate("(e) => { e.scrollLeft = 9999 }")
    expect(page.locator(".scrolls.more")).to_have_count(1)  # the other one
    assert page.locator(".stats").first.evaluate(
        "(e) => e.getBoundingClientRect().right <= e.closest('.now').getBoundingClientRect().right"
    )
    page.set_viewport_size({"width": 3000, "height": 720})
    page.get_by_role("separator").nth(1).press("Home")
    expect(page.locator(".scrolls[tabindex]")).to_have_count(0)


def test_the_signs_in_vertices_are_in_the_legend() -> None:
    shown = dict(show(recurrent(6), _=N_, language="en").legend)
    assert shown["pending"] == "no gradient yet"
    assert shown["same"] == "a leaf that is drawn in several places"
    assert "same" not in dict(show(c1(), _=N_, language="en").legend)


def test_an_open_legend_covers_neither_picture_nor_buttons(player: Open) -> None:
    page = player(odd())
    page.locator(".legend summary").click()
    boxes = [page.locator(selector).bounding_box() for selector in (".legend", ".frame", ".tools")]
    legend, frame, tools = (box or {} for box in boxes)
    assert frame["y"] + frame["height"] <= legend["y"] + 1
    assert legend["y"] + legend["height"] <= tools["y"] + 1
