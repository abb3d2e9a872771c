"""A session ends over an open form: the way back leads to a page, never to a bare refusal."""

import pytest
from django.test import Client

from zusammenplan.people.tests.factories import make_planner

pytestmark = pytest.mark.django_db

SENT_TO = "/intern/gremien/neu/"
TAKES_FORMS_ALONE = "/intern/notizen/kommentare/plans.plan/1/neu/"


def test_who_was_signed_out_over_a_form_comes_back_to_it_and_hears_that_nothing_was_saved(
    client: Client,
) -> None:
    answer = client.post(
        TAKES_FORMS_ALONE,
        {"text": "Hallo"},
        headers={"Referer": "http://testserver/intern/plan/sozialplan/?seite=2"},
        follow=True,
    )

    assert answer.redirect_chain == [
        ("/konto/anmelden/?next=/intern/plan/sozialplan/%3Fseite%3D2", 302)
    ]
    assert "Was Sie zuletzt gesendet haben, ist nicht gespeichert." in answer.content.decode()


def test_what_a_script_sends_meanwhile_warns_nobody(client: Client) -> None:
    for _time in range(2):
        client.post(SENT_TO, headers={"Sec-Fetch-Mode": "cors"})

    assert "nicht gespeichert" not in client.get("/konto/anmelden/").content.decode()


@pytest.mark.parametrize("referer", ["", "https://anders.example/intern/", "//anders.example/"])
def test_the_way_back_never_leaves_the_site(client: Client, referer: str) -> None:
    answer = client.post(SENT_TO, headers={"Referer": referer})

    assert answer["Location"] == "/konto/anmelden/?next=/intern/"


def test_a_page_asked_for_is_shown_after_signing_in_without_a_warning(client: Client) -> None:
    answer = client.get("/intern/gremien/?seite=2", follow=True)

    assert answer.redirect_chain == [("/konto/anmelden/?next=/intern/gremien/%3Fseite%3D2", 302)]
    assert "nicht gespeichert" not in answer.content.decode()


def test_a_part_of_a_page_leads_the_whole_page_to_the_sign_in(client: Client) -> None:
    answer = client.get(
        "/intern/gremien/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/intern/plan/"},
    )

    assert answer.status_code == 200
    assert answer["HX-Redirect"] == "/konto/anmelden/?next=/intern/plan/"


def test_an_address_that_takes_forms_alone_says_so_in_words(client: Client) -> None:
    client.force_login(make_planner())

    answer = client.get(TAKES_FORMS_ALONE)

    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "Unter dieser Adresse gibt es nichts zu lesen" in answer.content.decode()
    assert "/intern/" in answer.content.decode()
