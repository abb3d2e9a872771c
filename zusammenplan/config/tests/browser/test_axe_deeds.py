"""Pages to which only a deed leads: somebody does it, and they are judged like the others."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from openpyxl import load_workbook
from playwright.sync_api import BrowserContext, Page, expect

from zusammenplan.config.tests.browser.demo_site import (
    Site,
    confirm_password,
    flaws_of,
    sign_in_with_password,
)
from zusammenplan.config.tests.browser.test_axe import JUDGED_BY_DEEDS, kind_of, report
from zusammenplan.config.tests.browser.test_sign_in import code, sign_out

pytestmark = [pytest.mark.browser, pytest.mark.markup]
TABLE = Path(__file__).parents[4] / "examples" / "hildburghausen-2025" / "prioritaeten.tsv"
AREAS = Path(__file__).parents[2] / "demo" / "areas-2019.geojson"
GROUP = "Externe Steuerungsgruppe"
PROPOSAL = "Ruhebänke an den Wegen zum Markt"
PLAN = "sozialplan-2027-2031"
TITLE = "Leitbild des Landkreises erneuern und als Wohnort sichtbar machen"
# What each test below judges in the course of its deed; a test that does not come so far fails.
JUDGED = re.compile(r'judge\(\w+, "([\w:-]+)"\)')


def test_table_is_checked_and_taken_over(signed_in: Callable[..., Page]) -> None:
    page = signed_in("planung")
    page.goto("/intern/plan/")
    follow(page, "Aus Tabelle übernehmen")
    page.get_by_label("Datei mit der Tabelle").set_input_files(TABLE)
    page.get_by_label("Titel des neuen Plans").fill("Sozialplan aus der Tabelle")
    press(page, "Tabelle prüfen")
    found = judge(page, "tables:check")

    press(page, "16 Maßnahmen übernehmen")
    found += judge(page, "tables:done")

    assert report(found) == ""


def test_areas_are_checked_before_they_are_taken(signed_in: Callable[..., Page]) -> None:
    page = signed_in("planung")
    page.goto("/intern/einstellungen/raeume/importieren/")
    page.get_by_label("Datei mit den Räumen").set_input_files(AREAS)
    press(page, "Datei prüfen")
    found = judge(page, "places:area-import-check")

    page.goto("/intern/einstellungen/raeume/")
    page.get_by_role("link", name="Fassungen von Ilsetal").click()
    page.get_by_role("link", name="1. Januar 2019", exact=True).first.click()
    found += judge(page, "places:area-transition-change")
    follow(page, "Zurücknehmen")
    found += judge(page, "places:area-transition-delete")

    assert report(found) == ""


def test_figures_are_explained_checked_taken_over_and_undone(
    signed_in: Callable[..., Page], tmp_path: Path
) -> None:
    table = tmp_path / "mittagstisch.csv"
    table.write_text("AGS;Ort;Jahr;Gäste\n16069;Hildburghausen;2025;41\n16069;;x;1\n", "utf-8")
    page = signed_in("planung")
    page.goto("/intern/daten/import/")
    page.get_by_label("Dateien mit Zahlen").set_input_files(table)
    press(page, "Dateien prüfen")
    found = judge(page, "indicators:import-columns")
    page.get_by_label("Bedeutung der Spalte A").select_option("key")
    page.get_by_label("Bedeutung der Spalte D").select_option("value")
    press(page, "Dateien prüfen")
    found += judge(page, "indicators:import-check")

    press(page, "Zahlen übernehmen")
    found += judge(page, "indicators:import-detail")
    follow(page, "Diesen Import zurücknehmen")
    found += judge(page, "indicators:import-undo")
    press(page, "Import zurücknehmen")
    expect(page.get_by_role("status").first).to_contain_text("zurückgenommen")

    assert report(found) == ""


def test_a_recalculated_value_is_asked_where_it_comes_from(
    signed_in: Callable[..., Page],
) -> None:
    page = signed_in("planung")
    found = []
    for overview in ("/daten/", "/intern/daten/"):
        page.goto(f"{overview}?q=Neuwerk")
        page.get_by_role("link", name="Neuwerk", exact=True).click()
        link = page.locator('a[href*="/wert/umgerechnet/"]').first.get_attribute("href")
        page.goto(str(link))
        if overview == "/daten/":
            found += judge(page, "website:data-recalculated")
        else:
            found += judge(page, "indicators:data-recalculated")

    assert report(found) == ""


def test_group_is_opened_counted_closed_and_released(signed_in: Callable[..., Page]) -> None:
    page = signed_in("planung")
    prepare_round(page, "Was zuerst? Mit Handzeichen")
    home = page.url
    follow(page, "Löschen", GROUP)
    found = judge(page, "ballots:group-delete")
    page.goto(home)
    follow(page, "Abstimmung löschen")
    found += judge(page, "ballots:round-delete")
    page.goto(home)

    follow(page, "Abstimmung öffnen", GROUP)
    found += judge(page, "ballots:group-open")
    press(page, "Abstimmung öffnen")
    page.get_by_label("1.1, Note 2", exact=True).fill("7")
    press(page, "Alles speichern")
    follow(page, "Abstimmung schließen")
    press(page, "Abstimmung schließen")
    follow(page, "Abstimmung wieder öffnen", GROUP)
    found += judge(page, "ballots:group-reopen")
    page.goto(home)
    follow(page, "Ergebnis, wie es steht")
    follow(page, "Ergebnis freigeben")
    found += judge(page, "ballots:release")
    press(page, "Ergebnis freigeben")
    expect(page.locator("main")).to_contain_text("Freigegeben")

    assert report(found) == ""


def test_voter_hands_in_and_proposes_what_the_planner_decides(
    site: Site, open_browser: Callable[..., BrowserContext], signed_in: Callable[..., Page]
) -> None:
    voter = open_browser().new_page()
    voter.goto(site.links[GROUP][0])
    voter.locator("fieldset.zp-vote").first.locator("label.zp-grade").nth(1).click()
    press(voter, "Prüfen und abgeben")
    press(voter, "Stimmzettel abgeben")
    found = judge(voter, "room:thanks")
    follow(voter, "Weitere Maßnahme vorschlagen")
    voter.get_by_label("Was soll geschehen?").fill(PROPOSAL)
    press(voter, "Vorschlag senden")
    expect(voter.locator(".zp-mine")).to_contain_text(PROPOSAL)
    found += judge(voter, "room:proposal")

    page = signed_in("planung")
    page.goto("/intern/priorisierung/")
    follow(page, "Was soll zuerst kommen? Zweite Abstimmung")
    follow(page, "Vorgeschlagene Maßnahmen")
    home = page.url
    follow(page, "Aufnehmen", PROPOSAL)
    found += judge(page, "ballots:proposal-admit")
    page.goto(home)
    follow(page, "Ablehnen", PROPOSAL)
    found += judge(page, "ballots:proposal-refuse")

    assert report(found) == ""


def test_invited_person_opens_the_link_that_the_administrator_saw(
    open_browser: Callable[..., BrowserContext], signed_in: Callable[..., Page]
) -> None:
    page = signed_in("technik")
    page.goto("/intern/einstellungen/nutzer/neu/")
    page.get_by_label("Name", exact=True).fill("Hedda Wolfram")
    page.get_by_label("E-Mail-Adresse").fill("hedda.wolfram@rennsteiggrund.example")
    press(page, "Anlegen und einladen")
    link = page.get_by_label("Persönlicher Link").input_value()
    found = judge(page, "people:user-add")

    invited = open_browser().new_page()
    invited.goto(link)
    found += judge(invited, "account_invitation")

    assert report(found) == ""


def test_what_is_kept_of_somebody_is_found_told_and_erased(
    signed_in: Callable[..., Page],
) -> None:
    page = signed_in("technik")
    page.goto("/intern/einstellungen/datenschutz/")
    page.get_by_label("E-Mail-Adresse oder Name").fill("anke.wagenschein@rennsteiggrund.example")
    press(page, "Person suchen")
    found = judge(page, "privacy:protection-person")
    press(page, "Alles zeigen, was gespeichert ist")
    found += judge(page, "privacy:protection-answer")
    page.go_back()
    press(page, "Löschen…")
    found += judge(page, "privacy:protection-erase")

    assert report(found) == ""


def test_second_step_is_asked_for_shown_and_removed(signed_in: Callable[..., Page]) -> None:
    page = signed_in("lesen")
    page.goto("/konto/")
    follow(page, "Codes aus einer App einrichten")
    confirm_password(page)
    secret = page.locator(".zp-code").first.inner_text()
    page.get_by_label("Code").fill(code(secret, at=time.time()))
    press(page, "Einrichten")
    found = judge(page, "mfa_view_recovery_codes")
    follow(page, "Neue Codes erstellen")
    found += judge(page, "mfa_generate_recovery_codes")
    page.goto("/konto/")
    follow(page, "Codes aus der App entfernen")
    found += judge(page, "mfa_deactivate_totp")
    page.goto("/konto/zweiter-faktor/bestaetigen/?next=/konto/")
    found += judge(page, "mfa_reauthenticate")
    sign_out(page)
    page.goto("/konto/anmelden/")
    sign_in_with_password(page, "lesen")
    found += judge(page, "mfa_authenticate")

    administrator = signed_in("technik")
    administrator.goto("/intern/einstellungen/nutzer/")
    follow(administrator, "Lea Kiesewetter")
    follow(administrator, "Zweiten Schritt entfernen")
    found += judge(administrator, "people:user-remove-factor")

    assert report(found) == ""


def test_signing_out_is_asked_back(signed_in: Callable[..., Page]) -> None:
    page = signed_in("mitglied")
    follow(page, "Abmelden")

    assert report(judge(page, "account_logout")) == ""


def test_plan_is_written_anew_and_what_is_to_be_adapted_is_shown(
    signed_in: Callable[..., Page],
) -> None:
    page = signed_in("planung")
    home = f"/intern/plan/{PLAN}/fortschreiben/"
    page.goto(home)
    press(page, "Fortschreibung beginnen")
    expect(page.locator("main")).to_contain_text("Was soll aus den Einträgen")
    found = judge(page, "plans:plan-update")
    follow(page, "Titel, Zeitraum, Optionen")
    found += judge(page, "plans:plan-update-change")
    page.goto(home)
    follow(page, "Fortschreibung verwerfen")
    found += judge(page, "plans:plan-update-discard")

    page.goto(f"{home}?art=measure")
    page.get_by_role("checkbox", name=re.compile("^Auswählen")).first.check()
    page.locator("#bulk-choice").select_option("adapt")
    page.locator("#bulk-reason").fill("Der Ort wechselt.")
    press(page, "Für alle ausgewählten so entscheiden")
    for kind in ("need", "goal", "measure"):
        page.goto(f"{home}?art={kind}")
        press(page, "offenen annehmen")
    follow(page, "Abschließen")
    found += judge(page, "plans:plan-update-finish")
    press(page, "Neuen Plan anlegen")
    expect(page.locator("main")).to_contain_text("Der Ort wechselt.")
    found += judge(page, "plans:plan-adapt")

    assert report(found) == ""


def test_workbook_is_edited_and_checked(signed_in: Callable[..., Page], tmp_path: Path) -> None:
    page = signed_in("planung")
    home = f"/intern/plan/{PLAN}/excel/"
    file = tmp_path / "plan.xlsx"
    file.write_bytes(page.request.get(f"{home}herunterladen/").body())
    book = load_workbook(file)
    cells = (cell for row in book["Maßnahmen"].iter_rows() for cell in row)
    title = next(cell for cell in cells if cell.value == TITLE)
    title.value = "Anders benannt"
    book.save(file)
    page.goto(home)
    page.get_by_label("Bearbeitete Arbeitsmappe").set_input_files(file)
    press(page, "Arbeitsmappe prüfen")
    expect(page.locator("main")).to_contain_text("Anders benannt")

    assert report(judge(page, "plans:workbook-check")) == ""


def test_parts_of_a_long_document_are_read_and_the_file_is_made(
    signed_in: Callable[..., Page],
) -> None:
    page = signed_in("planung")
    found = []
    # The county's document is short and not divided; its parts can be opened all the same.
    page.goto(f"/plan/{PLAN}/dokument/kapitel/1/")
    found += judge(page, "website:plan-document-part")
    page.goto(f"/plan/{PLAN}/fassung/1/kapitel/1/")
    found += judge(page, "website:plan-version-part")
    page.goto(f"/intern/plan/{PLAN}/dokument/lesen/kapitel/1/")
    found += judge(page, "reports:plan-reading-part")
    page.goto(f"/intern/plan/{PLAN}/fassungen/1/lesen/")
    found += judge(page, "reports:version-reading")
    page.goto(f"/intern/plan/{PLAN}/fassungen/1/lesen/kapitel/1/")
    found += judge(page, "reports:version-reading-part")
    page.goto(f"/intern/plan/{PLAN}/dokument/lesen/")
    press(page, "Word")
    expect(page.get_by_role("link", name="Herunterladen: Word")).to_be_visible()
    found += judge(page, "reports:plan-job")

    assert report(found) == ""


def test_each_page_that_deeds_lead_to_is_judged() -> None:
    judged = set(JUDGED.findall(Path(__file__).read_text(encoding="utf-8")))

    assert report(sorted(JUDGED_BY_DEEDS - judged)) == ""


def judge(page: Page, name: str) -> list[str]:
    """Make sure that this is the page that was meant, and judge it."""
    page.wait_for_url(lambda url: kind_of(urlsplit(url).path) == name)
    path = urlsplit(page.url).path
    return [f"{path} {flaw}" for flaw in flaws_of(page)]


def follow(page: Page, link: str, of: str = "") -> None:
    """Follow the link of this name; where each record has one, that of the record named."""
    name = re.compile(rf"^{re.escape(link)} ?: {re.escape(of)}$") if of else link
    page.get_by_role("link", name=name).first.click()


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click()


def prepare_round(page: Page, title: str) -> None:
    """Prepare a round on the county's own plan, with one group that raises hands."""
    page.goto("/intern/priorisierung/neu/?plan=sozialplan-2027-2031")
    page.get_by_label("Titel", exact=True).fill(title)
    press(page, "Abstimmung anlegen")
    follow(page, "Gruppe anlegen")
    page.get_by_label("Gremium").select_option(label=GROUP)
    page.get_by_label("Handzeichen, je Note gezählt").check()
    press(page, "Gruppe anlegen")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
