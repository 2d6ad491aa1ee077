"""The server goes away and comes back while somebody looks at a page."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.e2e.conftest import PATIENCE_MS, VIEWPORT, Open
from tests.e2e.serving import serve
from tests.e2e.training import Training, act, in_phase, program


def test_a_lost_server_is_told_and_its_return_too_and_the_curves_stay(browser: Browser) -> None:
    context = browser.new_context(viewport=VIEWPORT, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    banner = page.locator(".backstep-server")
    with serve() as first:
        first.wait_until_ready()
        page.goto(f"{first.url}/training?train=own")
        training = Training(page)
        row = training.start(program())
        in_phase(row, "running", 60)
        training.wait_for_points(10)
    points = training.points()
    expect(banner).to_contain_text("The server is not reachable.")
    expect(row.locator("[data-act=pause]")).to_be_disabled()
    expect(training.start_button()).to_be_disabled()
    expect(page.locator("[data-testid=stDialog]")).to_be_hidden()
    with serve(port=int(first.url.rpartition(":")[2])):
        expect(banner).to_contain_text("has forgotten this session")
        in_phase(row, "ended", 60)
        expect(row).to_contain_text("lost: the server was restarted")
        assert training.points() >= points > 0
        act(row, "remove")
        expect(row).to_have_count(0)
    context.close()


def test_the_document_has_the_language_of_its_words(visit: Open) -> None:
    page = visit("/safety", locale="zh-CN")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    page.locator(".st-key-language").get_by_text("EN").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
