"""A planner works on the list of measures, leaves a form unsaved, and talks to a colleague."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from zusammenplan.config.tests.browser.demo_site import flaws_of, tab_to

# What scripts do with the pages; what is kept is asked of each database without a browser.
pytestmark = [pytest.mark.browser, pytest.mark.markup]
PLAN = "/intern/plan/sozialplan-2027-2031/"
MEASURES = f"{PLAN}massnahmen/"
# What is repeated for screen readers; all other places of a status stand inside the page.
HEARD = "body > [role=status]"


@pytest.mark.parametrize("query", ["?field=2", "?show=karten", "?show=zeit", "?mehr=1&q=pflege"])
def test_each_way_of_showing_the_list_is_sound(signed_in: Callable[..., Page], query: str) -> None:
    page = signed_in("planung")
    page.goto(f"{MEASURES}{query}")

    assert list(flaws_of(page)) == []


def test_a_cell_is_edited_in_its_row(signed_in: Callable[..., Page]) -> None:
    page = signed_in("planung")
    page.goto(f"{MEASURES}?field=2")
    row = page.locator("tbody tr", has_text="Pflegestammtisch")

    row.get_by_role("link", name="Status ändern").click()
    expect(row.get_by_label("Status", exact=True)).to_be_focused()
    row.get_by_label("Status", exact=True).select_option(label="teilweise umgesetzt")
    row.get_by_role("button", name="Speichern").click()
    expect(row.get_by_label("Grund für den Status")).to_be_focused()
    row.get_by_label("Grund für den Status").fill("An zwei von drei Orten")
    assert list(flaws_of(page)) == []
    row.get_by_role("button", name="Speichern").click()

    expect(row).to_contain_text("An zwei von drei Orten")
    expect(row.get_by_role("link", name="Status ändern")).to_be_focused()
    row.get_by_role("link", name="Titel ändern").press("Enter")
    expect(row.get_by_label("Titel")).to_be_focused()
    row.get_by_label("Titel").press("Escape")
    expect(row.get_by_label("Titel")).to_have_count(0)
    expect(row.get_by_role("link", name="Titel ändern")).to_be_focused()


def test_several_measures_are_changed_at_once(signed_in: Callable[..., Page]) -> None:
    page = signed_in("planung")
    page.goto(f"{MEASURES}?field=3")

    page.get_by_role("checkbox", name="Alle auswählen").check()
    number = page.locator("tbody tr").count()
    expect(page.get_by_text(f"{number} ausgewählt")).to_be_visible()
    page.locator("tbody").get_by_role("checkbox").first.uncheck()
    page.get_by_role("button", name="Verantwortliche setzen").click()
    assert list(flaws_of(page)) == []
    page.get_by_label("Verantwortlich").fill("Volkshochschule")
    page.get_by_role("button", name=f"Für {number - 1} Maßnahmen setzen").click()

    expect(page.locator("tbody tr", has_text="Volkshochschule")).to_have_count(number - 1)


def test_a_view_is_saved_and_changed(signed_in: Callable[..., Page]) -> None:
    page = signed_in("planung")
    page.goto(f"{MEASURES}?status=idea")
    page.get_by_role("link", name="Ansicht speichern").click()
    page.get_by_label("Name").fill("Nur Ideen")
    page.get_by_role("button", name="Ansicht speichern").click()

    expect(page.get_by_role("link", name="Nur Ideen")).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="Ansicht ändern").click()
    assert list(flaws_of(page)) == []
    page.get_by_role("button", name="Ansicht löschen").click()
    expect(page.get_by_role("link", name="Nur Ideen")).to_have_count(0)


def test_what_was_typed_and_not_saved_is_offered_again(signed_in: Callable[..., Page]) -> None:
    page = signed_in("planung")
    page.goto(f"{PLAN}felder/neu/")
    page.get_by_label("Name", exact=True).fill("Wohnen und Nachbarschaft")
    expect(page.get_by_text("Entwurf gesichert um")).to_be_visible()

    page.goto(f"{PLAN}felder/neu/")
    expect(page.get_by_label("Name", exact=True)).to_have_value("")
    assert list(flaws_of(page)) == []
    page.get_by_role("link", name="Meine Eingaben übernehmen").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Wohnen und Nachbarschaft")
    page.get_by_role("button", name="Meine Eingaben verwerfen").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("")
    expect(page.get_by_text("Meine Eingaben übernehmen")).to_have_count(0)


def test_two_people_talk_about_a_measure(signed_in: Callable[..., Page]) -> None:
    planner, reader = signed_in("planung"), signed_in("lesen")
    planner.goto(f"{MEASURES}?q=Bürgerbus")
    planner.get_by_role("link", name="Bürgerbus-Initiativen").click()
    address = planner.url
    planner.get_by_text("Aufgabe stellen").first.click()
    planner.get_by_label("Was ist zu tun?").fill("Haltestellen zählen")
    planner.get_by_label("Wer macht es?").select_option(label="Lea Kiesewetter")
    planner.get_by_role("button", name="Aufgabe stellen").click()
    expect(planner.locator("main")).to_contain_text("Haltestellen zählen")

    reader.goto("/intern/")
    reader.get_by_role("link", name="Haltestellen zählen").click()
    reader.get_by_label("Ihr Kommentar").fill("Es sind vierzehn.")
    reader.get_by_role("button", name="Kommentar hinzufügen").click()
    task = reader.get_by_role("listitem").filter(has_text="Haltestellen zählen").last
    task.get_by_role("button", name="Erledigt").click()
    expect(reader.locator("main")).to_contain_text("„Haltestellen zählen“ ist erledigt.")
    own = reader.get_by_role("listitem").filter(has_text="Es sind vierzehn.")
    own.get_by_role("link", name="Bearbeiten").click()
    assert list(flaws_of(reader)) == []

    planner.goto(address)
    expect(planner.locator("main")).to_contain_text("Es sind vierzehn.")
    assert list(flaws_of(planner)) == []
    planner.goto(
        f"/intern/notizen/aufgaben/plans.measure/{address.rstrip('/').split('/')[-1]}/neu/"
    )
    assert list(flaws_of(planner)) == []


def test_the_search_in_the_header_finds_a_part_of_a_word(signed_in: Callable[..., Page]) -> None:
    page = signed_in("planung")
    page.goto("/intern/")
    page.get_by_role("searchbox", name="Alles durchsuchen").first.fill("Beratungen")
    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name="Schuldnerberatung").first).to_be_visible()
    assert list(flaws_of(page)) == []


def test_what_was_typed_into_the_editor_is_offered_again(signed_in: Callable[..., Page]) -> None:
    page = signed_in("planung")
    address = f"{PLAN}dokument/baustein/1/"
    page.goto(address)
    # With its bar the editor has taken the place of the plain field.
    expect(page.get_by_role("toolbar", name="Formatierung")).to_be_visible()
    text = page.get_by_role("textbox", name="Inhalt")
    text.press("Control+Home")
    page.keyboard.type("Neu ist die Wohnberatung. ")
    expect(page.get_by_text("Entwurf gesichert um")).to_be_visible()

    page.goto(address)
    expect(text).not_to_contain_text("Wohnberatung")
    page.get_by_role("link", name="Meine Eingaben übernehmen").click()
    expect(text).to_contain_text("Neu ist die Wohnberatung.")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("main")).to_contain_text("Neu ist die Wohnberatung.")


def test_what_comes_in_with_a_part_of_the_page_is_heard(signed_in: Callable[..., Page]) -> None:
    page = signed_in("planung")
    page.goto(f"{MEASURES}?field=3")
    page.get_by_role("searchbox", name="Suchwort").focus()
    page.keyboard.type("Familienzentrum")
    expect(page.locator(HEARD)).to_have_text("1 Maßnahme")
    tab_to(page, page.get_by_role("checkbox", name="Alle auswählen"))
    page.keyboard.press("Space")
    expect(page.locator(HEARD)).to_have_text("1 ausgewählt")

    page.goto(f"{PLAN}gliederung/?auf=f1")
    goal = "Der Landkreis plant gemeinsam, offen und mit denselben Zahlen"
    tab_to(page, page.locator("summary", has_text=f"Mehr: {goal}"))
    page.keyboard.press("F2")
    expect(page.get_by_label("Titel", exact=True)).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(" (2027)")
    page.keyboard.press("Enter")
    expect(page.locator(HEARD)).to_have_text("Der Titel ist gespeichert.")
    expect(page.get_by_role("link", name=f"{goal} (2027)", exact=True)).to_be_focused()


def test_after_saving_one_begins_at_what_was_done(signed_in: Callable[..., Page]) -> None:
    page = signed_in("planung")
    page.goto(f"{PLAN}felder/neu/")
    page.get_by_label("Nummer oder Buchstabe").fill("9")
    page.get_by_label("Name", exact=True).fill("Digitale Teilhabe")
    page.keyboard.press("Enter")
    told = page.get_by_role("status").filter(has_text="„9 Digitale Teilhabe“ ist angelegt.")

    expect(told).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").locator(":focus")).to_have_count(1)


def test_a_part_that_is_changed_begins_at_its_form(signed_in: Callable[..., Page]) -> None:
    page = signed_in("planung")
    page.goto(f"{MEASURES}?q=Pflegestützpunkt")
    page.get_by_role("link", name="Pflegestützpunkt: unabhängige").click()
    page.get_by_role("link", name="Meilensteine bearbeiten").press("Enter")
    expect(page.get_by_role("heading", name="Meilensteine")).to_be_focused()
    page.locator("#milestones").get_by_role("link", name="Bearbeiten").first.press("Enter")

    expect(page.get_by_role("heading", name="Meilenstein bearbeiten")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Meilenstein", exact=True)).to_be_focused()
