"""Every page beside the Explorer, in Chromium, with texts that want to be markup: shown as text, nothing made of them."""

from __future__ import annotations

import csv
import io
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from engine.text.quoting import visible
from tests.e2e.serving import ROOT, STREAMLIT, Server, serve
from tests.e2e.static_page import payload_of, static_player
from tests.e2e.test_detach import Detach
from tests.e2e.test_gradients import ran
from tests.e2e.test_training import Training, in_phase
from tests.graphviz_tools.player.opened import text_of
from tests.hostile import CALL, ERROR, LOOK, NAMES, PROGRAM, TEXTS, TRAINING

Open = Callable[..., Page]
EVERY_PAGE = ("", "detach", "training", "gradients", "clinic", "losses", "safety")
PARAMETERS = ("lesson", "view", "run", "step", "lang", "variants", "card", "part", "train", "tensor", "code", "source")
MADE = """() => [...document.querySelectorAll("[data-testid=stMarkdownContainer], [data-testid=stAlert]")].flatMap((e) =>
  [...e.querySelectorAll("a, h1, h2, h4, li, em, del, hr, blockquote, table, .katex, .stMarkdownColoredText, img, pre")]
    .filter((made) => !made.closest("[data-testid=stPageLink], .st-key-clinic-head")).map((made) => made.outerHTML.slice(0, 200)))"""


@pytest.fixture
def asked_nothing(visit: Open) -> Iterator[Open]:
    """As ``visit``; a request to another host, or a dialog, fails the test."""
    asked: list[str] = []

    def opened(*path: str, **options: str) -> Page:
        page = visit(*path, **options)
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: asked.append(dialog.message))
        return page

    yield opened
    assert not [url for url in asked if "127.0.0.1" not in url and not url.startswith(("data:", "blob:"))]


def nothing_made(page: Page) -> bool:
    """Whether no element of the page was made of a program's text."""
    made = [*page.evaluate(LOOK), *page.evaluate(MADE)]
    assert made == []
    return not made


def dense(text: str) -> str:
    """``text`` without blanks and backticks, control characters as signs but for line breaks."""
    return visible("".join(text.replace("`", "").split()))


def shown(text: str) -> str:
    """``text`` as a page shows it."""
    return " ".join(visible(text.replace("`", "ˋ")).split())


def spans(page: Page, within: str) -> set[str]:
    """The texts of the pieces of code there."""
    pieces = page.locator(f"{within} code").all_text_contents()
    return {" ".join(text.replace("\u2060", "").split()) for text in pieces}


def test_gradients_are_named_literally_in_notes_figures_and_downloads(asked_nothing: Open) -> None:
    page = ran(asked_nothing, PROGRAM)
    notes = "[class*='st-key-note-']"
    expect(page.page.locator(notes).first).to_be_visible()
    assert shown(TEXTS[0]) in spans(page.page, notes)
    page.figure("gradient-norms")
    assert nothing_made(page.page)
    labels = page.page.locator(".st-key-gradient-norms .ytick text").all_text_contents()
    assert any(label.startswith("<script>") for label in labels), labels

    name, rows = page.csv()
    assert name == "gradients-program.csv"
    names = [row["name"] for row in rows]
    assert "'=1+1" in names and not [name for name in names if re.match(r"\s*[=+\-@]", name)]
    page.page.locator("[data-testid=stDataFrame]").first.hover()
    expect(page.page.get_by_label("Download as CSV")).to_be_hidden()

    page.part("One gradient")
    for text in (f"[f](javascript:{CALL})", "$q^2$", ":red[p]", "<b>d</b><br><sub>e</sub>"):
        page.choose(text)
        expect(page.page.locator(".st-key-gradient-name input")).to_have_value(text)
        expect(page.page.locator(".st-key-gradient-page code").filter(has_text=text).first).to_be_visible()
        assert nothing_made(page.page), text

    page.part("On the graph")
    page.page.wait_for_selector(".gradient-flow img")
    assert nothing_made(page.page)
    page.part("Check")
    page.page.locator(".st-key-check-gradients button").click()
    expect(page.page.locator(".st-key-check-counts, .st-key-check-table").first).to_be_visible()
    assert nothing_made(page.page)


def test_on_the_page_of_variants_names_output_and_errors_are_text(asked_nothing: Open) -> None:
    page = Detach(asked_nothing("/detach"))
    page.common().fill(text_of(page.common()).replace("import torch\n", f"import torch\n{NAMES}", 1))
    page.own("detach").fill("for text in texts: globals()[text] = b.detach(); print(text)")
    page.own("data").fill(ERROR.strip())
    page.run()
    expect(page.judged("data")).to_contain_text("<img src=x onerror=")
    assert nothing_made(page.page)
    page.press("Home", "ArrowRight", "ArrowRight", "End")
    assert nothing_made(page.page)
    page.page.locator("[data-mode=graph]").click()
    page.press("ArrowLeft", "ArrowLeft")
    assert nothing_made(page.page)


