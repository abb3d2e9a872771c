"""Forced colours, 200 % zoom, reduced motion, paper: nothing gets lost, the focus can be seen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from zusammenplan.config.tests.browser.demo_site import Site, overflow, violations

pytestmark = [pytest.mark.browser, pytest.mark.markup]
PUBLIC = ["/", "/plan/sozialplan-2027-2031/", "/ergebnis/", "/barriere-melden/", "/konto/anmelden/"]
PLAN = "/intern/plan/sozialplan-2027-2031/"
WORKSPACE = [
    "/intern/",
    "/intern/plan/sozialplan-2027-2031/massnahmen/",
    "/intern/priorisierung/neu/",
    "/intern/gremien/",
]
# A window of 1280 × 1024 pixels at 200 %, as WCAG 1.4.4 asks for.
ZOOMED = {"viewport": {"width": 640, "height": 512}, "device_scale_factor": 2}
FORCED = {"forced_colors": "active", "viewport": {"width": 1280, "height": 900}}
UNMARKED = """() => {
  const marked = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const focused = document.activeElement;
  const beside = focused.nextElementSibling ?? focused.parentElement;
  return [focused, beside].some((one) => marked(getComputedStyle(one)))
    ? [] : [focused.outerHTML.slice(0, 120)];
}"""


@pytest.mark.parametrize("wishes", [ZOOMED, FORCED], ids=["zoomed", "forced-colours"])
def test_public_pages_stay_whole(
    wishes: dict[str, object], open_browser: Callable[..., BrowserContext]
) -> None:
    page = open_browser(**wishes).new_page()

    assert [flaw for address in PUBLIC for flaw in flaws(page, address)] == []


@pytest.mark.parametrize("wishes", [ZOOMED, FORCED], ids=["zoomed", "forced-colours"])
def test_workspace_stays_whole(wishes: dict[str, object], signed_in: Callable[..., Page]) -> None:
    page = signed_in("planung", **wishes)

    assert [flaw for address in WORKSPACE for flaw in flaws(page, address)] == []


@pytest.mark.parametrize("wishes", [ZOOMED, FORCED], ids=["zoomed", "forced-colours"])
def test_ballot_stays_whole_and_shows_the_picked_grade(
    wishes: dict[str, object], site: Site, open_browser: Callable[..., BrowserContext]
) -> None:
    page = open_browser(**wishes).new_page()
    page.goto(site.links["Externe Steuerungsgruppe"][0])
    assert flaws(page, page.url) == []
    labels = page.locator("fieldset.zp-vote").first.locator("label.zp-grade")
    grades = labels.locator("> span")

    labels.nth(2).click()
    page.mouse.move(0, 0)

    expect(page.locator("#gespeichert")).to_contain_text("Gespeichert")
    assert look(grades.nth(2)) != look(grades.nth(3))


def test_focus_is_never_hidden_behind_the_bars_of_the_ballot(
    site: Site, open_browser: Callable[..., BrowserContext]
) -> None:
    # Without the smooth scrolling, which would still be under way when the test looks.
    page = open_browser(viewport={"width": 390, "height": 700}, reduced_motion="reduce").new_page()
    page.goto(site.links["Externe Steuerungsgruppe"][1])

    hidden = []
    for _ in range(60):
        page.keyboard.press("Tab")
        hidden += page.evaluate("""() => {
          const focused = document.activeElement;
          if (focused === document.body) return [];
          const box = focused.getBoundingClientRect();
          const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
          const isSeen = top && (focused.contains(top) || top.contains(focused)
            || focused.closest("label")?.contains(top));
          return isSeen ? [] : [focused.outerHTML.slice(0, 120)];
        }""")

    assert hidden == []


def test_nothing_moves_for_those_who_asked_for_that(
    open_browser: Callable[..., BrowserContext],
) -> None:
    page = open_browser(reduced_motion="reduce").new_page()
    page.goto("/plan/sozialplan-2027-2031/")

    moving = page.evaluate("""() => [...document.querySelectorAll("*")].filter((one) => {
      const style = getComputedStyle(one);
      return parseFloat(style.transitionDuration) > 0.01 || style.animationName !== "none";
    }).map((one) => one.outerHTML.slice(0, 80))""")

    assert moving == []


def test_results_of_an_evaluation_are_read_on_a_phone_without_moving_sideways(
    signed_in: Callable[..., Page],
) -> None:
    page = signed_in("planung", viewport={"width": 390, "height": 844})
    page.goto(f"{PLAN}auswertung/zweiter-zwischenstand/")

    lines = page.locator(".zp-table-box:has(> .zp-attain)")

    assert lines.count() == 3
    assert lines.evaluate_all("(all) => all.map((box) => box.scrollWidth - box.clientWidth)") == [
        0,
        0,
        0,
    ]
    expect(lines.first).to_contain_text("Beratung, Unterstützung und Information")


def test_arrow_of_a_link_stands_behind_its_last_word(signed_in: Callable[..., Page]) -> None:
    page = signed_in("planung", viewport={"width": 390, "height": 844})
    page.goto(f"{PLAN}fassungen/")

    apart = page.locator(".zp-a--go").evaluate_all("""(links) => links.map((link) => {
      const words = document.createRange();
      words.selectNodeContents(link);
      const last = [...words.getClientRects()].at(-1);
      return Math.round(parseFloat(getComputedStyle(link, "::after").left) - last.right);
    })""")

    assert apart == [0, 0]


def test_fields_side_by_side_stand_on_one_line_though_one_has_a_hint(
    signed_in: Callable[..., Page],
) -> None:
    page = signed_in("planung", viewport={"width": 1280, "height": 900})
    page.goto("/intern/einstellungen/")

    bottoms = page.locator("#id_name, #id_short_name").evaluate_all(
        "(fields) => fields.map((field) => Math.round(field.getBoundingClientRect().bottom))"
    )

    assert len(bottoms) == 2
    assert len(set(bottoms)) == 1


def test_lists_of_what_is_rated_are_equally_wide_and_stand_on_paper(
    signed_in: Callable[..., Page],
) -> None:
    page = signed_in("planung", viewport={"width": 1280, "height": 900})
    page.goto(f"{PLAN}auswertung/zweiter-zwischenstand/umfang/")
    page.emulate_media(media="print")

    widths = page.locator(".zp-ticks__list").evaluate_all("(all) => all.map((l) => l.clientWidth)")

    assert len(widths) > 1
    assert len({round(width) for width in widths}) == 1
    assert widths[0] > 0


def test_paper_shows_no_menus(open_browser: Callable[..., BrowserContext]) -> None:
    page = open_browser().new_page()
    page.emulate_media(media="print")
    page.goto("/plan/sozialplan-2027-2031/")

    expect(page.get_by_role("navigation", name="Hauptmenü")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def flaws(page: Page, address: str) -> list[str]:
    """Look at the page as a whole, and at what the first stops of Tab look like."""
    page.goto(address)
    found = violations(page) + overflow(page)
    for _ in range(15):
        page.keyboard.press("Tab")
        if not page.evaluate("() => document.activeElement === document.body"):
            found += [f"focus not seen: {one}" for one in page.evaluate(UNMARKED)]
    return [f"{address} {flaw}" for flaw in found]


def look(found: Locator) -> str:
    return str(
        found.evaluate("""(one) => {
          const { backgroundColor, color, borderColor, outlineStyle, borderWidth } =
            getComputedStyle(one);
          return [backgroundColor, color, borderColor, outlineStyle, borderWidth].join();
        }""")
    )
