"""A server for a class, as its visitors and its teacher see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.explorer import Explorer
from tests.e2e.serving import STREAMLIT, Server, serve

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


def test_a_link_runs_lessons_only_whatever_is_written_into_it(visit: Open, classroom: Server) -> None:
    before = classroom.output().count('"program"')
    odd = (
        "/?lesson=import%20os&program=print(1)&source=print(1)&code=print(1)&run=9&step=9&card=%3Cscript%3E&variants=x"
    )
    Explorer(visit(odd, url=classroom.url)).wait_for_picture()
    visit("/detach" + odd[1:], url=classroom.url).wait_for_selector("[data-testid=compare], .st-key-intro")
    from engine.running.runlog import RunLog
    from engine.trace import Program
    from pages.ui.services import own_programs

    ours = {RunLog(Program(p.source), "", "")._entry()["program"] for p in own_programs()}
    lines = [line for line in classroom.output().splitlines() if line.startswith('{"time"')][before:]
    import json

    assert all(json.loads(line)["program"] in ours for line in lines)


def test_lessons_only_refuses_what_is_typed_and_says_so(visit: Open) -> None:
    with serve(environment={"BACKSTEP_POLICY": "lessons-only"}) as server:
        server.wait_until_ready()
        page = visit("/", url=server.url)
        explorer = Explorer(page).wait_for_picture()
        explorer.run("print('mine')\n")
        expect(page.get_by_text("This server runs the lessons' own programs only.").first).to_be_visible()


@pytest.mark.parametrize(("address", "policy"), [("127.0.0.1", "trusted"), ("0.0.0.0", "classroom")])
def test_the_policy_follows_the_address(address: str, policy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BACKSTEP_POLICY", raising=False)
    with serve((*STREAMLIT, "--server.address", address)) as server:
        assert server.health()["policy"] == policy
