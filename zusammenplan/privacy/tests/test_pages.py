"""Tests of the pages of data protection."""

import html
import json
import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from zusammenplan.ballots.models import Round
from zusammenplan.ballots.tests.factories import make_link, make_voter
from zusammenplan.core.tests.clients import sentences
from zusammenplan.core.tests.shared import shared
from zusammenplan.meetings.tests.factories import make_seat
from zusammenplan.people.actions import deactivate_user
from zusammenplan.people.actions.comments import add_comment
from zusammenplan.people.actions.tasks import add_task
from zusammenplan.people.choices import Role
from zusammenplan.people.models import Digest, User
from zusammenplan.people.tests.factories import make_planner, make_user
from zusammenplan.privacy.actions.retention import change_rule, let_go
from zusammenplan.privacy.choices import Retention
from zusammenplan.privacy.models import RetentionRule
from zusammenplan.privacy.queries.processing import ACTIVITIES
from zusammenplan.privacy.tests.people import EMAIL, NAME, World, make_world

pytestmark = pytest.mark.django_db

world = shared(lambda: make_world(timezone.now() - timedelta(days=30)))
OVERVIEW = "/intern/einstellungen/datenschutz/"
PERSON = f"{OVERVIEW}person/"


@pytest.fixture
def administrator(world: World, client: Client) -> Client:
    client.force_login(world.administrator)
    return client


def text(client: Client, address: str, **given: Any) -> str:
    response = client.get(address, given)
    assert response.status_code == 200
    return response.content.decode()


def test_the_overview_tells_each_period(administrator: Client) -> None:
    page = text(administrator, OVERVIEW)

    for retention in Retention:
        assert str(retention.label) in page
        assert reverse("privacy:protection-rule", args=[retention]) in page


def test_what_is_due_goes_by_a_button(administrator: Client, world: World) -> None:
    User.objects.filter(pk=world.user.pk).update(
        is_active=False, deactivated_at=timezone.now() - timedelta(days=2000)
    )

    page = text(administrator, OVERVIEW)
    assert "Jetzt löschen, was fällig ist" in page
    response = administrator.post(f"{OVERVIEW}faellig/")

    assert sentences(response)[0].endswith("gegangen.")
    assert User.objects.get(pk=world.user.pk).anonymised_at is not None


def test_the_button_does_what_its_time_allows_and_says_what_is_left(
    administrator: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    Digest.objects.all().delete()
    long_ago = timezone.now() - timedelta(days=2000)
    Digest.objects.bulk_create(
        Digest(user=world.user, on=long_ago.date() - timedelta(days=day), sent_at=long_ago)
        for day in range(3)
    )
    monkeypatch.setattr("zusammenplan.privacy.actions.retention.AT_ONCE", 1)
    monkeypatch.setattr("zusammenplan.privacy.views.LONGEST", 0)

    told = [
        administrator.post(f"{OVERVIEW}faellig/", follow=True).content.decode() for _ in range(3)
    ]

    assert "1 Datensatz ist gegangen. 2 weitere sind fällig" in told[0]
    assert "1 Datensatz ist gegangen. 1 weiterer ist fällig" in told[1]
    assert "weitere" not in told[2]
    assert not Digest.objects.exists()


def test_a_period_is_changed_on_its_page(administrator: Client) -> None:
    address = reverse("privacy:protection-rule", args=["votes"])
    given = {"months": "24", "is_held": "", "hold_reason": "", "version": "1"}

    assert administrator.post(address, given).status_code == 302

    assert RetentionRule.objects.get(retention="votes").months == 24
    assert "Frist geändert" in text(administrator, address)
    second = administrator.post(address, given).content.decode()
    assert "Jemand anderes war schneller" in second


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"months": "1"}, "größer oder gleich 6"),
        ({"months": "24", "is_held": "on"}, "Bitte sagen Sie, warum"),
        ({"months": "x"}, "ganze Zahl"),
    ],
)
def test_a_wrong_period_is_refused_beside_its_field(
    administrator: Client, given: dict[str, str], told: str
) -> None:
    address = reverse("privacy:protection-rule", args=["votes"])

    page = administrator.post(address, {"version": "1", **given}).content.decode()

    assert told in page
    assert not RetentionRule.objects.exists()


