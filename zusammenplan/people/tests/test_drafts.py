"""Drafts of forms: kept, offered, forgotten; each for its owner alone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zusammenplan.core.tests.clients import signed_in, text
from zusammenplan.people.actions.drafts import (
    DRAFTS_AT_MOST,
    LARGEST_DRAFT,
    DraftTooLargeError,
    keep_draft,
)
from zusammenplan.people.models import Draft
from zusammenplan.people.tests.factories import make_planner, make_user

pytestmark = pytest.mark.django_db
FORM = "/intern/plan/neu/"


def test_a_draft_is_kept_offered_and_taken_over() -> None:
    client = signed_in(make_planner())

    answer = client.post(
        reverse("notes:draft-keep"),
        {"entwurf": FORM, "title_de": "Sozialplan", "csrfmiddlewaretoken": "x", "password1": "y"},
    )

    assert answer.json()["kept"].startswith("Entwurf gesichert um")
    assert Draft.objects.get().data == {"title_de": ["Sozialplan"]}
    offered = text(client.get(FORM))
    assert f'href="{FORM}?entwurf=1"' in offered
    assert "data-draft-values" not in offered
    taken = text(client.get(f"{FORM}?entwurf=1"))
    assert "&quot;title_de&quot;: [&quot;Sozialplan&quot;]" in taken
    assert f'href="{FORM}?entwurf=1"' not in taken


def test_saving_the_form_forgets_the_draft_but_a_refusal_keeps_it() -> None:
    planner = make_planner()
    client = signed_in(planner)
    keep_draft(planner, FORM, {"title_de": ["Alt"]}, now=timezone.now())

    client.post(FORM, {"title_de": "", "status": "draft", "entwurf": FORM})
    assert Draft.objects.count() == 1
    client.post(FORM, {"title_de": "Sozialplan", "status": "draft", "entwurf": f"/en{FORM}"})
    assert Draft.objects.count() == 0


def test_a_page_that_shows_a_refusal_does_not_fill_the_draft_in() -> None:
    planner = make_planner()
    keep_draft(planner, FORM, {"title_de": ["Alt"]}, now=timezone.now())

    page = text(signed_in(planner).post(f"{FORM}?entwurf=1", {"title_de": ""}))

    assert "data-draft-values" not in page


def test_a_draft_is_discarded() -> None:
    planner = make_planner()
    keep_draft(planner, FORM, {"title_de": ["Alt"]}, now=timezone.now())

    response = signed_in(planner).post(reverse("notes:draft-forget"), {"entwurf": FORM})

    assert response["Location"] == FORM
    assert not Draft.objects.exists()
    keep_draft(planner, FORM, {"title_de": ["Alt"]}, now=timezone.now())
    page = text(signed_in(planner).get(f"/en{FORM}"))
    assert f'name="entwurf" value="/en{FORM}"' in page
    in_english = signed_in(planner).post(reverse("notes:draft-forget"), {"entwurf": f"/en{FORM}"})
    assert in_english["Location"] == f"/en{FORM}"
    assert not Draft.objects.exists()
    away = signed_in(planner).post(reverse("notes:draft-forget"), {"entwurf": "//boese.example"})
    assert away["Location"] == "/"


def test_nobody_sees_or_forgets_the_draft_of_another() -> None:
    planner, other = make_planner(), make_planner()
    keep_draft(planner, FORM, {"title_de": ["Geheim"]}, now=timezone.now())
    client = signed_in(other)

    assert "Geheim" not in text(client.get(f"{FORM}?entwurf=1"))
    client.post(reverse("notes:draft-forget"), {"entwurf": FORM})
    assert Draft.objects.count() == 1


def test_drafts_that_are_too_large_or_too_many_are_not_kept() -> None:
    user, now = make_user(), timezone.now()

    with pytest.raises(DraftTooLargeError):
        keep_draft(user, "/a/", {"text": ["x" * LARGEST_DRAFT]}, now=now)
    for number in range(DRAFTS_AT_MOST + 1):
        keep_draft(user, f"/{number}/", {}, now=now + timedelta(seconds=number))
    keys = set(Draft.objects.values_list("key", flat=True))
    assert len(keys) == DRAFTS_AT_MOST
    assert "/0/" not in keys


def test_a_draft_without_a_form_or_with_too_much_is_refused() -> None:
    client = signed_in(make_user())
    url = reverse("notes:draft-keep")

    assert client.post(url, {"entwurf": "javascript:"}).status_code == 400
    assert client.post(url, {"entwurf": "/a/", "t": "x" * LARGEST_DRAFT}).status_code == 422
    assert Client().post(url)["Location"].startswith("/konto/")


def test_an_older_draft_names_its_day() -> None:
    planner = make_planner()
    keep_draft(planner, FORM, {}, now=timezone.now() - timedelta(days=3))

    assert "Vom " in text(signed_in(planner).get(FORM))
