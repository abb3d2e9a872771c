"""Looks at the data in a plan's document: live until frozen, the same in every output."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from zusammenplan.core.public import raise_version
from zusammenplan.core.tests.clients import signed_in
from zusammenplan.indicators.models import Figure, Indicator
from zusammenplan.indicators.tests.factories import (
    make_figure,
    make_import,
    make_indicator,
    make_observation,
    make_quantity,
)
from zusammenplan.people.tests.factories import NOW, make_planner
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area
from zusammenplan.places.tests.factories import make_area
from zusammenplan.plans.actions.chapters import add_block
from zusammenplan.plans.actions.versions import freeze
from zusammenplan.plans.choices import BlockKind, DataKind
from zusammenplan.plans.domain.comparison import compare
from zusammenplan.plans.domain.content import from_json, to_json
from zusammenplan.plans.models import Plan
from zusammenplan.plans.queries.content import plan_content
from zusammenplan.plans.queries.data_blocks import drawn, with_drawings
from zusammenplan.plans.tests.factories import make_chapter, make_plan
from zusammenplan.reports.queries.document import document_of
from zusammenplan.reports.queries.model import Figure as Picture, Table

pytestmark = pytest.mark.django_db


def make_values() -> tuple[Indicator, Area]:
    """Make shares of two municipalities in a county over three years."""
    indicator = make_indicator(
        code="share_65",
        name_de="Anteil ab 65",
        name_en="Share of 65 and over",
        unit_de="%",
        form="share",
        is_key=True,
    )
    county = make_area(name="Landkreis", kind=AreaKind.COUNTY)
    for name, start in (("Ilsebrück", 30), ("Neuwerk", 26)):
        area = make_area(name=name, kind=AreaKind.MUNICIPALITY, parent=county)
        for at, year in enumerate((2023, 2024, 2025)):
            make_figure(indicator, area, start + at, year=year)
    return indicator, Area.objects.get(name="Ilsebrück")


def make_look(plan: Plan, shows: str, **fields: object) -> None:
    chapter = plan.chapters.first() or make_chapter(plan)
    add_block(chapter, BlockKind.DATA, {"shows": shows, **fields}, by=None, now=NOW)


def test_a_chart_over_time_is_drawn_with_its_numbers_and_words() -> None:
    plan = make_plan()
    indicator, area = make_values()
    make_look(plan, DataKind.SERIES, indicator=indicator, area=area)

    with override("de"):
        document = document_of(plan_content(plan), language="de", now=NOW)

    picture = document.chapters[0].blocks[0]
    assert isinstance(picture, Picture)
    assert picture.number == 1
    assert "32" in picture.alt
    assert "Anteil ab 65" in picture.caption
    assert picture.numbers is not None
    assert ("31.12.2025", "32,0") in [row[:2] for row in picture.numbers.rows]
    assert picture.svg.startswith("<svg xmlns=")
    assert "Fira Sans" in picture.svg


def test_a_table_lists_the_areas_of_a_kind() -> None:
    plan = make_plan()
    indicator, _area = make_values()
    make_look(plan, DataKind.TABLE, indicator=indicator, level=AreaKind.MUNICIPALITY)

    document = document_of(plan_content(plan), language="de", now=NOW)

    table = document.chapters[0].blocks[0]
    assert isinstance(table, Table)
    assert [row.cells[:2] for row in table.rows] == [("Ilsebrück", "32,0"), ("Neuwerk", "28,0")]


def test_a_profile_begins_with_the_key_figures() -> None:
    plan = make_plan()
    _indicator, area = make_values()
    make_look(plan, DataKind.PROFILE, area=area)

    document = document_of(plan_content(plan), language="de", now=NOW)

    table = document.chapters[0].blocks[0]
    assert isinstance(table, Table)
    assert table.rows[0].cells[0] == "Anteil ab 65"


def test_a_look_without_values_says_so() -> None:
    plan = make_plan()
    make_look(plan, DataKind.PYRAMID, area=make_area())

    document = document_of(plan_content(plan), language="de", now=NOW)

    assert document.chapters[0].blocks[0].type == "paragraph"


def test_a_look_follows_the_data_until_the_plan_is_frozen() -> None:
    plan = make_plan()
    indicator, area = make_values()
    make_look(plan, DataKind.SERIES, indicator=indicator, area=area)
    version = freeze(plan, label_de="Beschluss", by=None, now=NOW)

    Figure.objects.filter(area=area, ends_on=date(2025, 12, 31)).update(value=40)
    raise_version()
    frozen, live = from_json(version.content), with_drawings(plan_content(plan))

    with override("de"):
        kept = drawn(frozen.chapters[0].blocks[0].data)  # type: ignore[arg-type] # a look
        now = drawn(live.chapters[0].blocks[0].data)  # type: ignore[arg-type] # a look
    assert kept[0].rows[-1][1] == "32,0"
    assert now[0].rows[-1][1] == "40,0"
    assert kept[0].chart is not None
    assert [one.key for one in compare(frozen, live).changes]


def test_numbers_lead_to_their_pages_while_they_live_and_name_their_files_for_ever(
    client: Client,
) -> None:
    plan = make_plan(is_public=True)
    indicator, area = make_values()
    quantity = make_quantity(code="population")
    file = make_import(publisher="Landesamt", table="12411-01", licence="dl-de/by-2-0")
    for figure in Figure.objects.filter(indicator=indicator):
        year = figure.ends_on.year
        make_observation(quantity, figure.area_version, 9, year=year, source=file)
    for shows in (DataKind.SERIES, DataKind.TABLE, DataKind.PROFILE):
        make_look(plan, shows, indicator=indicator, area=area, level=AreaKind.MUNICIPALITY)
    version = freeze(plan, label_de="Beschluss", by=None, now=NOW)
    urls = [
        f"/daten/wert/{pk}/" for pk in area.figures.order_by("ends_on").values_list("pk", flat=True)
    ]

    live = client.get(f"/plan/{plan.slug}/dokument/").content.decode()
    frozen = client.get(f"/plan/{plan.slug}/fassung/{version.number}/").content.decode()

    assert [live.count(f'href="{url}"') for url in urls] == [3, 1, 3]
    assert all(client.get(url).status_code == 200 for url in urls)
    assert "/daten/wert/" not in frozen
    told = f"Landesamt, Tabelle 12411-01, Datei {file.file_name}, abgerufen am 25.11.2026, dl-de"
    assert live.count(told) == frozen.count(told) == 3


def test_the_frozen_drawing_survives_being_written_and_read() -> None:
    plan = make_plan()
    indicator, area = make_values()
    for shows in (DataKind.SERIES, DataKind.MAP, DataKind.PROFILE, DataKind.PYRAMID):
        make_look(plan, shows, indicator=indicator, area=area)

    content = with_drawings(plan_content(plan))
    read = from_json(to_json(content))

    assert read == content
    assert to_json(read) == to_json(content)


def test_both_languages_are_kept() -> None:
    plan = make_plan()
    indicator, area = make_values()
    make_look(plan, DataKind.SERIES, indicator=indicator, area=area)
    content = with_drawings(plan_content(plan))

    document = document_of(content, language="en", now=NOW)

    picture = document.chapters[0].blocks[0]
    assert isinstance(picture, Picture)
    assert "Share of 65 and over" in picture.caption


def test_a_secret_value_never_gets_into_a_document() -> None:
    plan = make_plan()
    indicator, area = make_values()
    Figure.objects.filter(area=area, ends_on=date(2024, 12, 31)).update(value="31.77", secrecy="p")
    make_look(plan, DataKind.SERIES, indicator=indicator, area=area)

    assert "31,8" not in to_json(with_drawings(plan_content(plan)))


def test_the_lists_at_the_end_name_what_the_data_show() -> None:
    plan = make_plan()
    indicator, area = make_values()
    make_look(plan, DataKind.SERIES, indicator=indicator, area=area)
    make_chapter(plan, kind="figures")

    document = document_of(plan_content(plan), language="de", now=NOW)

    listing = document.chapters[1].blocks[0]
    assert [one.label for one in listing.entries] == ["Abbildung 1"]  # type: ignore[union-attr] # a listing


def test_a_planner_adds_a_look_and_sees_it_in_the_chapter() -> None:
    plan = make_plan()
    chapter = make_chapter(plan)
    indicator, area = make_values()
    client = signed_in(make_planner())
    url = reverse("plans:block-add", args=[plan.slug, chapter.pk, "data"])

    refused = client.post(url, {"shows": "series", "area": area.pk})
    assert refused.status_code == 200
    client.post(url, {"shows": "series", "indicator": indicator.pk, "area": area.pk})

    page = client.get(reverse("plans:chapter", args=[plan.slug, chapter.pk])).content.decode()
    assert chapter.blocks.get().shows == "series"
    assert "<svg" in page
    assert "32,0" in page