def test_the_record_of_processing_tells_the_periods_in_force(
    administrator: Client, world: World
) -> None:
    values = {"months": 24, "is_held": False, "hold_reason": ""}
    change_rule(Retention.VOTES, values, seen_version=1, by=world.administrator)

    page = text(administrator, f"{OVERVIEW}verzeichnis/")
    file = administrator.get(f"{OVERVIEW}verzeichnis.xlsx")

    assert "Namen in Abstimmungen: 2 Jahre" in page
    sheet = load_workbook(BytesIO(file.getvalue())).worksheets[0]
    assert [row[0].value for row in sheet.iter_rows()][1] == "Konten und Anmeldung"
    assert any("2 Jahre" in str(row[6].value) for row in sheet.iter_rows())


def test_the_record_of_processing_knows_every_class() -> None:
    named = {retention for activity in ACTIVITIES for retention in activity.retentions}

    assert named == set(Retention)


def test_an_unknown_class_has_no_page(administrator: Client) -> None:
    assert administrator.get(f"{OVERVIEW}frist/erraten/").status_code == 404


def test_somebody_is_found_by_post_so_that_no_name_stands_in_a_log(
    administrator: Client, world: World
) -> None:
    response = administrator.post(PERSON, {"who": EMAIL}, follow=True)
    page = response.content.decode()

    assert "querfurth" not in response.redirect_chain[0][0]
    assert f'value="seat-{world.seat.pk}"' in page
    assert page.count("checked") == 8
    assert "Unter diesem Namen" not in administrator.get(PERSON).content.decode()


def test_nobody_found_says_so(administrator: Client) -> None:
    page = administrator.post(PERSON, {"who": "Niemand"}).content.decode()

    assert "Unter diesem Namen" in page
    assert "oder einen Namen ein" in administrator.post(PERSON, {"who": ""}).content.decode()


def test_the_answer_stands_on_a_page_and_in_a_file(administrator: Client, world: World) -> None:
    marks = {"spur": [f"user-{world.user.pk}", f"voter-{world.voter.pk}"]}

    page = text(administrator, f"{PERSON}auskunft/", **marks)
    file = administrator.get(f"{PERSON}auskunft.json", marks)

    assert EMAIL in page
    assert file["Content-Type"] == "application/json"
    told = json.loads(file.content)
    assert reverse("website:privacy") in page
    assert told["notice"].endswith(reverse("website:privacy"))
    assert [record["kind"] for record in told["records"]] == ["people.user", "ballots.voter"]


def test_erasing_asks_first(administrator: Client, world: World) -> None:
    marks = {"spur": [f"user-{world.user.pk}", f"seat-{world.seat.pk}"]}

    page = text(administrator, f"{PERSON}loeschen/", **marks)
    assert NAME in page
    assert "Name und Adresse gehen" in page
    assert "die E-Mail-Adresse geht" in page
    assert "Der Name bleibt bis" in page
    assert User.objects.get(pk=world.user.pk).anonymised_at is None
    response = administrator.post(f"{PERSON}loeschen/", marks, follow=True)

    assert "In 2 Datensätzen" in response.content.decode()
    assert User.objects.get(pk=world.user.pk).anonymised_at is not None
    assert reverse("people:user-detail", args=[world.user.pk]) not in text(
        administrator, reverse("people:user-list")
    )


@pytest.mark.parametrize("page", ["auskunft/", "loeschen/"])
def test_with_nothing_chosen_the_page_says_so(administrator: Client, page: str) -> None:
    response = administrator.get(f"{PERSON}{page}", follow=True)

    assert "mindestens einen Datensatz" in response.content.decode()


@pytest.mark.parametrize("page", ["auskunft/", "loeschen/"])
def test_with_nothing_chosen_what_was_found_stays(
    administrator: Client, world: World, page: str
) -> None:
    found = administrator.post(PERSON, {"who": EMAIL}, follow=True).content.decode()
    (finds,) = re.findall(r'name="gefunden" value="([^"]*)"', found)

    nothing_ticked = {"gefunden": html.unescape(finds)}
    response = administrator.get(f"{PERSON}{page}", nothing_ticked, follow=True)

    again = response.content.decode()
    assert f'value="seat-{world.seat.pk}"' in again
    assert again.count("checked") == 8


def test_one_does_not_erase_oneself(administrator: Client, world: World) -> None:
    mark = {"spur": f"user-{world.administrator.pk}"}

    response = administrator.post(f"{PERSON}loeschen/", mark, follow=True)

    assert "angemeldet sind" in response.content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators_come_here(client: Client, role: str) -> None:
    client.force_login(make_user(role))

    for address in (OVERVIEW, PERSON, f"{OVERVIEW}frist/votes/", f"{PERSON}auskunft/"):
        assert client.get(address).status_code == 403


