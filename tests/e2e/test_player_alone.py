"""The player by itself, in Chromium: keys, states, selection, search, the editor, odd names."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.static_page import payload_of, static_player
from tests.graphviz_tools.player.opened import text_of

C1 = """import torch
x = torch.tensor([2., 3.], requires_grad=True)
y = torch.tensor([4., 5.], requires_grad=True)
z = x * y
loss = z.sum()
loss.backward()
print(x.grad)
"""
FAILING = """import torch
a = torch.tensor([7., 0, 0], requires_grad=True)
b = a + 2
loss = (b * b).mean()
b.detach().zero_()
loss.backward()
"""
ODD = """import torch
变量 = torch.tensor([0.], requires_grad=True)
print("<script>window.hacked = 1</script> 🎉")
net = {"<img src=x onerror=window.hacked=1>": 1}
class Evil(torch.nn.Module):
    def forward(self, a): return a.sqrt() * 0
setattr(torch.nn.Module, "x", 1)
m = Evil()
m(变量).sum().backward()
raise ValueError("<b onclick=window.hacked=1>'\\"`</b>")
"""
Open = Callable[[str], Page]


@pytest.fixture
def player(browser: Browser) -> Iterator[Open]:
    closers = []

    def open_player(source: str, **options: object) -> Page:
        page_server = static_player(payload_of(source))
        context = browser.new_context(viewport={"width": 1280, "height": 720}, **options)  # type: ignore[arg-type]
        closers.extend([lambda: page_server.__exit__(None, None, None), context.close])
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(page_server.__enter__())
        page.wait_for_selector("[data-testid=step-counter]")
        page.locator("[data-testid=player]").focus()
        assert errors == []
        return page

    yield open_player
    for close in closers:
        close()


def counter(page: Page) -> str:
    return page.locator("[data-testid=step-counter]").inner_text()


def vertex(page: Page, name: str) -> str:
    return page.evaluate(
        "name => Object.entries(payload.vertices).find(([, v]) => v.kind === 'leaf' && v.title.startsWith(name))[0]",
        name,
    )


def test_every_key_leads_where_it_says(player: Open) -> None:
    page = player(C1)
    page.keyboard.press("Home")
    last = int(counter(page).split(" / ")[1])
    for key, expected in [
        ("ArrowRight", 1),
        ("ArrowRight", 2),
        ("ArrowLeft", 1),
        ("End", last),
        ("ArrowRight", last),
        ("Home", 0),
        ("ArrowLeft", 0),
    ]:
        page.keyboard.press(key)
        assert counter(page) == f"{expected} / {last}"


def test_the_inspector_shows_the_gradients_of_both_leaves_at_the_end(player: Open) -> None:
    page = player(C1)
    page.keyboard.press("End")
    for name, numbers in (("x", ["4", "5"]), ("y", ["2", "3"])):
        page.locator(f"[data-node-id='{vertex(page, name)}']").click()
        cells = page.locator("[data-testid=inspector] td").all_inner_texts()
        assert numbers == [cell for cell in cells if cell in numbers][:2]
        assert page.locator("[data-testid=inspector] h2").inner_text().startswith(name)


def test_states_follow_the_engine(player: Open) -> None:
    page = player(C1)
    page.keyboard.press("Home")
    states = []
    for _ in range(int(counter(page).split(" / ")[1])):
        page.keyboard.press("ArrowRight")
        states.append(page.locator("[data-kind=node] >> nth=0").get_attribute("data-state"))
    order = [state for i, state in enumerate(states) if i == 0 or states[i - 1] != state]
    assert order == ["waiting", "ready", "running", "done"]
    assert {page.locator(f"[data-kind={kind}]").count() > 0 for kind in ("leaf", "node", "root", "saved")} == {True}
    assert page.locator("[data-kind=saved] >> nth=0").get_attribute("data-state") == "freed"


def test_a_failure_is_drawn_at_its_node_and_the_button_leads_there(player: Open) -> None:
    page = player(FAILING)
    page.locator("button.jump.failure").click()
    assert page.locator("[data-state=failed]").count() == 1
    assert "MulBackward0" in (page.locator("[data-state=failed]").get_attribute("aria-label") or "")
    (told,) = page.locator(".line-mark.error").all_inner_texts()  # the finding is about this very failure
    assert told.startswith("saved tensor changed in place — line 5:")
    assert page.locator(".cm-gutterElement.error").all_inner_texts() == ["5", "6"]


def test_a_click_on_a_line_number_leads_to_its_step(player: Open) -> None:
    page = player(C1)
    page.locator(".cm-lineNumbers").click(position={"x": 12, "y": 8 + 3 * 22 + 8})
    assert page.locator(".cm-gutterElement.current").inner_text() == "4"
    assert counter(page).startswith("3 /")


def test_search_goes_through_the_hits(player: Open) -> None:
    page = player(C1)
    page.keyboard.press("/")
    page.keyboard.type("backward0")
    assert page.locator(".hits").inner_text() == "1 of 4"
    first = page.locator(".vertex.selected").get_attribute("data-node-id")
    page.keyboard.press("Enter")
    assert page.locator(".vertex.selected").get_attribute("data-node-id") != first
    page.keyboard.press("Escape")
    assert page.locator("[data-testid=search]").is_hidden()


def test_the_editor_marks_the_picture_stale_and_undoes_it(player: Open) -> None:
    page = player(C1)
    editor = page.locator("[data-testid=editor]")
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("if x:\nprint(1)")
    assert text_of(editor).endswith("if x:\n    print(1)")
    assert page.locator(".stale").count() == 1
    page.keyboard.press("Control+Enter")
    assert page.evaluate("ran.length") == 1
    assert page.evaluate("ran[0]").endswith("if x:\n    print(1)")
    page.locator(".veil button >> nth=1").click()
    assert text_of(editor) == C1
    assert page.locator(".stale").count() == 0


def test_tab_indents_and_escape_then_tab_leaves_the_editor(player: Open) -> None:
    page = player("a\nb")
    editor = page.locator("[data-testid=editor]")
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Tab")
    assert text_of(editor) == "    a\n    b"
    page.keyboard.press("Shift+Tab")
    assert text_of(editor) == "a\nb"
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.testid") != "editor"


def test_names_output_and_messages_never_become_markup(player: Open) -> None:
    page = player(ODD)
    page.keyboard.press("End")
    assert page.evaluate("window.hacked") is None
    assert "<script>" in page.locator("[data-testid=output]").inner_text()
    assert "<b onclick" in page.locator("[data-testid=inspector]").inner_text()
    assert page.locator("[data-testid=player] script, [data-testid=player] img, [data-testid=player] b").count() == 0


def test_nan_none_zero_and_pending_look_different(player: Open) -> None:
    page = player(ODD)
    page.keyboard.press("Home")
    looks = set()
    for _ in range(int(counter(page).split(" / ")[1])):
        page.keyboard.press("ArrowRight")
        for one in page.locator("[data-testid=inspector] :is(.value.none, .value.pending, td.zero, td.nan)").all():
            looks.add((one.get_attribute("class") or "").split()[-1])
    assert {"none", "zero", "nan"} <= looks


def test_ten_thousand_lines_can_be_pasted_and_typed_in(player: Open) -> None:
    page = player(C1)
    editor = page.locator("[data-testid=editor]")
    editor.evaluate("(editor, text) => { editor.value = text; editor.focus(); }", "y = 1  # a comment\n" * 10_000)
    editor.press("Control+End")
    page.keyboard.type("xxxxx")
    assert text_of(editor).endswith("\nxxxxx")
    assert page.locator(".cm-line").count() < 200  # only what is in view is drawn
