"""A server for a class, as its visitors and its teacher see it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from engine.running.runlog import RunLog
from pages.ui.desk.services import own_programs
from pages.ui.loss_lab.programs import Binary, Classes, Values
from tests.e2e.explorer import Explorer
from tests.e2e.serving import STREAMLIT, Server, serve
from tests.e2e.test_detach import Detach
from tests.e2e.test_gradients import SETTLED
from tests.e2e.test_training import Training
from tests.graphviz_tools.player.opened import text_of

Open = Callable[..., Page]
SHADY = 'import torch\nx = torch.ones(2, requires_grad=True)\n(x * x).sum().backward()\nopen("/etc/passwd").read()\n'


@pytest.fixture(scope="module")
def classroom() -> Iterator[Server]:
    with serve(environment={"BACKSTEP_POLICY": "classroom"}) as running:
        running.wait_until_ready()
        yield running


def test_a_refused_program_shows_what_it_did_the_line_and_what_to_do(visit: Open, classroom: Server) -> None:
    page = visit("/", url=classroom.url)
    explorer = Explorer(page).wait_for_picture()
    explorer.run(SHADY)
    expect(page.get_by_text("Programs can read only the files of Python and its packages here.").first).to_be_visible()
    expect(page.get_by_text("Put the data into the program's text.").first).to_be_visible()
    expect(page.get_by_text("PermissionError on line 4").first).to_be_visible()
    assert explorer.vertex("multiply").count() == 1  # what had happened before is kept
    assert "root:" not in page.content()


def test_the_page_of_safety_tells_policy_guarantee_and_limits_in_both_languages(visit: Open, classroom: Server) -> None:
    page = visit("/safety", url=classroom.url)
    expect(page.get_by_text("Policy: Classroom")).to_be_visible()
    expect(page.get_by_text("Enforced by the Linux kernel.")).to_be_visible()
    expect(page.get_by_text("512 MB beyond Python and PyTorch")).to_be_visible()
    chinese = visit("/safety", url=classroom.url, locale="zh-CN")
    expect(chinese.get_by_text("策略：课堂")).to_be_visible()
    expect(chinese.get_by_text("由 Linux 内核强制执行")).to_be_visible()


PAGES = ("", "detach", "gradients", "training", "clinic", "losses", "safety")
OWN = 'print("mine")\n'
ODD = "&".join(
    f"{name}=print(1)" for name in ("lesson", "program", "source", "code", "own", "card", "variants", "part")
)


def programs_run(server: Server) -> list[str]:
    """The digests of all programs that ran, from the server's log."""
    lines = [line for line in server.output().splitlines() if line.startswith('{"time"')]
    return [json.loads(line)["program"] for line in lines]


def ours() -> set[str]:
    """The digests of the programs that a page runs by itself."""
    lab = {settings().program() for settings in (Values, Binary, Classes)}
    return {RunLog(program, "", "")._entry()["program"] for program in own_programs() | lab}


def test_a_link_runs_none_but_our_programs_whatever_is_written_into_it(visit: Open) -> None:
    with serve(environment={"BACKSTEP_POLICY": "classroom"}) as server:
        server.wait_until_ready()
        page = visit(f"/?{ODD}&run=9&step=9&train=own,desk", url=server.url)
        for path in PAGES:
            page.goto(f"{server.url}/{path}?{ODD}&run=9&step=9&train=own,desk")
            page.wait_for_selector(f"{SETTLED} .st-key-bar")
        Explorer(page.context.new_page()).page.goto(f"{server.url}/?{ODD}")
        page.close()
        ran = programs_run(server)
        assert ran and set(ran) <= ours()


def test_lessons_only_refuses_own_programs_on_every_page_and_says_so(visit: Open) -> None:
    with serve(environment={"BACKSTEP_POLICY": "lessons-only"}) as server:
        server.wait_until_ready()
        refusal = "his server runs the lessons' own programs only"
        opened = [visit(path, url=server.url) for path in ("/detach", "/training?train=own", "/")]
        detach = Detach(opened[0])
        detach.common().fill(OWN + text_of(detach.common()))
        detach.run()
        expect(detach.judged("data")).to_contain_text(refusal)

        training = Training(opened[1])
        training.start(OWN)
        expect(training.page.locator(".notes").first).to_contain_text(refusal)

        page = opened[2]
        explorer = Explorer(page).wait_for_picture()
        explorer.run(OWN)
        expect(page.get_by_text(refusal).first).to_be_visible()
        page.get_by_role("link", name="Training").click()
        training = Training(page)
        page.locator(".st-key-training-programs input").fill("The program in the Explorer")
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        training.start_button().click()
        expect(page.locator(".notes").filter(has_text=refusal)).to_have_count(1)
        page.get_by_role("link", name="Gradients").click()
        expect(page.get_by_text("The program stopped with NotRun")).to_be_visible()

        for path, part in (("losses", "loss-head"), ("clinic?card=f01-saved-overwritten", "question")):
            page.goto(f"{server.url}/{path}")
            page.locator(f".st-key-{part}").wait_for()
            assert page.locator("textarea, input[type=text]").count() == 0  # nothing to write a program into
            if path == "losses":  # its programs are ours
                page.locator(".js-plotly-plot").first.wait_for()
                assert page.get_by_text(refusal).count() == 0
        for each in opened:
            each.close()  # before its server goes


@pytest.mark.parametrize(("address", "policy"), [("127.0.0.1", "trusted"), ("0.0.0.0", "classroom")])
def test_the_policy_follows_the_address(address: str, policy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BACKSTEP_POLICY", raising=False)
    with serve((*STREAMLIT, "--server.address", address)) as server:
        assert server.health()["policy"] == policy
