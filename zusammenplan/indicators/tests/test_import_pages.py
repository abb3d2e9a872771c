"""Figures are taken over on pages: files, columns, check, done, undone."""

import io
import re
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zusammenplan.core.uploads import kept_file
from zusammenplan.indicators.forms import imports as forms
from zusammenplan.indicators.models import Observation, Quantity, StatisticsImport
from zusammenplan.indicators.tests import files
from zusammenplan.indicators.tests.files import Value
from zusammenplan.people.choices import Role
from zusammenplan.people.models import User
from zusammenplan.people.tests.factories import make_user
from zusammenplan.places.tests.factories import make_area, make_area_version

pytestmark = pytest.mark.django_db
NEW = "/intern/daten/import/"
VALUES = [Value("16069", "Hildburghausen", 2024, sex, "10") for sex in ("", "m")]


@pytest.fixture(autouse=True)
def planner(client: Client) -> User:
    user = make_user(Role.PLANNER)
    client.force_login(user)
    return user


def upload(client: Client, *contents: str | bytes, name: str = "tabelle.csv") -> str:
    """Choose files; give the address of the page that follows."""
    sent = [
        SimpleUploadedFile(
            f"{number}-{name}", content.encode() if isinstance(content, str) else content
        )
        for number, content in enumerate(contents)
    ]
    response = client.post(NEW, {"tables": sent})
    assert response.status_code == 302, response.content.decode()
    return str(response.headers["Location"])


def take(client: Client, check: str, **more: str) -> Any:
    page = client.get(check).content.decode()
    seen = re.search(r'name="seen"\s+value="([^"]*)"', page)
    assert seen is not None, page
    number = page.count('-retrieved_on"')
    origin = {f"file-{at}-retrieved_on": "2026-11-26" for at in range(number)}
    address = f"{check.partition('?')[0]}uebernehmen/"
    return client.post(address, {"seen": seen.group(1), **origin, **more}, follow=True)


def test_files_are_checked_and_taken_over(client: Client, planner: User) -> None:
    check = upload(client, files.flat(VALUES))
    page = client.get(check).content.decode()
    assert "Es ist noch nichts gespeichert" in page
    assert "Bevölkerungsstand" in page
    assert not Observation.objects.exists()

    done = take(client, check)

    record = StatisticsImport.objects.get()
    assert (record.new, record.imported_by) == (2, planner)
    assert "2 Werte neu" in done.content.decode()
    key = check.split("/")[-2]
    assert kept_file(key, by=planner) is None


def test_changed_value_is_shown_with_old_and_new(client: Client) -> None:
    take(client, upload(client, files.flat(VALUES)))
    check = upload(client, files.flat([Value("16069", "Hildburghausen", 2024, "m", "11")]))

    page = client.get(check).content.decode()

    assert "Geänderte Werte" in page
    assert re.search(r">10</td>\s*<td class=\"is-num\" data-label=\"Neu\">11</td>", page)


def test_refused_file_is_explained_in_german(client: Client) -> None:
    response = client.get(upload(client, "<html>Fehler</html>"))

    assert response.status_code == 422
    assert "Webseite" in response.content.decode()


def test_contradicting_files_cannot_be_taken(client: Client) -> None:
    other = [Value("16069", "Hildburghausen", 2024, "", "99")]
    check = upload(client, files.flat(VALUES), files.flat(other))

    page = client.get(check).content.decode()

    assert "widersprechen" in page
    assert "Zahlen übernehmen</span></button>" not in page


def test_own_table_asks_for_its_columns_and_the_next_is_known(client: Client) -> None:
    make_area_version(make_area(name="Hildburghausen"), ags="16069")
    check = upload(client, files.own(VALUES))
    columns = client.get(check)
    assert columns.status_code == 302
    address = columns.headers["Location"]
    page = client.get(address).content.decode()
    assert "Einwohner" in page
    key = re.search(r'name="file"\s+value="([^"]*)"', page)
    assert key is not None
    meanings = {
        f"meaning-{at}": it for at, it in enumerate(["key", "name", "time", "sex", "value"])
    }

    wrong = client.post(address, {"file": key.group(1)})
    client.post(
        address,
        {"file": key.group(1), **meanings, "name-4": "Frauen/Männer\0", "unit-4": "Personen"},
    )
    take(client, check)

    assert wrong.status_code == 422
    assert "Sagen Sie, in welcher Spalte" in wrong.content.decode()
    assert Observation.objects.count() == 2
    assert Quantity.objects.get().name == "Frauen/Männer"
    next_file = files.own([Value("16069", "Hildburghausen", 2025, "m", "12")])
    assert client.get(upload(client, next_file)).status_code == 200


