"""Pages to which only a deed leads: somebody does it, and they are judged like the others."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from zusammenplan.config.tests.browser.demo_site import (
    Site,
    confirm_password,
    flaws_of,
    sign_in_with_password,
)
from zusammenplan.config.tests.browser.test_axe import JUDGED_BY_DEEDS, kind_of, report
from zusammenplan.config.tests.browser.test_sign_in import code, sign_out

pytestmark = pytest.mark.browser
TABLE = Path(__file__).parents[4] / "examples" / "hildburghausen-2025" / "prioritaeten.tsv"
AREAS = Path(__file__).parents[2] / "demo" / "areas-2019.geojson"
GROUP = "Externe Steuerungsgruppe"
PROPOSAL = "Ruhebänke an den Wegen zum Markt"

judged: set[str] = set()
done: set[str] = set()


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
    done.add("table")


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
    done.add("areas")


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
    done.add("round")


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
    done.add("proposal")


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
    done.add("invitation")


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
    done.add("second step")


def test_signing_out_is_asked_back(signed_in: Callable[..., Page]) -> None:
    page = signed_in("mitglied")
    follow(page, "Abmelden")

    assert report(judge(page, "account_logout")) == ""
    done.add("leaving")


def test_each_page_that_deeds_lead_to_was_judged() -> None:
    if done != {"table", "areas", "round", "proposal", "invitation", "second step", "leaving"}:
        pytest.skip("Only a part of the deeds was asked for.")

    assert report(sorted(JUDGED_BY_DEEDS - judged)) == ""


def judge(page: Page, name: str) -> list[str]:
    """Make sure that this is the page that was meant, and judge it."""
    page.wait_for_url(lambda url: kind_of(urlsplit(url).path) == name)
    path = urlsplit(page.url).path
    judged.add(name)
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
