"""Tests of the pages of bodies and seats."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from zusammenplan.meetings.models import Body, Seat
from zusammenplan.meetings.tests.factories import make_body, make_seat
from zusammenplan.people.choices import Role
from zusammenplan.people.tests.factories import (
    make_administrator,
    make_organisation,
    make_planner,
    make_reader,
    make_user,
)

pytestmark = pytest.mark.django_db

LIST = "meetings:body-list"


def editing_pages() -> list[str]:
    seat = make_seat()
    return [
        reverse("meetings:body-add"),
        reverse("meetings:body-change", args=[seat.body_id]),
        reverse("meetings:seat-add", args=[seat.body_id]),
        reverse("meetings:seat-change", args=[seat.pk]),
        reverse("meetings:seat-end", args=[seat.pk]),
    ]


@pytest.mark.parametrize("role", Role.values)
def test_every_role_of_the_municipality_reads_the_bodies(client: Client, role: str) -> None:
    body = make_body(name_de="Externe Steuerungsgruppe")
    client.force_login(make_user(role))

    assert "Externe Steuerungsgruppe" in client.get(reverse(LIST)).content.decode()
    assert client.get(reverse("meetings:body-detail", args=[body.pk])).status_code == 200


def test_whoever_holds_no_role_does_not_see_the_bodies(client: Client) -> None:
    body = make_body()
    client.force_login(make_user())

    assert client.get(reverse(LIST)).status_code == 403
    assert client.get(reverse("meetings:body-detail", args=[body.pk])).status_code == 403


def test_bodies_need_a_login(client: Client) -> None:
    for url in [reverse(LIST), *editing_pages()]:
        assert client.get(url)["Location"].startswith(reverse("account_login"))


def test_planners_and_administrators_edit_bodies(client: Client) -> None:
    for user in (make_planner(), make_administrator()):
        client.force_login(user)
        for url in editing_pages():
            assert client.get(url).status_code == 200, url


def test_readers_see_no_buttons_and_open_no_forms(client: Client) -> None:
    client.force_login(make_reader())

    for url in editing_pages():
        assert client.get(url).status_code == 403, url
        assert client.post(url).status_code == 403, url
    body = Body.objects.get()
    for url in (reverse(LIST), reverse("meetings:body-detail", args=[body.pk])):
        page = client.get(url).content.decode()
        assert reverse("meetings:body-add") not in page
        assert reverse("meetings:seat-add", args=[body.pk]) not in page


def test_a_choice_that_must_be_made_is_asked_for_in_words(client: Client) -> None:
    client.force_login(make_planner())

    page = client.get(reverse("meetings:body-add")).content.decode()

    assert "Bitte wählen" in page
    assert "-----" not in page


def test_a_body_that_does_not_exist_is_not_found(client: Client) -> None:
    client.force_login(make_planner())

    assert client.get(reverse("meetings:body-detail", args=[7])).status_code == 404


def body_values(**changes: Any) -> dict[str, Any]:
    return {
        "name_de": "Externe Steuerungsgruppe",
        "kind": "steering_external",
        "version": 1,
        **changes,
    }


def test_a_seat_keeps_an_account_that_was_deactivated_meanwhile(client: Client) -> None:
    user = make_user(is_active=False)
    seat = make_seat(user=user)
    client.force_login(make_planner())
    url = reverse("meetings:seat-change", args=[seat.pk])

    typed = client.get(url).context["form"]
    assert typed["user"].value() == user.pk
    client.post(url, seat_values(name="Anders", user=user.pk))

    seat.refresh_from_db()
    assert (seat.name, seat.user) == ("Anders", user)


def seat_values(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Wilma Anger",
        "role": "member",
        "has_vote": "on",
        "version": 1,
        **changes,
    }


def test_a_body_is_added_with_its_first_member(client: Client) -> None:
    client.force_login(make_planner())
    client.post(reverse("meetings:body-add"), body_values())
    body = Body.objects.get()
    organisation = make_organisation(name="Kreisseniorenbüro")

    again = client.post(
        reverse("meetings:seat-add", args=[body.pk]),
        seat_values(organisation=organisation.pk, again=""),
    )
    client.post(reverse("meetings:seat-add", args=[body.pk]), seat_values(name="Uwe Rost"))

    assert again["Location"] == reverse("meetings:seat-add", args=[body.pk])
    page = client.get(reverse("meetings:body-detail", args=[body.pk])).content.decode()
    for text in ("Wilma Anger", "Kreisseniorenbüro", "Uwe Rost", "Ines Fröbel"):
        assert text in page


def test_a_name_that_is_taken_is_said_next_to_the_field(client: Client) -> None:
    make_body(name_de="Beirat")
    other = make_body()
    client.force_login(make_planner())

    for url in (
        reverse("meetings:body-add"),
        reverse("meetings:body-change", args=[other.pk]),
    ):
        response = client.post(url, body_values(name_de="Beirat"))
        assert response.context["form"].errors["name_de"]


def test_an_end_before_the_beginning_is_said_next_to_the_field(client: Client) -> None:
    seat = make_seat(valid_from="2027-03-01")
    client.force_login(make_planner())
    wrong = seat_values(valid_from="2027-03-01", valid_to="2027-02-01")

    for url in (
        reverse("meetings:seat-add", args=[seat.body_id]),
        reverse("meetings:seat-change", args=[seat.pk]),
    ):
        assert list(client.post(url, wrong).context["form"].errors) == ["valid_to"]
    ended = client.post(reverse("meetings:seat-end", args=[seat.pk]), {"on": "2027-02-01"})
    assert ended.context["form"].errors["on"]


def test_columns_of_dates_stand_only_where_there_are_dates(client: Client) -> None:
    client.force_login(make_planner())
    seat = make_seat()
    url = f"/en{reverse('meetings:body-detail', args=[seat.body.pk])}"
    columns = [
        '<th scope="col">From</th>' in (page := client.get(url).content.decode()),
        '<th scope="col">To</th>' in page,
    ]
    seat.valid_from = date(2027, 3, 1)
    seat.save()
    page = client.get(url).content.decode()

    assert columns == [False, False]
    assert '<th scope="col">From</th>' in page
    assert "1 Mar 2027" in page


def test_an_ended_seat_stands_only_among_the_former_ones(client: Client) -> None:
    seat = make_seat(name="Wilma Anger")
    client.force_login(make_planner())

    client.post(reverse("meetings:seat-end", args=[seat.pk]), {"on": "2020-12-31"})

    url = reverse("meetings:body-detail", args=[seat.body_id])
    assert client.get(url).context["rows"] == []
    former = client.get(f"{url}?former=1").context["rows"]
    assert [row["name"] for row in former] == ["Wilma Anger"]


def test_two_editors_of_a_body_lose_nothing(client: Client) -> None:
    body = make_body(name_de="Externe Gruppe")
    client.force_login(make_planner())
    url = reverse("meetings:body-change", args=[body.pk])
    client.post(url, body_values(name_de="Externe Steuerungsgruppe"))

    response = client.post(url, body_values(name_de="Steuerung extern"))

    page = response.content.decode()
    assert "<td>Externe Steuerungsgruppe</td>" in page
    assert 'value="Steuerung extern"' in page
    assert Body.objects.get().name_de == "Externe Steuerungsgruppe"
    client.post(url, body_values(name_de="Steuerung extern", version=2))
    assert Body.objects.get().name_de == "Steuerung extern"


def test_a_seat_whose_name_has_gone_gets_none_again(client: Client) -> None:
    now = timezone.now()
    gone = make_seat(name="Ehemaliges Mitglied", anonymised_at=now, valid_to=date(2020, 3, 1))
    client.force_login(make_planner())

    address = reverse("meetings:body-detail", args=[gone.body_id])
    page = client.get(address, {"former": "1"}).content.decode()

    assert "Ehemaliges Mitglied" in page
    for name in ("meetings:seat-change", "meetings:seat-end"):
        assert reverse(name, args=[gone.pk]) not in page
        assert client.post(reverse(name, args=[gone.pk]), seat_values()).status_code == 404


def test_two_editors_of_a_seat_lose_nothing(client: Client) -> None:
    seat = make_seat(name="Wilma Anger")
    client.force_login(make_planner())
    url = reverse("meetings:seat-change", args=[seat.pk])
    client.post(url, seat_values(name="Wilma Thal"))

    response = client.post(
        url, seat_values(name="Wilma Berg", organisation=make_organisation(name="Sozialamt").pk)
    )

    page = response.content.decode()
    assert "<td>Wilma Thal</td>" in page
    assert "<td>Sozialamt</td>" in page
    assert 'value="Wilma Berg"' in page
    assert Seat.objects.get().name == "Wilma Thal"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?q=beirat", ["Beirat"]),
        ("?kind=council", ["Kreistag"]),
        ("?kind=unsinn", ["Beirat", "Kreistag"]),
        ("?sort=-name", ["Kreistag", "Beirat"]),
        ("?sort=-members", ["Kreistag", "Beirat"]),
    ],
)
def test_bodies_are_filtered_and_sorted(client: Client, query: str, names: list[str]) -> None:
    make_body(name_de="Beirat", kind="advisory_board")
    make_seat(make_body(name_de="Kreistag", kind="council"))
    client.force_login(make_reader())

    response = client.get(reverse(LIST) + query)

    assert [row["name"] for row in response.context["rows"]] == names


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?q=senioren", ["Wilma Anger"]),
        ("?role=chair", ["Uwe Rost"]),
        ("?sort=-name", ["Wilma Anger", "Uwe Rost"]),
        ("?sort=vote", ["Uwe Rost", "Wilma Anger"]),
    ],
)
def test_seats_are_filtered_and_sorted(client: Client, query: str, names: list[str]) -> None:
    body = make_body()
    make_seat(body, name="Wilma Anger", organisation=make_organisation(name="Seniorenbüro"))
    make_seat(body, name="Uwe Rost", role="chair", has_vote=False)
    client.force_login(make_reader())

    response = client.get(reverse("meetings:body-detail", args=[body.pk]) + query)

    assert [row["name"] for row in response.context["rows"]] == names


def test_the_lists_answer_htmx_with_the_table_alone(client: Client) -> None:
    body = make_body()
    client.force_login(make_reader())

    for url in (reverse(LIST), reverse("meetings:body-detail", args=[body.pk])):
        response = client.get(url, headers={"HX-Request": "true"})
        assert response.content.strip().startswith(b"<div id=")
        assert "HX-Request" in response["Vary"]


def test_the_lists_need_the_same_queries_for_any_length(client: Client) -> None:
    body = make_body()
    client.force_login(make_planner())
    for url in (reverse(LIST), reverse("meetings:body-detail", args=[body.pk])):
        counts = []
        for more in (1, 2):
            for _number in range(more):
                make_seat(body, organisation=make_organisation())
                make_seat()
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            counts.append(len(queries))
        assert counts[0] == counts[1], url
