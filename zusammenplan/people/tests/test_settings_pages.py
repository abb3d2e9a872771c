"""Tests of the settings of the workspace."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from zusammenplan.core.actions import change_municipality, report_barrier
from zusammenplan.core.context import municipality
from zusammenplan.core.models import BarrierReport
from zusammenplan.core.plain_png import columns_png
from zusammenplan.people import actions
from zusammenplan.people.actions import (
    add_affiliation,
    change_roles,
    create_organisation,
    create_user,
)
from zusammenplan.people.choices import Role
from zusammenplan.people.models import Affiliation, Invitation, Organisation, User
from zusammenplan.people.tests.factories import (
    NOW,
    make_administrator,
    make_organisation,
    make_planner,
    make_reader,
    make_user,
)

pytestmark = pytest.mark.django_db

FOR_BOTH = [
    "people:settings",
    "people:organisation-list",
    "people:organisation-add",
    "people:barrier-list",
    "people:mail-test",
]
FOR_ADMINISTRATORS = ["people:user-list", "people:user-add"]


@pytest.mark.parametrize("name", FOR_BOTH + FOR_ADMINISTRATORS)
def test_settings_open_for_the_administrator(client: Client, name: str) -> None:
    client.force_login(make_administrator())

    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", FOR_BOTH)
def test_planners_keep_organisations_and_texts(client: Client, name: str) -> None:
    client.force_login(make_planner())

    response = client.get(reverse(name))

    assert response.status_code == 200
    assert reverse("people:user-list") not in response.content.decode()


@pytest.mark.parametrize("name", FOR_ADMINISTRATORS)
def test_planners_do_not_manage_users(client: Client, name: str) -> None:
    client.force_login(make_planner())

    assert client.get(reverse(name)).status_code == 403


@pytest.mark.parametrize("role", [Role.READER, Role.REVIEWER, Role.FINANCE])
@pytest.mark.parametrize("name", FOR_BOTH + FOR_ADMINISTRATORS)
def test_other_roles_see_no_settings(client: Client, name: str, role: str) -> None:
    client.force_login(make_user(role))

    assert client.get(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", FOR_BOTH + FOR_ADMINISTRATORS)
def test_settings_need_a_login(client: Client, name: str) -> None:
    response = client.get(reverse(name))

    assert response["Location"].startswith(reverse("account_login"))


USER_DEEDS = ["user-detail", "user-invite", "user-deactivate", "user-remove-factor"]


@pytest.mark.parametrize("name", USER_DEEDS)
def test_a_reader_changes_no_user(client: Client, name: str) -> None:
    user = make_user()
    client.force_login(make_reader())

    assert client.post(reverse(f"people:{name}", args=[user.pk])).status_code == 403


# --- users -------------------------------------------------------------------------------


def test_adding_a_user_mails_the_link_and_shows_it_once(client: Client) -> None:
    client.force_login(make_administrator())

    response = client.post(
        reverse("people:user-add"),
        {"name": "Ada Berg", "email": "ada@rennsteiggrund.example", "language": "de"}
        | {"roles": [Role.READER]},
    )

    link = re.search(r'value="(http[^"]+/konto/einladung/[^"]+)"', response.content.decode())
    assert link is not None
    assert link.group(1) in str(mail.outbox[0].body)
    assert b'<svg class="zp-qr' in response.content
    path = "/konto/" + link.group(1).split("/konto/")[1]
    assert Client().get(path).status_code == 200
    assert User.objects.get(email="ada@rennsteiggrund.example").role_names == {"reader"}


def test_the_link_is_shown_even_if_the_mail_does_not_go_out(client: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    user = make_user()
    client.force_login(make_administrator())

    response = client.post(reverse("people:user-invite", args=[user.pk]))

    assert response.context["mail_refusal"]
    assert b"/konto/einladung/" in response.content


def test_an_address_that_is_taken_is_said_next_to_the_field(client: Client) -> None:
    make_user(email="ada@rennsteiggrund.example")
    client.force_login(make_administrator())

    response = client.post(
        reverse("people:user-add"),
        {"name": "Ada", "email": "ada@rennsteiggrund.example", "language": "de"},
    )

    assert response.context["form"].errors["email"]


def test_roles_are_given_on_the_page_of_the_user(client: Client) -> None:
    user = create_user("ada@rennsteiggrund.example", name="Ada", roles=[], by=None)
    client.force_login(make_administrator())
    url = reverse("people:user-detail", args=[user.pk])

    response = client.post(
        url, {"name": "Ada Berg", "language": "en", "roles": [Role.PLANNER, Role.FINANCE]}
    )

    assert response["Location"] == url
    user = User.objects.get(pk=user.pk)
    assert (user.name, user.language) == ("Ada Berg", "en")
    assert user.role_names == {"planner", "finance"}
    assert "Ada Berg" in client.get(url).content.decode()


def test_a_role_that_was_withdrawn_meanwhile_stays_withdrawn(client: Client) -> None:
    user = make_user(Role.ADMINISTRATOR, Role.READER)
    client.force_login(make_administrator())
    url = reverse("people:user-detail", args=[user.pk])
    shown = re.findall(r'name="seen" value="(\w+)"', client.get(url).content.decode())

    change_roles(user, [Role.READER, Role.FINANCE], by=None)
    roles = [Role.ADMINISTRATOR, Role.PLANNER]
    client.post(url, {"name": "Ada Berg", "language": "de", "roles": roles, "seen": shown})

    assert set(shown) == {"administrator", "reader"}
    assert User.objects.get(pk=user.pk).role_names == {"planner", "finance"}


def test_the_last_administrator_is_told_so(client: Client) -> None:
    administrator = make_administrator()
    client.force_login(administrator)
    url = reverse("people:user-detail", args=[administrator.pk])

    seen = [Role.ADMINISTRATOR]
    response = client.post(
        url, {"name": "Jost Amthor", "language": "de", "roles": [], "seen": seen}
    )
    assert response.context["form"].errors["roles"]
    client.post(reverse("people:user-deactivate", args=[administrator.pk]))

    assert User.objects.get(pk=administrator.pk).is_active


def test_a_deactivated_user_is_signed_out_and_can_come_back(client: Client) -> None:
    user = make_user(Role.READER)
    elsewhere = Client()
    elsewhere.force_login(user)
    client.force_login(make_administrator())

    assert client.get(reverse("people:user-deactivate", args=[user.pk])).status_code == 200
    client.post(reverse("people:user-deactivate", args=[user.pk]))
    assert elsewhere.get(reverse("account_home")).status_code == 302
    client.post(reverse("people:user-reactivate", args=[user.pk]))

    assert User.objects.get(pk=user.pk).is_active


@pytest.mark.parametrize(
    ("page", "action"),
    [
        ("people:user-deactivate", "deactivate_user"),
        ("people:user-reactivate", "reactivate_user"),
        ("people:user-remove-factor", "remove_second_factor"),
    ],
)
def test_whoever_changes_an_account_that_is_erased_just_then_reads_so(
    client: Client, page: str, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make_user(is_active=action != "reactivate_user")
    client.force_login(make_administrator())

    def too_late(late: User, **of_whom: Any) -> None:
        User.objects.filter(pk=late.pk).update(anonymised_at=timezone.now())
        getattr(actions, action)(late, **of_whom)

    monkeypatch.setattr(f"zusammenplan.people.views.users.{action}", too_late)

    answer = client.post(reverse(page, args=[user.pk]))

    assert answer.status_code == 404
    assert "Die Daten dieses Kontos wurden gelöscht" in answer.content.decode()


def test_the_second_step_can_be_taken_away(client: Client) -> None:
    user, other = make_user(), make_user()
    for one in (user, other):
        Authenticator.objects.create(user=one, type=Authenticator.Type.TOTP, data={"secret": ""})
    client.force_login(make_administrator())
    url = reverse("people:user-remove-factor", args=[user.pk])

    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 302
    assert [one.user for one in Authenticator.objects.all()] == [other]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?q=berg", ["Ada Berg"]),
        ("?role=planner", ["Ada Berg"]),
        ("?state=off", ["Veit Thal"]),
        ("?role=unsinn", ["Ada Berg", "Jost Amthor", "Veit Thal"]),
        ("?sort=-name", ["Veit Thal", "Jost Amthor", "Ada Berg"]),
    ],
)
def test_users_are_filtered_and_sorted(client: Client, query: str, names: list[str]) -> None:
    make_user(Role.PLANNER, name="Ada Berg")
    make_user(name="Veit Thal", is_active=False)
    client.force_login(make_administrator())

    response = client.get(reverse("people:user-list") + query)

    assert [row["name"] for row in response.context["rows"]] == names


def test_the_list_answers_htmx_with_the_table_alone(client: Client) -> None:
    client.force_login(make_administrator())

    response = client.get(reverse("people:user-list"), headers={"HX-Request": "true"})

    assert response.content.strip().startswith(b'<div id="users"')
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize("name", ["people:user-list", "people:organisation-list"])
def test_lists_need_the_same_queries_for_any_length(client: Client, name: str) -> None:
    client.force_login(make_administrator())
    counts = []
    for more in (1, 2):
        for _number in range(more):
            add_affiliation(make_user(Role.READER), make_organisation(), by=None)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(name))
        counts.append(len(queries))

    assert counts[0] == counts[1]


# --- organisations -----------------------------------------------------------------------


def organisation_values(**changes: Any) -> dict[str, Any]:
    return {"name": "Jugendamt", "kind": "office", "version": 1, **changes}


def test_an_organisation_is_added_and_changed(client: Client) -> None:
    client.force_login(make_planner())
    client.post(reverse("people:organisation-add"), organisation_values())
    organisation = Organisation.objects.get()
    url = reverse("people:organisation-detail", args=[organisation.pk])

    response = client.post(url, organisation_values(name="Amt für Jugend", version=1))

    assert response["Location"] == url
    page = client.get(url).content.decode()
    assert "<del>Jugendamt</del>" in page
    assert "<ins>Amt für Jugend</ins>" in page


def test_a_name_that_is_taken_is_said_next_to_the_field(client: Client) -> None:
    create_organisation("Jugendamt", by=None)
    other = create_organisation("Sozialamt", by=None)
    client.force_login(make_planner())

    for url in (
        reverse("people:organisation-add"),
        reverse("people:organisation-detail", args=[other.pk]),
    ):
        response = client.post(url, organisation_values())
        assert response.context["form"].errors["name"]


def test_the_second_editor_sees_both_states_and_may_then_save(client: Client) -> None:
    organisation = create_organisation("Jugendamt", by=None)
    client.force_login(make_planner())
    url = reverse("people:organisation-detail", args=[organisation.pk])
    client.post(url, organisation_values(name="Amt für Jugend"))

    response = client.post(url, organisation_values(name="Jugend und Familie"))

    page = response.content.decode()
    assert "<td>Amt für Jugend</td>" in page
    assert 'value="Jugend und Familie"' in page
    assert Organisation.objects.get().name == "Amt für Jugend"
    assert 'name="version" value="2"' in page
    client.post(url, organisation_values(name="Jugend und Familie", version=2))
    assert Organisation.objects.get().name == "Jugend und Familie"


def test_a_person_acts_for_an_organisation_until_the_last_day(client: Client) -> None:
    organisation, user = make_organisation(), make_user(name="Ada Berg")
    client.force_login(make_planner())
    add_url = reverse("people:organisation-affiliation-add", args=[organisation.pk])
    values = {"user": user.pk, "role": "lead", "valid_from": "2027-03-01"}

    wrong = client.post(add_url, {**values, "valid_to": "2027-02-01"})
    assert list(wrong.context["affiliation_form"].errors) == ["valid_to"]
    client.post(add_url, values)
    affiliation = Affiliation.objects.get()
    end_url = reverse("people:affiliation-end", args=[affiliation.pk])
    assert client.get(end_url).status_code == 200
    assert client.post(end_url, {"on": "2027-02-01"}).context["form"].errors["on"]
    client.post(end_url, {"on": "2027-06-30"})

    affiliation.refresh_from_db()
    assert affiliation.valid_to == date(2027, 6, 30)
    detail = reverse("people:organisation-detail", args=[organisation.pk])
    assert '<th scope="row">Ada Berg</th>' in client.get(detail).content.decode()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?q=jugend", ["Jugendamt"]),
        ("?kind=club", ["Bürgerverein"]),
        ("?sort=-name", ["Jugendamt", "Bürgerverein"]),
        ("?sort=unsinn", ["Bürgerverein", "Jugendamt"]),
    ],
)
def test_organisations_are_filtered_and_sorted(
    client: Client, query: str, names: list[str]
) -> None:
    make_organisation(name="Jugendamt")
    make_organisation(name="Bürgerverein", kind="club")
    client.force_login(make_planner())

    response = client.get(reverse("people:organisation-list") + query)

    assert [row["name"] for row in response.context["rows"]] == names


# --- the municipality --------------------------------------------------------------------


def municipality_values(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Landkreis Rennsteiggrund",
        "short_name": "Rennsteiggrund",
        "site_name_de": "Sozialplanung",
        "version": 1,
        **changes,
    }


def test_a_planner_changes_the_municipality(client: Client) -> None:
    client.force_login(make_planner())

    response = client.post(reverse("people:settings"), municipality_values(ags="16078"))

    assert response.status_code == 302
    assert (municipality().name, municipality().ags) == ("Landkreis Rennsteiggrund", "16078")
    assert "Ines Fröbel" in client.get(reverse("people:settings")).content.decode()


def test_the_key_of_the_municipality_has_eight_digits(client: Client) -> None:
    client.force_login(make_planner())

    response = client.post(reverse("people:settings"), municipality_values(ags="16 078"))

    assert response.context["form"].errors["ags"]


def test_the_second_editor_of_the_municipality_loses_nothing(client: Client) -> None:
    change_municipality({"name": "Landkreis Ilsetal"}, seen_version=1, by=None)
    client.force_login(make_planner())

    response = client.post(reverse("people:settings"), municipality_values())

    page = response.content.decode()
    assert "<td>Landkreis Ilsetal</td>" in page
    assert 'value="Landkreis Rennsteiggrund"' in page
    assert municipality().name == "Landkreis Ilsetal"


def test_the_second_editor_leaves_no_picture_behind(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    change_municipality({"name": "Landkreis Ilsetal"}, seen_version=1, by=None)
    client.force_login(make_planner())
    logo = SimpleUploadedFile("logo.png", columns_png((1, 2), 60, 30))

    client.post(reverse("people:settings"), municipality_values(logo_file=logo))

    assert not [found for found in tmp_path.rglob("*") if found.is_file()]
    assert municipality().logo is None


def test_logos_go_onto_documents_and_away_again_and_say_whose_they_are(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    client.force_login(make_planner())
    address = reverse("people:settings")

    def sent(**fields: Any) -> Any:
        return client.post(address, municipality_values(version=municipality().version, **fields))

    def logos() -> SimpleUploadedFile:
        return SimpleUploadedFile("logos.png", columns_png((1, 2), 60, 30))

    assert sent(sponsor_file=logos()).context["form"].errors["sponsors_de"]
    sent(sponsor_file=logos(), logo_file=logos(), sponsors_de="Freistaat Thüringen")
    row = municipality()
    assert None not in {row.logo, row.sponsor_logo}
    assert row.logo != row.sponsor_logo
    assert sent(sponsors_de="").context["form"].errors["sponsors_de"]
    sent(remove_sponsor="on", sponsors_de="")
    assert municipality().logo == row.logo
    assert municipality().sponsor_logo is None


# --- reports of barriers, mail -----------------------------------------------------------


def test_reports_of_barriers_are_marked_as_answered(client: Client) -> None:
    report = report_barrier(
        page="/plan/", message="Die Tabelle ist am Telefon zu breit.", email="", now=NOW
    )
    client.force_login(make_planner())
    url = reverse("people:barrier-list")
    assert "zu breit" in client.get(url).content.decode()

    client.post(reverse("people:barrier-answer", args=[report.pk]))

    assert "zu breit" not in client.get(url).content.decode()
    assert "zu breit" in client.get(f"{url}?state=all").content.decode()
    assert BarrierReport.objects.get().answered_at is not None
    again = client.post(reverse("people:barrier-answer", args=[report.pk]))
    assert again.status_code == 404


def test_the_test_mail_goes_to_oneself_alone_and_not_too_often(client: Client) -> None:
    planner = make_planner()
    client.force_login(planner)

    for _number in range(7):
        client.post(reverse("people:mail-test"))

    assert [message.to for message in mail.outbox] == [[planner.email]] * 5


def test_a_mail_server_that_refuses_is_reported(client: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    client.force_login(make_planner())

    response = client.post(reverse("people:mail-test"), follow=True)

    assert [message.level_tag for message in response.context["messages"]] == ["error"]


@pytest.mark.parametrize(("backend", "warned"), [("console", True), ("smtp", False)])
def test_the_page_of_the_test_mail_says_when_no_mail_can_arrive(
    client: Client, settings: Any, backend: str, *, warned: bool
) -> None:
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    client.force_login(make_planner())

    html = client.get(reverse("people:mail-test")).content.decode()

    assert ("Es ist kein Mailserver eingerichtet" in html) is warned


@pytest.mark.parametrize(
    "sent",
    [
        lambda _user: reverse("people:mail-test"),
        lambda user: reverse("people:user-invite", args=[user.pk]),
    ],
)
def test_without_a_mail_server_no_page_says_that_a_mail_is_on_its_way(
    client: Client, settings: Any, sent: Callable[[User], str]
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    client.force_login(make_administrator())

    html = client.post(sent(make_user()), follow=True).content.decode()

    assert "unterwegs" not in html
    assert "Es ist kein Mailserver eingerichtet: Die E-Mail hat niemand bekommen." in html


def test_a_new_link_for_a_user_replaces_the_old_one(client: Client) -> None:
    user = make_user()
    client.force_login(make_administrator())

    for _number in range(2):
        client.post(reverse("people:user-invite", args=[user.pk]))

    assert Invitation.objects.filter(user=user, revoked_at__isnull=True).count() == 1
