"""Two planners work on one measure: the second is told, and nothing that either typed is lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from zusammenplan.config.tests.browser.demo_site import overflow, violations

# What is kept is asked of each database without a browser.
pytestmark = [pytest.mark.browser, pytest.mark.markup]
MEASURES = "/intern/plan/sozialplan-2027-2031/massnahmen/"


def test_second_editor_is_told_and_nothing_is_lost(signed_in: Callable[..., Page]) -> None:
    first = signed_in("planung")
    second = signed_in("planung", refusals={409, 422}, viewport={"width": 320, "height": 800})
    first.goto(MEASURES)
    first.goto(f"{first.locator('tbody th a').first.get_attribute('href')}bearbeiten/")
    second.goto(first.url)

    first.get_by_label("Titel", exact=True).first.fill("Pflegeberatung an jedem Werktag")
    save(first)
    expect(first.locator("main")).to_contain_text("Pflegeberatung an jedem Werktag")
    second.get_by_label("Titel", exact=True).first.fill("Pflegeberatung auch am Samstag")
    save(second)

    expect(second.get_by_role("alert")).to_be_visible()
    differences = second.get_by_role("table")
    expect(differences).to_contain_text("Pflegeberatung an jedem Werktag")
    expect(differences).to_contain_text("Pflegeberatung auch am Samstag")
    title = second.get_by_label("Titel", exact=True).first
    expect(title).to_have_value("Pflegeberatung auch am Samstag")
    assert violations(second) + overflow(second) == []
    first.reload()
    expect(first.get_by_role("heading", level=1)).to_contain_text("an jedem Werktag")

    save(second)
    first.reload()
    expect(first.get_by_role("heading", level=1)).to_contain_text("auch am Samstag")
    expect(first.locator("aside")).to_contain_text("Pflegeberatung an jedem Werktag")


def save(page: Page) -> None:
    page.get_by_role("button", name="Maßnahme speichern").click()
