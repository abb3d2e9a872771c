"""The projector's page fits every common screen, however long the words are."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize

from zusammenplan.config.tests.browser.demo_site import overflow, violations

pytestmark = [pytest.mark.browser, pytest.mark.markup]
SCREENS: list[ViewportSize] = [
    {"width": 1920, "height": 1080},
    {"width": 1600, "height": 900},
    {"width": 1366, "height": 768},
    {"width": 1280, "height": 720},
    {"width": 1024, "height": 768},
]
PHONE: ViewportSize = {"width": 390, "height": 844}
LONG_WORDS = {
    ".zp-beamer__title": "Priorisierung der Maßnahmen des Integrierten Sozialplans im Landkreis ",
    ".zp-beamer__who": "Arbeitsgemeinschaft der freien Wohlfahrtspflege und der Gemeinden ",
    ".zp-beamer__name": "Beratung zur Pflege an einem Ort, kostenfrei und unabhängig ",
    ".zp-legend span": "oben: Arbeitsgemeinschaft der freien Wohlfahrtspflege und der Gemeinden ",
}
WRITE_LONG_WORDS = """(words) => Object.entries(words).forEach(([where, text]) =>
  document.querySelectorAll(where).forEach((one) => { one.textContent = text.repeat(5); }))"""
FIND_CUT_OFF = """() => {
  const name = (one) => one.className.baseVal ?? one.className ?? one.tagName;
  const outside = (one, frame) => {
    const [inner, outer] = [one.getBoundingClientRect(), frame.getBoundingClientRect()];
    return inner.height > 0 && (inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1
      || inner.left < outer.left - 1 || inner.right > outer.right + 1);
  };
  const wall = document.querySelector(".zp-beamer");
  const found = (frame, inside) => [...frame.querySelectorAll(inside)]
    .filter((one) => outside(one, frame)).map((one) => `${name(one)} leaves ${name(frame)}`);
  const root = document.documentElement;
  return [
    ...(root.scrollHeight > innerHeight ? [`${root.scrollHeight} > ${innerHeight} px`] : []),
    ...found(wall, "*"),
    ...found(document.querySelector(".zp-beamer__grid"), "*"),
    ...[...document.querySelectorAll(".zp-beamer__list > li")].flatMap((row) => found(row, "*")),
  ];
}"""
SIZES_OF_TITLES = """() => [...new Set([...document.querySelectorAll(".zp-beamer__name")]
  .map((one) => getComputedStyle(one).fontSize))]"""


@pytest.mark.parametrize("title", ["Erste Abstimmung", "Zweite Abstimmung"])
def test_every_page_of_seven_fits_the_screen(signed_in: Callable[..., Page], title: str) -> None:
    page = signed_in("planung")
    address = wall_address(page, title)
    flaws = []
    for screen in SCREENS:
        page.set_viewport_size(screen)
        for number in (1, 2):
            page.goto(f"{address}?seite={number}")
            flaws += [(screen, number, flaw) for flaw in page.evaluate(FIND_CUT_OFF)]
            assert len(page.evaluate(SIZES_OF_TITLES)) == 1
            page.evaluate(WRITE_LONG_WORDS, LONG_WORDS)
            flaws += [(screen, number, f"long: {flaw}") for flaw in page.evaluate(FIND_CUT_OFF)]

    assert flaws == []


def test_a_cut_title_can_be_heard_as_a_whole(signed_in: Callable[..., Page]) -> None:
    page = signed_in("planung", viewport=SCREENS[3])
    page.goto(f"{wall_address(page, 'Zweite Abstimmung')}?seite=1")
    page.evaluate(WRITE_LONG_WORDS, LONG_WORDS)

    heard = page.locator(".zp-beamer__list").aria_snapshot()

    assert heard.count(LONG_WORDS[".zp-beamer__name"].strip()) == 7 * 5


def test_on_a_phone_everything_stands_in_one_column(signed_in: Callable[..., Page]) -> None:
    page = signed_in("planung", viewport=PHONE)
    page.goto(f"{wall_address(page, 'Zweite Abstimmung')}?seite=1")
    page.evaluate(WRITE_LONG_WORDS, LONG_WORDS)

    assert overflow(page) + violations(page) == []
    places = page.locator(".zp-beamer__grid > div").evaluate_all(
        "(columns) => columns.map((one) => one.getBoundingClientRect().x)"
    )
    assert len(set(places)) == 1


def wall_address(page: Page, title: str) -> str:
    """Find the address of the wall as a planner does."""
    page.goto("/intern/priorisierung/")
    page.get_by_role("link", name=title).first.click()
    page.wait_for_url("**/runde/**")
    return str(page.locator("main a[href*='/leinwand/']").get_attribute("href"))
