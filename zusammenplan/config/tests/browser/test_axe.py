"""Every page that can be reached, by those who can reach it: axe, width, no code in the page."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import (
    Resolver404,
    ResolverMatch,
    URLPattern,
    URLResolver,
    get_resolver,
    resolve,
    reverse,
)
from django.utils import translation
from playwright.sync_api import BrowserContext, Page

from zusammenplan.config.tests.browser.demo_site import (
    NARROW,
    WORD_RULES,
    Site,
    confirm_password,
    flaws_of,
    overflow,
    violations,
)

pytestmark = pytest.mark.browser
FIND_LINKS = """() => [...document.querySelectorAll("a[href]")]
  .filter((link) => link.origin === location.origin && !link.hasAttribute("download"))
  .map((link) => link.pathname + link.search)"""
# Of these every record is opened, because a round looks different in each of its states.
EACH_RECORD = ("ballots:round-detail", "ballots:result", "website:result")
NO_PAGE = re.compile(
    r"^/(api/v1/openapi|static/)|\.(csv|xlsx|docx|pdf|txt|json|atom|xml|svg|png|zip)$|/herunterladen/|/datei/"
)
# No pages of ours: programs' and documents' addresses, and deeds that lead on to another page.
DEEDS = {
    *("account_reset_password_from_key", "mfa_download_recovery_codes", "mfa_index"),
    *("mfa_list_webauthn", "mfa_login_webauthn", "openid_connect_login"),
    *("openid_connect_callback", "socialaccount_connections"),
    *("indicators:catalogue-load", "indicators:recompute"),
    *("indicators:data-view", "website:data-package"),
    *("website:data-view", "website:data-profile", "website:data-profiles"),
    *("website:data-area-file", "website:data-indicator-file", "website:data-overview-file"),
    *("website:data-comparison-file", "website:data-social-index-file"),
    *("ballots:chair-decision", "ballots:round-copy", "ballots:round-correct"),
    *("ballots:voter-add", "ballots:voter-links", "ballots:voters-from-body"),
    *("people:affiliation-end", "people:barrier-answer", "people:organisation-affiliation-add"),
    *("people:user-invite", "people:user-reactivate"),
    *("plans:field-move", "plans:measure-bulk", "plans:measure-move", "plans:plan-export"),
    *("places:area-cut", "places:area-import-take"),
    *("places:area-move", "plans:goal-move", "plans:level-defaults", "plans:need-export"),
    *("plans:evidence-take", "plans:evidence-stay"),
    *("plans:need-move", "plans:outline-add", "plans:outline-move", "plans:outline-rename"),
    *("plans:term-defaults", "plans:term-move"),
    *("plans:evaluation-accept", "plans:evaluation-assign", "plans:evaluation-contacts"),
    *("plans:evaluation-links", "plans:evaluation-person-add", "rating:enter"),
    *("plans:measure-ease", "plans:measure-file-download", "plans:measure-milestone-done"),
    *("plans:measure-milestone-move", "plans:measure-indicator-kind"),
    *("plans:measure-indicator-move", "plans:measure-indicator-reached"),
    *("room:enter", "room:wall-state", "tables:take", "website:robots"),
    *("notes:comment-add", "notes:comment-delete", "notes:draft-forget", "notes:draft-keep"),
    *("notes:task-delete", "notes:task-tick", "plans:measure-cell", "plans:view-delete"),
    *("plans:view-open", "room:enter", "room:wall-state", "tables:take", "website:robots"),
    *("room:enter", "room:wall-state", "tables:take", "website:robots", "website:sitemap"),
    *("website:measure-file", "website:plan-feed", "website:plan-json", "website:plan-xlsx"),
    *("plans:block-move", "plans:block-picture", "plans:chapter-add", "plans:chapter-move"),
    *("plans:evaluation-export", "plans:first-chapter", "plans:plan-update-decide"),
    *("plans:workbook-download", "plans:workbook-take", "website:plan-picture"),
    *("website:plan-document-docx", "website:plan-document-pdf", "website:plan-document-place"),
    *("website:plan-version-docx", "website:plan-version-pdf", "website:plan-version-place"),
}
# Pages that somebody must first do something for: test_axe_deeds.py does it and judges them.
JUDGED_BY_DEEDS = {
    *("account_invitation", "account_logout", "mfa_authenticate", "mfa_deactivate_totp"),
    *("mfa_generate_recovery_codes", "mfa_reauthenticate", "mfa_view_recovery_codes"),
    *("ballots:group-delete", "ballots:group-open", "ballots:group-reopen"),
    *("ballots:proposal-admit", "ballots:proposal-refuse", "ballots:release"),
    *("ballots:round-delete", "people:user-remove-factor", "room:thanks"),
    *("places:area-import-check", "places:area-transition-change"),
    *("places:area-transition-delete", "tables:check", "tables:done"),
}
# Pages that the demo county has no reason to show; a journey opens those marked with *.
ELSEWHERE = {
    *("notes:comment-change", "notes:task-add", "plans:view-change"),  # *
    *("account_confirm_email", "account_email_verification_sent", "account_inactive"),
    *("account_reset_password_from_key_done", "account_set_password", "account_signup"),
    *("mfa_edit_webauthn", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn"),
    *("socialaccount_signup", "website:plan-list"),  # *
    *("indicators:data-view-delete",),
    *("plans:plan-adapt", "plans:plan-update-change", "plans:plan-update-discard"),
    *("plans:plan-update-finish", "plans:resolution-change", "plans:resolution-delete"),
    *("plans:workbook-check", "rating:paper", "website:measure-easy"),
    *("website:plan-document-part", "website:plan-version-part"),
}

OPEN_EVALUATION = "/intern/plan/sozialplan-2027-2031/auswertung/zweiter-zwischenstand/"

seen: set[str] = set()
crawled: set[str] = set()


def test_public_pages(open_browser: Callable[..., BrowserContext]) -> None:
    page = open_browser(refusals={401}).new_page()  # what the directory's refusal answers

    assert (
        report(flaws(page, ["/", *plain("website:", "account_", "socialaccount_", "api:docs")]))
        == ""
    )
    crawled.add("public")


def test_public_pages_in_english(open_browser: Callable[..., BrowserContext]) -> None:
    page = open_browser(locale="en-GB").new_page()

    assert report(flaws(page, ["/en/"], judge=english_flaws)) == ""
    assert page.locator("html").get_attribute("lang") == "en"


def test_workspace_of_a_planner(signed_in: Callable[..., Page]) -> None:
    page = signed_in("planung")
    page.goto("/konto/bestaetigen/?next=/konto/")
    seen.add("account_reauthenticate")
    found = list(flaws_of(page))
    confirm_password(page)

    # Steps of an evaluation that no link leads to while it is open.
    steps = [f"{OPEN_EVALUATION}{step}/" for step in ("oeffnen", "wieder-oeffnen", "abschliessen")]
    found += flaws(
        page, ["/intern/", *plain("desk:", "plans:", "tables:", "ballots:", "mfa_"), *steps]
    )
    assert report(found) == ""
    crawled.add("planner")


def test_workspace_of_a_planner_in_english(signed_in: Callable[..., Page]) -> None:
    page = signed_in("planung", locale="en-GB")

    assert report(flaws(page, ["/en/intern/"], judge=english_flaws)) == ""


def test_workspace_of_an_administrator(signed_in: Callable[..., Page]) -> None:
    page = signed_in("technik")

    assert report(flaws(page, plain("people:"), known=seen - {"people:settings"})) == ""
    crawled.add("administrator")


def test_workspace_of_a_member(signed_in: Callable[..., Page]) -> None:
    page = signed_in("mitglied")

    assert report(flaws(page, ["/intern/"], known=seen - {"desk:overview", "account_home"})) == ""
    crawled.add("member")


def test_pages_in_the_room(site: Site, open_browser: Callable[..., BrowserContext]) -> None:
    page = open_browser().new_page()
    page.goto(site.links["Externe Steuerungsgruppe"][0])

    ballot = urlsplit(page.url).path
    starts = [ballot, f"{ballot}pruefen/", f"{ballot}danke/", *plain("room:")]
    found = flaws(page, starts, known=seen)
    page.goto(site.links["Zweiter Zwischenstand"][0])
    found += flaws(page, [urlsplit(page.url).path], known=seen)
    assert report(found) == ""
    crawled.add("room")


def test_pages_that_refuse(
    open_browser: Callable[..., BrowserContext], signed_in: Callable[..., Page]
) -> None:
    anonymous = open_browser(refusals={404, 410}).new_page()
    reader = signed_in("lesen", refusals={403})
    pages = (
        (anonymous, "/gibt-es-nicht/"),
        (anonymous, "/abstimmung/erraten/"),
        (anonymous, "/bewertung/erraten/"),
        (anonymous, "/konto/einladung/erraten/"),
        (reader, "/intern/plan/neu/"),
        (reader, "/intern/einstellungen/nutzer/"),
    )

    found = []
    for page, address in pages:
        page.goto(address)
        found += [f"{address} {flaw}" for flaw in flaws_of(page)]

    assert report(found) == ""


def test_no_page_was_left_out() -> None:
    if crawled != {"public", "planner", "administrator", "member", "room"}:
        pytest.skip("Only a part of the pages was asked for.")

    assert report(sorted(set(addresses()) - seen - DEEDS - JUDGED_BY_DEEDS - ELSEWHERE)) == ""


def flaws(
    page: Page,
    starts: list[str],
    *,
    known: set[str] | None = None,
    judge: Callable[[Page], Iterator[str]] | None = None,
) -> list[str]:
    """Follow all links from these pages and judge each kind of page once."""
    found: list[str] = []
    waiting, done = list(starts), set(known or ())
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if kind is None or kind in done:
            continue
        done.add(kind)
        response = page.goto(address)
        if response is None or not response.headers["content-type"].startswith("text/html"):
            continue
        if kind_of(arrived := urlsplit(page.url).path) != kind:
            waiting.insert(0, arrived)
            continue
        seen.update((kind, kind.partition(" ")[0]))
        found += [f"{address} {flaw}" for flaw in (judge or flaws_of)(page)]
        waiting += page.evaluate(FIND_LINKS)
    return found


def english_flaws(page: Page) -> Iterator[str]:
    """Look only for what other words can change."""
    page.set_viewport_size(NARROW)
    yield from violations(page, rules=WORD_RULES) + overflow(page)


def kind_of(address: str) -> str | None:
    """Name the view that answers, or nothing for what is no page of ours."""
    path = address.partition("?")[0]
    if NO_PAGE.search(path):
        return None
    with translation.override("en" if path.startswith("/en/") else "de"):
        try:
            match: ResolverMatch = resolve(path)
        except Resolver404:
            return None
    record = f" {match.kwargs['slug']}" if match.view_name in EACH_RECORD else ""
    return f"{match.view_name}{record}"


def plain(*beginnings: str) -> list[str]:
    """Give the addresses without a variable part, of which no link need lead to each."""
    with translation.override("de"):
        return [
            reverse(name)
            for name, pattern in sorted(addresses().items())
            if name.startswith(beginnings) and not pattern.pattern.converters
            if not pattern.pattern.regex.groups and name not in DEEDS | JUDGED_BY_DEEDS | ELSEWHERE
        ]


def addresses() -> dict[str, URLPattern]:
    found: dict[str, URLPattern] = {}

    def walk(resolver: URLResolver, namespace: str) -> None:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern, pattern.namespace or namespace)
            elif namespace not in {"api", "reports"} or pattern.name == "docs":
                found[f"{namespace}:{pattern.name}".lstrip(":")] = pattern

    walk(get_resolver(), "")
    return found


def report(found: list[str]) -> str:
    return "\n".join(found)
