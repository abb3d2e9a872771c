"""The public data pages, their files and the data package: what is secret is nowhere in them."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from zusammenplan.core.public import raise_version
from zusammenplan.indicators.actions.indicators import change_indicator
from zusammenplan.indicators.models import (
    DataView,
    Figure,
    IndexPart,
    Indicator,
    Observation,
    Quantity,
    SocialIndex,
)
from zusammenplan.indicators.tests.data_world import SECRET, DataWorld, make_data_world
from zusammenplan.indicators.tests.factories import (
    NOON,
    make_figure,
    make_import,
    make_indicator,
    make_observation,
    make_quantity,
)
from zusammenplan.people.choices import Role
from zusammenplan.people.tests.factories import make_user
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area, AreaVersion
from zusammenplan.places.tests.factories import make_area, make_area_version
from zusammenplan.plans.tests.factories import make_measure, make_need, make_plan

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
SECRETS = (f"{SECRET}", f"{SECRET}".replace(".", ","))
KINDS = ("svg", "csv", "xlsx", "json")


@pytest.fixture(autouse=True)
def fresh(settings: Any, tmp_path: Any) -> None:
    settings.DATA = tmp_path
    caches["pages"].clear()


@pytest.fixture(name="world")
def a_world() -> DataWorld:
    return make_data_world()


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return b"".join(response).decode()


def pages(world: DataWorld) -> list[str]:
    last = world.places[-1]
    return [
        "/daten/",
        "/daten/?nach=handlungsfeld",
        f"/daten/gebiet/{last.pk}/",
        f"/daten/gebiet/{last.pk}/?bereich=population&indikator=share_65",
        f"/daten/gebiet/{world.county.pk}/",
        "/daten/indikator/share_65/",
        "/daten/indikator/share_65/?sortierung=-wert",
        f"/daten/vergleich/?a={last.pk}&b={world.places[0].pk}",
        f"/daten/wert/{world.hidden.pk}/",
    ]


def test_no_public_page_nor_file_holds_a_hidden_value(client: Client, world: DataWorld) -> None:
    area = f"/daten/gebiet/{world.places[-1].pk}/"
    files = [
        f"{area}{chart}.{kind}" for chart in ("verlauf", "rangfolge", "karte") for kind in KINDS
    ]
    files += [f"/daten/indikator/share_65/alle-werte.{kind}" for kind in KINDS[1:]]
    files += [f"/daten/indikator/share_65/karte.{kind}" for kind in KINDS]

    for url in pages(world):
        page = text_of(client, url)
        assert not any(secret in page for secret in SECRETS), url
    for url in files:
        response = client.get(f"{url}?indikator=share_65" if area in url else url)
        assert response.status_code == 200, url
        content = response.content
        if url.endswith("xlsx"):
            book = load_workbook(io.BytesIO(content))
            content = repr([list(sheet.values) for sheet in book]).encode()
        assert not any(secret.encode() in content for secret in SECRETS), url
    figures = client.get("/api/v1/indicators/share_65/figures").json()["items"]
    assert [(one["value"], one["sign"]) for one in figures if one["hidden"]] == [(None, "x")]


def test_planner_sees_the_hidden_value_and_that_nobody_else_does(
    client: Client, world: DataWorld
) -> None:
    url = f"/intern/daten/gebiet/{world.places[-1].pk}/"
    client.force_login(make_user(Role.READER))
    seen_by_reader = text_of(client, url)
    client.force_login(make_user(Role.PLANNER))

    page = text_of(client, url)

    assert SECRETS[1] in page
    assert "nicht öffentlich" in page
    assert SECRETS[1] not in seen_by_reader


def test_files_of_the_planner_tell_which_values_are_hidden_from_others(
    client: Client, world: DataWorld
) -> None:
    file = f"/intern/daten/indikator/{world.share.code}/alle-werte.json"
    told = {}
    for role in (Role.READER, Role.PLANNER):
        client.force_login(make_user(role))
        told[role] = [
            (one["value"], one["sign"])
            for one in client.get(file).json()["values"]
            if one["hidden"]
        ]

    assert told == {Role.READER: [(None, "x")], Role.PLANNER: [(float(SECRET), None)]}


def test_signed_in_planner_sees_the_public_page_as_everybody_does(
    client: Client, world: DataWorld
) -> None:
    client.force_login(make_user(Role.PLANNER))

    page = text_of(client, f"/daten/gebiet/{world.places[-1].pk}/")

    assert SECRETS[1] not in page


def test_profile_tells_key_figures_with_what_they_are_compared(
    client: Client, world: DataWorld
) -> None:
    page = text_of(client, f"/daten/gebiet/{world.places[0].pk}/")

    assert "Anteil ab 65" in page
    assert "21,5\N{NO-BREAK SPACE}%" in page
    told = re.sub(r"<[^>]+>", "", page)
    assert "Landkreis Musterland 20,5\N{NO-BREAK SPACE}%, 2019: 21,0\N{NO-BREAK SPACE}%" in told
    # The hidden third one has no place.
    assert "Anteil ab 65: Platz 2 von 2" in page


def test_key_figure_says_in_words_how_sure_it_is(client: Client, world: DataWorld) -> None:
    Figure.objects.filter(indicator=world.share, area=world.places[0].pk).update(quality="s")
    raise_version()

    page = text_of(client, f"/daten/gebiet/{world.places[0].pk}/")

    told = " ".join(re.sub(r"<[^>]+>", "", page[page.index("zp-figure__num") :]).split())
    assert re.search(r"21,5 % [^%]+, geschätzt", told)


def test_profile_says_what_an_area_is_made_of_in_words_that_fit_each_plural(
    client: Client, world: DataWorld
) -> None:
    page = text_of(client, f"/daten/gebiet/{world.county.pk}/")

    # After “mit” German would want another form of the plural: “mit 6 Planungsräumen”.
    assert "Landkreis, darin 3 Gemeinden: Gemeinde 1, Gemeinde 2 und Gemeinde 3." in page


def test_hidden_age_group_is_an_x_in_the_pyramid(client: Client, world: DataWorld) -> None:
    rows = client.get(f"/daten/gebiet/{world.places[-1].pk}/altersaufbau.json").json()["values"]

    youngest = [one for one in rows if one["area"] == "Gemeinde 3" and "unter 5" in one["detail"]]
    assert [(one["value"], one["sign"], one["hidden"]) for one in youngest] == [
        (None, "x", True),
        (None, "x", True),
    ]


def test_a_number_of_people_below_nought_kept_from_before_costs_no_page(
    client: Client, world: DataWorld
) -> None:
    Observation.objects.filter(area_version__area=world.county, sex="m").update(value=-12)
    raise_version()

    assert client.get(f"/daten/gebiet/{world.county.pk}/").status_code == 200


def test_files_say_where_each_value_comes_from_and_hold_no_formula(
    client: Client, world: DataWorld
) -> None:
    Indicator.objects.filter(pk=world.share.pk).update(name_de="=1+1", source_de="@quelle")
    raise_version()

    response = client.get("/daten/indikator/share_65/alle-werte.csv")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    book = load_workbook(
        io.BytesIO(client.get("/daten/indikator/share_65/alle-werte.xlsx").content)
    )

    assert "attachment" in response["Content-Disposition"]
    assert len(rows) == 1 + 4 * 2
    assert rows[1][0] == "Landkreis Musterland"
    assert rows[1][2] == "'=1+1"
    assert rows[1][8] == "20"
    assert rows[1][-2].startswith("http")
    assert "/daten/wert/" in rows[1][-2]
    assert book.worksheets[0]["C2"].value == "=1+1"
    assert book.worksheets[0]["C2"].data_type == "s"


def test_map_is_a_drawing_and_a_png(client: Client, world: DataWorld) -> None:
    url = f"/daten/gebiet/{world.places[0].pk}/karte"

    drawing = client.get(f"{url}.svg")
    assert drawing.content.startswith(b"<?xml")
    told = "".join(re.findall(r"<text[^>]*>([^<]*)", drawing.content.decode()))
    assert "Anteil ab 65: von 21,5 % in Gemeinde 1" in told
    assert "Quelle: Fortschreibung (12411)" in told
    assert "gemeinde-1-" in drawing["Content-Disposition"]
    assert client.get(f"{url}.png").content.startswith(b"\x89PNG")
    assert client.get(f"{url}.exe").status_code == 404
    assert client.get(url.replace("karte", "nichts") + ".svg").status_code == 404


def test_data_package_describes_its_tables(client: Client, world: DataWorld) -> None:
    index = SocialIndex.objects.create(
        slug="lage", name_de="Lage", kind=AreaKind.MUNICIPALITY, is_public=True
    )
    IndexPart.objects.create(index=index, indicator=world.share, weight=1)
    first, *_others = world.places
    AreaVersion.objects.filter(area=first).update(source="© BKG 2026", licence="dl-de/by-2-0")
    raise_version()
    content = b"".join(client.get("/daten/datenpaket.zip"))
    archive = zipfile.ZipFile(io.BytesIO(content))
    about = json.loads(archive.read("datapackage.json"))

    (outlines,) = (one for one in about["resources"] if one["format"] == "geojson")
    features = json.loads(archive.read(outlines["path"]))["features"]
    (feature,) = (one for one in features if one["id"] == first.versions.get().pk)
    assert len(features) == 4
    assert feature["geometry"]["type"] == "MultiPolygon"
    assert feature["properties"].keys() == {one["name"] for one in outlines["schema"]["fields"]}
    assert feature["properties"]["source"] == "© BKG 2026"
    assert outlines["sources"] == [{"title": "© BKG 2026"}]
    assert outlines["licenses"] == [{"name": "other-at", "title": "dl-de/by-2-0"}]
    for resource in (one for one in about["resources"] if one["format"] == "csv"):
        rows = list(csv.reader(io.StringIO(archive.read(resource["path"]).decode())))
        assert rows[0] == [field["name"] for field in resource["schema"]["fields"]]
        assert len({len(row) for row in rows}) == 1
    figures = list(csv.DictReader(io.StringIO(archive.read("figures.csv").decode())))
    hidden = [row for row in figures if row["hidden"] == "true"]
    assert [(row["value"], row["sign"]) for row in hidden] == [("", "x")]
    assert {one["name"] for one in about["resources"]} >= {"population", "social_indices"}
    people = list(csv.DictReader(io.StringIO(archive.read("population.csv").decode())))
    assert {row["value"] for row in people if row["hidden"] == "true"} == {""}
    assert {row["age_from"] for row in people if row["hidden"] == "true"} == {"0"}
    parts = list(csv.DictReader(io.StringIO(archive.read("social_indices.csv").decode())))
    assert {row["indicator"] for row in parts} == {"share_65"}
    assert about["licenses"] == [{"name": "other-at", "title": "dl-de/by-2-0"}]
    assert about["sources"][0]["title"].startswith("Landesamt für Statistik")
    assert SECRETS[0].encode() not in archive.read("figures.csv")


def test_planning_area_is_in_the_data_package_as_its_parts_joined(
    client: Client, world: DataWorld
) -> None:
    room = make_area(name="Raum", kind=AreaKind.PLANNING_AREA, parent=world.county)
    version = make_area_version(room)
    AreaVersion.objects.filter(area__in=world.places[:2]).update(parent=room, source="Amt")
    raise_version()

    archive = zipfile.ZipFile(io.BytesIO(b"".join(client.get("/daten/datenpaket.zip"))))
    features = json.loads(archive.read("outlines.geojson"))["features"]

    assert len(features) == 5
    assert features[-1]["properties"]["version"] == version.pk
    assert features[-1]["properties"]["source"] == "Amt"
    # The border between the two is gone.
    assert [len(rings) for rings in features[-1]["geometry"]["coordinates"]] == [1]


def test_data_package_is_made_once_a_public_version(client: Client, world: DataWorld) -> None:
    first = b"".join(client.get("/daten/datenpaket.zip"))
    with CaptureQueriesContext(connection) as queries:
        again = b"".join(client.get("/daten/datenpaket.zip"))
    make_figure(world.share, world.places[0], 99, year=2023)
    raise_version()
    changed = b"".join(client.get("/daten/datenpaket.zip"))

    assert again == first
    assert len(queries) <= 1
    assert changed != first


def described(client: Client, url: str) -> dict[str, Any]:
    page = text_of(client, url)
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    found: dict[str, Any] = json.loads(script)
    return found


def test_each_data_page_describes_itself_as_a_dataset(client: Client, world: DataWorld) -> None:
    Indicator.objects.filter(pk=world.share.pk).update(definition_de="</script><b>")
    index = SocialIndex.objects.create(slug="sozialindex", name_de="Index", is_public=True)
    IndexPart.objects.create(index=index, indicator=world.share)
    raise_version()
    version = world.county.versions.get().pk

    found = {
        url: described(client, url)
        for url in (
            *pages(world),
            "/daten/sozialindex/sozialindex/",
            f"/daten/wert/alter/{version}/2024-12-31/65-80/",
        )
    }

    for url, told in found.items():
        assert told["@type"] == "Dataset", url
        assert told["name"], url
        assert told["description"], url
        assert told["temporalCoverage"].endswith("-12-31"), url
        assert told["spatialCoverage"], url
        assert told["creator"]["name"], url
        assert ("distribution" in told) == ("/wert/" not in url), url
        assert ("isPartOf" in told) == (not url.startswith("/daten/?") and url != "/daten/"), url
        # The share of this world was made of no counts.
        if "share_65" not in url and f"/wert/{world.hidden.pk}/" not in url:
            assert told["license"] == ["dl-de/by-2-0"], url
            assert told["isBasedOn"], url
    told = found["/daten/indikator/share_65/"]
    assert told["description"] == "</script><b>"
    assert told["temporalCoverage"] == "2019-12-31/2024-12-31"
    assert any(one["encodingFormat"] == "text/csv" for one in told["distribution"])
    assert found["/daten/"]["distribution"][-1]["encodingFormat"] == "application/zip"


def test_a_page_names_the_licences_of_what_it_shows_alone(client: Client, world: DataWorld) -> None:
    votes = make_quantity(code="votes")
    make_indicator(code="turnout", formula="votes")
    first, last = world.places[0], world.places[-1]
    other = make_import(publisher="Wahlleiter", licence="CC BY 4.0")
    make_observation(votes, last.versions.get(), 500, source=other)
    make_figure(Indicator.objects.get(code="turnout"), last, 500)
    raise_version()

    def licences(url: str) -> list[str]:
        return described(client, url)["license"]  # type: ignore[no-any-return] # of JSON

    assert licences(f"/daten/gebiet/{first.pk}/") == ["dl-de/by-2-0"]
    assert licences(f"/daten/vergleich/?a={first.pk}&b={last.pk}") == ["dl-de/by-2-0"]
    assert licences("/daten/indikator/turnout/") == ["CC BY 4.0"]
    whole = described(client, "/daten/")
    assert whole["license"] == ["dl-de/by-2-0"]
    assert whole["distribution"][-1]["license"] == ["CC BY 4.0", "dl-de/by-2-0"]


@pytest.mark.usefixtures("world")
def test_a_comparison_of_nothing_says_what_it_belongs_to(client: Client) -> None:
    told = described(client, "/daten/vergleich/")

    assert told["isPartOf"]["url"].endswith("/daten/")
    assert "license" not in told
    assert "distribution" not in told
    assert "temporalCoverage" not in told


def test_a_value_is_a_dataset_too_and_tells_its_day_and_its_sources(
    client: Client, world: DataWorld
) -> None:
    figure = Figure.objects.filter(indicator=world.people).latest("ends_on")

    told = described(client, f"/daten/wert/{figure.pk}/")

    assert told["temporalCoverage"] == "2024-12-31"
    assert told["license"] == ["dl-de/by-2-0"]
    assert told["isBasedOn"]


def test_each_number_of_a_chart_leads_to_where_it_comes_from(
    client: Client, world: DataWorld
) -> None:
    page = text_of(client, f"/daten/gebiet/{world.places[0].pk}/")

    linked = {int(pk) for pk in re.findall(r'href="/daten/wert/(\d+)/"', page)}
    shares = Figure.objects.filter(indicator=world.share)
    wanted = shares.filter(area=world.places[0]) | shares.filter(
        area=world.county, ends_on__year=2024
    )
    assert linked >= set(wanted.values_list("pk", flat=True))
    # Those of the table beside the picture, which no key figure leads to.
    tables = "".join(re.findall(r"<details.*?</details>", page, re.DOTALL))
    own = shares.filter(area=world.places[0]).values_list("pk", flat=True)
    assert all(f'href="/daten/wert/{pk}/"' in tables for pk in own)
    figure = wanted.get(area=world.places[0], ends_on__year=2019)
    assert f'href="/daten/wert/{figure.pk}/"' in text_of(client, "/daten/indikator/share_65/")
    people = Figure.objects.get(indicator=world.people, area=world.places[0], ends_on__year=2024)
    assert f'href="/daten/wert/{people.pk}/"' in text_of(client, "/daten/")
    assert "Landesamt für Statistik, Datei" in page
    assert "abgerufen am" in page


def test_each_share_of_an_age_leads_to_its_counts_and_hidden_ones_stay_hidden(
    client: Client, world: DataWorld
) -> None:
    last = world.places[-1]
    page = text_of(client, f"/daten/gebiet/{last.pk}/")
    links = dict.fromkeys(re.findall(r'href="(/daten/wert/alter/[^"]*)"', page))
    version, county = last.versions.get().pk, world.county.versions.get().pk

    known = text_of(client, f"/daten/wert/alter/{version}/2024-12-31/m-5-10/")
    hidden = text_of(client, f"/daten/wert/alter/{version}/2024-12-31/m-0-5/")

    # Both sexes by five years of age of two areas, and the age groups of them.
    assert len(links) == 19 * 2 * 2 + 6 * 2
    assert f"/daten/wert/alter/{county}/2024-12-31/f-90/" in links
    assert "25 ÷ 800 × 100" in known
    assert "dl-de/by-2-0" in known
    assert 'class="zp-figure__num">x' in hidden
    assert "÷ 800" not in hidden
    for asked in ("m-6-7", "x-0-5", "m-10-5", "0-1000", "m"):
        assert client.get(f"/daten/wert/alter/{version}/2024-12-31/{asked}/").status_code == 404
    assert client.get(f"/daten/wert/alter/{version}/2023-12-31/m-0-5/").status_code == 404
    rows = client.get(f"/daten/gebiet/{last.pk}/altersaufbau.json").json()["values"]
    assert rows[0]["provenance"].endswith(f"/daten/wert/alter/{version}/2024-12-31/m-0-5/")


def test_what_is_not_public_is_not_found(client: Client, world: DataWorld) -> None:
    Indicator.objects.filter(pk=world.share.pk).update(is_public=False)
    raise_version()

    for url in (
        "/daten/indikator/share_65/",
        "/daten/indikator/share_65/karte.csv",
        f"/daten/wert/{world.hidden.pk}/",
        "/api/v1/indicators/share_65",
        "/daten/gebiet/999999/",
        "/daten/gebiet/99999999999999999999/karte.svg",
    ):
        assert client.get(url).status_code == 404, url
    assert "Anteil ab 65" not in text_of(client, f"/daten/gebiet/{world.places[0].pk}/")


def test_senseless_addresses_show_the_page_as_if_nothing_was_asked(
    client: Client, world: DataWorld
) -> None:
    for url in (
        "/daten/?q=%00&nach=x",
        "/daten/?q=gibtesnicht",
        f"/daten/gebiet/{world.places[0].pk}/?bereich=x&indikator=%3Cb%3E",
        "/daten/indikator/share_65/?ebene=x&zeit=2024&sortierung=x",
        "/daten/vergleich/?a=x&b=99999999999999",
        f"/daten/vergleich/?a={world.places[0].pk}&b={world.places[0].pk}",
    ):
        assert "<b>" not in text_of(client, url)


def test_without_figures_pages_say_so(client: Client) -> None:
    page = text_of(client, "/daten/")

    assert "Noch keine Zahlen" in page


def test_needs_and_measures_that_name_the_area_stand_below(
    client: Client, world: DataWorld
) -> None:
    plan = make_plan(slug="plan")
    need = make_need(plan, title_de="Beratung in der Nähe")
    measure = make_measure(plan, number="2.3", title_de="Pflegestützpunkt")
    need.areas.add(world.places[0])
    measure.needs.add(need)
    secret = make_need(make_plan(slug="entwurf", is_public=False), title_de="Geheim")
    secret.areas.add(world.places[0])

    page = text_of(client, f"/daten/gebiet/{world.places[0].pk}/")

    assert "Bedarf: Beratung in der Nähe" in page
    assert "2.3 Pflegestützpunkt" in page
    assert "Geheim" not in page
    client.force_login(make_user(Role.READER))
    inside = text_of(client, f"/intern/daten/gebiet/{world.places[0].pk}/")
    assert need.get_absolute_url() in inside
    assert secret.get_absolute_url() in inside


def test_social_index_shows_raw_values_and_who_was_left_out(
    client: Client, world: DataWorld
) -> None:
    index = SocialIndex.objects.create(
        slug="sozialindex", name_de="Sozialindex", is_public=True, classes=2
    )
    IndexPart.objects.create(index=index, indicator=world.share)

    page = text_of(client, "/daten/sozialindex/sozialindex/")
    told = client.get("/api/v1/social-indices/sozialindex").json()

    assert "Verglichen: 2 Gemeinden; ausgelassen: 1." in page
    assert "ein Wert fehlt oder ist gesperrt" in page
    assert [one["left_out"] for one in told["areas"]] == [None, None, "value_missing"]
    file = client.get("/daten/sozialindex/sozialindex/karte.csv").content.decode()
    # The index, the z-score and the raw value, which leads to where it comes from.
    own = [line.split(";") for line in file.splitlines() if line.startswith("Gemeinde 1;")]
    assert [(line[2], line[5]) for line in own] == [
        ("Sozialindex", "z-Wert"),
        ("Anteil ab 65", "z-Wert"),
        ("Anteil ab 65", "%"),
    ]
    assert "/daten/wert/" in own[-1][14]
    assert not any(secret in text for text in (page, file) for secret in SECRETS)


def test_social_index_shows_nobody_the_values_of_an_indicator_that_is_not_public(
    client: Client, world: DataWorld
) -> None:
    index = SocialIndex.objects.create(slug="lage", name_de="Lageindex", is_public=True)
    for indicator in (world.people, world.share):
        IndexPart.objects.create(index=index, indicator=indicator)
    assert "Lageindex" in text_of(client, "/daten/")

    change_indicator(world.share, {"is_public": False}, seen_version=1, by=None)

    assert "Lageindex" not in text_of(client, "/daten/")
    for page in ("/daten/sozialindex/lage/", "/api/v1/social-indices/lage"):
        assert client.get(page).status_code == 404
    client.force_login(make_user(Role.READER))
    assert "Lageindex" in text_of(client, "/intern/daten/sozialindex/lage/")


def test_kept_view_leads_to_its_page_for_good(client: Client, world: DataWorld) -> None:
    client.force_login(make_user(Role.PLANNER))
    target = f"/intern/daten/gebiet/{world.places[0].pk}/?bereich=population"

    for name, is_public in (("Alter über alles", "on"), ("Alter über alles", "")):
        values = {"name": name, "is_public": is_public, "target": target}
        assert client.post("/intern/daten/ansichten/speichern/", values).status_code == 302
    kept = list(DataView.objects.order_by("pk").values_list("slug", "target", "is_public"))

    path = f"gebiet/{world.places[0].pk}/?bereich=population"
    assert kept == [
        ("alter-ueber-alles", path, True),
        ("alter-ueber-alles-2", path, False),
    ]
    assert client.get("/intern/daten/ansicht/alter-ueber-alles-2/")["Location"] == target
    client.logout()
    response = client.get("/daten/ansicht/alter-ueber-alles/")
    assert response["Location"] == f"/daten/{path}"
    assert client.get("/daten/ansicht/alter-ueber-alles-2/").status_code == 404


def test_kept_social_index_opens_on_both_sides(client: Client, world: DataWorld) -> None:
    index = SocialIndex.objects.create(slug="sozialindex", name_de="Sozialindex", is_public=True)
    IndexPart.objects.create(index=index, indicator=world.share)
    client.force_login(make_user(Role.PLANNER))
    target = reverse("indicators:data-social-index", args=[index.slug])

    client.post(
        "/intern/daten/ansichten/speichern/",
        {"name": "Index", "is_public": "on", "target": target},
    )

    for address in ("/intern/daten/ansicht/index/", "/daten/ansicht/index/"):
        assert "Methodenversion" in client.get(address, follow=True).content.decode()


@pytest.mark.parametrize(
    "target",
    ["https://boese.example/", "//boese.example/", "/intern/plan/", "/intern/daten/x/", ""],
)
def test_view_of_anything_else_is_refused(client: Client, target: str) -> None:
    client.force_login(make_user(Role.PLANNER))

    response = client.post(
        "/intern/daten/ansichten/speichern/", {"name": "Ansicht", "target": target}
    )

    assert response.status_code == 200
    assert not DataView.objects.exists()


def test_deleted_view_leaves_its_address_to_nobody(client: Client) -> None:
    view = DataView.objects.create(slug="alt", name="Alt", target="", saved_at=NOON)
    client.force_login(make_user(Role.PLANNER))

    assert client.get(f"/intern/daten/ansichten/{view.pk}/loeschen/").status_code == 200
    client.post(f"/intern/daten/ansichten/{view.pk}/loeschen/")
    client.post("/intern/daten/ansichten/speichern/", {"name": "Alt", "target": "/intern/daten/"})

    assert DataView.objects.get().slug == "alt-2"


@pytest.mark.one_database
def test_profile_is_a_document(client: Client, world: DataWorld) -> None:
    url = f"/daten/gebiet/{world.places[-1].pk}/profil"

    pdf, docx = client.get(f"{url}.pdf"), client.get(f"{url}.docx")

    assert pdf.content.startswith(b"%PDF")
    assert b"Gemeinde 3" in zipfile.ZipFile(io.BytesIO(docx.content)).read("word/document.xml")
    text = zipfile.ZipFile(io.BytesIO(docx.content)).read("word/document.xml").decode()
    assert not any(secret in text for secret in SECRETS)
    assert 'filename="profil-gemeinde-3.docx"' in docx["Content-Disposition"]
    assert client.get("/daten/profile.docx").status_code == 200
    assert client.get("/daten/gebiet/999999/profil.pdf").status_code == 404


@pytest.mark.one_database
def test_pages_ask_as_often_for_many_areas_and_indicators(client: Client) -> None:
    few = counted(client, make_data_world(municipalities=3, indicators=8))
    reset()
    many = counted(client, make_data_world(municipalities=40, indicators=40))

    assert few == many


def reset() -> None:
    IndexPart.objects.all().delete()
    Indicator.objects.all().delete()
    Observation.objects.all().delete()
    Quantity.objects.all().delete()
    AreaVersion.objects.all().delete()
    Area.objects.exclude(parent=None).delete()
    Area.objects.all().delete()


def counted(client: Client, world: DataWorld) -> list[int]:
    index, _new = SocialIndex.objects.get_or_create(
        slug="sozialindex", defaults={"name_de": "Sozialindex", "is_public": True}
    )
    IndexPart.objects.create(index=index, indicator=world.share)
    found = []
    for url in [
        *pages(world),
        "/daten/sozialindex/sozialindex/",
        "/daten/?q=a",
        "/api/v1/areas",
        "/api/v1/indicators",
        "/api/v1/indicators/share_65/figures",
        "/api/v1/social-indices/sozialindex",
    ]:
        client.get(url)
        caches["pages"].clear()
        raise_version()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200, url
        found.append(len(queries))
    return found


def test_values_keep_their_signs_and_rounding() -> None:
    from zusammenplan.indicators.queries.looking.values import written

    assert written(Decimal("-0.04"), places=1) == "0,0"
    assert written(Decimal("-1234.56"), places=1) == "\N{MINUS SIGN}1.234,6"


def make_a_land(world: DataWorld, number: int = 210) -> None:
    """Give the county many more municipalities, each with a share."""
    areas = Area.objects.bulk_create(
        Area(name=f"Ort {at:03}", kind=AreaKind.MUNICIPALITY, parent=world.county, position=at + 10)
        for at in range(number)
    )
    versions = AreaVersion.objects.bulk_create(
        AreaVersion(area=one, name=one.name, kind=one.kind, ags=f"16098{at:03}")
        for at, one in enumerate(areas)
    )
    day = date(2024, 12, 31)
    Figure.objects.bulk_create(
        Figure(
            indicator=world.share,
            area=one.area,
            area_version=one,
            starts_on=day,
            ends_on=day,
            value=at,
        )
        for at, one in enumerate(versions)
    )
    raise_version()


def test_the_areas_of_a_land_are_listed_county_by_county(client: Client, world: DataWorld) -> None:
    assert "Gemeinde 1" in text_of(client, "/daten/").partition('id="gebiete"')[2]
    make_a_land(world)

    whole = text_of(client, "/daten/").partition('id="gebiete"')[2]
    assert f"?in={world.county.pk}#gebiete" in whole
    assert "213 Gebiete darin" in whole
    assert "Gemeinde 1<" not in whole
    inside = text_of(client, f"/daten/?in={world.county.pk}").partition('id="gebiete"')[2]
    assert inside.count('class="zp-depth-1"') == 200
    assert "?in=" in inside
    assert "Ort 209<" in text_of(client, f"/daten/?in={world.county.pk}&page=2")
    found = text_of(client, "/daten/?q=16098007")
    assert "Ort 007" in found
    assert "Ort 008" not in found


def test_a_long_table_of_an_indicator_comes_in_pages(client: Client, world: DataWorld) -> None:
    make_a_land(world)

    first = text_of(client, "/daten/indikator/share_65/?sortierung=-wert")
    assert "Ort 209</a>" in first
    assert "Ort 001</a>" not in first
    assert "Die ersten 200 von 213 Zeilen" in first
    assert "Ort 001</a>" in text_of(client, "/daten/indikator/share_65/?sortierung=-wert&page=2")