def test_training_draws_and_tells_hostile_leaves_output_and_failure_as_text(asked_nothing: Open) -> None:
    page = asked_nothing("/training?train=own")
    training = Training(page)
    row = training.start(TRAINING)
    in_phase(row, "ended")
    expect(page.locator(".notes").first).to_contain_text("<img src=x onerror=")
    page.get_by_test_id("chart-norm").scroll_into_view_if_needed()  # charts out of sight are not drawn
    training.wait_for_points(0, "norm")
    legend = page.get_by_test_id("chart-norm").locator(".legendtext")
    expect(legend.first).to_be_visible()
    assert any("<script>" in text for text in legend.all_text_contents()), legend.all_text_contents()
    assert legend.locator("a, tspan[style*=bold]").count() == 0
    assert nothing_made(page)
    expect(page.get_by_test_id("training")).to_contain_text("[g](https://evil.example)")
    with page.expect_download() as download:
        page.get_by_text("CSV", exact=False).last.click()
    assert download.value.suggested_filename == "losses.csv"
    cells = [cell for line in csv.reader(io.StringIO(Path(download.value.path()).read_text())) for cell in line]
    assert cells[:3] == ["run", "name", "device"] and not [cell for cell in cells if re.match(r"\s*[=+@]", cell)]


def test_the_clinics_and_the_laboratorys_panels_show_what_they_are_given(asked_nothing: Open) -> None:
    command = tuple("tests/e2e/hostile_app.py" if part == "streamlit_app.py" else part for part in STREAMLIT)
    with serve(command, environment={"PYTHONPATH": str(ROOT)}) as panels:
        panels.wait_until_ready()
        page = asked_nothing("/", url=panels.url)
        page.wait_for_selector(".pair svg")
        assert nothing_made(page)
        told = spans(page, "[data-testid=stAlert]")
        missing = [text for text in TEXTS if " ".join(visible(text).split()) not in told]
        assert missing == []
        captions = page.locator("[data-testid=stCaptionContainer]").all_text_contents()
        words = "".join(captions).replace("\u2060", "").replace("`", "")
        assert [text for text in TEXTS if dense(text) not in dense(words)] == []
        page.close()


def test_the_player_alone_on_a_page_makes_nothing_of_a_program(asked_nothing: Open) -> None:
    with static_player(payload_of(PROGRAM + ERROR)) as url:
        page = asked_nothing("", url=url)
        page.wait_for_selector("[data-node-id]")
        page.locator("[data-testid=player]").focus()
        for key in ("Home", "ArrowRight", "End", "ArrowLeft"):
            page.keyboard.press(key)
            assert nothing_made(page)
        page.close()


def test_nothing_in_a_link_becomes_markup_on_any_page(asked_nothing: Open) -> None:
    texts = [text.replace("\0", "") for text in TEXTS]
    query = "&".join(f"{name}={quote(' '.join(texts[i::12]))}" for i, name in enumerate(PARAMETERS))
    page = asked_nothing(f"/?{query}")
    for path in EVERY_PAGE:
        page.goto(re.sub(r"(?<=\d)/.*", f"/{path}?{query}", page.url))
        page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning] .st-key-bar")
        assert page.evaluate(LOOK) == [], path
        assert page.locator("[data-testid=stException]").count() == 0, path


def test_no_frame_and_no_answer_has_a_path_of_the_server(visit: Open, server: Server) -> None:
    received: list[bytes | str] = []
    page = visit("/healthz")
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(frame)))
    page.goto(f"{server.url}/")
    page.wait_for_selector("[data-testid=player] [data-node-id]")
    page.get_by_role("link", name="Safety").click()
    page.get_by_text("What one run may use").wait_for()
    frames = [frame if isinstance(frame, bytes) else frame.encode() for frame in received]
    assert len(frames) > 10
    assert [frame[:300] for frame in frames if str(ROOT).encode() in frame or str(Path.home()).encode() in frame] == []


@pytest.mark.parametrize("size", [10, 5_000_000])
def test_no_file_is_taken(server: Server, size: int) -> None:
    for method, path in (("PUT", "/_stcore/upload_file/a/b"), ("POST", "/_stcore/upload_file/a/b")):
        own = {"Origin": server.url}  # as a page of the app would ask
        request = urllib.request.Request(f"{server.url}{path}", data=b"x" * size, method=method, headers=own)
        with pytest.raises((urllib.error.HTTPError, ConnectionError, urllib.error.URLError)) as refused:
            urllib.request.urlopen(request, timeout=10)
        if isinstance(refused.value, urllib.error.HTTPError):
            assert refused.value.code == 403 and b"takes files" in refused.value.read()
