"""What a visitor typed, in Chromium: it comes back after everything that could have lost it, and is called by its own name."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect

from tests.e2e.explorer import Explorer
from tests.e2e.serving import ROOT, STREAMLIT, free_port
from tests.e2e.waiting import PATIENCE_S

Open = Callable[..., Page]
OWN = """# Twice two
import torch, sys
w = torch.tensor([1., 2.], requires_grad=True)
(w * 2).sum().backward()
print(sys.argv[0], __file__.endswith("program.py"))
"""
LESSON = "z = x * y"


def opened(visit: Open, path: str = "/", **options: object) -> Explorer:
    return Explorer(visit(path, **options)).wait_for_picture()


def ran(explorer: Explorer, source: str = OWN) -> Explorer:
    explorer.run(source)
    explorer.vertex("w,").wait_for()
    return explorer


def choose_lesson(explorer: Explorer, name: str) -> None:
    box = explorer.page.get_by_role("combobox", name="Lesson")
    box.click()
    box.fill(name)
    explorer.page.keyboard.press("Enter")


def expect_program(explorer: Explorer, part: str) -> None:
    expect(explorer.part("editor")).to_contain_text(part)


def intro(explorer: Explorer):
    return explorer.page.locator(".st-key-intro")


@contextmanager
def serving(command: list[str], url: str) -> Iterator[None]:
    """A server at an address that it had before."""
    server = subprocess.Popen([sys.executable, *command], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    try:
        wait_for_answer(f"{url}/healthz")
        yield
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for_answer(url: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            urllib.request.urlopen(url, timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.05)


def test_a_program_of_ones_own_has_its_own_file_name_and_title(visit: Open) -> None:
    explorer = ran(opened(visit))
    explorer.focus()
    explorer.press("End")
    expect(explorer.part("output")).to_have_text("program.py True\n")
    expect(explorer.part("file-name")).to_have_text("program.py")
    expect(intro(explorer)).to_contain_text("My version of The smallest graph")
    expect(intro(explorer)).not_to_contain_text("Two leaves")


def test_a_reload_brings_back_the_own_program_its_run_and_its_step(visit: Open) -> None:
    explorer = ran(opened(visit))
    explorer.focus()
    explorer.press("End", "ArrowLeft")
    step = explorer.counter()
    expect(explorer.page).to_have_url(re.compile(f"step={step[0]}$"))
    explorer.page.reload()
    explorer.vertex("w,").wait_for()
    assert explorer.program() == OWN
    assert explorer.counter() == step


def test_what_was_typed_and_not_run_is_there_after_a_reload_and_does_not_run_by_itself(visit: Open) -> None:
    explorer = opened(visit)
    explorer.type_program("print('not yet')\n")
    explorer.page.reload()
    explorer.wait_for_picture()
    expect_program(explorer, "not yet")
    expect(explorer.page.locator(".veil")).to_contain_text("has changed")
    assert "not yet" not in explorer.part("output").inner_text()


def test_another_lesson_and_back_again_keeps_what_was_typed_in_both(visit: Open) -> None:
    explorer = ran(opened(visit))
    explorer.type_program(OWN + "# and more\n")
    choose_lesson(explorer, "C2")
    expect(explorer.part("file-name")).to_contain_text("c2_")
    explorer.type_program("# of C2\n")
    explorer.page.go_back()
    expect_program(explorer, "# and more")
    explorer.page.go_forward()
    expect_program(explorer, "# of C2")
    explorer.part("editor").click()
    explorer.press("Control+z", "Control+z", "Control+z")
    assert "w * 2" not in explorer.program()  # undo ends where the lesson began


def test_the_lessons_program_and_mine_are_a_click_apart_and_undo_goes_across(visit: Open) -> None:
    explorer = ran(opened(visit))
    explorer.part("lessons_version").click()
    explorer.vertex("x,").wait_for()
    expect_program(explorer, LESSON)
    expect(explorer.part("file-name")).to_have_text("c1_product.py")
    expect(explorer.part("lessons_version")).to_have_attribute("aria-pressed", "true")
    explorer.part("editor").click()
    explorer.press("Control+z")
    assert explorer.program() == OWN
    expect(explorer.part("my_version")).to_have_attribute("aria-pressed", "true")
    explorer.press("Control+Shift+z")
    expect_program(explorer, LESSON)
    explorer.part("my_version").click()
    explorer.vertex("w,").wait_for()
    assert explorer.program() == OWN


def test_restore_above_the_player_can_be_undone_and_stays_restored_after_a_reload(visit: Open) -> None:
    explorer = ran(opened(visit))
    explorer.page.get_by_role("button", name="Restore").click()
    explorer.vertex("x,").wait_for()
    expect_program(explorer, LESSON)
    explorer.page.reload()
    explorer.vertex("x,").wait_for()
    expect_program(explorer, LESSON)
    explorer.part("my_version").click()
    explorer.vertex("w,").wait_for()
    explorer.page.get_by_role("button", name="Restore").click()
    explorer.vertex("x,").wait_for()
    explorer.part("editor").click()
    explorer.press("Control+z")
    assert explorer.program() == OWN


def test_a_server_that_dies_and_comes_back_loses_nothing(browser: Browser) -> None:
    fixed = [part.format(port=free_port()) for part in STREAMLIT]
    url = f"http://127.0.0.1:{fixed[-1]}"
    with serving(fixed, url):
        explorer = Explorer(browser.new_page())  # without "visit": that a server is gone is said on the console
        explorer.page.goto(url)
        ran(explorer.wait_for_picture())
    explorer.type_program(OWN + "# while nobody listens\n")
    with serving(fixed, url):
        explorer.page.reload()
        expect_program(explorer, "# while nobody listens")
        explorer.page.close()


def test_two_tabs_do_not_write_over_each_others_version(visit: Open) -> None:
    explorer = ran(opened(visit))
    other = Explorer(explorer.page.context.new_page())
    other.page.goto(explorer.page.url)
    other.wait_for_picture()
    expect_program(other, LESSON)  # a link shows the lesson
    other.type_program("# of the other tab\n")
    expect(explorer.page.locator(".own .said")).to_contain_text("Another tab")
    versions = explorer.part("versions").locator("option")
    expect(versions).to_have_count(3)
    assert "# of the other tab" in versions.nth(1).inner_text()
    explorer.part("versions").select_option("0")
    expect_program(explorer, "# of the other tab")
    explorer.part("versions").select_option("1")
    assert explorer.program() == OWN


def test_a_new_program_is_the_visitors_own_with_its_own_title(visit: Open) -> None:
    explorer = opened(visit)
    explorer.part("new-program").click()
    expect(explorer.part("file-name")).to_have_text("program.py")
    assert explorer.page.url.endswith("?lesson=own")
    expect_program(explorer, "# My program")
    ran(explorer)
    expect(intro(explorer)).to_contain_text("Twice two")
    explorer.part("new-program").click()
    expect_program(explorer, "# My program")
    explorer.part("versions").select_option("0")
    assert explorer.program() == OWN


def test_a_browser_that_keeps_nothing_is_told_so_once_and_goes_on(visit: Open) -> None:
    explorer = opened(visit)
    explorer.page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full') }")
    explorer.page.reload()
    explorer.wait_for_picture()
    said = explorer.page.locator(".own .said")
    expect(said).to_be_hidden()
    ran(explorer)
    expect(said).to_contain_text("keeps nothing")
    explorer.part("lessons_version").click()
    expect_program(explorer, LESSON)
    expect(intro(explorer)).to_contain_text("Two leaves")  # the server has it, too
    explorer.part("my_version").click()
    expect_program(explorer, "# Twice two")
    assert explorer.program() == OWN


def test_what_is_typed_while_a_program_runs_is_not_replaced_by_its_result(visit: Open) -> None:
    explorer = opened(visit)
    explorer.part("editor").click()
    explorer.type_program("import time\ntime.sleep(1.5)\nprint('slow')\n")
    explorer.press("Control+Enter")
    explorer.part("stop").wait_for(state="visible")
    explorer.type_program(OWN)
    expect(explorer.part("run")).to_be_visible()
    assert explorer.program() == OWN
    expect(explorer.page.locator(".veil")).to_contain_text("has changed")
