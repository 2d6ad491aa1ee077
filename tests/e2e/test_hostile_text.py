"""Hostile names, output and errors in Chromium: no script runs, no element, link or image is made of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.e2e.explorer import Explorer

Open = Callable[..., Page]
PROGRAM = r"""
import torch
evil = [
    "<img src=x onerror=globalThis.hacked=1>", "[click](https://evil.example)", "![pic](https://evil.example/p.png)",
    "**bold**", "`tick`<script>globalThis.hacked=1</script>", ":red[red]", "$x^2$", "</textarea><svg onload=globalThis.hacked=1>",
]
model = torch.nn.Module()
for n, name in enumerate(evil):
    globals()[name] = torch.ones(2, requires_grad=True)
    model.register_parameter(name.replace(".", ""), torch.nn.Parameter(torch.ones(2)))
    print(name)
loss = sum((globals()[name] * 2).sum() for name in evil) + sum(p.sum() for p in model.parameters())
loss.backward()
raise type("[E](https://evil.example)<img src=x onerror=globalThis.hacked=1>", (ValueError,), {})("; ".join(evil))
"""
LOOK = """() => {
  const found = [];
  const walk = (root) => {
    for (const e of root.querySelectorAll("*")) {
      if (e.shadowRoot) walk(e.shadowRoot);
      const link = (e.getAttribute("href") || "") + (e.getAttribute("src") || "");
      if (link.includes("evil.example") || [...e.attributes].some((a) => a.name.startsWith("on"))) found.push(e.outerHTML.slice(0, 200));
      if (["IFRAME", "OBJECT", "EMBED"].includes(e.tagName)) found.push(e.tagName);
      if (e.tagName === "IMG" && e.getAttribute("src") === "x") found.push(e.outerHTML);
    }
  };
  walk(document);
  if (globalThis.hacked) found.push("a script ran");
  return found;
}"""


def test_no_text_of_a_program_becomes_markup_on_any_page(visit: Open) -> None:
    page = visit("/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    explorer = Explorer(page).wait_for_picture()
    explorer.run(PROGRAM)
    page.get_by_text("on line 14").first.wait_for()
    assert page.evaluate(LOOK) == []
    explorer.focus()
    for key in ("Home", "ArrowRight", "ArrowRight", "End"):
        explorer.press(key)
    for vertex in page.locator("[data-node-id]").all()[:6]:
        vertex.dispatch_event("click")
        assert page.evaluate(LOOK) == []
    page.get_by_text("Forward and backward").click()
    page.wait_for_selector("[data-testid=player] [data-node-id]")
    assert page.evaluate(LOOK) == []
    page.get_by_role("link", name="Gradients").click()
    page.wait_for_selector(".st-key-gradient-page [data-testid=stDataFrame], .st-key-gradient-page table")
    for part in ("All gradients", "One gradient", "On the graph"):
        page.get_by_text(part, exact=True).click()
        page.wait_for_timeout(400)
        assert page.evaluate(LOOK) == [], part
    assert not [url for url in asked if "evil" in url]
