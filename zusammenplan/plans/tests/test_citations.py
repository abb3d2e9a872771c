"""Values of the data as evidence of a need: citing, newer values, secrecy, and where it is told."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from zusammenplan.core.history import changes
from zusammenplan.core.tests.clients import signed_in
from zusammenplan.indicators.models import Figure
from zusammenplan.indicators.tests.factories import make_figure, make_indicator
from zusammenplan.people.tests.factories import NOW, make_planner, make_reader
from zusammenplan.places.tests.factories import make_area
from zusammenplan.plans.actions import change_plan
from zusammenplan.plans.actions.citations import (
    HiddenValueError,
    NoValueError,
    cite_value,
    keep_cited_value,
    take_new_value,
)
from zusammenplan.plans.actions.needs import change_need
from zusammenplan.plans.actions.versions import freeze
from zusammenplan.plans.domain.citations import Cited, news
from zusammenplan.plans.domain.content import from_json
from zusammenplan.plans.models import NeedEvidence
from zusammenplan.plans.queries.citations import citations, figures_to_cite, needs_with_news
from zusammenplan.plans.queries.content import plan_content
from zusammenplan.plans.tests.factories import make_need, make_plan

pytestmark = pytest.mark.django_db


def make_share(value: object = "31.36", *, year: int = 2024, **fields: object) -> Figure:
    """Make a share of the old in Ilsetal."""
    indicator = make_indicator(
        code="share_65", name_de="Anteil ab 65", unit_de="%", unit_en="%", decimals=1
    )
    return make_figure(indicator, make_area(name="Ilsetal"), value, year=year, **fields)


def newer(figure: Figure, value: object, *, year: int = 2025, **fields: object) -> Figure:
    return make_figure(figure.indicator, figure.area, value, year=year, **fields)


def words_of(evidence: NeedEvidence) -> str:
    found = citations([evidence], with_news=True)[evidence.pk]
    return found.new.sentence if found.new else ""


# The rule


def test_only_what_reads_otherwise_is_news() -> None:
    old, new = date(2024, 12, 31), date(2025, 12, 31)
    cited = Cited(old, Decimal("31.36"))

    assert news(cited, None, None, 1) is None
    assert news(cited, Cited(old, Decimal("31.41")), None, 1) is None
    assert news(cited, Cited(old, Decimal("31.36")), None, 1) is None
    assert news(cited, Cited(old, Decimal("30.9")), None, 1) == "changed"
    assert news(cited, Cited(new, Decimal("31.36")), None, 1) == "newer"
    assert news(cited, Cited(date(2023, 12, 31), Decimal(9)), None, 1) is None


def test_a_declined_value_is_no_news_until_it_changes() -> None:
    cited = Cited(date(2024, 12, 31), Decimal(31))
    new = date(2025, 12, 31)

    assert news(cited, Cited(new, Decimal(32)), Cited(new, Decimal(32)), 1) is None
    assert news(cited, Cited(new, Decimal(33)), Cited(new, Decimal(32)), 1) == "newer"


# Deeds


def test_a_cited_value_stands_with_what_it_is_and_whence_it_comes() -> None:
    figure, need = make_share(), make_need()

    evidence = cite_value(need, figure, {"kind": "statistic"}, by=None)

    assert evidence.text_de == "Anteil ab 65, Ilsetal, 31.12.2024"
    assert evidence.dated_on == date(2024, 12, 31)
    told = citations([evidence])[evidence.pk]
    assert told.text == "Anteil ab 65, Ilsetal, 31.12.2024: 31,4\N{NO-BREAK SPACE}%"
    assert told.figure == figure.pk


def test_a_sign_cannot_be_cited() -> None:
    figure = make_share(None, sign=".")

    with pytest.raises(NoValueError):
        cite_value(make_need(), figure, {"kind": "statistic"}, by=None)


def test_a_newer_value_is_told_and_taken_over_with_one_deed() -> None:
    figure, need, planner = make_share(), make_need(), make_planner()
    evidence = cite_value(need, figure, {"kind": "statistic"}, by=planner)
    assert needs_with_news(need.plan) == set()
    new = newer(figure, "31.9")

    assert "31,9\N{NO-BREAK SPACE}% (31.12.2025)" in words_of(evidence)
    assert needs_with_news(need.plan) == {need.pk}
    evidence = take_new_value(evidence, new, by=planner)

    assert evidence.cited_value == Decimal("31.9")
    assert evidence.ends_on == evidence.dated_on == date(2025, 12, 31)
    assert words_of(evidence) == ""
    assert [change.who for change in changes(evidence, 2)] == [str(planner)] * 2


def test_whoever_keeps_the_old_value_is_not_told_again() -> None:
    figure, need = make_share(), make_need()
    evidence = cite_value(need, figure, {"kind": "statistic"}, by=None)
    new = newer(figure, "31.9")

    evidence = keep_cited_value(evidence, new, by=None)

    assert evidence.cited_value == Decimal("31.36")
    assert needs_with_news(need.plan) == set()
    newer(figure, "32.4", year=2026)
    assert needs_with_news(need.plan) == {need.pk}


def test_a_value_of_another_area_is_never_taken_over() -> None:
    figure, need = make_share(), make_need()
    evidence = cite_value(need, figure, {"kind": "statistic"}, by=None)
    other = make_figure(figure.indicator, make_area(), "12", year=2025)

    with pytest.raises(NoValueError):
        take_new_value(evidence, other, by=None)


def test_the_form_of_the_need_leaves_citations_as_they_are() -> None:
    need = make_need()
    evidence = cite_value(need, make_share(), {"kind": "statistic"}, by=None)

    change_need(
        need,
        {"title_de": "Anders"},
        evidence=[{"pk": evidence.pk, "text_de": "Fast ein Drittel ist 65 oder älter."}],
        seen_version=need.version,
        by=None,
    )

    evidence.refresh_from_db()
    assert evidence.text_de == "Fast ein Drittel ist 65 oder älter."
    assert evidence.is_cited


# Secrecy


def test_a_plan_that_cites_a_secret_value_cannot_be_published() -> None:
    plan, figure = make_plan(is_public=False), make_share()
    cite_value(make_need(plan), figure, {"kind": "statistic"}, by=None)
    Figure.objects.filter(pk=figure.pk).update(secrecy="p")

    with pytest.raises(HiddenValueError, match="Anteil ab 65, Ilsetal"):
        change_plan(plan, {"is_public": True}, seen_version=plan.version, by=None)


@pytest.mark.parametrize("is_public", [True, False])
def test_no_plan_cites_a_secret_value(is_public: bool) -> None:
    """A draft would show it once the count behind it is another and not secret any more."""
    need, figure = make_need(make_plan(is_public=is_public)), make_share(secrecy="s")

    with pytest.raises(HiddenValueError):
        cite_value(need, figure, {"kind": "statistic"}, by=None)

    assert figures_to_cite(figure.indicator_id, figure.area_id) == []


def test_a_newer_value_that_is_secret_is_not_told() -> None:
    need, figure = make_need(), make_share()
    evidence = cite_value(need, figure, {"kind": "statistic"}, by=None)
    secret = newer(figure, 40, secrecy="p")

    assert citations([evidence], see_hidden=True, with_news=True)[evidence.pk].new is None
    assert needs_with_news(need.plan) == set()
    with pytest.raises(HiddenValueError):
        keep_cited_value(evidence, secret, by=None)


def test_a_value_that_becomes_secret_is_shown_nowhere_any_more(client: Client) -> None:
    plan = make_plan(is_public=True)
    need, figure = make_need(plan), make_share()
    evidence = cite_value(need, figure, {"kind": "statistic"}, by=None)
    Figure.objects.filter(pk=figure.pk).update(secrecy="s")

    page = client.get(reverse("website:plan-need", args=[plan.slug, need.pk])).content.decode()
    answer = client.get(f"/api/v1/plans/{plan.slug}/needs").content.decode()

    assert "31,4" not in page
    assert "31.36" not in answer
    assert citations([evidence])[evidence.pk].value == "x"
    assert citations([evidence], see_hidden=True)[evidence.pk].value != "x"
    citation = plan_content(plan).needs[0].evidence[0].citation
    assert citation is not None
    assert (citation.value, citation.sign) == (None, "x")


# Everything through


def test_a_frozen_version_keeps_the_value_as_it_was_cited() -> None:
    plan = make_plan()
    figure = make_share()
    cite_value(make_need(plan), figure, {"kind": "statistic"}, by=None)

    version = freeze(plan, label_de="Beschluss", by=None, now=NOW)
    figure.delete()

    citation = from_json(version.content).needs[0].evidence[0].citation
    assert citation is not None
    assert citation.value == Decimal("31.360000")
    assert (citation.indicator, citation.area) == ("share_65", "Ilsetal")


def test_a_version_from_before_there_were_citations_still_reads() -> None:
    plan = make_plan()
    content = json.loads(freeze(plan, label_de="Alt", by=None, now=NOW).content)
    content["needs"] = [
        {
            "identity": "a",
            "number": "",
            "field": None,
            "title": {"de": "Bedarf", "en": ""},
            "text": {"de": "", "en": ""},
            "strength": "middle",
            "state": "open",
            "evidence": [{"kind": "survey", "text": {"de": "41 %", "en": ""}}],
        }
    ]

    assert from_json(json.dumps(content)).needs[0].evidence[0].citation is None


def test_the_interface_tells_the_citation(client: Client) -> None:
    plan = make_plan(is_public=True)
    figure = make_share()
    cite_value(make_need(plan), figure, {"kind": "statistic"}, by=None)

    answer = client.get(f"/api/v1/plans/{plan.slug}/needs").json()

    citation = answer["items"][0]["evidence"][0]["citation"]
    assert citation["indicator"] == "share_65"
    assert Decimal(citation["value"]) == Decimal("31.36")
    assert citation["url"].endswith(f"/daten/wert/{figure.pk}/")


# Pages


def test_a_planner_cites_a_value_step_by_step_without_script() -> None:
    figure, need = make_share(), make_need()
    url = reverse("plans:evidence-cite", args=[need.plan.slug, need.pk])
    client = signed_in(make_planner())

    assert b"31,4" not in client.get(url).content
    asked = f"{url}?indikator={figure.indicator_id}&gebiet={figure.area_id}"
    assert "31.12.2024: 31,4" in client.get(asked).content.decode()
    client.post(asked, {"wert": figure.pk, "text_de": "Viele Ältere"})

    evidence = need.evidence.get()
    assert (evidence.text_de, evidence.cited_value) == ("Viele Ältere", Decimal("31.36"))


def test_only_indicators_with_a_value_are_offered_to_be_cited() -> None:
    make_share()
    make_indicator(code="empty", name_de="Noch nie gezählt")
    need = make_need()
    url = reverse("plans:evidence-cite", args=[need.plan.slug, need.pk])

    page = signed_in(make_planner()).get(url).content.decode()

    assert "Anteil ab 65" in page
    assert "Noch nie gezählt" not in page


def test_a_value_found_in_the_data_leads_to_the_need_that_it_proves() -> None:
    figure, need = make_share(), make_need()
    client = signed_in(make_planner())
    chosen = reverse("plans:evidence-from-data")

    assert need.title_de in client.get(f"{chosen}?wert={figure.pk}").content.decode()
    response = client.get(f"{chosen}?wert={figure.pk}&bedarf={need.pk}")

    url = reverse("plans:evidence-cite", args=[need.plan.slug, need.pk])
    assert response["Location"] == f"{url}?wert={figure.pk}"
    assert "31,4" in client.get(response["Location"]).content.decode()


def test_a_secret_value_found_in_the_data_leads_to_no_need() -> None:
    planner, share = signed_in(make_planner()), make_share()
    pages = [
        planner.get(reverse("indicators:data-value", args=[one.pk])).content.decode()
        for one in (share, newer(share, 40, secrecy="p"))
    ]

    assert [reverse("plans:evidence-from-data") in page for page in pages] == [True, False]


def test_the_need_says_that_a_value_is_newer_and_both_buttons_work() -> None:
    figure, need = make_share(), make_need()
    evidence = cite_value(need, figure, {"kind": "statistic"}, by=None)
    new = newer(figure, "31.9")
    client = signed_in(make_planner())
    detail = reverse("plans:need-detail", args=[need.plan.slug, need.pk])
    gaps = reverse("plans:gaps", args=[need.plan.slug])

    assert "31,9" in client.get(detail).content.decode()
    assert need.title_de in client.get(f"{gaps}?luecke=neuer-wert").content.decode()
    place = [need.plan.slug, need.pk, evidence.pk]
    client.post(reverse("plans:evidence-take", args=place), {"wert": new.pk})
    evidence.refresh_from_db()
    assert evidence.cited_value == Decimal("31.9")

    third = newer(figure, "33", year=2026)
    client.post(reverse("plans:evidence-stay", args=place), {"wert": third.pk})
    evidence.refresh_from_db()
    assert evidence.cited_value == Decimal("31.9")
    assert "33,0" not in client.get(detail).content.decode()


def test_a_reader_sees_the_news_but_decides_nothing() -> None:
    figure, need = make_share(), make_need()
    evidence = cite_value(need, figure, {"kind": "statistic"}, by=None)
    new = newer(figure, "31.9")
    client = signed_in(make_reader())

    page = client.get(reverse("plans:need-detail", args=[need.plan.slug, need.pk]))
    place = [need.plan.slug, need.pk, evidence.pk]
    refused = client.post(reverse("plans:evidence-take", args=place), {"wert": new.pk})

    assert "31,9" in page.content.decode()
    assert reverse("plans:evidence-take", args=place) not in page.content.decode()
    assert refused.status_code == 403
    cite = reverse("plans:evidence-cite", args=[need.plan.slug, need.pk])
    assert client.get(cite).status_code == 403
    assert client.get(reverse("plans:evidence-from-data")).status_code == 403


def test_a_reader_never_sees_a_secret_value() -> None:
    plan = make_plan(is_public=False)
    need, figure = make_need(plan), make_share()
    cite_value(need, figure, {"kind": "statistic"}, by=None)
    Figure.objects.filter(pk=figure.pk).update(secrecy="p")
    detail = reverse("plans:need-detail", args=[plan.slug, need.pk])

    assert "31,4" not in signed_in(make_reader()).get(detail).content.decode()
    assert "31,4" in signed_in(make_planner()).get(detail).content.decode()
