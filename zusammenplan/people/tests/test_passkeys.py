"""A passkey in a real browser: added, used alone, used as the second step."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, sync_playwright

from zusammenplan.people.actions import create_user, set_password
from zusammenplan.people.choices import Role

EMAIL = "ines.froebel@rennsteiggrund.example"
PASSWORD = "drei Amseln auf dem Dach"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page() -> Iterator[Page]:
    if CHROMIUM is None:
        pytest.skip("No Chromium found: install the system's package chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page()
        devices = page.context.new_cdp_session(page)
        devices.send("WebAuthn.enable")
        devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        yield page
        browser.close()
        # While Playwright's event loop runs, Django keeps connections of its own.
        connections.close_all()


def test_a_passkey_is_added_and_signs_in_alone_and_as_second_step(
    page: Page, live_server: Any
) -> None:
    user = create_user(EMAIL, name="Ines Fröbel", roles=[Role.PLANNER], by=None)
    set_password(user, password=PASSWORD, by=None, now=timezone.now())
    site = live_server.url.replace("127.0.0.1", "localhost")
    account = f"{site}{reverse('account_home')}"
    workspace = f"{site}{reverse('desk:overview')}"
    entrance = f"{site}{reverse('account_login')}"

    enter_password(page, entrance)
    page.goto(f"{site}{reverse('mfa_add_webauthn')}")
    page.fill("#id_password", PASSWORD)
    page.click("main button.kern-btn--primary")
    page.fill("#id_name", "Diensthandy")
    page.check("#id_passwordless")
    page.click("form[data-passkey] button")
    page.wait_for_url(f"**{reverse('mfa_view_recovery_codes')}")
    page.goto(account)
    assert "Diensthandy" in page.content()

    page.click(f"main form[action='{reverse('account_logout')}'] button")
    page.goto(entrance)
    page.click("form[data-passkey] button")
    page.wait_for_url(workspace)

    page.goto(account)
    page.click(f"main form[action='{reverse('account_logout')}'] button")
    enter_password(page, entrance)
    page.wait_for_url(f"**{reverse('mfa_authenticate')}")
    page.click("form[data-passkey] button")
    page.wait_for_url(workspace)


def enter_password(page: Page, entrance: str) -> None:
    page.goto(entrance)
    page.fill("#id_login", EMAIL)
    page.fill("#id_password", PASSWORD)
    page.click("main button.kern-btn--primary")
