"""Somebody rates by personal link, with and without JavaScript; the planner checks and closes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, expect

from zusammenplan.config.tests.browser.demo_site import Site

# What is kept is asked of each database without a browser.
pytestmark = [pytest.mark.browser, pytest.mark.markup]
ROUND = "Zweiter Zwischenstand"
PAGE = "/intern/plan/sozialplan-2027-2031/auswertung/zweiter-zwischenstand/"
PHONE = {"width": 390, "height": 844}


def test_each_rating_is_saved_one_by_one_on_a_phone(
    site: Site, open_browser: Callable[..., BrowserContext]
) -> None:
    page = open_browser(viewport=PHONE).new_page()
    page.goto(site.links[ROUND][0])
    thing = page.locator(".zp-rate").first
    other = page.locator(".zp-rate").nth(1)
    expect(page.locator("#bearbeitet")).to_contain_text("0 von")

    other.get_by_label("Begründung").fill("Noch nicht gespeichert")
    thing.get_by_role("button").click()
    expect(thing.locator(".zp-rate__errors")).to_be_focused()
    thing.get_by_label("überwiegend erreicht").check()
    thing.get_by_label("Begründung").fill("Zwei von drei Gruppen sind dabei.")
    thing.get_by_role("button").click()

    expect(page.locator("#bearbeitet")).to_contain_text("1 von")
    expect(thing).to_contain_text("Gespeichert")
    # What was typed beside it is still there.
    expect(other.get_by_label("Begründung")).to_have_value("Noch nicht gespeichert")


def test_whoever_leaves_is_asked_until_everything_is_saved(
    site: Site, open_browser: Callable[..., BrowserContext]
) -> None:
    page = open_browser().new_page()
    page.goto(site.links[ROUND][0])
    thing = page.locator(".zp-rate").nth(2)
    thing.get_by_label("Begründung").fill("Noch ohne eine Stufe.")
    thing.get_by_role("button").click()
    expect(thing.locator(".zp-rate__errors")).to_be_focused()

    questions: list[str] = []

    def stay(question: Dialog) -> None:
        questions.append(question.type)
        question.dismiss()

    page.on("dialog", stay)
    with page.expect_event("dialog"):
        page.close(run_before_unload=True)
    thing.get_by_label("voll erreicht", exact=True).check()
    thing.get_by_role("button").click()
    expect(thing).to_contain_text("Gespeichert")

    with page.expect_event("close"):
        page.close(run_before_unload=True)
    assert questions == ["beforeunload"]


def test_without_javascript_one_button_saves_all_entries(
    site: Site, open_browser: Callable[..., BrowserContext]
) -> None:
    page = open_browser(java_script_enabled=False).new_page()
    page.goto(site.links[ROUND][1])
    for place, step in enumerate(("voll erreicht", "entfallen")):
        thing = page.locator(".zp-rate").nth(place)
        thing.get_by_label(step, exact=True).check()
        thing.get_by_label("Begründung").fill("Ohne Skript bewertet.")

    page.locator(".zp-rate").first.get_by_role("button").click()

    expect(page.locator("#bearbeitet")).to_contain_text("2 von")
    assert "#m" in page.url


def test_the_planner_accepts_closes_and_the_public_reads(
    site: Site, open_browser: Callable[..., BrowserContext], signed_in: Callable[..., Page]
) -> None:
    page = signed_in("planung")
    page.goto(f"{PAGE}pruefen/?ansicht=unchecked")
    page.get_by_label("Alle auswählen").check()
    page.get_by_role("button", name="Annehmen").click()
    expect(page.locator(".zp-message").first).to_contain_text("angenommen")
    page.goto(f"{PAGE}in-pruefung/")
    page.get_by_role("button", name="Prüfung beginnen").click()
    page.goto(f"{PAGE}abschliessen/")
    page.get_by_role("button", name="Auswertung abschließen").click()
    expect(page.locator(".zp-message").first).to_contain_text("abgeschlossen")

    public = open_browser().new_page()
    public.goto("/plan/sozialplan-2027-2031/")
    public.get_by_role("link", name="Auswertung", exact=True).first.click()
    expect(public.get_by_role("heading", level=1)).to_have_text(ROUND)
    asked = open_browser().new_page()
    asked.goto(site.links[ROUND][2])
    expect(asked.locator("main")).to_contain_text("Die Auswertung ist abgeschlossen")