def test_columns_are_asked_for_beside_a_workbook_that_cannot_be_read(client: Client) -> None:
    table = files.own([Value("16069", "Hildburghausen", 2024, "m", "10")])
    broken = files.zipped("<x/>", name="[Content_Types].xml")
    columns = client.get(upload(client, table, broken)).headers["Location"]

    page = client.get(columns)

    assert page.status_code == 200
    assert "Einwohner" in page.content.decode()


def test_ambiguous_name_is_chosen_on_the_page(client: Client) -> None:
    areas = [make_area(name="Neustadt"), make_area(name="Neustadt (Orla)", pk=4711)]
    for at, area in enumerate(areas):
        make_area_version(area, name="Neustadt", ags=f"1609900{at}")
    check = upload(
        client,
        files.named([Value("", "Neustadt", 2024, "", "5"), Value("", "Neustadt", 2023, "", "7")]),
    )
    page = client.get(check).content.decode()
    assert "Welches Gebiet ist „Neustadt“?" in page
    # A key is no number whose thousands are grouped.
    assert '<option value="4711">' in page

    chosen = client.post(check, {"name": "Neustadt", "area": str(areas[1].pk)})
    take(client, str(chosen.headers["Location"]), name="Neustadt", area=str(areas[1].pk))

    assert {it.area_version.area for it in Observation.objects.all()} == {areas[1]}


def test_import_is_undone_on_its_page(client: Client) -> None:
    take(client, upload(client, files.flat(VALUES)))
    record = StatisticsImport.objects.get()
    detail = reverse("indicators:import-detail", args=[record.pk])
    assert "Prüfsumme" in client.get(detail).content.decode()

    asked = client.get(f"{detail}zuruecknehmen/")
    done = client.post(f"{detail}zuruecknehmen/", follow=True)

    assert "Import zurücknehmen" in asked.content.decode()
    assert "Der Import ist zurückgenommen." in done.content.decode()
    assert not Observation.objects.exists()


def test_file_of_somebody_else_is_not_found(client: Client) -> None:
    check = upload(client, files.flat(VALUES))
    client.force_login(make_user(Role.PLANNER))

    assert client.get(check).status_code == 404
    assert client.post(f"{check}uebernehmen/").status_code == 404


def test_too_large_upload_is_refused_with_the_limit(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "MAX_BYTES", 100)

    response = client.post(NEW, {"tables": [SimpleUploadedFile("a.csv", b"x" * 101)]})

    assert response.status_code == 422
    assert "zusammenplan import statistics" in response.content.decode()


def test_too_large_workbook_is_refused_with_the_way_out(client: Client) -> None:
    workbook = io.BytesIO()
    with zipfile.ZipFile(workbook, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/media/bild.png", b"x" * 10 * 1024 * 1024)
    file = SimpleUploadedFile("melderegister.xlsx", workbook.getvalue())

    page = client.post(NEW, {"tables": [file]}, follow=True).content.decode()

    assert "„melderegister.xlsx“ ist größer als 10 MB" in page
    assert "Als CSV darf eine Tabelle auf der Seite 100 MB haben" in page
    assert "1.000 MB mit dem Befehl „zusammenplan import statistics“" in page
    assert not StatisticsImport.objects.exists()


def test_file_with_an_evil_name_is_shown_and_kept_safely(client: Client) -> None:
    check = upload(client, files.flat(VALUES), name="<img src=x onerror=alert(1)>.csv")

    page = client.get(check).content.decode()

    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.one_database
def test_list_needs_the_same_queries_for_any_length(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        take(client, upload(client, files.flat([Value("16069", "H", 2020 + number, "", "1")])))
    client.get("/intern/daten/importe/")

    with django_assert_num_queries(6):
        client.get("/intern/daten/importe/")


def test_reader_sees_imports_but_takes_none_over(client: Client) -> None:
    client.force_login(make_user(Role.READER))

    assert client.get("/intern/daten/importe/").status_code == 200
    assert client.get(NEW).status_code == 403
