"""The public pages: what everybody sees, what nobody sees, how they are kept."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from zusammenplan.ballots.choices import Audience
from zusammenplan.ballots.tests.factories import (
    make_closed_group,
    make_marks,
    make_open_group,
    make_round,
    make_voter,
)
from zusammenplan.core import public
from zusammenplan.core.actions import change_municipality
from zusammenplan.core.models import BarrierReport, Municipality
from zusammenplan.core.public import current_version, raise_version
from zusammenplan.people.tests.factories import make_planner
from zusammenplan.plans.choices import MeasureStatus, PlanStatus
from zusammenplan.plans.tests.factories import make_field, make_measure, make_plan
from zusammenplan.website.tests.factories import make_measures, make_result

pytestmark = pytest.mark.django_db

PLAIN_PAGES = [
    "start",
    "plan-list",
    "result-list",
    "contact",
    "imprint",
    "privacy",
    "accessibility",
    "barrier-thanks",
    "robots",
]
NAMED_COOKIE = re.compile(r'(?:COOKIE_PREFIX\}|_COOKIE = ")(zp_[a-z]+_?)')
REPORT = "/barriere-melden/"


def page(client: Client, url: str, **extra: Any) -> str:
    response = client.get(url, **extra)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("name", PLAIN_PAGES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_page_opens_for_everybody_without_any_content(
    client: Client, name: str, language: str
) -> None:
    with override(language):
        url = reverse(f"website:{name}")

    response = client.get(url)

    assert response.status_code == 200
    assert not response.cookies


@pytest.mark.parametrize("language", ["de", "en"])
def test_pages_with_content_set_no_cookie(client: Client, language: str) -> None:
    measures = make_measures(2)
    round_ = make_result(measures)
    plan = measures[0].plan
    with override(language):
        urls = [
            reverse("website:start"),
            reverse("website:plan", args=[plan.slug]),
            reverse("website:measure", args=[plan.slug, measures[0].pk]),
            reverse("website:result", args=[round_.slug]),
            reverse("website:result-list"),
        ]

    for url in urls:
        response = client.get(url)
        assert response.status_code == 200, url
        assert not response.cookies, url


def test_start_page_shows_fields_cycle_and_what_comes_first(client: Client) -> None:
    measures = make_measures(2)
    make_result(measures)

    content = page(client, "/")

    assert "Sozialplan 2027–2031" in content
    assert "Familie und Pflege" in content
    assert measures[0].title_de in content
    assert 'aria-current="step"' in content
    assert "1,5" in content


def test_start_page_is_about_the_plan_that_is_not_over(client: Client) -> None:
    make_plan(title_de="Neuer Plan", status=PlanStatus.IN_FORCE)
    make_plan(title_de="Alter Plan", status=PlanStatus.SUPERSEDED)

    assert "Neuer Plan" in page(client, "/")


@pytest.mark.parametrize("status", PlanStatus.values)
def test_cycle_can_show_every_status(client: Client, status: str) -> None:
    make_plan(status=status)

    content = page(client, "/")

    assert ('aria-current="step"' in content) == (status != PlanStatus.SUPERSEDED)


def test_an_adopted_plan_stands_where_it_stands_on_the_desk(client: Client) -> None:
    make_plan(status=PlanStatus.ADOPTED)

    steps = client.get("/").context["page"].steps

    assert [step.what for step in steps if step.kind == "now"] == ["Umsetzung"]


def test_a_single_plan_is_shown_at_once_and_several_are_listed(client: Client) -> None:
    plan = make_plan(title_de="Plan Nord")
    assert client.get("/plan/").headers["Location"] == f"/plan/{plan.slug}/"

    make_plan(title_de="Plan Süd")
    raise_version()

    content = page(client, "/plan/")
    assert "Plan Nord" in content
    assert "Plan Süd" in content


def test_plan_page_shows_priority_and_what_it_is_worth(client: Client) -> None:
    measures = make_measures(2)
    make_result(measures)

    content = page(client, f"/plan/{measures[0].plan.slug}/")

    assert "zp-prio--15" in content
    assert "zp-standing--final" in content
    assert measures[1].title_de in content


def test_plan_page_marks_an_interim_result_that_everybody_may_see(client: Client) -> None:
    measures = make_measures(2)
    make_result(measures, is_released=False)

    content = page(client, f"/plan/{measures[0].plan.slug}/")

    assert "zp-prio--15" in content
    assert 'class="zp-standing zp-standing--small"' in content
    assert "zp-standing--final" not in content


def test_plan_page_shows_no_interim_result_that_only_planners_may_see(client: Client) -> None:
    measures = make_measures(1)
    round_ = make_result(measures, is_released=False, audience=Audience.PLANNERS)

    content = page(client, f"/plan/{measures[0].plan.slug}/")

    assert "zp-prio--15" not in content
    assert client.get(f"/ergebnis/{round_.slug}/").status_code == 404
    assert round_.title_de not in page(client, "/ergebnis/")


def test_released_priorities_keep_the_scale_of_their_round(client: Client) -> None:
    measures = make_measures(1)
    make_result(measures, lowest=0, highest=10, direction="high_first")

    content = page(client, f"/plan/{measures[0].plan.slug}/")

    assert "zp-prio--55" in content


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=Ältere", ["Besuche für ältere Menschen"]),
        ("q=%C3%A4ltere+BESUCHE", ["Besuche für ältere Menschen"]),
        ("status=running", ["Bürgerbus"]),
        ("q=bus&status=running", ["Bürgerbus"]),
        ("status=unbekannt", ["Besuche für ältere Menschen", "Bürgerbus"]),
        ("q=%00", ["Besuche für ältere Menschen", "Bürgerbus"]),
        ("q=gibtesnicht", []),
    ],
)
def test_plan_page_filters_by_word_and_status(client: Client, query: str, found: list[str]) -> None:
    plan = make_plan()
    make_measure(plan, title_de="Besuche für ältere Menschen")
    make_measure(plan, title_de="Bürgerbus", status=MeasureStatus.RUNNING)

    content = page(client, f"/plan/{plan.slug}/?{query}")

    assert [t for t in ("Besuche für ältere Menschen", "Bürgerbus") if t in content] == found


def test_plan_page_shows_measures_without_a_field_last(client: Client) -> None:
    measure = make_measure(title_de="Mit Feld")
    stray = make_measure(measure.plan, title_de="Ohne Feld")
    stray.field = None
    stray.save()

    content = page(client, f"/plan/{measure.plan.slug}/")

    assert content.index("Mit Feld") < content.index("Ohne Feld")


def test_measure_page_tells_how_the_priority_came_about(client: Client) -> None:
    measures = make_measures(1)
    round_ = make_result(measures)

    content = page(client, f"/plan/{measures[0].plan.slug}/massnahme/{measures[0].pk}/")

    assert 'id="prioritaet"' in content
    assert "Externe Gruppe" in content
    assert f"/ergebnis/{round_.slug}/" in content
    assert content.count("zp-thread__step--done") == 2


def test_measure_page_of_an_interim_result_says_so(client: Client) -> None:
    measures = make_measures(1)
    make_result(measures, is_released=False)

    content = page(client, f"/plan/{measures[0].plan.slug}/massnahme/{measures[0].pk}/")

    assert "zp-thread__step--half" in content
    assert "zp-standing--final" not in content


def test_measure_page_without_a_vote_has_no_station_for_it(client: Client) -> None:
    measure = make_measure()

    content = page(client, f"/plan/{measure.plan.slug}/massnahme/{measure.pk}/")

    assert 'id="prioritaet"' not in content
    assert content.count("zp-thread__step ") == 2


@pytest.mark.parametrize("pk", ["0", "999999999999999999999999"])
def test_measure_that_does_not_exist_is_not_found(client: Client, pk: str) -> None:
    plan = make_plan()

    assert client.get(f"/plan/{plan.slug}/massnahme/{pk}/").status_code == 404


def test_measure_is_found_under_its_own_plan_alone(client: Client) -> None:
    measure, other = make_measure(), make_plan()

    assert client.get(f"/plan/{other.slug}/massnahme/{measure.pk}/").status_code == 404


def test_result_page_shows_all_measures_as_pictures_and_table(client: Client) -> None:
    measures = make_measures(3)
    round_ = make_result(measures)

    content = page(client, f"/ergebnis/{round_.slug}/")

    assert content.count("zp-result__row") == 3
    assert content.count('scope="rowgroup"') == 3
    assert content.index('id="rang"') < content.index('id="tab"')
    for kind in ("xlsx", "csv", "pdf"):
        assert reverse("reports:public-result", args=[round_.slug, kind]) in content


def test_long_result_begins_with_the_table_and_shows_20_pictures_a_page(client: Client) -> None:
    measures = make_measures(31)
    round_ = make_result(measures)
    url = f"/ergebnis/{round_.slug}/"

    first, second = page(client, url), page(client, f"{url}?page=2")

    assert first.index('id="tab"') < first.index('id="rang"')
    assert first.count('scope="rowgroup"') == 31
    assert first.count("zp-result__row") == 20
    assert second.count("zp-result__row") == 11


def test_result_page_can_be_read_in_english(client: Client) -> None:
    measures = make_measures(1)
    round_ = make_result(measures, title_en="First vote")

    content = page(client, f"/en/ergebnis/{round_.slug}/")

    assert "First vote" in content
    assert "How to read the pictures" in content


def test_secret_result_with_too_few_voters_is_not_shown(client: Client) -> None:
    measures = make_measures(1)
    round_ = make_result(measures, is_released=False, is_secret=True)
    group = round_.groups.get(name_de="Interne Gruppe")
    group.closed_at = None
    group.save()

    content = page(client, f"/ergebnis/{round_.slug}/")

    assert "zp-result__row" not in content
    assert "zp-prio--15" not in page(client, f"/plan/{measures[0].plan.slug}/")


def test_nothing_of_an_unpublished_plan_is_found_even_by_planners(client: Client) -> None:
    plan = make_plan(is_public=False, title_de="Geheimer Entwurf")
    measures = make_measures(1, plan)
    round_ = make_result(measures)
    urls = [
        f"/plan/{plan.slug}/",
        f"/plan/{plan.slug}/massnahme/{measures[0].pk}/",
        f"/ergebnis/{round_.slug}/",
    ]

    for url in urls:
        assert client.get(url).status_code == 404
    for url in ("/", "/plan/", "/ergebnis/"):
        assert "Geheimer Entwurf" not in page(client, url)
    client.force_login(make_planner())
    assert [client.get(url).status_code for url in urls] == [404, 404, 404]


def test_titles_cannot_bring_markup_along(client: Client) -> None:
    evil = '<script>alert("x")</script>'
    plan = make_plan(title_de=evil, summary_de=evil)
    field = make_field(plan, name_de=evil, text_de=evil, code="<b>")
    measure = make_measure(
        plan, field=field, title_de=evil, text_de=evil, number="<i>", source=evil
    )
    round_ = make_result([measure], title_de=evil)
    round_.groups.filter(name_de="Interne Gruppe").update(name_de="<u>")
    urls = [
        "/",
        "/ergebnis/",
        f"/plan/{plan.slug}/",
        f"/plan/{plan.slug}/?q=%22%3E%3Cscript%3Ealert%28",
        f"/plan/{plan.slug}/massnahme/{measure.pk}/",
        f"/ergebnis/{round_.slug}/",
    ]

    for url in urls:
        content = page(client, url)
        for raw in ("<script>alert", "<b>", "<i>", "<u>"):
            assert raw not in content, url


# --- kept pages ----------------------------------------------------------------------------


def test_second_request_asks_the_database_nothing(
    client: Client, django_assert_num_queries: Any
) -> None:
    measures = make_measures(2)
    url = f"/plan/{measures[0].plan.slug}/"
    # Templates are read at the first time, which may take longer than a version is relied upon.
    client.get(url)
    first = client.get(url)

    with django_assert_num_queries(0):
        second = client.get(url)

    assert second.content == first.content
    assert second["ETag"].startswith('"')
    assert "public" in second["Cache-Control"]


def test_unchanged_page_is_answered_with_304(client: Client) -> None:
    measures = make_measures(1)
    url = f"/plan/{measures[0].plan.slug}/"
    etag = client.get(url)["ETag"]

    response = client.get(url, headers={"If-None-Match": etag})

    assert response.status_code == 304
    assert response.content == b""


def test_a_page_is_the_same_packed_and_plain(client: Client) -> None:
    plain = client.get("/kontakt/")

    packed = client.get("/kontakt/", headers={"Accept-Encoding": "gzip, br"})

    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert "Content-Encoding" not in plain
    assert packed["ETag"] != plain["ETag"]


def test_change_shows_at_once(client: Client) -> None:
    before = client.get("/kontakt/")
    row = Municipality.objects.create(pk=1)

    change_municipality({"phone": "00000 7654321"}, seen_version=row.version, by=None)

    after = client.get("/kontakt/")
    assert "00000 7654321" in after.content.decode()
    assert after["ETag"] != before["ETag"]


def test_languages_are_kept_apart(client: Client) -> None:
    german, english = page(client, "/impressum/"), page(client, "/en/impressum/")

    assert '<html lang="de">' in german
    assert '<html lang="en">' in english
    assert '<html lang="de">' in page(client, "/impressum/")


def test_a_proxy_keeps_a_page_once_for_all_wishes_of_browsers(client: Client) -> None:
    response = client.get("/impressum/", headers={"Accept-Language": "en-US,en;q=0.9"})

    assert response["Content-Language"] == "de"
    assert response["Vary"] == "Accept-Encoding, Cookie"


def test_page_of_somebody_signed_in_is_not_kept(client: Client) -> None:
    client.force_login(make_planner())

    response = client.get("/")

    assert response["Cache-Control"] == "private, no-store"
    assert "public" in Client().get("/")["Cache-Control"]


@pytest.mark.parametrize("count", [1, 100])
@pytest.mark.one_database
def test_plan_page_needs_the_same_queries_for_any_length(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    measures = make_measures(count)
    make_result(measures)

    with django_assert_num_queries(9):
        client.get(f"/plan/{measures[0].plan.slug}/")


@pytest.mark.parametrize("count", [1, 40])
def test_result_and_measure_pages_need_the_same_queries_for_any_length(
    client: Client, django_assert_max_num_queries: Any, count: int
) -> None:
    measures = make_measures(count)
    round_ = make_result(measures)

    with django_assert_max_num_queries(8):
        client.get(f"/ergebnis/{round_.slug}/")
    with django_assert_max_num_queries(24):
        client.get(f"/plan/{measures[0].plan.slug}/massnahme/{measures[0].pk}/")
    with django_assert_max_num_queries(11):
        client.get("/")


def test_only_reading_is_possible(client: Client) -> None:
    assert client.post("/").status_code == 405


# --- texts of the municipality -------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "text", "gap"),
    [
        ("/impressum/", "imprint", "imprint is not complete"),
        ("/datenschutz/", "privacy", "privacy notice is not complete"),
        ("/barrierefreiheit/", "accessibility", "statement is not complete"),
    ],
)
def test_missing_legal_text_is_named_and_a_written_one_is_shown(
    client: Client, url: str, text: str, gap: str
) -> None:
    assert gap in page(client, f"/en{url}")

    Municipality.objects.update_or_create(
        pk=1, defaults={f"{text}_de": "Erster Absatz\n\nZweiter <Absatz>"}
    )
    raise_version()

    content = page(client, f"/en{url}")
    assert gap not in content
    assert "<p>Erster Absatz</p>" in content
    assert "<p>Zweiter &lt;Absatz&gt;</p>" in content


def test_marks_of_a_whole_room_raise_the_version_once_and_show_within_seconds(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = make_round(measures=1, audience=Audience.PUBLIC)
    make_closed_group(round_)
    group, item = make_open_group(round_), round_.items.get()
    make_marks(make_voter(group), {item: 1})
    version = current_version()
    first = page(client, f"/ergebnis/{round_.slug}/")

    make_marks(make_voter(group), {item: 6})

    assert current_version() == version
    monkeypatch.setattr(public, "MOVING_SECONDS", 0.001)
    caches["pages"].delete(public.VERSION_KEY)
    assert page(client, f"/ergebnis/{round_.slug}/") != first


def test_robots_may_not_go_where_people_work_and_vote(client: Client) -> None:
    content = page(client, "/robots.txt")

    for folder in ("/intern/", "/abstimmung/", "/bewertung/", "/leinwand/", "/konto/"):
        assert f"Disallow: {folder}\n" in content
        assert f"Disallow: /en{folder}\n" in content


# --- barriers --------------------------------------------------------------------------------


def test_barrier_report_is_kept_and_mailed(client: Client) -> None:
    Municipality.objects.create(pk=1, email="amt@rennsteiggrund.example")
    values = {"message": "Der Knopf ist zu klein", "page": "/plan/", "email": "a@b.example"}

    response = client.post(REPORT, values)

    assert response.headers["Location"] == "/barriere-melden/danke/"
    report = BarrierReport.objects.get()
    assert (report.message, report.page, report.email) == tuple(values.values())
    assert mail.outbox[0].to == ["amt@rennsteiggrund.example"]
    assert mail.outbox[0].reply_to == ["a@b.example"]
    assert "Der Knopf ist zu klein" in mail.outbox[0].body


@pytest.mark.parametrize("privacy", ["", "Verantwortlich ist der Landkreis."])
def test_the_privacy_page_names_every_cookie(client: Client, privacy: str) -> None:
    Municipality.objects.create(pk=1, privacy_de=privacy)

    page = client.get("/datenschutz/").content.decode()

    package = Path(__file__).parents[2]
    written = [path.read_text() for path in package.rglob("*.py") if "tests" not in path.parts]
    names = {name for text in written for name in NAMED_COOKIE.findall(text)}
    assert {"zp_session", "zp_messages", "zp_vote_", "zp_rate_"} <= names
    assert [name for name in names if name not in page] == []
    assert privacy in page


def test_barrier_report_without_an_address_of_the_municipality_is_kept_all_the_same(
    client: Client,
) -> None:
    client.post(REPORT, {"message": "Zu klein"})

    assert BarrierReport.objects.count() == 1
    assert mail.outbox == []


def test_barrier_report_survives_a_mail_server_that_is_down(
    client: Client, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    Municipality.objects.create(pk=1, email="amt@rennsteiggrund.example")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    response = client.post(REPORT, {"message": "Zu klein"})

    assert response.status_code == 302
    assert BarrierReport.objects.count() == 1
    assert "could not be sent" in caplog.text


def test_barrier_report_without_a_message_says_what_is_missing(client: Client) -> None:
    response = client.post("/en" + REPORT, {"email": "keine Adresse", "page": "/plan/"})

    content = response.content.decode()
    assert "Please describe in a few words" in content
    assert 'value="/plan/"' in content
    assert BarrierReport.objects.count() == 0


def test_barrier_form_is_not_kept_and_asks_for_a_token(client: Client) -> None:
    response = client.get(REPORT, {"page": "/plan/"})

    assert "no-store" in response["Cache-Control"]
    assert 'value="/plan/"' in response.content.decode()
    assert Client(enforce_csrf_checks=True).post(REPORT, {"message": "x"}).status_code == 403


def test_barrier_reports_are_limited(client: Client) -> None:
    codes = [client.post(REPORT, {"message": "Zu klein"}).status_code for _ in range(6)]

    assert codes == [302] * 5 + [429]
    assert BarrierReport.objects.count() == 5


def test_pages_share_a_header_but_each_has_its_own_marks(client: Client) -> None:
    make_plan(is_public=True, slug="sozialplan")
    Municipality.objects.create(pk=1, name="Landkreis Rennsteiggrund")
    raise_version()

    for path, entry in (("/kontakt/", "Kontakt"), ("/plan/sozialplan/", "Plan"), ("/", "Start")):
        text = page(client, path)
        assert text.count(f'href="/en{path}"') == 2
        (current,) = re.findall(r'zp-nav__link" href="([^"]+)" aria-current="(\w+)">([^<]+)', text)
        assert current[2] == entry
        assert current[1] == ("page" if current[0] == path else "true")
        assert "Landkreis Rennsteiggrund" in text
    change_municipality({"name": "Landkreis Neu"}, seen_version=1, by=make_planner())
    assert "Rennsteiggrund" not in page(client, "/impressum/")
