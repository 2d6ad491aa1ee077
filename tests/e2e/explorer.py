"""The Explorer page as a visitor uses it, for tests and benchmarks."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

from tests.graphviz_tools.player.opened import text_of


class Explorer:
    """One open page. Every method waits for what it needs."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def part(self, name: str) -> Locator:
        """A part of the player by its test id: "editor", "inspector", "output" ..."""
        return self.page.locator(f"[data-testid={name}]")

    def wait_for_picture(self) -> Explorer:
        """Until a graph is drawn."""
        self.page.wait_for_selector("[data-testid=player] [data-node-id]")
        return self

    def program(self) -> str:
        return text_of(self.part("editor"))

    def type_program(self, source: str) -> None:
        """Replace the program, as by selecting all and pasting."""
        self.part("editor").fill(source)

    def run(self, source: str) -> None:
        """Type a program, run it by the keyboard, and wait until the player shows it."""
        self.part("editor").click()
        self.type_program(source)
        self.page.keyboard.press("Control+Enter")
        self.page.wait_for_selector(".veil", state="hidden")

    def focus(self) -> None:
        self.part("player").focus()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def counter(self) -> tuple[int, int]:
        """(step, last step)."""
        step, last = self.part("step-counter").inner_text().split(" / ")
        return int(step), int(last)

    def vertex(self, title: str) -> Locator:
        """The vertex whose label begins with ``title``."""
        return self.page.locator(f"[data-node-id][aria-label^='{title}']").first

    def inspector(self) -> str:
        return self.part("inspector").inner_text()

    def numbers(self) -> list[str]:
        """The numbers in the inspector's grids."""
        return self.page.locator("[data-testid=inspector] td").all_inner_texts()
