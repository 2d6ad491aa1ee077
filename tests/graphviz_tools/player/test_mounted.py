"""The player in Chromium as its host uses it: keys, updates, callbacks, the editor, the place it is mounted in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.graphviz_tools.player.opened import Open, counter, opening, press, state, text_of
from tests.graphviz_tools.player.payloads import many, odd

pytestmark = pytest.mark.e2e
HOLD_A_KEY = """async () => {
  const { mount } = await import("./player.js");
  window.told = [];
  mount(document.getElementById("place"), payload, { onStep: (step) => told.push(step) });
  const root = document.querySelector("[data-testid=player]");
  for (let i = 0; i < 200; i++) root.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
}"""
IN_SHADOW = """async () => {
  document.getElementById("place").remove();
  const host = document.createElement("div");
  document.body.append(host);
  const shadow = host.attachShadow({ mode: "open" });
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: "player.css" });
  const place = document.createElement("div");
  shadow.append(sheet, place);
  await new Promise((done) => (sheet.onload = done));
  const { mount } = await import("./player.js");
  window.heard = [];
  document.addEventListener("keydown", (event) => heard.push(event.key));
  window.player = mount(place, payload);
  shadow.querySelector("[data-testid=player]").focus();
}"""


def view(page: Page) -> list[int]:
    """The part of the picture in view (left, top, width, height), once the layout has settled."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return [round(float(n)) for n in (page.locator(".frame svg").get_attribute("viewBox") or "").split()]


@pytest.fixture
def player(browser: Browser) -> Iterator[Open]:
    with opening(browser) as open_player:
        yield open_player


def test_an_update_of_the_same_run_keeps_step_view_selection_and_typed_text(player: Open) -> None:
    page = player(odd())
    press(page, "ArrowRight", "ArrowRight", "+")
    page.locator("[data-node-id=bad]").click()
    page.locator("[data-testid=editor]").fill("typed")
    box = view(page)
    page.evaluate("player.update({ ...payload, notices: ['new'] })")
    assert page.locator(".notices").inner_text() == "new"
    assert counter(page) == "2 / 4"
    assert view(page)[:3] == box[:3]
    assert page.locator(".vertex.selected").get_attribute("data-node-id") == "bad"
    assert text_of(page.locator("[data-testid=editor]")) == "typed"
    assert page.locator(".veil").is_visible()


def test_a_new_run_begins_where_it_says_without_a_selection(player: Open) -> None:
    page = player(odd())
    press(page, "End")
    page.locator("[data-node-id=w1]").click()
    page.evaluate("player.update({ ...payload, run_key: 'new', start_step: 1 })")
    assert counter(page) == "1 / 4"
    assert page.locator(".vertex.selected").count() == 0


def test_up_and_down_walk_through_the_vertices_and_right_still_steps(player: Open) -> None:
    page = player(odd())
    assert page.locator(".vertex[tabindex='0']").count() == 1
    page.locator(".vertex[tabindex='0']").focus()
    seen = []
    for key in ("ArrowDown", "ArrowDown", "ArrowUp"):
        press(page, key)
        seen.append(page.evaluate("document.activeElement.dataset.nodeId"))
    assert seen == ["bad", "w1", "bad"]
    assert page.locator(".vertex.selected").get_attribute("data-node-id") == "bad"
    assert page.locator(".vertex[tabindex='0']").count() == 1
    press(page, "ArrowRight")
    assert counter(page) == "1 / 4"


def test_zoom_keys_change_the_view_and_zero_brings_it_back(player: Open) -> None:
    page = player(odd())
    picture = page.locator(".frame svg")
    whole = picture.get_attribute("viewBox") or ""
    press(page, "+")
    assert float((picture.get_attribute("viewBox") or "").split()[2]) < float(whole.split()[2])
    press(page, "-", "-")
    assert float((picture.get_attribute("viewBox") or "").split()[2]) > float(whole.split()[2])
    press(page, "0")
    assert picture.get_attribute("viewBox") == whole