@pytest.mark.usefixtures("world")
def test_everybody_sees_the_own_data_and_no_others(client: Client) -> None:
    stranger = make_user(name="Fremde Person")
    client.force_login(stranger)

    page = text(client, "/konto/meine-daten/")
    file = client.get("/konto/meine-daten.json")

    assert stranger.email in page
    assert EMAIL not in page
    assert EMAIL not in file.content.decode()


def test_own_data_hold_what_stands_under_the_own_address(client: Client, world: World) -> None:
    client.force_login(world.user)

    page = text(client, "/konto/meine-daten/")

    assert "Bitte prüfen." in page
    assert str(world.seat.body) in page
    assert reverse("privacy:own-data") in text(client, "/konto/")


def test_own_data_name_the_kind_of_a_record_as_its_page_does(client: Client, world: World) -> None:
    planner = make_planner()
    add_comment(world.measure, "Der Grundriss " * 9, by=planner, now=timezone.now())
    client.force_login(planner)

    page = text(client, "/konto/meine-daten/")

    assert "<dd>Maßnahme</dd>" in page
    assert "Der Grundriss Der Grundriss Der Grundriss Der Grundriss Der…" in page
    assert 'aria-current="true"' not in page, "Own data are of the account, not of the settings."


def test_the_public_notice_tells_the_periods(client: Client) -> None:
    page = text(client, "/datenschutz/")

    assert "Namen in Abstimmungen" in page
    assert "5 Jahre" in page


def test_pages_show_what_is_left_of_somebody(world: World) -> None:
    evaluation, plan = world.asked.evaluation, world.measure.plan
    pages = [
        reverse("ballots:voter-list", args=[world.voter.group_id]),
        reverse("ballots:round-detail", args=[world.voter.group.round.slug]),
        reverse("ballots:proposal-list", args=[world.voter.group.round.slug]),
        reverse("meetings:body-detail", args=[world.seat.body_id]) + "?former=1",
        reverse("plans:evaluation-check", args=[plan.slug, evaluation.slug]),
        reverse("plans:evaluation-people", args=[plan.slug, evaluation.slug]),
        reverse("plans:measure-detail", args=[plan.slug, world.measure.pk]),
    ]
    planner = make_planner()
    assert NAME in "".join(shown_to(planner, page) for page in pages)
    user = User.objects.get(pk=world.user.pk)
    deactivate_user(user, by=world.administrator, now=timezone.now())

    let_go(now=timezone.now() + timedelta(days=366 * 12))

    left = "".join(shown_to(planner, page) for page in pages)
    assert NAME not in left
    assert "Person 1" in left
    assert "Ehemaliges Mitglied" in left


def test_the_link_and_the_cookie_of_a_former_voter_open_nothing(client: Client) -> None:
    voter = make_voter(name=NAME)
    address = reverse("room:enter", args=[make_link(voter)])
    paper = client.get(address, follow=True)
    assert NAME in paper.content.decode()
    Round.objects.filter(pk=voter.group.round_id).update(released_at=timezone.now())

    let_go(now=timezone.now() + timedelta(days=366 * 6))

    for page in (address, paper.redirect_chain[-1][0]):
        response = client.get(page, follow=True)
        assert response.status_code in {403, 404, 410}
        assert NAME not in response.content.decode()


def shown_to(user: User, address: str) -> str:
    client = Client()
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_ones_own_data_ask_no_more_for_many_notes_than_for_few(
    client: Client, world: World
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            text(client, "/konto/meine-daten/")
        return len(asked)

    def note() -> None:
        add_comment(world.measure, "Bitte prüfen.", by=world.user, now=timezone.now())
        values = {"title": "Anrufen", "text": "", "assignee": world.user, "due_on": None}
        add_task(world.measure, values, by=world.user, now=timezone.now())

    client.force_login(world.user)
    note()
    queries()
    few = queries()
    for _number in range(3):
        note()

    assert queries() == few


@pytest.mark.parametrize("address", [OVERVIEW, PERSON])
def test_pages_ask_no_more_for_three_than_for_one(administrator: Client, address: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            if address == PERSON:
                administrator.post(address, {"who": "Traute"}, follow=True)
            else:
                administrator.get(address)
        return len(asked)

    make_seat(name="Traute Eins")
    queries()
    few = queries()
    for number in range(2):
        make_seat(name=f"Traute {number}")

    assert queries() == few
