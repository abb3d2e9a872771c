"""Signing in with a password, with codes from an app, with a passkey; and going away again."""

import base64
import hmac
import struct
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from zusammenplan.config.tests.browser.demo_site import (
    confirm_password,
    overflow,
    sign_in_with_password,
    violations,
)

pytestmark = [pytest.mark.browser, pytest.mark.markup]


def test_signing_in_leads_to_where_one_wanted_to_go_and_out_again(
    open_browser: Callable[..., BrowserContext],
) -> None:
    page = open_browser().new_page()
    page.goto("/intern/priorisierung/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Anmelden")

    sign_in_with_password(page, "planung")
    expect(page).to_have_url("/intern/priorisierung/")
    page.get_by_role("link", name="Abmelden").first.click()
    page.get_by_role("button", name="Abmelden").click()
    expect(page).to_have_url("/")
    page.goto("/intern/priorisierung/")

    expect(page.get_by_role("heading", level=1)).to_have_text("Anmelden")


def test_wrong_password_is_said_beside_the_field(
    open_browser: Callable[..., BrowserContext],
) -> None:
    page = open_browser(viewport={"width": 320, "height": 800}, refusals={422}).new_page()
    page.goto("/konto/anmelden/")
    page.get_by_label("E-Mail").fill("planung@rennsteiggrund.example")
    page.get_by_label("Passwort", exact=True).fill("falsch-geraten")

    page.get_by_role("button", name="Anmelden", exact=True).click()

    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) + overflow(page) == []


def test_codes_from_an_app_are_set_up_and_asked_for(signed_in: Callable[..., Page]) -> None:
    page = signed_in("lesen", viewport={"width": 320, "height": 800})
    page.goto("/konto/")
    page.get_by_role("link", name="Codes aus einer App einrichten").click()
    confirm_password(page)
    secret = page.locator(".zp-code").first.inner_text()
    page.get_by_label("Code").fill(code(secret, at=time.time()))
    page.get_by_role("button", name="Einrichten").click()
    expect(page.get_by_role("heading", name="Ersatzcodes").first).to_be_visible()
    assert violations(page) + overflow(page) == []

    sign_out(page)
    page.goto("/konto/anmelden/")
    sign_in_with_password(page, "lesen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Zweiter Schritt")
    assert violations(page) + overflow(page) == []
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("alert")).to_be_visible()
    # The code of the next half minute, because each code works once.
    page.get_by_label("Code").fill(code(secret, at=time.time() + 30))
    page.get_by_role("button", name="Anmelden").click()

    expect(page).to_have_url("/intern/")


def test_passkey_is_added_and_then_enough(signed_in: Callable[..., Page]) -> None:
    page = signed_in("vorsitz")
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto("/konto/")
    page.get_by_role("link", name="Passkey hinzufügen").click()
    confirm_password(page)
    page.get_by_label("Name").fill("Diensttelefon")
    page.get_by_label("Allein mit diesem Passkey anmelden").check()
    page.get_by_role("button", name="Passkey hinzufügen").click()
    # The browser asks its authenticator first and then sends the form.
    page.wait_for_url(lambda address: not address.endswith("/passkeys/neu/"))
    page.goto("/konto/")
    expect(page.locator("main")).to_contain_text("Diensttelefon")

    sign_out(page)
    page.goto("/konto/anmelden/")
    page.get_by_role("button", name="Mit einem Passkey anmelden").click()

    expect(page).to_have_url("/intern/")


@pytest.mark.parametrize(
    "address",
    ["/plan/sozialplan-2027-2031/", "/kontakt/", "/konto/anmelden/?next=/intern/plan/"],
)
def test_language_switch_keeps_the_place(
    address: str, open_browser: Callable[..., BrowserContext]
) -> None:
    page = open_browser().new_page()
    page.goto(address)

    page.get_by_role("link", name="English").first.click()
    expect(page).to_have_url(f"/en{address}")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Deutsch").first.click()

    expect(page).to_have_url(address)


def sign_out(page: Page) -> None:
    page.goto("/konto/abmelden/")
    page.get_by_role("button", name="Abmelden").click()
    page.wait_for_url("**/")


def code(secret: str, *, at: float) -> str:
    """Compute what an authenticator app shows (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(at) // 30), "sha1")
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