def test_space_plays_to_the_end_and_stops(player: Open) -> None:
    page = player(odd())
    page.locator("select").select_option("4")
    page.locator("[data-testid=player]").focus()
    press(page, " ")
    page.wait_for_function("document.querySelector('[data-testid=step-counter]').textContent === '4 / 4'")
    page.locator("button[aria-label^=Play]").wait_for()


def test_run_and_stop_take_turns_and_tell(player: Open) -> None:
    page = player(odd())
    page.locator("[data-testid=run]").click()
    assert page.evaluate("ran") == ["w = 1\nloss.backward()\n"]
    page.evaluate("player.setRunning(true)")
    assert page.locator("[data-testid=stop]").is_visible()
    assert not page.locator("[data-testid=run]").is_visible()
    page.evaluate("player.setRunning(false)")
    assert page.locator("[data-testid=run]").is_visible()


def test_undoing_the_change_can_itself_be_undone(player: Open) -> None:
    page = player(odd())
    editor = page.locator("[data-testid=editor]")
    editor.click()
    page.keyboard.type("much work")
    typed = text_of(editor)
    page.locator(".veil button").last.click()
    assert text_of(editor) == "w = 1\nloss.backward()\n"
    editor.focus()
    press(page, "Control+z")
    assert text_of(editor) == typed


def test_keys_step_before_anything_was_clicked_and_as_a_presenter_sends_them(player: Open) -> None:
    page = player(odd())
    page.evaluate("document.activeElement.blur()")
    press(page, "Home", "ArrowRight", "PageDown")
    assert counter(page) == "2 / 4"
    press(page, "PageUp")
    assert counter(page) == "1 / 4"
    page.locator("[data-testid=editor]").focus()
    press(page, "PageDown", "ArrowRight")
    assert counter(page) == "1 / 4"  # they are the editor's there


def test_a_held_key_steps_through_all_and_tells_only_now_and_then(player: Open) -> None:
    page = player(many(), reduced_motion="reduce")
    page.evaluate(HOLD_A_KEY)
    assert counter(page) == "200 / 200"
    page.wait_for_function("told[told.length - 1] === 200")
    assert page.evaluate("told.length") < 100
    assert (state(page, "n198"), state(page, "n199")) == ("done", "running")


def test_in_a_shadow_root_it_is_styled_and_no_key_of_its_own_leaves_it(player: Open) -> None:
    page = player(odd())
    page.evaluate(IN_SHADOW)
    press(page, "ArrowRight", "r", "c", " ", " ", "End", "Tab")
    assert counter(page) == "4 / 4"
    assert page.evaluate("heard") == ["Tab"]
    assert page.locator("[data-testid=player]").evaluate("e => getComputedStyle(e).display") == "grid"
    hatch = page.locator("[data-node-id=bad] .hatch")
    assert "backstep-hatch" in hatch.evaluate("e => getComputedStyle(e).fill")


def test_destroying_it_leaves_nothing_behind(player: Open) -> None:
    page = player(odd())
    press(page, " ")
    page.evaluate("player.destroy()")
    assert page.locator("#place").inner_html() == ""


OVERTAKEN = """async (source) => {
  document.getElementById("place").remove();
  const mount = (await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })))).default;
  const host = document.createElement("div");
  document.body.append(host);
  const parentElement = host.attachShadow({ mode: "open" });
  const sent = (run_key) => new TextEncoder().encode(
    JSON.stringify({ payload: { ...payload, run_key }, running: false, folder: "/", module: "player.js", styles: ["player.css"] }));
  const calls = ["one", "two"].map((key) => mount({ parentElement, data: sent(key), setTriggerValue() {} }));
  const [first, second] = await Promise.all(calls);
  const n = () => parentElement.querySelectorAll("[data-testid=player]").length;
  first(); // Streamlit cleans up after a call that was overtaken while it waited
  const left = n();
  second();
  return [left, n()];
}"""


def test_a_call_of_the_mount_that_was_overtaken_takes_nothing_away(player: Open) -> None:
    source = (Path(__file__).parents[3] / "pages" / "ui" / "components" / "player_mount.js").read_text(encoding="utf-8")
    assert player(odd()).evaluate(OVERTAKEN, source) == [1, 0]
