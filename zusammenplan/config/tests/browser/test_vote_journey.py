"""A member of a steering group votes: by touch, by keyboard alone, without JavaScript."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from zusammenplan.config.tests.browser.demo_site import Site, overflow, tab_to, violations

# What is kept is asked of each database without a browser, and of a real server under load.
pytestmark = [pytest.mark.browser, pytest.mark.markup]
EXTERNAL, INTERNAL = "Externe Steuerungsgruppe", "Interne Steuerungsgruppe"
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
# Whatever has the focus ends above the bar, unless it stands in the bar itself.
IS_FREE = """() => {
  const found = document.activeElement;
  const bar = document.querySelector(".zp-vote-end");
  const shown = (found.closest("label") ?? found).getBoundingClientRect();
  return bar.contains(found) || shown.bottom <= bar.getBoundingClientRect().top;
}"""
CHOSEN = "() => [...document.querySelectorAll('fieldset input:checked')].map((one) => one.value)"


def test_vote_on_a_phone_is_kept_as_one_goes(
    site: Site, open_browser: Callable[..., BrowserContext]
) -> None:
    link = site.links[EXTERNAL][0]
    page = open_browser(**PHONE).new_page()
    page.goto(link)

    grade(page, 0, 2).tap()
    expect(page.locator("#gespeichert")).to_contain_text(re.compile(r"Gespeichert \d\d:\d\d Uhr"))
    expect(page.locator("#bearbeitet")).to_have_text(re.compile(r"1 von 40 bearbeitet"))
    grade(page, 1, 5).tap()
    expect(page.locator("#bearbeitet")).to_have_text(re.compile(r"2 von 40 bearbeitet"))
    assert violations(page) + overflow(page) == []

    # The phone was put away; the link opens the same ballot on another one.
    again = open_browser(**PHONE).new_page()
    again.goto(link)
    assert again.evaluate(CHOSEN) == ["2", "5"]
    again.get_by_role("button", name="Prüfen und abgeben").tap()
    expect(again.get_by_role("heading", level=1)).to_have_text("Stimmzettel prüfen")
    assert violations(again) + overflow(again) == []
    again.get_by_role("button", name="Stimmzettel abgeben").tap()
    expect(again.get_by_role("heading", level=1)).to_have_text("Ihr Stimmzettel ist abgegeben")
    assert violations(again) + overflow(again) == []


def test_vote_by_keyboard_alone(site: Site, open_browser: Callable[..., BrowserContext]) -> None:
    page = open_browser().new_page()
    page.goto(site.links[EXTERNAL][1])

    tab_to(page, radio(page, 0, 1))
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#bearbeitet")).to_contain_text("1 von 40")
    tab_to(page, radio(page, 1, 1))
    page.keyboard.press("Space")
    expect(page.locator("#bearbeitet")).to_contain_text("2 von 40")
    tab_to(page, page.get_by_role("button", name="Prüfen und abgeben"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Stimmzettel prüfen")
    tab_to(page, page.get_by_role("button", name="Stimmzettel abgeben"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihr Stimmzettel ist abgegeben")
    tab_to(page, page.get_by_role("link", name="Zu Ihrem Stimmzettel"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Prüfen und abgeben")).to_be_visible()

    assert page.evaluate(CHOSEN) == ["3", "1"]


def test_nothing_focused_lies_behind_the_bar_of_the_ballot(
    site: Site, open_browser: Callable[..., BrowserContext]
) -> None:
    page = open_browser(viewport={"width": 320, "height": 500}, reduced_motion="reduce").new_page()
    page.goto(site.links[EXTERNAL][6])
    for address in (page.url, f"{page.url}pruefen/"):
        page.goto(address)
        bar = page.locator(".zp-vote-end")
        for _ in range(25):
            page.keyboard.press("Tab")
            assert page.evaluate(IS_FREE), page.evaluate("document.activeElement.outerHTML")
        expect(bar).to_be_visible()


def test_vote_without_javascript(site: Site, open_browser: Callable[..., BrowserContext]) -> None:
    page = open_browser(java_script_enabled=False, **PHONE).new_page()
    page.goto(site.links[EXTERNAL][2])

    grade(page, 0, 4).tap()
    grade(page, 2, 1).tap()
    page.get_by_role("button", name="Prüfen und abgeben").tap()
    expect(page.get_by_role("listitem").first).to_contain_text("Note 4")
    page.get_by_role("button", name="Stimmzettel abgeben").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihr Stimmzettel ist abgegeben")
    page.get_by_role("link", name="Zu Ihrem Stimmzettel").tap()

    expect(radio(page, 0, 4)).to_be_checked()
    expect(radio(page, 2, 1)).to_be_checked()
    expect(radio(page, 1, 1)).not_to_be_checked()


def test_two_tabs_keep_the_mark_that_was_set_last(
    site: Site, open_browser: Callable[..., BrowserContext]
) -> None:
    context = open_browser()
    first, second = context.new_page(), context.new_page()
    first.goto(site.links[EXTERNAL][3])
    second.goto(first.url)

    grade(first, 0, 2).click()
    expect(first.locator("#bearbeitet")).to_contain_text("1 von 40")
    grade(second, 0, 5).click()
    grade(second, 1, 3).click()
    expect(second.locator("#bearbeitet")).to_contain_text("2 von 40")
    first.get_by_role("button", name="Prüfen und abgeben").click()

    expect(first.locator(".zp-mine__row").nth(0)).to_contain_text("Note 5")
    expect(first.locator(".zp-mine__row").nth(1)).to_contain_text("Note 3")


def test_mark_is_sent_again_when_the_network_comes_back(
    site: Site, open_browser: Callable[..., BrowserContext]
) -> None:
    context = open_browser(is_offline=True)
    page = context.new_page()
    page.goto(site.links[EXTERNAL][4])

    context.set_offline(True)
    grade(page, 0, 6).click()
    expect(page.locator("#gespeichert")).to_contain_text("Nicht gespeichert.")
    context.set_offline(False)
    expect(page.locator("#gespeichert")).to_contain_text("Gespeichert")
    page.reload()

    assert page.evaluate(CHOSEN) == ["6"]


def test_projector_shows_new_votes_by_itself(
    site: Site, open_browser: Callable[..., BrowserContext], signed_in: Callable[..., Page]
) -> None:
    wall = wall_of(signed_in("planung"))
    shown = wall.locator(".zp-beamer__num")
    voted = int(shown.inner_text().split()[0])
    voter = open_browser().new_page()
    voter.goto(site.links[EXTERNAL][5])

    grade(voter, 0, 1).click()

    expect(shown).to_have_text(re.compile(rf"^\s*{voted + 1}\b"))
    assert violations(wall) == []


def test_closing_meanwhile_is_said_and_loses_nothing(
    site: Site, open_browser: Callable[..., BrowserContext], signed_in: Callable[..., Page]
) -> None:
    voter = open_browser(refusals={409}, **PHONE).new_page()
    voter.goto(site.links[INTERNAL][0])
    grade(voter, 0, 2).tap()
    expect(voter.locator("#bearbeitet")).to_contain_text("1 von 40")

    planner = signed_in("planung")
    open_round(planner)
    planner.get_by_role("link", name=re.compile(f"Abstimmung schließen ?: {INTERNAL}")).click()
    planner.get_by_role("button", name="Abstimmung schließen").click()
    grade(voter, 1, 3).tap()

    expect(voter.locator("#gespeichert")).to_contain_text("Nicht gespeichert.")
    expect(voter.locator("#gespeichert")).to_contain_text("Die Abstimmung ist beendet.")
    assert violations(voter) + overflow(voter) == []
    voter.reload()
    expect(voter.locator("main")).to_contain_text("Die Abstimmung ist beendet.")
    own = voter.get_by_role("heading", name="Ihre Noten").locator("..")
    expect(own.locator(".zp-mine__row").nth(0)).to_contain_text("Note 2")
    expect(own.locator(".zp-mine__row").nth(1)).to_contain_text("keine Note")
    assert violations(voter) + overflow(voter) == []


def radio(page: Page, place: int, value: int) -> Locator:
    """Find the radio button of the measure that stands at this place on the ballot."""
    return page.locator("fieldset.zp-vote").nth(place).locator(f"input[value='{value}']")


def grade(page: Page, place: int, value: int) -> Locator:
    """Find what a finger touches: the number of the grade."""
    fieldset = page.locator("fieldset.zp-vote").nth(place)
    return fieldset.locator("label.zp-grade").nth(value - 1)


def open_round(page: Page) -> None:
    page.goto("/intern/priorisierung/")
    page.get_by_role("link", name="Was soll zuerst kommen? Zweite Abstimmung").click()
    page.wait_for_url("**/runde/**")


def wall_of(page: Page) -> Page:
    open_round(page)
    page.goto(str(page.locator("main a[href*='/leinwand/']").get_attribute("href")))
    return page
