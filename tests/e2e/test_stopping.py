"""Programs that go on and on, in a browser: what they print is seen meanwhile, and Stop gives a picture to read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic

import pytest
from playwright.sync_api import Page, expect

from engine.contract.assemble import LAST
from tests.e2e.explorer import Explorer
from tests.e2e.serving import Server, serve

Open = Callable[..., Page]
PRINTING = "import time\nfor i in range(1_000):\n    print('line', i)\n    time.sleep(0.1)\n"
FLOOD = "import time\nprint('first')\nfor i in range(25_000):\n    print('y' * 9)\nprint('last')\ntime.sleep(100)\n"
ENDLESS = {
    "one graph a round": "while True:\n    y = (x * 2).sum()\n",
    "losses kept": "kept = []\nwhile True:\n    kept.append((x * 2).sum())\n    b = x.exp()\n",
    "no graph": "while True:\n    z = torch.ones(3) * 2\n",
}
HEAD = "import torch\nx = torch.ones(3, requires_grad=True)\n"


@pytest.fixture(scope="module", params=["trusted", "classroom"])
def policed(request: pytest.FixtureRequest) -> Iterator[Server]:
    with serve(environment={"BACKSTEP_POLICY": request.param}) as running:
        running.wait_until_ready()
        yield running


def begin(page: Page, source: str) -> Explorer:
    """Press Run and do not wait."""
    explorer = Explorer(page)
    explorer.part("editor").click()
    explorer.type_program(source)
    page.keyboard.press("Control+Enter")
    expect(explorer.part("stop")).to_be_visible()
    return explorer


def test_lines_come_while_the_program_runs_and_the_ones_before_are_dimmed(visit: Open, policed: Server) -> None:
    page = visit("/", url=policed.url)
    explorer = Explorer(page).wait_for_picture()
    explorer.run("print('before')\n")
    output = explorer.part("output")
    expect(output).to_have_text("before\n")
    begin(page, "import time\ntime.sleep(2)\n" + PRINTING)
    expect(page.locator(".pane.output.before")).to_contain_text("before")
    expect(output).to_contain_text("line 1\n")
    expect(output).not_to_contain_text("before")
    expect(page.locator(".veil")).to_be_visible()
    expect(output).to_contain_text("line 5\n")
    explorer.part("stop").click()
    expect(page.locator(".veil")).to_be_hidden()
    expect(page.locator(".pane.output.live, .pane.output.before")).to_have_count(0)
    assert explorer.part("output").inner_text().startswith("line 0")


def test_of_a_flood_the_last_lines_are_sent(visit: Open, policed: Server) -> None:
    page = visit("/", url=policed.url)
    Explorer(page).wait_for_picture()
    explorer = begin(page, FLOOD)
    output = explorer.part("output")
    deadline = monotonic() + 60
    while not output.evaluate("(own) => own.textContent.endsWith('last\\n')"):
        assert monotonic() < deadline
    assert output.evaluate("(own) => own.textContent.length") == LAST
    explorer.part("stop").click()
    expect(page.locator(".veil")).to_be_hidden()
    assert output.evaluate("(own) => own.textContent.slice(0, 8)") == "first\nyy"


@pytest.mark.parametrize("name", ENDLESS)
def test_a_stopped_loop_has_a_picture_or_a_word_why_not(visit: Open, server: Server, name: str) -> None:
    page = visit("/")
    Explorer(page).wait_for_picture()
    explorer = begin(page, HEAD + ENDLESS[name])
    page.wait_for_timeout(3_000)
    explorer.part("stop").click()
    expect(page.locator(".veil")).to_be_hidden()
    assert explorer.counter()[1] > 50
    if name == "no graph":
        expect(page.locator(".no-picture")).to_be_visible()
    else:
        expect(page.get_by_text("earlier rounds").first).to_be_attached()
        assert page.locator("[data-node-id]").count() < 20


@pytest.mark.parametrize("address", ["/?lesson=a2-tensors&view=combined", "/?lesson=a2-tensors&view=combined&run=3"])
def test_a_lesson_without_a_backward_has_a_page_in_every_view(visit: Open, address: str) -> None:
    explorer = Explorer(visit(address))
    expect(explorer.part("step-counter")).to_be_visible()
    expect(explorer.page.locator("[data-testid=stException]")).to_have_count(0)
