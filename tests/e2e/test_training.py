"""The Training page in Chromium: curves that grow while PyTorch trains, and runs that do as they are told."""

from __future__ import annotations

import re
import time
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.explorer import Explorer
from tests.e2e.serving import Server
from tests.e2e.training import Open, Training, act, descendants, in_phase, opened, program
from tests.e2e.waiting import settled, wait_until

PHONE = {"width": 390, "height": 844}
GONE_WITHIN_S = 10


def test_curves_grow_and_obey_and_lie_over_each_other(visit: Open, server: Server) -> None:
    training = opened(visit)
    page = training.page
    training.write(program())
    idle = descendants(server.pid)
    training.start_button().dblclick()
    row = training.rows().first
    in_phase(row, "running")
    first = training.wait_for_points(10)
    assert training.wait_for_points(first) > first
    expect(training.rows()).to_have_count(1)  # Start was pressed twice
    for chart in ("fit", "norm", "value"):
        training.wait_for_points(0, chart)

    page.evaluate("Plotly.relayout(document.querySelector('[data-testid=chart-loss]'), {'xaxis.range': [2, 9]})")
    training.wait_for_points(training.points())
    zoomed = page.evaluate("document.querySelector('[data-testid=chart-loss]').layout.xaxis.range")
    assert zoomed == [2, 9]  # a zoom survives updates

    row.get_by_role("button", name="Learning rate ÷ 2").click()
    expect(row).to_contain_text("0.005")
    texts = "document.querySelector('[data-testid=chart-loss]').layout.annotations.map(({ text }) => text)"
    wait_until(page, f"{texts}.includes('learning rate 0.005')")

    act(row, "pause")
    in_phase(row, "paused")
    step, points = settled(page, lambda: (training.step(row), training.points()))  # what was on its way has come
    page.wait_for_timeout(700)
    assert (training.step(row), training.points()) == (step, points)
    act(row, "pause")
    in_phase(row, "running")
    training.wait_for_step(step)

    (own,) = descendants(server.pid) - idle
    act(row, "stop")
    in_phase(row, "ended")
    expect(row).to_contain_text("stopped")
    assert not Path(f"/proc/{own}").exists()
    assert training.points() >= points  # the curve stays

    row = training.start(program("Adam", lr=0.1, steps=400, sleep_s=0))
    in_phase(row, "ended")
    expect(row).to_contain_text("400 of 400")
    told = dict(part.split(" = ") for part in row.get_by_test_id("values").inner_text().split(", "))
    assert abs(float(told["w"]) - 2) < 0.05 and abs(float(told["b"]) - 1) < 0.05
    assert float(row.get_by_test_id("loss").inner_text()) < 0.01
    training.wait_for_points(points + 399)
    drawn = "document.querySelector('[data-testid=chart-loss]').data.map((line) => [line.name, line.line.color])"
    (first_line, second_line) = page.evaluate(drawn)
    assert first_line[0].startswith("1 ·") and second_line[0].startswith("2 ·") and first_line[1] != second_line[1]

    with page.expect_download() as table:
        page.locator("[data-tool=csv]").click()
    lines = Path(table.value.path()).read_text().splitlines()
    assert lines[0] == "run,name,device,line,step,loss" and len(lines) > 400 + step
    with page.expect_download() as picture:
        page.locator("figure.loss").get_by_role("button", name="SVG").click()
    assert Path(picture.value.path()).read_text().startswith("<svg")


def test_a_step_recorded_in_mid_run_opens_in_the_player_while_the_run_goes_on(visit: Open) -> None:
    training = opened(visit)
    row = training.start(program())
    training.wait_for_step(20)
    act(row, "record")
    page = training.page
    page.wait_for_selector("[data-testid=player] [data-node-id]")
    assert "/training" not in page.url
    explorer = Explorer(page)
    before, last = explorer.counter()
    explorer.focus()
    explorer.press("ArrowRight")
    assert explorer.counter() == (before + 1, last)
    expect(page.get_by_role("button", name="Backward 4")).to_have_attribute(
        "aria-pressed", "true"
    )  # after the first three of every run

    page.get_by_role("link", name="Training").click()
    training = Training(page)
    step = training.step(training.rows().first)
    training.wait_for_step(step)  # it went on, and comes back when the page is opened again
    act(training.rows().first, "stop")


def test_a_loss_that_becomes_nan_says_when_and_opens_the_step_before(visit: Open) -> None:
    training = opened(visit)
    row = training.start(program(lr=1e4, steps=60, sleep_s=0))
    in_phase(row, "ended")
    told = training.page.get_by_role("alert").inner_text()
    step = int(re.search(r"from step (\d+) on", told).group(1))  # type: ignore[union-attr]
    button = training.page.locator("[data-act=before]")
    expect(button).to_have_text(f"Open step {step - 1}, the one before")
    button.click()
    training.page.wait_for_selector("[data-testid=player] [data-node-id]")


def test_runs_survive_a_reload_are_seen_by_nobody_else_and_end_with_their_browser(visit: Open, server: Server) -> None:
    training = opened(visit)
    training.write(program())
    idle = descendants(server.pid)
    in_phase(training.start(), "running")
    (own,) = descendants(server.pid) - idle
    training.wait_for_points(10)
    other = opened(visit)
    expect(other.page.get_by_test_id("empty")).to_be_visible()
    assert other.rows().count() == 0

    step = training.step(training.rows().first)
    training.page.reload()
    training = Training(training.page)
    expect(training.rows()).to_have_count(1)
    training.wait_for_step(step)
    assert training.wait_for_points(10) > 10

    training.page.context.close()
    deadline = time.monotonic() + GONE_WITHIN_S
    while Path(f"/proc/{own}").exists():
        assert time.monotonic() < deadline, "the process outlives its browser"
        time.sleep(0.1)


def test_a_phone_in_chinese_and_the_dark(visit: Open) -> None:
    page = visit("/training?train=own", locale="zh-CN", viewport=PHONE, color_scheme="dark")
    page.wait_for_selector("[data-testid=training]")
    page.locator(".st-key-training-start button").click()
    row = page.get_by_test_id("run").first
    expect(row).to_contain_text("步")
    wait_until(page, "Number(document.querySelector('[data-testid=chart-loss]').dataset.points) > 10")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    ground = page.evaluate("document.querySelector('[data-testid=chart-loss]').layout.paper_bgcolor")
    assert ground == "#12161c"
    in_phase(row, "ended")


def test_the_page_opens_with_a_curve_and_a_slowed_lesson_can_be_paused(visit: Open) -> None:
    training = opened(visit, "/training")
    page = training.page
    example = training.rows().first
    expect(example).to_contain_text("2,000 of 2,000")
    expect(example).to_contain_text("example")
    training.wait_for_points(100)
    page.locator(".st-key-training-speed").get_by_role("combobox").click()
    page.get_by_role("option", name="At most 10 steps/s").click()
    training.start_button().click()
    row = training.rows().first
    in_phase(row, "running")
    expect(training.rows()).to_have_count(1)  # the example has made room
    training.wait_for_step(3)
    act(row, "pause")
    in_phase(row, "paused")
    assert training.step(row) < 500
