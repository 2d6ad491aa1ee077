"""The gate in Chromium: every page under its own policy, and pages of other sites that want in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import chromium
from tests.e2e.explorer import Explorer
from tests.e2e.serving import STREAMLIT, Server, serve
from tests.e2e.test_hostile_pages import EVERY_PAGE
from tests.e2e.training import Training, program
from tests.e2e.waiting import wait_until

Open = Callable[..., Page]
NOTE_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (e) => {
  (window.violations ??= []).push(`${e.effectiveDirective} ${e.blockedURI}`);
});"""
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning] .st-key-bar"
KNOCK = """(url) => Promise.all([
  new Promise((done) => {
    const socket = new WebSocket(url.replace("http", "ws") + "/_stcore/stream", ["streamlit"]);
    socket.onopen = () => done("open");
    socket.onerror = () => done("refused");
  }),
  fetch(url + "/healthz").then(() => "read", () => "refused"),
  fetch(url + "/healthz", { mode: "no-cors" }).then(() => "sent", () => "refused"),
  new Promise((done) => {
    const script = document.createElement("script");
    script.src = url + "/healthz";
    script.onload = () => done("loaded");
    script.onerror = () => done("refused");
    document.head.append(script);
  }),
])"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_needs_more_than_its_policy_allows(visit: Open, server: Server, scheme: str) -> None:
    page = visit("/healthz", color_scheme=scheme)
    page.add_init_script(NOTE_VIOLATIONS)
    for path in EVERY_PAGE:
        page.goto(f"{server.url}/{path}")
        page.wait_for_selector(SETTLED)
        if path == "":
            Explorer(page).wait_for_picture()
        if path in ("gradients", "losses"):
            page.locator(".js-plotly-plot").first.wait_for()
        page.wait_for_timeout(200)
        assert page.evaluate("window.violations ?? []") == [], path


def test_running_training_and_saving_pictures_need_no_more_either(visit: Open, server: Server) -> None:
    page = visit("/healthz")
    page.add_init_script(NOTE_VIOLATIONS)
    page.goto(f"{server.url}/training?train=own")
    training = Training(page)
    training.start(program(steps=300))
    training.wait_for_points(10)
    for kind in ("SVG", "PNG"):
        with page.expect_download() as picture:
            page.locator("figure.loss").get_by_role("button", name=kind).click()
        assert picture.value.suggested_filename.endswith(kind.lower())
    assert page.evaluate("window.violations ?? []") == []


def test_under_a_path_the_app_works_and_answers_with_the_same_headers(visit: Open) -> None:
    with serve((*STREAMLIT, "--server.baseUrlPath", "behind/a"), health="/behind/a/healthz") as server:
        page = visit("/behind/a/", url=server.url)
        page.add_init_script(NOTE_VIOLATIONS)
        answer = page.reload()
        Explorer(page).wait_for_picture()
        assert answer is not None and "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert page.evaluate("window.violations ?? []") == []
        page.close()


def test_the_policy_holds(visit: Open, server: Server, browser: Browser) -> None:
    """What the pages do not need is refused, so the tests above can fail."""
    page = browser.new_context().new_page()
    page.add_init_script(NOTE_VIOLATIONS)
    page.goto(server.url)
    page.wait_for_selector(SETTLED)
    page.evaluate("""() => {
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.head.append(script);
      fetch("http://127.0.0.1:9/").catch(() => {});
      setTimeout("window.ran = true", 0);
      const frame = document.createElement("iframe");
      frame.src = location.href;
      document.body.append(frame);
    }""")
    wait_until(page, "(window.violations ?? []).length >= 4")
    told = " ".join(page.evaluate("window.violations"))
    assert page.evaluate("window.ran") is None
    assert all(
        part in told for part in ("script-src-elem inline", "connect-src http://127.0.0.1:9", "eval", "frame-src")
    )
    page.context.close()


def test_a_page_of_another_site_gets_nothing_and_runs_nothing(browser: Browser, server: Server) -> None:
    with elsewhere(f'<iframe src="{server.url}/"></iframe>') as url:
        page = browser.new_context().new_page()
        page.goto(url)
        assert page.evaluate(KNOCK, server.url) == ["refused", "refused", "refused", "refused"]
        assert page.frames[1].url.startswith("chrome-error://")  # no frame around the app
        page.context.close()


def test_a_name_that_is_made_to_point_here_gets_nothing(browser: Browser, server: Server) -> None:
    """DNS rebinding: to the browser this page is of the same origin as the server."""
    rebound = browser.browser_type.launch(
        executable_path=chromium(), args=["--no-sandbox", "--host-resolver-rules=MAP evil.example 127.0.0.1"]
    )
    try:
        page = rebound.new_page()
        url = server.url.replace("127.0.0.1", "evil.example")
        answer = page.goto(f"{url}/")
        assert answer is not None and answer.status == 421
        expect(page.get_by_text("no name of this server")).to_be_visible()
        assert page.evaluate(KNOCK.replace("mode:", "credentials: 'include', mode:"), url)[0] == "refused"
        assert page.evaluate("fetch('/healthz').then((answer) => answer.status)") == 421
    finally:
        rebound.close()


@contextmanager
def elsewhere(html: str) -> Iterator[str]:
    """A page of another site."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: object) -> None:
            """Quiet."""

    site = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{site.server_address[1]}/"
    finally:
        site.shutdown()
        site.server_close()
