"""The evening this program was made for: from a plan's table to a result that everybody sees."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from zusammenplan.config.tests.browser.demo_site import Site, flaws_of, overflow, tab_to, violations

pytestmark = pytest.mark.browser
TABLE = Path(__file__).parents[4] / "examples" / "hildburghausen-2025" / "prioritaeten.tsv"


def test_import_by_keyboard_alone(signed_in: Callable[..., Page]) -> None:
    page = signed_in("planung")
    page.on("filechooser", lambda chooser: chooser.set_files(TABLE))
    page.goto("/intern/plan/")
    tab_to(page, page.get_by_role("link", name="Aus Tabelle übernehmen").first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Aus Tabelle übernehmen")

    file = page.get_by_label("Datei mit der Tabelle")
    tab_to(page, file)
    page.keyboard.press("Enter")
    expect(file).to_have_value(re.compile(r"prioritaeten\.tsv$"))
    tab_to(page, page.get_by_label("Titel des neuen Plans"))
    page.keyboard.type("Sozialplan mit der Tastatur")
    tab_to(page, page.get_by_role("button", name="Tabelle prüfen"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tabelle prüfen")
    expect(page.locator(".zp-sums")).to_contain_text(re.compile(r"Handlungsfelder\s*6"))
    expect(page.locator(".zp-sums")).to_contain_text(re.compile(r"Maßnahmen\s*16"))
    assert list(flaws_of(page)) == []
    tab_to(page, page.get_by_role("button", name="16 Maßnahmen übernehmen"))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Tabelle übernommen")
    expect(page.locator("main")).to_contain_text("16 neu")
    assert violations(page) + overflow(page) == []


def test_unreadable_file_is_refused_with_a_sentence(signed_in: Callable[..., Page]) -> None:
    page = signed_in("planung", refusals={422}, viewport={"width": 320, "height": 800})
    page.goto("/intern/plan/")
    page.get_by_role("link", name="Aus Tabelle übernehmen").first.click()
    page.get_by_label("Datei mit der Tabelle").set_input_files(
        {"name": "brief.csv", "mimeType": "text/csv", "buffer": b"Sehr geehrte Frau Osswald\n"}
    )

    page.get_by_role("button", name="Tabelle prüfen").click()

    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) + overflow(page) == []


@pytest.mark.parametrize(
    "has_javascript",
    [
        pytest.param(True, id="with-scripts"),
        pytest.param(False, id="without-scripts", marks=pytest.mark.one_database),
    ],
)
def test_evening_from_the_table_to_the_public_result(
    site: Site,
    open_browser: Callable[..., BrowserContext],
    signed_in: Callable[..., Page],
    has_javascript: bool,
) -> None:
    # axe-core is itself JavaScript, so it judges only where that runs.
    page = signed_in("planung", java_script_enabled=has_javascript)
    title = "Sozialplan mit Skripten" if has_javascript else "Sozialplan ohne Skripte"
    take_over_table(page, title)
    publish_plan(page)
    prepare_round(page, title)

    page.get_by_role("link", name="Abstimmung öffnen").click()
    assert not has_javascript or list(flaws_of(page)) == []
    page.get_by_role("button", name="Abstimmung öffnen").click()
    page.wait_for_url("**/auszaehlung/")
    for cell, hands in (("1.1, Note 1", "2"), ("1.1, Note 2", "7"), ("2.1, Note 6", "9")):
        page.get_by_label(cell, exact=True).fill(hands)
        if has_javascript:
            page.keyboard.press("Tab")
            row = page.get_by_role("row").filter(has=page.get_by_label(cell, exact=True))
            expect(row).to_contain_text("gespeichert")
    if not has_javascript:
        with page.expect_navigation():
            page.get_by_role("button", name="Alles speichern").click()
    page.goto(page.url)
    expect(page.get_by_label("1.1, Note 2", exact=True)).to_have_value("7")
    page.get_by_role("link", name="Abstimmung schließen").click()
    page.get_by_role("button", name="Abstimmung schließen").click()
    page.get_by_role("link", name="Ergebnis, wie es steht").click()
    page.get_by_role("link", name="Ergebnis freigeben").click()
    assert not has_javascript or list(flaws_of(page)) == []
    page.get_by_role("button", name="Ergebnis freigeben").click()
    expect(page.locator("main")).to_contain_text("Freigegeben")

    reader = open_browser(java_script_enabled=has_javascript).new_page()
    reader.goto("/plan/")
    assert not has_javascript or list(flaws_of(reader)) == []
    reader.goto("/ergebnis/")
    reader.get_by_role("link", name=f"Was zuerst? {title}").click()
    leitbild = reader.get_by_role("listitem").filter(has_text="Leitbild des Landkreises")
    expect(leitbild.first).to_contain_text("Priorität 2")
    slug = reader.url.rstrip("/").rpartition("/")[2]
    result = site.command("result", slug)
    degrees = {measure["number"]: measure["degree"] for measure in result["measures"]}
    assert result["released"] is True
    assert (degrees["1.1"], degrees["2.1"], degrees["6.4"]) == (2, 6, None)
    assert site.command("result", slug) == result


def test_result_that_the_readme_names_is_in_the_demo(site: Site) -> None:
    readme = (TABLE.parents[2] / "README.md").read_text(encoding="utf-8")
    slug = re.findall(r"`zusammenplan result (\S+) --json`", readme)[0]

    assert site.command("result", slug)["released"] is True


def take_over_table(page: Page, title: str) -> None:
    page.goto("/intern/plan/")
    page.get_by_role("link", name="Aus Tabelle übernehmen").first.click()
    page.get_by_label("Datei mit der Tabelle").set_input_files(TABLE)
    page.get_by_label("Titel des neuen Plans").fill(title)
    page.get_by_role("button", name="Tabelle prüfen").click()
    page.get_by_role("button", name="16 Maßnahmen übernehmen").click()
    page.get_by_role("link", name="Plan ansehen").click()


def publish_plan(page: Page) -> None:
    page.get_by_role("link", name="Titel, Zeitraum oder Veröffentlichung ändern").click()
    page.get_by_label("Veröffentlicht: Alle können den Plan lesen").check()
    page.get_by_role("button", name="Plan speichern").click()


def prepare_round(page: Page, plan: str) -> None:
    page.goto("/intern/priorisierung/neu/")
    page.get_by_label("Plan", exact=True).select_option(label=plan)
    page.get_by_label("Titel", exact=True).fill(f"Was zuerst? {plan}")
    page.get_by_role("button", name="Abstimmung anlegen").click()
    page.get_by_role("link", name="Gruppe anlegen").click()
    page.get_by_label("Gremium").select_option(label="Externe Steuerungsgruppe")
    page.get_by_label("Handzeichen, je Note gezählt").check()
    page.get_by_role("button", name="Gruppe anlegen").click()
