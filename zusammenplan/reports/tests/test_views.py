"""Who gets which file, and what its answer says."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from zusammenplan.ballots.choices import Audience
from zusammenplan.ballots.tests.factories import make_marks, make_open_group, make_voter
from zusammenplan.core.public import raise_version
from zusammenplan.people.models import User
from zusammenplan.people.tests.factories import make_planner, make_reader, make_user
from zusammenplan.reports.tests.factories import make_voted_round, make_waiting_round
from zusammenplan.reports.views import rounds as views

pytestmark = pytest.mark.django_db
HANDOUTS = ["reports:handout-docx", "reports:handout-pdf"]
RESULTS = ["reports:result-docx", "reports:result-pdf", "reports:result-xlsx", "reports:result-csv"]
STARTS = {"docx": b"PK", "xlsx": b"PK", "pdf": b"%PDF", "csv": b"\xef\xbb\xbf"}
CALLED = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
}


def status(client: Client, user: User | None, name: str, slug: str) -> int:
    if user:
        client.force_login(user)
    return client.get(reverse(name, args=[slug])).status_code


def public_url(slug: str, kind: str) -> str:
    return reverse("reports:public-result", args=[slug, kind])


@pytest.mark.parametrize("name", HANDOUTS + RESULTS)
def test_planner_gets_every_paper(client: Client, name: str) -> None:
    round_ = make_voted_round()
    client.force_login(make_planner())

    response = client.get(reverse(name, args=[round_.slug]))

    kind = name.rpartition("-")[2]
    assert response.status_code == 200
    assert response.content.startswith(STARTS[kind])
    assert response["Content-Type"] == CALLED[kind]
    assert f'.{kind}"' in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]


def test_who_is_not_signed_in_is_led_to_the_login_and_a_stranger_finds_no_paper(
    client: Client,
) -> None:
    slug, stranger, planner = make_voted_round().slug, make_user(), make_planner()

    for name in HANDOUTS + RESULTS:
        client.logout()
        assert status(client, None, name, slug) == 302, name
        assert status(client, stranger, name, slug) == 404, name
        assert status(client, planner, name, "gibt-es-nicht") == 404, name


@pytest.mark.parametrize(
    ("audience", "expected"),
    [(Audience.PLANNERS, 404), (Audience.VOTERS, 200), (Audience.PUBLIC, 200)],
)
def test_voter_gets_the_interim_result_if_the_round_says_so(
    client: Client, audience: str, expected: int
) -> None:
    round_ = make_voted_round(audience=audience)
    user = make_user()
    make_voter(make_open_group(round_), user=user)

    assert status(client, user, "reports:handout-pdf", round_.slug) == 200
    assert status(client, user, "reports:result-csv", round_.slug) == expected


def test_reader_gets_the_handout_and_waits_for_the_result(client: Client) -> None:
    round_ = make_voted_round()

    assert status(client, make_reader(), "reports:handout-pdf", round_.slug) == 200
    assert status(client, make_reader(), "reports:result-csv", round_.slug) == 404
    round_.released_at = timezone.now()
    round_.save()
    assert status(client, make_reader(), "reports:result-csv", round_.slug) == 200


def test_hidden_result_gives_the_sentence_and_no_file(client: Client) -> None:
    round_ = make_waiting_round(is_secret=True)
    client.force_login(make_planner())

    for name in RESULTS:
        response = client.get(reverse(name, args=[round_.slug]))
        assert response.status_code == 409, name
        assert b"zp-lead" in response.content, name
        assert "Content-Disposition" not in response, name


@pytest.mark.parametrize("kind", list(STARTS))
def test_everybody_gets_a_public_result(client: Client, kind: str) -> None:
    round_ = make_voted_round(audience=Audience.PUBLIC)

    response = client.get(public_url(round_.slug, kind))

    assert response.status_code == 200
    assert response.content.startswith(STARTS[kind])
    assert response["Cache-Control"].startswith("public")
    again = client.get(public_url(round_.slug, kind), headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304


def test_nobody_gets_what_is_not_public(client: Client) -> None:
    provisional = make_voted_round()
    of_a_draft = make_voted_round(audience=Audience.PUBLIC)
    of_a_draft.plan.is_public = False
    of_a_draft.plan.save()
    shown = make_voted_round(audience=Audience.PUBLIC)

    assert client.get(public_url(provisional.slug, "pdf")).status_code == 404
    assert client.get(public_url(of_a_draft.slug, "pdf")).status_code == 404
    assert client.get(public_url(shown.slug, "exe")).status_code == 404


def test_a_secret_result_that_is_hidden_gives_everybody_the_sentence_and_no_file(
    client: Client,
) -> None:
    round_ = make_voted_round(audience=Audience.PUBLIC, is_secret=True)
    make_open_group(round_)

    response = client.get(public_url(round_.slug, "csv"))

    assert response.status_code == 409
    assert "Content-Disposition" not in response


def test_public_file_is_made_once_for_a_public_version(
    client: Client, django_assert_num_queries: Any
) -> None:
    url = public_url(make_voted_round(audience=Audience.PUBLIC).slug, "pdf")
    first = client.get(url)

    with django_assert_num_queries(1):
        assert client.get(f"{url}?nocheinmal=1").content == first.content


def test_public_file_is_made_anew_when_something_changed(client: Client) -> None:
    round_ = make_voted_round(audience=Audience.PUBLIC)
    url = public_url(round_.slug, "csv")
    first = client.get(url).content
    round_.items.update(title_de="Anderer Titel")
    raise_version()

    assert client.get(url).content != first


def test_making_public_files_is_limited(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PAPERS_AT_MOST", 1)
    round_ = make_voted_round(audience=Audience.PUBLIC)

    answers = [client.get(public_url(round_.slug, kind)).status_code for kind in ("csv", "xlsx")]

    assert answers == [200, 429]
    assert client.get(public_url(round_.slug, "csv")).status_code == 200


def test_address_chooses_the_language(client: Client) -> None:
    url = public_url(make_voted_round(audience=Audience.PUBLIC).slug, "csv")

    assert b"Measure;" in client.get(f"{url}?sprache=en").content
    assert b"Measure;" in client.get(f"/en{url}").content
    assert "Maßnahme;".encode() in client.get(url).content
    assert "Maßnahme;".encode() in client.get(f"{url}?sprache=xx").content


def test_names_of_voters_are_in_the_planners_workbook_alone(client: Client) -> None:
    round_ = make_voted_round(audience=Audience.PUBLIC)
    user = make_user()
    voter = make_voter(make_open_group(round_), name="Greta Amlong", user=user)
    make_marks(voter, {round_.items.all()[0]: 2})

    def sheets(url: str) -> int:
        return len(load_workbook(BytesIO(client.get(url).content)).sheetnames)

    assert sheets(public_url(round_.slug, "xlsx")) == 3
    client.force_login(user)
    assert sheets(reverse("reports:result-xlsx", args=[round_.slug])) == 3
    client.force_login(make_planner())
    assert sheets(reverse("reports:result-xlsx", args=[round_.slug])) == 4
