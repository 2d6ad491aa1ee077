"""The Explorer in Chromium: a lesson, a program of one's own, errors, stopping, languages, links."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.explorer import Explorer
from tests.e2e.serving import Server, serve

Open = Callable[..., Page]
OWN = """import torch
w = torch.tensor([1., 2.], requires_grad=True)
y = (w * torch.tensor([3., 4.])).sum()
y.backward()
print("grad is", w.grad)
"""


def opened(visit: Open, path: str = "/", **options: object) -> Explorer:
    return Explorer(visit(path, **options)).wait_for_picture()


def test_the_app_opens_on_lesson_c1_already_run(visit: Open) -> None:
    explorer = opened(visit)
    assert "z = x * y" in explorer.program()
    step, last = explorer.counter()
    assert 0 < step < last
    kinds = {one.get_attribute("data-kind") for one in explorer.page.locator("[data-node-id]").all()}
    assert kinds == {"leaf", "node", "root", "saved"}


def test_c1_is_stepped_to_its_end_by_keyboard_and_shows_both_gradients(visit: Open) -> None:
    explorer = opened(visit)
    explorer.focus()
    step, last = explorer.counter()
    explorer.press(*["ArrowRight"] * (last - step))
    assert explorer.counter() == (last, last)
    for name, gradient in (("x", ["4", "5"]), ("y", ["2", "3"])):
        explorer.vertex(f"{name},").click()
        assert explorer.inspector().startswith(name)
        numbers = explorer.numbers()
        assert any(numbers[i : i + 2] == gradient for i in range(len(numbers)))


def test_a_program_of_ones_own_runs_by_ctrl_enter(visit: Open) -> None:
    explorer = opened(visit)
    explorer.run(OWN)
    explorer.focus()
    explorer.press("End")
    expect(explorer.part("output")).to_have_text("grad is tensor([3., 4.])\n")
    explorer.vertex("w,").click()
    numbers = explorer.numbers()
    assert ["3", "4"] in [numbers[i : i + 2] for i in range(len(numbers))]


def test_an_error_is_marked_at_its_line_and_explained(visit: Open) -> None:
    explorer = opened(visit)
    explorer.run("import torch\nw = torch.ones(2, requires_grad=True)\nv = w @ torch.ones(3)\n")
    expect(explorer.page.locator(".line-mark.error")).to_contain_text("line 3")
    assert "RuntimeError" in explorer.inspector()
    assert "what to do" in explorer.inspector()
    explorer.run("x = (\n")
    expect(explorer.page.locator(".line-mark.error")).to_contain_text("line 1")
    assert "Traceback" not in explorer.page.inner_text("body")


def test_changed_code_makes_the_picture_stale_until_it_runs_or_is_undone(visit: Open) -> None:
    explorer = opened(visit)
    before = explorer.program()
    explorer.type_program(before + "# more\n")
    expect(explorer.page.locator(".stale")).to_have_count(1)
    explorer.page.locator(".veil button").last.click()
    expect(explorer.page.locator(".stale")).to_have_count(0)
    assert explorer.program() == before


def test_an_endless_loop_is_stopped_and_the_page_lives_on(visit: Open) -> None:
    explorer = opened(visit)
    explorer.part("editor").fill("import torch\nx = torch.ones(2)\nwhile True: pass\n")
    explorer.part("run").click()
    stop = explorer.part("stop")
    stop.wait_for(state="visible")
    stop.click()
    expect(explorer.part("run")).to_be_visible()
    expect(explorer.part("inspector")).to_contain_text("stopped on request")
    explorer.run(OWN)
    explorer.wait_for_picture()


def test_typed_code_stays_when_the_language_is_switched(visit: Open) -> None:
    explorer = opened(visit)
    explorer.run(OWN)
    explorer.page.get_by_text("中文", exact=True).click()
    expect(explorer.part("run")).to_contain_text("运行")
    assert explorer.program() == OWN


def test_a_chinese_browser_is_met_in_chinese(visit: Open) -> None:
    explorer = opened(visit, locale="zh-CN")
    expect(explorer.part("run")).to_contain_text("运行")
    assert "lang" not in explorer.page.url


def test_a_deep_link_works_on_a_fresh_server(visit: Open) -> None:
    with serve() as fresh:
        explorer = opened(visit, "/?lesson=d5-data&view=combined&lang=zh&step=3", url=fresh.url)
        assert "b_ = b.data" in explorer.program()
        assert explorer.counter()[0] == 3
        assert "Page not found" not in explorer.page.inner_text("body")
        explorer.page.close()  # before its server goes


def test_a_failing_lesson_opens_at_its_failure(visit: Open) -> None:
    explorer = opened(visit, "/?lesson=d5-detach")
    failed = explorer.page.locator("[data-state=failed]")
    expect(failed).to_have_count(1)
    assert "MulBackward0" in (failed.get_attribute("aria-label") or "")


def test_a_finding_is_told_when_its_step_is_reached_and_leads_there(visit: Open) -> None:
    explorer = opened(visit, "/?lesson=f14-masked-root")
    mark = explorer.page.locator(".line-mark.error")
    expect(explorer.page.locator(".timeline .mark.finding")).to_have_count(0)
    expect(mark).to_have_count(0)
    explorer.focus()
    explorer.press("End")
    expect(mark).to_contain_text("gradient is not finite — line 4")
    expect(explorer.part("inspector")).to_contain_text("a gradient came out as NaN or ∞")
    mark.click()
    expect(explorer.part("inspector").locator("h2")).to_have_text("SqrtBackward0 runs")
    expect(mark).to_have_count(1)
    explorer.focus()
    explorer.press("ArrowLeft")
    expect(mark).to_have_count(0)


def test_the_browser_remembers_that_findings_are_to_be_told_at_once(visit: Open) -> None:
    explorer = opened(visit, "/?lesson=f14-masked-root")
    mark = explorer.page.locator(".line-mark.error")
    expect(mark).to_have_count(0)
    explorer.page.get_by_test_id("at-once").check()
    expect(mark).to_have_count(1)
    expect(explorer.page.locator(".timeline .mark.finding")).to_have_count(1)
    explorer.page.reload()
    expect(mark).to_have_count(1)
    explorer.page.get_by_test_id("at-once").uncheck()
    expect(mark).to_have_count(0)


def test_the_dark_theme_is_dark_and_the_light_one_light(visit: Open) -> None:
    script = "e => getComputedStyle(e).backgroundColor"
    grounds = []
    for scheme in ("light", "dark"):
        explorer = opened(visit, color_scheme=scheme)
        grounds.append(explorer.page.locator(".pane.graph").evaluate(script))
    assert grounds == ["rgb(255, 255, 255)", "rgb(18, 22, 28)"]


def test_streamlits_own_menu_is_out_of_the_way_and_nothing_essential_scrolls(visit: Open) -> None:
    explorer = opened(visit)
    assert not explorer.page.locator("[data-testid=stHeader]").is_visible()
    assert not explorer.page.locator("[data-testid=stAppDeployButton]").is_visible()
    bottom = explorer.page.locator(".bottom").bounding_box()
    assert bottom is not None
    assert bottom["y"] + bottom["height"] <= 720


def test_two_visitors_do_not_see_each_others_programs(visit: Open) -> None:
    first, second = opened(visit), opened(visit)
    first.run(OWN)
    assert "x * y" in second.program()
    second.page.reload()
    second.wait_for_picture()
    assert "x * y" in second.program()


def test_the_health_route_says_ready_and_that_torch_is_not_in_the_server(server: Server) -> None:
    health = server.health()
    assert (health["status"], health["runner"], health["torch_in_server"]) == ("ok", "ready", False)


def test_a_late_run_never_replaces_a_newer_one(visit: Open) -> None:
    explorer = opened(visit)
    explorer.part("editor").fill("import time\ntime.sleep(1.5)\nprint('slow')\n")
    explorer.part("run").click()
    explorer.part("stop").wait_for(state="visible")
    explorer.part("editor").click()
    explorer.type_program(OWN)
    explorer.press("Control+Enter")
    explorer.vertex("w,").wait_for()
    time.sleep(2)  # longer than the slow program would have taken
    assert explorer.program() == OWN
    assert "slow" not in explorer.part("output").inner_text()
