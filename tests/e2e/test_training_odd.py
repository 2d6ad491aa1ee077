"""Programs on the Training page that are odd, wrong or broken on purpose, in Chromium: each is told plainly."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.axe import violations
from tests.e2e.serving import Server
from tests.e2e.training import Open, Training, act, descendants, in_phase, opened, process_state, program
from tests.e2e.waiting import wait_until
from tests.engine.running.processes import comes_true

AT_ONCE_S = 5.0  # on a busy machine; python -m tests.benchmarks.obeying measures it
START = "import torch\nw = torch.ones(3, requires_grad=True)\n"
ODD = {  # program, how it ends, what stands below its row
    "prints": ("for i in range(100_000):\n    print('line', i)\n", "finished", "No backward ran"),
    "two losses": (
        f"{START}for step in range(20):\n    (w * w).sum().backward()\n    w.sum().backward()\n",
        "finished",
        "backward runs on lines 4, 5. Each has a curve of its own",
    ),
    "vector": (
        f"{START}for step in range(20):\n    (w * w).backward(torch.ones(3))\n",
        "finished",
        "The root of 20 backward runs is not one number",
    ),
    "no root": (f"{START}loss = w * w\nloss.backward()\n", "stopped with an error", "loss.sum()"),
    "signal": ("import os\nos.kill(os.getpid(), 9)\n", "its process is gone", "ended by signal 9"),
    "short": ("x = 1\n", "finished", "No backward ran"),
}


def told(row: Locator) -> Locator:
    """What stands below a run's row."""
    return row.locator("xpath=following-sibling::tr[1]")


def test_odd_programs_are_told_plainly_and_leave_the_page_in_order(visit: Open) -> None:
    training = opened(visit)
    page = training.page
    in_phase(training.start(program(steps=50, sleep_s=0)), "ended")
    training.wait_for_points(0, "norm")
    for source, state, note in ODD.values():
        row = training.start(source)
        in_phase(row, "ended")
        expect(row.locator(".state")).to_have_text(state)
        expect(told(row)).to_contain_text(note)
    expect(page.locator("figure.norm .whose")).to_contain_text("7 ·")
    page.get_by_test_id("chart-norm").scroll_into_view_if_needed()
    expect(page.get_by_test_id("chart-norm")).to_have_attribute("data-points", "0")  # not those of the run before
    expect(page.locator("figure.norm .none")).to_have_text("Nothing to draw here")
    page.get_by_role("button", name="2 ·").click()
    expect(page.locator("details.output summary")).to_have_text("Output · lines: 100,000; the last ones are shown")
    page.locator("details.output summary").click()
    expect(page.get_by_test_id("output")).to_contain_text("line 99999")


def test_pause_and_stop_act_at_once_even_while_a_program_imports(visit: Open, server: Server) -> None:
    training = opened(visit)
    training.write("import time\ntime.sleep(60)\nimport torch\n")
    idle = descendants(server.pid)
    training.start_button().click()
    row = training.rows().first
    in_phase(row, "running")
    (own,) = descendants(server.pid) - idle
    act(row, "record")
    expect(told(row)).to_contain_text("No backward runs here")
    expect(told(row)).not_to_contain_text("is being recorded")
    act(row, "pause")
    assert comes_true(lambda: process_state(own) == "T", AT_ONCE_S)
    in_phase(row, "paused")
    act(row, "pause")
    assert comes_true(lambda: process_state(own) != "T", AT_ONCE_S)
    act(row, "stop")
    assert comes_true(lambda: process_state(own) == "", AT_ONCE_S)
    in_phase(row, "ended")
    expect(row.locator(".state")).to_have_text("stopped")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_lesson_that_is_broken_on_purpose_runs_against_the_right_one_and_all_can_read_it(
    visit: Open, scheme: str
) -> None:
    training = Training(visit("/training?train=a6-sgd", color_scheme=scheme))
    page = training.page
    page.get_by_role("button", name="no zero_grad").click()
    expect(training.start_button()).to_be_enabled()
    expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")
    assert violations(page) == []
    training.start_button().click()
    expect(training.rows()).to_have_count(3)
    for row in training.rows().all():
        in_phase(row, "ended")
    names = training.rows().locator("button.name").all_inner_texts()
    assert names == ["1 · A6 · SGD", "2 · A6 · RMSprop", "3 · A6 · no zero_grad"]
    losses = [float(text) for text in page.get_by_test_id("loss").all_inner_texts()]
    assert losses[1] < 10 < losses[2]
    assert violations(page) == []


def test_a_curve_is_shown_per_epoch_smoothed_and_on_either_scale(visit: Open) -> None:
    training = opened(visit)
    page = training.page
    epochs = program(steps=40, sleep_s=0).replace("for step in range(40):", "for i in range(40 * 5):")
    in_phase(training.start(epochs), "ended")
    training.wait_for_points(199)
    line = "document.querySelector('[data-testid=chart-loss]').data.at(-1)"
    ys = page.evaluate(f"[...{line}.y]")
    page.locator("[data-tool=smooth]").select_option("20")
    wait_until(page, "document.querySelector('[data-testid=chart-loss]').data.length == 2")
    smoothed = page.evaluate(f"[...{line}.y]")
    assert len(smoothed) == len(ys) and smoothed[0] == ys[0] and smoothed[-1] > ys[-1]  # it lags behind a fall
    page.locator("[data-tool=linear]").click()
    wait_until(page, "document.querySelector('[data-testid=chart-loss]').layout.yaxis.type == 'linear'")
    page.locator("[data-tool=epoch]").click()
    page.locator("[data-tool=epoch-steps]").fill("50")
    page.locator("[data-tool=epoch-steps]").press("Enter")
    wait_until(page, f"{line}?.x.length == 4")
    with page.expect_download() as table:
        page.locator("[data-tool=csv]").click()
    rows = [row.split(",") for row in Path(table.value.path()).read_text().splitlines()[1:]]
    losses = [float(row[5]) for row in rows]
    assert [int(row[4]) for row in rows] == list(range(1, 201))
    means = [sum(losses[i : i + 50]) / 50 for i in range(0, 200, 50)]
    assert page.evaluate(f"[...{line}.y]") == pytest.approx(means, rel=1e-5)
    with page.expect_download() as picture:
        page.locator("figure.loss").get_by_role("button", name="PNG").click()
    assert Path(picture.value.path()).read_bytes().startswith(b"\x89PNG")
