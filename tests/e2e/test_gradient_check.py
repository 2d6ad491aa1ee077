"""The check by central differences, asked for in the browser."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

Open = Callable[..., Page]


def checked(page: Page) -> Page:
    """The page after its button was pressed and the run for the check has ended."""
    page.locator(".st-key-gradient-part").get_by_text("Check", exact=True).click()
    page.get_by_role("button", name="Check the gradients").click()
    page.get_by_role("button", name="Check again").wait_for()
    return page


def test_a_wrong_gradient_differs_and_a_right_one_agrees(visit: Open) -> None:
    page = checked(visit("/gradients?lesson=d5-data"))
    expect(page.locator(".st-key-check-counts")).to_contain_text("1 differ")
    expect(page.locator(".st-key-check-counts")).not_to_contain_text("agree")
    page = checked(visit("/gradients?lesson=c1"))
    expect(page.locator(".st-key-check-counts")).to_contain_text("2 agree")
    expect(page.locator(".st-key-check-counts")).not_to_contain_text("differ")
    picker = page.get_by_role("combobox").first
    picker.fill("C2")  # another program: its check has not been made
    picker.press("Enter")
    page.get_by_role("button", name="Check the gradients").wait_for()
    expect(page.locator(".st-key-check-counts")).to_have_count(0)
