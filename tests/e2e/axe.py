"""What axe finds on a page that some visitors could not read or use."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

NOT_OURS = ("[data-testid=stSidebar]", "[data-testid=stToolbar]")  # Streamlit's own


def violations(page: Page) -> list[tuple[str, str]]:
    """(rule, element) of everything that axe objects to; none on a page that all can use."""
    response = Axe().run(page, context={"exclude": [[each] for each in NOT_OURS]}).response
    return [(rule["id"], node["html"]) for rule in response["violations"] for node in rule["nodes"]]
