"""The editor in Chromium with a real mouse and keyboard: any length, any size of the window."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.graphviz_tools.player.opened import Open, opening, text_of
from tests.graphviz_tools.player.payloads import odd

pytestmark = pytest.mark.e2e
SIZES = {
    "projector": {"viewport": {"width": 1280, "height": 720}},
    "large": {"viewport": {"width": 1920, "height": 1080}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
    "zoomed": {"viewport": {"width": 640, "height": 360}, "device_scale_factor": 2},
}


@pytest.fixture
def player(browser: Browser) -> Iterator[Open]:
    with opening(browser) as open_player:
        yield open_player


def program(n: int) -> str:
    """Lines that say their own number."""
    return "\n".join(f"line_{k} = {k}" for k in range(1, n + 1))


def opened(player: Open, source: str, **options: object) -> tuple[Page, Locator]:
    page = player(msgspec.structs.replace(odd(), source=source, line_marks=()), **options)
    return page, page.locator("[data-testid=editor]")


def scroll_to(page: Page, line: int) -> Locator:
    """Turn the wheel over the code until the line is in view; the line."""
    shown = page.locator(".cm-line").filter(has_text=f"line_{line} = {line}")
    page.locator(".cm-scroller").scroll_into_view_if_needed()
    page.locator(".cm-scroller").hover()
    for _ in range(400):
        if shown.count() and shown.first.evaluate(
            "(line) => { const box = line.getBoundingClientRect(), pane = line.closest('.cm-scroller').getBoundingClientRect(); return box.top >= pane.top && box.bottom <= pane.bottom; }"
        ):
            return shown.first
        page.mouse.wheel(0, 150)  # less than the lowest pane
        page.evaluate("new Promise(requestAnimationFrame)")
    raise AssertionError(f"line {line} never came into view")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("n", "line"), [(1, 1), (30, 30), (500, 400), (5_000, 700)])
def test_a_click_on_a_line_types_into_that_line(player: Open, size: str, n: int, line: int) -> None:
    page, editor = opened(player, program(n), **SIZES[size])
    scroll_to(page, line).click()
    page.keyboard.press("End")
    page.keyboard.type("0  # here")
    lines = text_of(editor).split("\n")
    assert lines[line - 1] == f"line_{line} = {line}0  # here"
    assert lines[: line - 1] + lines[line:] == program(n).split("\n")[: line - 1] + program(n).split("\n")[line:]
    assert page.locator(".cm-line").filter(has_text="# here").locator(".tok-com").inner_text() == "# here"


@pytest.mark.parametrize("size", SIZES)
def test_the_caret_is_in_view_wherever_the_keyboard_takes_it(player: Open, size: str) -> None:
    page, editor = opened(player, program(500), **SIZES[size])
    editor.click()
    for key in ("Control+End", "Control+Home", "PageDown", "PageDown", "ArrowDown"):
        page.keyboard.press(key)
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        caret = page.locator(".cm-cursor-primary").bounding_box()
        pane = page.locator(".cm-scroller").bounding_box()
        assert caret and pane and pane["y"] <= caret["y"] <= pane["y"] + pane["height"], key


def test_a_selection_by_mouse_is_what_is_replaced(player: Open) -> None:
    page, editor = opened(player, program(60))
    first, last = scroll_to(page, 40), page.locator(".cm-line").filter(has_text="line_42 =")
    start, end = first.bounding_box(), last.bounding_box()
    assert start and end
    page.mouse.move(start["x"] + 5, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(end["x"] + 200, end["y"] + 10)
    page.mouse.up()
    page.keyboard.type("x")
    lines = text_of(editor).split("\n")
    assert lines[38:41] == ["line_39 = 39", "x", "line_43 = 43"]


def test_marks_stay_with_their_lines_far_down(player: Open) -> None:
    mark = {
        "line": 400,
        "tone": "error",
        "text": "here",
        "title": "",
        "parts": [],
        "cure": "",
        "compared": [],
        "step": None,
    }
    page, _ = opened(player, program(500))
    page.evaluate("(mark) => player.update({ ...payload, run_key: 'new', line_marks: [mark] })", mark)
    scroll_to(page, 400)
    assert page.locator(".cm-line.error").inner_text() == "line_400 = 400"
    assert page.locator(".cm-gutterElement.error").inner_text() == "400"


def test_tab_leaves_the_editor_until_something_was_typed_and_escape_tab_leaves_it_then(player: Open) -> None:
    page, editor = opened(player, "a")
    editor.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.testid") != "editor"
    editor.focus()
    assert page.locator(".editor-hint").is_hidden()
    page.keyboard.type("b")
    assert page.locator(".editor-hint").inner_text() == "Esc, then Tab, leaves the editor"
    page.keyboard.press("Tab")
    assert "    " in text_of(editor)
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.testid") != "editor"


def test_python_is_typed_as_in_an_editor_for_python(player: Open) -> None:
    page, editor = opened(player, "")
    editor.click()
    for text in ("def f(x):", "if x:", "return (x", "y = 1"):
        page.keyboard.type(text)
        if text.startswith("return"):
            page.keyboard.press("End")
        page.keyboard.press("Enter")
    assert text_of(editor) == "def f(x):\n    if x:\n        return (x)\n    y = 1\n    "


def test_comments_undo_by_words_and_find(player: Open) -> None:
    page, editor = opened(player, "a = 1")
    editor.click()
    page.keyboard.press("Control+/")
    assert text_of(editor) == "# a = 1"
    page.keyboard.press("Control+/")
    page.keyboard.press("End")
    page.keyboard.type(" + one + two")
    page.keyboard.press("Control+z")
    assert text_of(editor) == "a = 1 + one +"
    page.keyboard.press("Control+f")
    page.keyboard.type("one")
    assert page.locator(".cm-searchMatch").all_inner_texts() == ["one"]
    page.keyboard.press("Escape")
    assert page.locator(".cm-search").count() == 0


def test_typing_far_down_a_long_program_takes_a_frame(player: Open) -> None:
    page, editor = opened(player, program(500))
    scroll_to(page, 400).click()
    page.keyboard.press("End")
    for key in "abcdefgh":
        page.keyboard.press(key)
    assert text_of(editor).split("\n")[399] == "line_400 = 400abcdefgh"
    drawn = page.evaluate(
        """async () => {
          const editor = document.querySelector("[data-testid=editor]"), seen = [];
          const watch = new MutationObserver((changes) => seen.push(changes.length));
          watch.observe(editor, { childList: true, subtree: true, characterData: true });
          document.execCommand("insertText", false, "z");
          await new Promise(requestAnimationFrame);
          watch.disconnect();
          return seen.reduce((sum, n) => sum + n, 0);
        }"""
    )
    assert drawn < 30  # nodes of the page that one key changes, whatever the length
