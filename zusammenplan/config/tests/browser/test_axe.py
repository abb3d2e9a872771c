"""
Every page that can be reached, by those who can reach it: axe, width, no code in the page.

Links are followed without a browser, which is quick; what was found is judged in the browser, in
parts that can run side by side.
"""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

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

# Pages are the same on both databases; how they are told apart stands in pyproject.toml.
pytestmark = [pytest.mark.browser, pytest.mark.markup]
# Of these every record is judged, because a round looks different in each of its states.
EACH_RECORD = ("ballots:round-detail", "ballots:result", "website:result")
# Of these one record is judged, but the links of each are followed.
EACH_LINK = (
    "plans:plan-detail",
    "plans:plan-status",
    "plans:version-list",
    "website:plan",
    "website:measure",
)
NO_PAGE = re.compile(
    r"^/(api/v1/openapi|static/)|\.(csv|xlsx|docx|pdf|txt|json|atom|xml|svg|png|zip)$|/herunterladen/|/datei/(\d|$)"
)
FILE = re.compile(r"-(csv|docx|pdf|xlsx)$")
# No pages of ours: programs' and documents' addresses, and deeds that lead on to another page.
DEEDS = {
    *("account_reset_password_from_key", "mfa_download_recovery_codes", "mfa_index"),
    *("mfa_list_webauthn", "mfa_login_webauthn", "openid_connect_login", "account_set_password"),
    *("openid_connect_callback", "socialaccount_connections"),
    *("indicators:catalogue-load", "indicators:recompute", "indicators:data-view"),
    "website:data-package",
    *("website:data-view", "website:data-profile", "website:data-profiles"),
    "reports:data-profile",
    *(
        f"{app}:data-{page}-file"
        for app in ("website", "reports")
        for page in ("area", "indicator", "overview", "comparison", "social-index")
    ),
    *("ballots:chair-decision", "ballots:round-copy", "ballots:round-correct"),
    *("ballots:voter-add", "ballots:voter-links", "ballots:voters-from-body"),
    *("people:affiliation-end", "people:barrier-answer", "people:organisation-affiliation-add"),
    *("people:user-invite", "people:user-reactivate"),
    *("privacy:own-data-file", "privacy:protection-answer-file", "privacy:protection-let-go"),
    "privacy:protection-record-file",
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
    "indicators:import-take",
    *("notes:comment-add", "notes:comment-delete", "notes:draft-forget", "notes:draft-keep"),
    *("notes:task-delete", "notes:task-tick", "plans:measure-cell", "plans:view-delete"),
    *("plans:view-open", "website:sitemap"),
    *("website:measure-file", "website:plan-feed", "website:plan-json"),
    *("plans:block-move", "plans:block-picture", "plans:chapter-add", "plans:chapter-move"),
    *("plans:evaluation-export", "plans:first-chapter", "plans:plan-update-decide"),
    *("plans:workbook-download", "plans:workbook-take", "website:plan-picture"),
    *("website:plan-document-place", "website:plan-version-place", "reports:plan-made"),
    *(
        "reports:plan-picture",
        "reports:plan-place",
        "reports:public-result",
        "reports:version-place",
    ),
}
# Pages that somebody must first do something for: test_axe_deeds.py does it and judges them.
JUDGED_BY_DEEDS = {
    *("account_invitation", "account_logout", "mfa_authenticate", "mfa_deactivate_totp"),
    *("mfa_generate_recovery_codes", "mfa_reauthenticate", "mfa_view_recovery_codes"),
    *("ballots:group-delete", "ballots:group-open", "ballots:group-reopen"),
    *("ballots:proposal-admit", "ballots:proposal-refuse", "ballots:release"),
    *("ballots:round-delete", "people:user-remove-factor", "room:thanks"),
    *("privacy:protection-answer", "privacy:protection-erase"),
    *("plans:plan-adapt", "plans:plan-update-change", "plans:plan-update-discard"),
    *("plans:plan-update-finish", "plans:workbook-check", "tables:check", "tables:done"),
    *("reports:plan-job", "reports:plan-reading-part", "reports:version-reading"),
    "reports:version-reading-part",
    *("website:plan-document-part", "website:plan-version-part"),
    *("places:area-import-check", "places:area-transition-change"),
    "places:area-transition-delete",
    *("indicators:import-check", "indicators:import-columns", "indicators:import-detail"),
    *("indicators:import-undo", "indicators:data-recalculated", "website:data-recalculated"),
}
# Pages that the demo county has no reason to show; a journey opens those marked with *.
ELSEWHERE = {
    *("notes:comment-change", "notes:task-add", "plans:view-change"),  # *
    *("account_confirm_email", "account_email_verification_sent", "account_inactive"),
    *("account_reset_password_from_key_done", "account_signup"),
    *("mfa_edit_webauthn", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn"),
    *("socialaccount_signup", "website:plan-list"),  # *
}

# Where no link leads: steps of an evaluation while it is open.
OPEN_EVALUATION = "/intern/plan/sozialplan-2027-2031/auswertung/zweiter-zwischenstand/"
STEPS = [f"{OPEN_EVALUATION}{step}/" for step in ("oeffnen", "wieder-oeffnen", "abschliessen")]
# What each of them judges, by the beginnings of the names; others open the rest.
PUBLIC = ("website:", "account_", "socialaccount_", "api:docs")
PLANNER = (
    *("desk:", "plans:", "tables:", "ballots:", "mfa_", "meetings:", "notes:", "reports:"),
    "indicators:",
    *("account_change_password", "account_devices", "account_email", "account_home", "room:wall"),
)
ADMINISTRATOR = ("people:", "places:", "privacy:")
MEMBER = ("desk:overview", "account_home")
ROOM = ("room:", "rating:")

# So many tests share the pages of one person.
PARTS = 4
in_parts = pytest.mark.parametrize("part", range(PARTS))


@pytest.fixture
def visitor(open_browser: Callable[..., BrowserContext]) -> Page:
    """Give the browser of somebody who has not signed in."""
    return open_browser(refusals={401}).new_page()  # what the directory's refusal answers


@pytest.fixture
def planner(signed_in: Callable[..., Page]) -> Page:
    """Give the browser of a planner who may change how to sign in for a while."""
    page = signed_in("planung")
    page.goto("/konto/bestaetigen/?next=/konto/")
    confirm_password(page)
    return page


def public_pages(page: Page) -> dict[str, str]:
    return reachable(page, ["/", *plain(*PUBLIC)], PUBLIC)


def pages_of_a_planner(page: Page) -> dict[str, str]:
    starts = plain("desk:", "plans:", "indicators:", "tables:", "ballots:", "mfa_")
    return reachable(page, ["/intern/", *starts, *STEPS], PLANNER)


def pages_of_an_administrator(page: Page) -> dict[str, str]:
    return reachable(page, plain(*ADMINISTRATOR), ADMINISTRATOR)


def pages_of_a_member(page: Page) -> dict[str, str]:
    return reachable(page, ["/intern/"], MEMBER)


def pages_in_the_room(page: Page, site: Site) -> dict[str, str]:
    page.goto(site.links["Externe Steuerungsgruppe"][0])
    ballot = urlsplit(page.url).path
    page.goto(site.links["Zweiter Zwischenstand"][0])
    paper = urlsplit(page.url).path
    starts = [ballot, f"{ballot}pruefen/", f"{ballot}danke/", paper, *plain("room:")]
    return reachable(page, starts, ROOM)


@in_parts
def test_public_pages(visitor: Page, part: int) -> None:
    assert report(flaws(visitor, public_pages(visitor), part)) == ""


def test_public_pages_in_english(open_browser: Callable[..., BrowserContext]) -> None:
    page = open_browser(locale="en-GB").new_page()

    assert report(flaws(page, reachable(page, ["/en/"], PUBLIC), judge=english_flaws)) == ""
    assert page.locator("html").get_attribute("lang") == "en"


@in_parts
def test_workspace_of_a_planner_in_english(signed_in: Callable[..., Page], part: int) -> None:
    page = signed_in("planung", locale="en-GB")
    pages = reachable(page, ["/en/intern/"], PLANNER)

    assert report(flaws(page, pages, part, judge=english_flaws)) == ""


@in_parts
def test_workspace_of_a_planner(planner: Page, part: int) -> None:
    assert report(flaws(planner, pages_of_a_planner(planner), part)) == ""


def test_question_for_the_password(signed_in: Callable[..., Page]) -> None:
    page = signed_in("planung")
    page.goto("/konto/bestaetigen/?next=/konto/")

    assert report(list(flaws_of(page))) == ""


def test_workspace_of_an_administrator(signed_in: Callable[..., Page]) -> None:
    page = signed_in("technik")

    assert report(flaws(page, pages_of_an_administrator(page))) == ""


def test_workspace_of_a_member(signed_in: Callable[..., Page]) -> None:
    page = signed_in("mitglied")

    assert report(flaws(page, pages_of_a_member(page))) == ""


def test_pages_in_the_room(site: Site, visitor: Page) -> None:
    assert report(flaws(visitor, pages_in_the_room(visitor, site))) == ""


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
        answer = page.goto(address)
        assert answer is not None
        assert answer.status >= 400, address
        found += [f"{address} {flaw}" for flaw in flaws_of(page)]

    assert report(found) == ""


def test_no_page_is_left_out(
    site: Site, visitor: Page, planner: Page, signed_in: Callable[..., Page]
) -> None:
    found = [
        public_pages(visitor),
        pages_of_a_planner(planner),
        pages_of_an_administrator(signed_in("technik")),
        pages_of_a_member(signed_in("mitglied")),
        pages_in_the_room(visitor, site),
    ]
    judged = {kind.partition(" ")[0] for pages in found for kind in pages}

    left_out = set(addresses()) - judged - {"account_reauthenticate"}
    assert report(sorted(left_out - DEEDS - JUDGED_BY_DEEDS - ELSEWHERE)) == ""


class Links(HTMLParser):
    """Collects where the links of a page lead, but for those to files."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and (href := given.get("href")) and "download" not in given:
            self.found.append(href)


# The parts of a person's pages are judged one after another by the same process; it looks once.
followed: dict[tuple[str, ...], dict[str, str]] = {}


def reachable(page: Page, starts: list[str], whose: tuple[str, ...]) -> dict[str, str]:
    """Follow all links from these pages: one address for each kind of page that begins so."""
    if (*starts, "", *whose) not in followed:
        followed[*starts, "", *whose] = _follow(page, starts, whose)
    return followed[*starts, "", *whose]


def _follow(page: Page, starts: list[str], whose: tuple[str, ...]) -> dict[str, str]:
    pages: dict[str, str] = {}
    waiting, asked = list(starts), set[str]()
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        name = kind.partition(" ")[0] if kind else ""
        if kind is None or not name.startswith(whose):
            continue
        once = address.partition("?")[0] if name in EACH_LINK else kind
        if once in asked:
            continue
        asked.add(once)
        response = page.request.get(address)
        if not response.headers["content-type"].startswith("text/html"):
            continue
        if kind_of(arrived := urlsplit(response.url).path) != kind:
            waiting.insert(0, arrived)
            continue
        pages.setdefault(kind, address)
        links = (urlsplit(urljoin(response.url, link)) for link in Links(response.text()).found)
        waiting += [
            link._replace(scheme="", netloc="", fragment="").geturl()
            for link in links
            if link.netloc == urlsplit(response.url).netloc
        ]
    return pages


def flaws(
    page: Page,
    pages: dict[str, str],
    part: int | None = None,
    *,
    judge: Callable[[Page], Iterator[str]] = flaws_of,
) -> list[str]:
    """Judge each of the pages, or every so manieth of them."""
    assert pages
    found: list[str] = []
    for address in list(pages.values())[part :: PARTS if part is not None else 1]:
        page.goto(address)
        found += [f"{address} {flaw}" for flaw in judge(page)]
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
            elif not FILE.search(pattern.name or "") and (
                namespace != "api" or pattern.name == "docs"
            ):
                found[f"{namespace}:{pattern.name}".lstrip(":")] = pattern

    walk(get_resolver(), "")
    return found


def report(found: list[str]) -> str:
    return "\n".join(found)
