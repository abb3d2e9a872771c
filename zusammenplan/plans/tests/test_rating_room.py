"""Rating by a personal link: who gets in, what is kept, what is said at the end."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zusammenplan.people.actions import revoke_invitation
from zusammenplan.people.models import Invitation
from zusammenplan.people.tests.factories import make_planner, make_user
from zusammenplan.plans.actions.evaluations import begin_check, close_evaluation
from zusammenplan.plans.choices import EvaluationStatus
from zusammenplan.plans.models import Evaluation, EvaluationItem, Plan, Rating, RatingRequest
from zusammenplan.plans.tests.factories import (
    make_evaluation,
    make_evaluation_item,
    make_measure,
    make_plan,
    make_rating,
    make_rating_link,
    make_rating_request,
    measure_of,
)

pytestmark = pytest.mark.django_db


def make_person(
    *, things: int = 1, plan: Plan | None = None, **fields: object
) -> tuple[RatingRequest, list[EvaluationItem], str]:
    """Make somebody with a link who is asked about so many measures."""
    evaluation = make_evaluation(plan, **fields)
    items = [make_evaluation_item(evaluation, make_measure(evaluation.plan)) for _ in range(things)]
    person = make_rating_request(evaluation, *items)
    return person, items, make_rating_link(person)


def inside(token: str) -> Client:
    """Give the browser of somebody who has opened the link."""
    client = Client()
    assert client.get(reverse("rating:enter", args=[token])).status_code == 302
    return client


def paper(person: RatingRequest) -> str:
    return reverse("rating:paper", args=[person.pk])


def typed(item: EvaluationItem, **values: object) -> dict[str, object]:
    entered = {"choice": "s1", "reason": "Läuft", "evidence": "", "version": 0, **values}
    return {f"m{item.pk}-{name}": value for name, value in entered.items()}


# The way in


def test_a_link_opens_the_own_measures_without_a_login() -> None:
    person, items, token = make_person()
    other = make_evaluation_item(person.evaluation, make_measure(title_de="Fremde Maßnahme"))

    page = inside(token).get(paper(person)).content.decode()

    assert measure_of(items[0]).title in page
    assert measure_of(other).title not in page


def test_whoever_was_asked_by_account_rates_signed_in_and_nobody_else_does() -> None:
    user = make_user()
    person, items, _token = make_person()
    person.user = user
    person.save()
    client, stranger = Client(), Client()
    client.force_login(user)
    stranger.force_login(make_planner())

    saved = client.post(paper(person), typed(items[0]))

    assert saved.status_code == 302
    assert Rating.objects.get().author == user
    assert Rating.objects.get().checked_at is None
    assert stranger.get(paper(person)).status_code == 404
    assert stranger.post(paper(person), typed(items[0])).status_code == 404
    assert Client().get(paper(person)).status_code == 404


def test_the_address_after_the_link_holds_no_token_and_gives_no_referrer() -> None:
    _person, _items, token = make_person()

    response = Client().get(reverse("rating:enter", args=[token]))

    assert token not in response["Location"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    cookie = next(iter(response.cookies.values()))
    assert cookie["httponly"]


def test_a_guessed_link_is_not_found_and_too_many_guesses_are_stopped() -> None:
    client = Client()
    answers = [client.get(reverse("rating:enter", args=[f"erraten{n}"])) for n in range(61)]

    assert answers[0].status_code == 404
    assert answers[-1].status_code == 429


def test_a_link_for_voting_or_for_an_account_opens_nothing_here() -> None:
    _person, _items, token = make_person()
    Invitation.objects.update(purpose="vote")

    assert Client().get(reverse("rating:enter", args=[token])).status_code == 404


def test_an_expired_and_a_withdrawn_link_say_so() -> None:
    person, _items, token = make_person()
    client = inside(token)
    revoke_invitation(Invitation.objects.get(), by=None, now=timezone.now())

    for answer in (client.get(reverse("rating:enter", args=[token])), client.get(paper(person))):
        assert answer.status_code == 410
        assert "zurückgezogen" in answer.content.decode()
    now = timezone.now()
    late = make_rating_link(person, now=now - timedelta(days=9), expires_at=now - timedelta(days=1))
    assert Client().get(reverse("rating:enter", args=[late])).status_code == 410


def test_nobody_reaches_the_page_of_somebody_else() -> None:
    _person, _items, token = make_person()
    stranger, _others, _token = make_person()

    assert Client().get(paper(stranger)).status_code == 404
    assert inside(token).get(paper(stranger)).status_code == 404
    assert inside(token).post(paper(stranger)).status_code == 404


def test_a_cookie_of_somebody_else_put_under_another_name_opens_nothing() -> None:
    person, _items, token = make_person()
    stranger, _others, _token = make_person()
    client = inside(token)
    client.cookies[f"zp_rate_{stranger.pk}"] = client.cookies[f"zp_rate_{person.pk}"].value

    assert client.get(paper(stranger)).status_code == 404


# Rating


def test_a_rating_is_kept_and_shown_again() -> None:
    person, (item,), token = make_person()
    client = inside(token)

    response = client.post(paper(person), typed(item, evidence="Bericht"))

    assert response.status_code == 302
    assert response["Location"].endswith(f"#m{item.pk}")
    rating = Rating.objects.get()
    assert (rating.author_name, rating.reason) == ("Ulrike Bachmann", "Läuft")
    page = client.get(paper(person)).content.decode()
    assert "Bericht" in page
    assert "1 von 1 bewertet" in page
    assert "Vielen Dank, alles ist bewertet." in page


def test_the_thousandth_thing_is_named_without_a_sign_for_thousands(client: Client) -> None:
    evaluation = make_evaluation()
    item = make_evaluation_item(evaluation, make_measure(evaluation.plan), pk=1234)
    person = make_rating_request(evaluation, item)

    page = inside(make_rating_link(person)).get(paper(person)).content.decode()
    list_url = reverse("plans:evaluation-check", args=[evaluation.plan.slug, evaluation.slug])
    client.force_login(make_planner())
    checked = client.get(list_url).content.decode()

    assert 'hx-params="csrfmiddlewaretoken,save,m1234-choice,' in page
    assert 'href="#m1234"' in page
    assert 'id="m1234"' in page
    assert 'id="m1234"' in checked
    assert "1.234" not in page + checked


def test_one_button_saves_all_that_was_entered_and_skips_what_was_not() -> None:
    person, (first, second, third), token = make_person(things=3)
    empty = typed(third, choice="", reason="")
    del empty[f"m{third.pk}-choice"]

    inside(token).post(paper(person), typed(first) | typed(second, choice="dropped") | empty)

    assert Rating.objects.count() == 2
    assert Rating.objects.get(measure=second.measure).state == "dropped"


def test_what_cannot_be_kept_stays_in_the_form_and_the_rest_is_kept() -> None:
    person, (first, second), token = make_person(things=2)

    response = inside(token).post(
        paper(person), typed(first) | typed(second, reason="", evidence="Aber ein Nachweis")
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "Aber ein Nachweis" in page
    assert "Bitte begründen Sie die Bewertung" in page
    assert Rating.objects.get().measure == first.measure


def test_htmx_gets_the_one_thing_and_the_new_count() -> None:
    person, (first, _second), token = make_person(things=2)

    response = inside(token).post(
        paper(person), typed(first) | {"save": first.pk}, headers={"HX-Request": "true"}
    )

    part = response.content.decode()
    assert part.strip().startswith("<fieldset")
    assert "1 von 2 bewertet" in part
    assert "<html" not in part


def test_a_pressed_button_without_entries_says_what_is_missing() -> None:
    person, (item,), token = make_person()
    wanted = {f"m{item.pk}-version": 0, f"m{item.pk}-reason": "", "save": item.pk}

    response = inside(token).post(paper(person), wanted, headers={"HX-Request": "true"})

    assert "Wählen Sie eine Stufe" in response.content.decode()


def test_things_of_others_are_not_rated_by_a_forged_form() -> None:
    person, _items, token = make_person()
    other = make_evaluation_item(person.evaluation)

    inside(token).post(paper(person), typed(other))

    assert not Rating.objects.exists()


@pytest.mark.parametrize("choice", ["s9", "s-1", "rated", "prima", "s"])
def test_a_forged_step_is_refused(choice: str) -> None:
    person, (item,), token = make_person()

    response = inside(token).post(paper(person), typed(item, choice=choice))

    assert response.status_code == 422
    assert not Rating.objects.exists()


@pytest.mark.parametrize(
    ("percent", "kept"), [("75", "0.7500"), ("62,5", "0.6250"), ("100 %", "1.0000"), ("0", "0")]
)
def test_a_percentage_is_typed_as_people_write_it(percent: str, kept: str) -> None:
    person, (item,), token = make_person(scale={"kind": "percentage", "steps": []})

    inside(token).post(paper(person), typed(item, choice="", percent=percent))

    assert Rating.objects.get().share == Decimal(kept)


@pytest.mark.parametrize("percent", ["101", "-1", "viel", "nan", "1e9", "12,345"])
def test_a_percentage_that_is_none_is_refused(percent: str) -> None:
    person, (item,), token = make_person(scale={"kind": "percentage", "steps": []})

    response = inside(token).post(paper(person), typed(item, choice="rated", percent=percent))

    assert response.status_code == 422


def test_what_somebody_else_saved_meanwhile_is_shown_and_not_overwritten() -> None:
    person, (item,), token = make_person()
    client = inside(token)
    make_rating(item, reason="Von der Planung", version=1)

    response = client.post(paper(person), typed(item, reason="Von mir"))

    page = response.content.decode()
    assert "Es wurde nichts überschrieben." in page
    assert "Von der Planung" in page
    assert "Von mir" in page
    assert Rating.objects.get().reason == "Von der Planung"
    client.post(paper(person), typed(item, reason="Von mir", version=1))
    assert Rating.objects.get().reason == "Von mir"


# The end


def test_during_the_check_and_after_the_closing_the_link_says_so_kindly() -> None:
    person, (item,), token = make_person()
    client = inside(token)
    client.post(paper(person), typed(item))
    begin_check(person.evaluation, by=None)

    page = client.get(paper(person)).content.decode()
    assert "Die Bewertungen werden jetzt geprüft" in page
    assert "überwiegend erreicht" in page

    Rating.objects.update(checked_at=timezone.now())
    close_evaluation(person.evaluation, by=None, now=timezone.now())
    page = client.get(paper(person)).content.decode()
    assert "Vielen Dank für Ihre Mithilfe." in page
    assert (
        reverse("website:evaluation", args=[person.evaluation.plan.slug, person.evaluation.slug])
        in page
    )


@pytest.mark.parametrize("is_public", [True, False])
def test_only_a_public_plan_offers_its_result_at_the_end(*, is_public: bool) -> None:
    person, _items, token = make_person(
        plan=make_plan(is_public=is_public), status=EvaluationStatus.OPEN
    )
    client = inside(token)
    Evaluation.objects.update(status=EvaluationStatus.CLOSED, closed_at=timezone.now())

    assert ("/auswertung/" in client.get(paper(person)).content.decode()) is is_public


def test_a_rating_after_the_end_is_refused_and_nothing_is_kept() -> None:
    person, (item,), token = make_person()
    client = inside(token)
    begin_check(person.evaluation, by=None)

    response = client.post(paper(person), typed(item))
    part = client.post(paper(person), typed(item), headers={"HX-Request": "true"})

    assert response.status_code == 409
    assert "nimmt im Moment keine Bewertungen an" in response.content.decode()
    assert part["HX-Retarget"] == "#gesamt"
    assert not Rating.objects.exists()


def test_before_the_beginning_the_link_asks_for_patience() -> None:
    person, _items, token = make_person(status=EvaluationStatus.PREPARED)

    assert "hat noch nicht begonnen" in inside(token).get(paper(person)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.one_database
def test_the_page_needs_the_same_queries_for_any_number_of_things(
    count: int, django_assert_num_queries: object
) -> None:
    person, _items, token = make_person(things=count)
    client = inside(token)
    client.get(paper(person))

    with django_assert_num_queries(8):  # type: ignore[operator]
        client.get(paper(person))
