import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from zusammenplan.ballots.actions import add_group, close_group, release, remove_voter
from zusammenplan.ballots.choices import (
    Audience,
    HalfStep,
    OwnResult,
    ProposalStatus,
    Way,
)
from zusammenplan.ballots.models import ChairDecision, Group, Round, Tally, Voter
from zusammenplan.ballots.tests.factories import (
    make_closed_group,
    make_group,
    make_item,
    make_link,
    make_marks,
    make_open_group,
    make_proposal,
    make_round,
    make_tally,
    make_voter,
)
from zusammenplan.core.tests.clients import signed_in
from zusammenplan.meetings.choices import SeatRole
from zusammenplan.meetings.tests.factories import make_body, make_seat
from zusammenplan.people.models import User
from zusammenplan.people.tests.factories import make_planner, make_reader, make_user
from zusammenplan.plans.tests.factories import make_field, make_measure, make_plan

pytestmark = pytest.mark.django_db

SETTINGS = {
    "title_de": "Was soll zuerst kommen?",
    "stage": "first",
    "lowest": "1",
    "highest": "6",
    "direction": "low_first",
    "pooling": "bodies",
    "half_step": "keep",
    "audience": "planners",
    "version": "1",
}
GROUP = {
    "name_de": "Externe Steuerungsgruppe",
    "mark": "x",
    "way": Way.HANDS,
    "own_result": OwnResult.MEDIAN,
    "tie_rule": "median",
    "counts_marks": "on",
    "version": "1",
}


def chair_of(group: Group) -> User:
    user = make_user()
    group.body = make_body()
    group.save()
    make_seat(group.body, user=user, name="Vorsitz", role=SeatRole.CHAIR)
    return user


def count_queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def url(name: str, key: object) -> str:
    return reverse(f"ballots:{name}", args=[key])


def test_a_former_chair_neither_finds_nor_runs_the_vote_any_more() -> None:
    round_ = make_round(measures=1)
    group = make_open_group(round_, way=Way.HANDS)
    user = chair_of(group)
    assert signed_in(user).get(url("round-detail", round_.slug)).status_code == 200

    user.seats.update(valid_to=timezone.localdate() - timedelta(days=1))

    assert signed_in(user).get(url("round-detail", round_.slug)).status_code == 404
    for deed in ("group-close", "group-open"):
        assert signed_in(user).post(url(deed, group.pk)).status_code == 404


def test_the_chair_of_one_group_cannot_close_another() -> None:
    round_ = make_round(measures=1)
    mine, other = make_open_group(round_), make_open_group(round_)

    chair = signed_in(chair_of(mine))

    assert chair.post(url("group-close", other.pk)).status_code == 403
    assert chair.post(url("group-close", mine.pk)).status_code == 302


# --- rounds ------------------------------------------------------------------------------


def test_a_round_is_prepared_with_words_for_its_grades() -> None:
    plan = make_plan()
    make_measure(plan)
    words = {"word_de_1": "zuerst", "word_en_1": "first", "word_de_6": "zuletzt"}

    answer = signed_in(make_planner()).post(reverse("ballots:round-add"), {**SETTINGS, **words})

    round_ = Round.objects.get()
    assert answer["Location"] == url("round-detail", round_.slug)
    assert round_.words == {"1": {"de": "zuerst", "en": "first"}, "6": {"de": "zuletzt"}}
    assert round_.items.count() == 1


@pytest.mark.parametrize(
    ("prefix", "shown"), [("", "1 zuerst, 6 zuletzt"), ("/en", "1 first, 6 zuletzt")]
)
def test_the_words_for_the_grades_stand_in_the_language_of_the_page(
    prefix: str, shown: str
) -> None:
    round_ = make_round(words={"1": {"de": "zuerst", "en": "first"}, "6": {"de": "zuletzt"}})
    with override("de"):
        address = url("round-detail", round_.slug)

    page = signed_in(make_planner()).get(f"{prefix}{address}").content.decode()

    assert shown in page


def test_a_new_round_proposes_grades_from_1_to_6_with_words() -> None:
    make_plan()

    page = signed_in(make_planner()).get(reverse("ballots:round-add")).content.decode()

    assert 'value="zuerst"' in page
    assert 'value="zuletzt"' in page


def test_fitting_the_rows_to_the_scale_saves_nothing() -> None:
    make_plan()

    page = (
        signed_in(make_planner())
        .post(reverse("ballots:round-add"), {**SETTINGS, "highest": "4", "rows": "1"})
        .content.decode()
    )

    assert not Round.objects.exists()
    assert 'name="word_de_4"' in page
    assert 'name="word_de_5"' not in page


def test_the_enter_key_saves_and_does_not_just_fit_the_rows_to_the_scale() -> None:
    page = signed_in(make_planner()).get(url("round-change", make_round().slug)).content.decode()
    form = page[page.index("zp-form-box") :]
    first = re.search(r'<button[^>]*type="submit"[^>]*>', form)

    assert first
    assert "name=" not in first.group()


def test_a_scale_upside_down_is_refused_next_to_the_field() -> None:
    make_plan()

    page = signed_in(make_planner()).post(
        reverse("ballots:round-add"), {**SETTINGS, "lowest": "6", "highest": "1"}
    )

    assert "highest" in page.context["form"].errors
    assert not Round.objects.exists()


def test_settings_are_facts_once_voting_has_begun() -> None:
    round_ = make_round(measures=1)
    make_open_group(round_)
    planner = signed_in(make_planner())

    page = planner.get(url("round-change", round_.slug)).content.decode()
    answer = planner.post(
        url("round-change", round_.slug), {**SETTINGS, "title_de": "Neuer Titel", "highest": "9"}
    )

    assert 'name="highest"' not in page
    assert answer.status_code == 302
    round_.refresh_from_db()
    assert (round_.title_de, round_.highest) == ("Neuer Titel", 6)


def test_a_second_editor_is_told_and_may_then_save() -> None:
    round_ = make_round(measures=1)
    planner = signed_in(make_planner())
    planner.post(url("round-change", round_.slug), {**SETTINGS, "title_de": "Erste Fassung"})

    page = planner.post(
        url("round-change", round_.slug), {**SETTINGS, "title_de": "Zweite Fassung"}
    )

    round_.refresh_from_db()
    assert round_.title_de == "Erste Fassung"
    assert page.context["form"].conflict[0].old == "Erste Fassung"
    seen = page.context["form"]["version"].value()
    planner.post(
        url("round-change", round_.slug),
        {**SETTINGS, "title_de": "Zweite Fassung", "version": seen},
    )
    round_.refresh_from_db()
    assert round_.title_de == "Zweite Fassung"


def test_one_click_copies_settings_and_groups_of_a_former_round() -> None:
    round_ = make_round(highest=4, is_secret=True)
    make_closed_group(round_, name_de="Beirat")

    answer = signed_in(make_planner()).post(url("round-copy", round_.slug))

    copied = Round.objects.exclude(pk=round_.pk).get()
    assert answer["Location"] == url("round-change", copied.slug)
    assert (copied.highest, copied.is_secret) == (4, True)
    assert [group.opens_at for group in copied.groups.all()] == [None]


def test_a_correction_names_the_released_round() -> None:
    round_ = make_round(released_at=timezone.now())

    signed_in(make_planner()).post(url("round-correct", round_.slug))

    assert round_.title_de in Round.objects.get(corrects=round_).title_de


def test_a_correction_votes_on_the_same_measures_in_the_same_order() -> None:
    round_ = make_round(measures=3, released_at=timezone.now())
    first, second, last = (item.measure for item in round_.items.order_by("position"))
    round_.items.filter(measure=first).update(position=8)
    round_.items.filter(measure=second).delete()
    make_measure(round_.plan, title_de="Erst danach in den Plan aufgenommen")

    signed_in(make_planner()).post(url("round-correct", round_.slug))

    items = Round.objects.get(corrects=round_).items.order_by("position")
    assert [item.measure for item in items] == [last, first]


def test_a_copy_votes_on_all_measures_of_the_plan() -> None:
    round_ = make_round(measures=2)
    left_out = make_measure(round_.plan, title_de="Beim letzten Mal nicht dabei")

    signed_in(make_planner()).post(url("round-copy", round_.slug))

    items = Round.objects.exclude(pk=round_.pk).get().items
    assert set(items.values_list("measure", flat=True)) == {
        *round_.items.values_list("measure", flat=True),
        left_out.pk,
    }


def test_a_round_that_is_not_released_cannot_be_corrected() -> None:
    round_ = make_round()

    answer = signed_in(make_planner()).post(url("round-correct", round_.slug), follow=True)

    assert Round.objects.count() == 1
    assert [str(message) for message in answer.context["messages"]]


def test_a_round_is_deleted_with_a_reason_and_not_after_voting_began() -> None:
    planner = signed_in(make_planner())
    fresh, begun = make_round(), make_round(measures=1)
    make_open_group(begun)

    without = planner.post(url("round-delete", fresh.slug), {"reason": ""})
    planner.post(url("round-delete", fresh.slug), {"reason": "Doppelt angelegt"})
    planner.post(url("round-delete", begun.slug), {"reason": "Doppelt angelegt"})

    assert without.status_code == 200
    assert list(Round.objects.all()) == [begun]


@pytest.mark.one_database
def test_the_list_of_rounds_asks_as_often_for_three_as_for_one() -> None:
    client = signed_in(make_reader())
    make_voter(make_open_group(make_round(measures=1)))
    queries = count_queries(client, reverse("ballots:round-list"))
    make_voter(make_open_group(make_round(measures=2)))
    make_voter(make_open_group(make_round(measures=2)))

    assert count_queries(client, reverse("ballots:round-list")) == queries


# --- measures and groups ----------------------------------------------------------------------


def test_measures_are_chosen_in_the_order_of_the_plan() -> None:
    round_ = make_round()
    field = make_field(round_.plan)
    first, second, _third = (make_measure(round_.plan, field=field) for _number in range(3))

    signed_in(make_planner()).post(
        url("round-items", round_.slug), {"measures": [second.pk, first.pk]}
    )

    assert [item.measure for item in round_.items.order_by("position")] == [first, second]


def test_measures_cannot_be_chosen_once_voting_has_begun() -> None:
    round_ = make_round(measures=2)
    make_open_group(round_)

    answer = signed_in(make_planner()).post(url("round-items", round_.slug), {"measures": []})

    assert answer.status_code == 302
    assert round_.items.count() == 2


def test_a_group_takes_the_name_of_its_body() -> None:
    round_, body = make_round(), make_body(name_de="Kreisseniorenbeirat")

    signed_in(make_planner()).post(
        url("group-add", round_.slug), {**GROUP, "name_de": "", "body": body.pk}
    )

    assert round_.groups.get().name_de == "Kreisseniorenbeirat"


def test_a_group_needs_a_name_of_its_own() -> None:
    round_ = make_round()
    make_group(round_, name_de="Externe Steuerungsgruppe")
    planner = signed_in(make_planner())

    nameless = planner.post(url("group-add", round_.slug), {**GROUP, "name_de": ""})
    twice = planner.post(url("group-add", round_.slug), GROUP)

    assert "name_de" in nameless.context["form"].errors
    assert twice.context["form"].non_field_errors()
    assert round_.groups.count() == 1


def test_a_second_editor_of_a_group_is_told() -> None:
    group = make_group(way=Way.HANDS)
    planner = signed_in(make_planner())
    planner.post(url("group-change", group.pk), {**GROUP, "name_de": "Erste"})

    page = planner.post(url("group-change", group.pk), {**GROUP, "name_de": "Zweite"})

    group.refresh_from_db()
    assert group.name_de == "Erste"
    assert [change.old for change in page.context["form"].conflict] == ["Erste"]


def test_the_way_of_voting_is_a_fact_once_the_group_has_opened() -> None:
    group = make_open_group(way=Way.HANDS)

    page = signed_in(make_planner()).get(url("group-change", group.pk)).content.decode()

    assert 'name="way"' not in page


def test_opening_and_closing_go_through_a_question() -> None:
    round_ = make_round(measures=1)
    group = make_group(round_, way=Way.HANDS)
    chair = signed_in(chair_of(group))

    chair.get(url("group-open", group.pk))
    group.refresh_from_db()
    assert group.opens_at is None

    answer = chair.post(url("group-open", group.pk), {"closes_at": ""})
    assert answer["Location"] == url("tally", group.pk)
    group.refresh_from_db()
    assert group.is_open(timezone.now())

    chair.post(url("group-close", group.pk))
    group.refresh_from_db()
    assert group.closed_at is not None


def test_an_end_in_the_past_is_refused() -> None:
    group = make_group(make_round(measures=1), way=Way.HANDS)

    page = signed_in(make_planner()).post(
        url("group-open", group.pk), {"closes_at": "2020-01-01T18:00"}
    )

    assert "closes_at" in page.context["form"].errors
    group.refresh_from_db()
    assert group.opens_at is None


def test_a_group_without_voters_cannot_be_opened_and_says_why() -> None:
    group = make_group(make_round(measures=1))

    page = signed_in(make_planner()).post(url("group-open", group.pk), {}, follow=True)

    assert [message.level_tag for message in page.context["messages"]] == ["error"]
    group.refresh_from_db()
    assert group.opens_at is None


def test_closing_twice_says_that_it_is_not_open() -> None:
    group = make_closed_group(make_round(measures=1))

    page = signed_in(make_planner()).post(url("group-close", group.pk), follow=True)

    assert [message.level_tag for message in page.context["messages"]] == ["error"]


def test_a_closed_vote_is_opened_again_with_a_reason_unless_it_was_secret() -> None:
    planner = signed_in(make_planner())
    shown = make_closed_group(make_round(measures=1))
    secret = make_closed_group(make_round(measures=1, is_secret=True))

    without = planner.post(url("group-reopen", shown.pk), {"reason": " "})
    assert Group.objects.get(pk=shown.pk).closed_at is not None
    assert without.context["form"].errors
    planner.post(url("group-reopen", shown.pk), {"reason": "Zwei fehlten noch"})
    planner.post(url("group-reopen", secret.pk), {"reason": "Zwei fehlten noch"})

    assert Group.objects.get(pk=shown.pk).closed_at is None
    assert Group.objects.get(pk=secret.pk).closed_at is not None


def test_a_group_that_has_opened_is_not_deleted() -> None:
    planner = signed_in(make_planner())
    fresh, opened = make_group(), make_open_group()

    planner.post(url("group-delete", fresh.pk), {"reason": "Stimmt nicht mit ab"})
    planner.post(url("group-delete", opened.pk), {"reason": "Stimmt nicht mit ab"})

    assert list(Group.objects.all()) == [opened]


# --- voters and links ---------------------------------------------------------------------------


def test_voters_come_from_the_body_once() -> None:
    body = make_body()
    make_seat(body, name="Ada Lindner")
    make_seat(body, name="Gast", has_vote=False)
    group = make_group(body=body)
    planner = signed_in(make_planner())

    planner.post(url("voters-from-body", group.pk))
    planner.post(url("voters-from-body", group.pk))

    assert [voter.name for voter in group.voters.all()] == ["Ada Lindner"]


def test_a_name_stands_on_the_list_only_once() -> None:
    group = make_group()
    make_voter(group, name="Ada Lindner")

    page = signed_in(make_planner()).post(url("voter-add", group.pk), {"name": "Ada Lindner"})

    assert page.context["voter_form"].non_field_errors()
    assert group.voters.count() == 1


def test_whoever_has_voted_stays_on_the_list() -> None:
    planner = signed_in(make_planner())
    group = make_open_group()
    voted, other = make_voter(group, has_voted=True), make_voter(group)

    planner.post(url("voter-remove", voted.pk))
    planner.post(url("voter-remove", other.pk))

    assert list(group.voters.all()) == [voted]


def test_a_form_about_what_somebody_else_has_just_deleted_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    planner, voter = signed_in(make_planner()), make_voter()

    def too_late(late: Voter, **of_whom: Any) -> None:
        Voter.objects.filter(pk=late.pk).delete()
        remove_voter(late, **of_whom)

    monkeypatch.setattr("zusammenplan.ballots.views.voters.actions.remove_voter", too_late)

    answer = planner.post(url("voter-remove", voter.pk))

    assert answer.status_code == 404
    assert "inzwischen gelöscht" in answer.content.decode()


def links(voters: list[Voter], deed: str, days: int = 14) -> dict[str, object]:
    until = timezone.localdate() + timedelta(days=days)
    return {"voters": [voter.pk for voter in voters], "until": until.isoformat(), "deed": deed}


def test_links_are_shown_once_and_open_the_ballot() -> None:
    group = make_open_group(make_round(measures=1))
    voter = make_voter(group, name="Ada Lindner")
    planner = signed_in(make_planner())

    page = planner.post(url("voter-links", group.pk), links([voter], "show"))

    address = page.context["cards"][0].address
    assert address in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert 'class="zp-qr' in page.content.decode()
    assert " style=" not in page.content.decode()
    token = address.rstrip("/").rsplit("/", 1)[-1]
    assert token not in planner.get(url("voter-list", group.pk)).content.decode()
    assert Client().get(reverse("room:enter", args=[token])).status_code == 302


def test_links_go_by_mail_and_only_those_without_an_address_get_a_card() -> None:
    group = make_open_group(make_round(measures=1))
    reached = make_voter(group, name="Ada Lindner", email="ada@rennsteiggrund.example")
    other = make_voter(group, name="Bodo Hartung")

    page = signed_in(make_planner()).post(
        url("voter-links", group.pk), links([reached, other], "mail")
    )

    assert [message.to for message in mail.outbox] == [["ada@rennsteiggrund.example"]]
    assert "/abstimmung/" in mail.outbox[0].body
    assert [card.name for card in page.context["cards"]] == ["Bodo Hartung"]


def test_the_page_says_who_has_no_link_before_the_vote_is_opened() -> None:
    round_ = make_round(measures=1)
    group = make_group(round_)
    make_voter(group, user=make_reader())
    make_link(make_voter(group))
    planner = signed_in(make_planner())
    ready = planner.get(url("round-detail", round_.slug)).content.decode()
    make_voter(group)

    lacking = planner.get(url("round-detail", round_.slug)).content.decode()

    assert "Öffnen Sie die Abstimmung, wenn alles vorbereitet ist." in ready
    assert "1 Person auf der Liste hat noch keinen persönlichen Link." in lacking


def test_without_a_mail_server_everybody_gets_a_card(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    group = make_open_group(make_round(measures=1))
    voter = make_voter(group, name="Ada Lindner", email="ada@rennsteiggrund.example")

    page = signed_in(make_planner()).post(url("voter-links", group.pk), links([voter], "mail"))

    assert [card.name for card in page.context["cards"]] == ["Ada Lindner"]
    assert "Es ist kein Mailserver eingerichtet: Niemand hat eine E-Mail" in page.content.decode()


def test_a_new_link_replaces_the_old_one_and_links_can_be_withdrawn() -> None:
    group = make_open_group(make_round(measures=1))
    voter = make_voter(group)
    old = make_link(voter)
    planner = signed_in(make_planner())

    planner.post(url("voter-links", group.pk), links([voter], "show"))
    assert Client().get(reverse("room:enter", args=[old])).status_code != 302
    planner.post(url("voter-links", group.pk), links([voter], "revoke"))

    voter.refresh_from_db()
    assert voter.invitation is not None
    assert voter.invitation.revoked_at is not None


@pytest.mark.parametrize("days", [-1, 400])
def test_a_link_works_neither_in_the_past_nor_for_years(days: int) -> None:
    group = make_open_group()
    voter = make_voter(group)

    page = signed_in(make_planner()).post(
        url("voter-links", group.pk), links([voter], "show", days=days)
    )

    assert "until" in page.context["links_form"].errors
    voter.refresh_from_db()
    assert voter.invitation is None


def test_voters_of_another_group_get_no_link_here() -> None:
    group, stranger = make_open_group(), make_voter(make_open_group())

    page = signed_in(make_planner()).post(url("voter-links", group.pk), links([stranger], "show"))

    assert "voters" in page.context["links_form"].errors


@pytest.mark.one_database
def test_the_list_of_voters_asks_as_often_for_three_as_for_one() -> None:
    client = signed_in(make_planner())
    group = make_open_group()
    make_link(make_voter(group))
    queries = count_queries(client, url("voter-list", group.pk))
    make_link(make_voter(group))
    make_link(make_voter(group))

    assert count_queries(client, url("voter-list", group.pk)) == queries


# --- show of hands ---------------------------------------------------------------------------


def test_hands_are_written_down_all_at_once_with_a_warning_for_too_many() -> None:
    round_ = make_round(measures=2)
    group = make_open_group(round_, way=Way.HANDS)
    one, two = round_.items.order_by("position")
    client = signed_in(chair_of(group))

    page = client.post(
        url("tally", group.pk),
        {"present": "5", f"n_{one.pk}_1": "3", f"n_{one.pk}_2": "2", f"n_{two.pk}_6": "7"},
        follow=True,
    )

    assert set(Tally.objects.values_list("item", "grade", "count")) == {
        (one.pk, 1, 3),
        (one.pk, 2, 2),
        (two.pk, 6, 7),
    }
    group.refresh_from_db()
    assert group.present == 5
    assert [message.level_tag for message in page.context["messages"]] == ["success", "warning"]


def test_one_row_is_saved_at_once_and_comes_back_with_its_sum() -> None:
    round_ = make_round(measures=2)
    group = make_open_group(round_, way=Way.HANDS)
    item = round_.items.order_by("position")[0]

    page = signed_in(chair_of(group)).post(
        url("tally", group.pk),
        {"row": item.pk, f"n_{item.pk}_1": "3", f"n_{item.pk}_4": "2", "present": ""},
        headers={"HX-Request": "true"},
    )

    text = page.content.decode()
    assert text.lstrip().startswith("<td")
    assert 'value="1:3,4:2"' in text
    assert Tally.objects.count() == 2


@pytest.mark.parametrize("typed", ["drei", "-12"])
def test_what_is_no_number_of_hands_is_named_and_nothing_is_saved(typed: str) -> None:
    round_ = make_round(measures=2)
    group = make_open_group(round_, way=Way.HANDS)
    one, two = round_.items.order_by("position")

    page = signed_in(make_planner()).post(
        url("tally", group.pk), {f"n_{one.pk}_1": typed, f"n_{two.pk}_1": "3", "present": ""}
    )

    assert one.number in page.context["refusals"][0]
    assert f'value="{typed}"' in page.content.decode()
    assert not Tally.objects.exists()


def test_fewer_than_nobody_are_never_present() -> None:
    round_ = make_round(measures=1)
    group = make_open_group(round_, way=Way.HANDS)
    item = round_.items.get()
    planner = signed_in(make_planner())
    hands = {f"n_{item.pk}_1": "3", "present": "-12"}

    row = planner.post(
        url("tally", group.pk), {**hands, "row": item.pk}, headers={"HX-Request": "true"}
    )
    tally = planner.post(url("tally", group.pk), hands)
    settings = planner.post(url("group-change", group.pk), {**GROUP, "present": "-12"})

    assert "Anwesende: Dieser Wert" in row.content.decode()
    for page in (tally, settings):
        assert 'id="id_present_error"' in page.content.decode()
    assert not Tally.objects.exists()
    group.refresh_from_db()
    assert group.present is None


def test_nobody_overwrites_what_somebody_else_wrote_down_meanwhile() -> None:
    round_ = make_round(measures=1)
    group = make_open_group(round_, way=Way.HANDS)
    item = round_.items.get()
    make_tally(group, item, {1: 4})
    planner = signed_in(make_planner())

    page = planner.post(
        url("tally", group.pk), {f"n_{item.pk}_2": "3", f"seen_{item.pk}": "", "present": ""}
    )

    assert page.context["refusals"]
    assert Tally.objects.get().count == 4
    planner.post(
        url("tally", group.pk),
        {f"n_{item.pk}_2": "3", f"seen_{item.pk}": "1:4", "present": ""},
    )
    assert (Tally.objects.get().grade, Tally.objects.get().count) == (2, 3)


def test_only_the_majority_is_chosen_by_radio_buttons() -> None:
    round_ = make_round(measures=1)
    group = make_open_group(
        round_, way=Way.MAJORITY, counts_marks=False, own_result=OwnResult.MAJORITY
    )
    item = round_.items.get()
    planner = signed_in(make_planner())

    planner.post(url("tally", group.pk), {f"g_{item.pk}": "2", "present": ""})
    outside = planner.post(
        url("tally", group.pk), {f"g_{item.pk}": "9", f"seen_{item.pk}": "2:1", "present": ""}
    )

    assert [(one.grade, one.count) for one in Tally.objects.all()] == [(2, 1)]
    assert outside.context["refusals"]


def test_after_closing_no_hands_are_taken() -> None:
    round_ = make_round(measures=1)
    group = make_closed_group(round_, way=Way.HANDS)
    item = round_.items.get()

    page = signed_in(make_planner()).post(
        url("tally", group.pk), {f"n_{item.pk}_1": "3", "present": ""}
    )

    assert page.context["refusals"]
    assert not Tally.objects.exists()


# --- proposals ----------------------------------------------------------------------------------


def test_a_proposal_is_admitted_under_the_next_free_number() -> None:
    round_ = make_round(measures=1)
    field = make_field(round_.plan, code="7", position=0)
    make_measure(round_.plan, field=field, number="7.2")
    proposal = make_proposal(round_, title="Repaircafé")
    planner = signed_in(make_planner())

    page = planner.get(url("proposal-admit", proposal.pk))
    assert page.context["form"]["number"].value() == "7.3"
    planner.post(
        url("proposal-admit", proposal.pk), {"field": field.pk, "number": "7.3", "reason": "Gut"}
    )

    proposal.refresh_from_db()
    assert proposal.status == ProposalStatus.ADMITTED
    assert proposal.item is not None
    assert (proposal.item.number, proposal.item.is_additional) == ("7.3", True)


def test_a_number_that_is_taken_is_refused_next_to_the_field() -> None:
    round_ = make_round()
    taken = make_measure(round_.plan)
    proposal = make_proposal(round_)

    page = signed_in(make_planner()).post(
        url("proposal-admit", proposal.pk), {"number": taken.number, "reason": ""}
    )

    assert "number" in page.context["form"].errors
    proposal.refresh_from_db()
    assert proposal.status == ProposalStatus.PROPOSED


def test_a_proposal_is_refused_with_a_reason_and_only_once() -> None:
    proposal = make_proposal()
    planner = signed_in(make_planner())

    without = planner.post(url("proposal-refuse", proposal.pk), {"reason": ""})
    planner.post(url("proposal-refuse", proposal.pk), {"reason": "Gibt es schon"})
    again = planner.post(url("proposal-refuse", proposal.pk), {"reason": "Anders"})

    proposal.refresh_from_db()
    assert without.context["form"].errors
    assert again.context["form"].non_field_errors()
    assert (proposal.status, proposal.reason) == (ProposalStatus.REFUSED, "Gibt es schon")


@pytest.mark.one_database
def test_the_list_of_proposals_asks_as_often_for_three_as_for_one() -> None:
    client = signed_in(make_planner())
    round_ = make_round()
    make_proposal(round_, group=make_open_group(round_))
    queries = count_queries(client, url("proposal-list", round_.slug))
    make_proposal(round_, group=make_open_group(round_))
    make_proposal(round_, group=make_open_group(round_))

    assert count_queries(client, url("proposal-list", round_.slug)) == queries


# --- result and release -----------------------------------------------------------------------


def test_the_result_shows_degree_picture_and_title() -> None:
    round_ = make_round(measures=1)
    item = round_.items.get()
    make_tally(make_closed_group(round_, way=Way.HANDS), item, {1: 3, 2: 1})

    response = signed_in(make_planner()).get(url("result", round_.slug))

    page = response.content.decode()
    assert response.context["rows"][0].degree == 1
    assert 'class="zp-result__row"' in page
    assert 'role="img"' in page
    assert item.title in page


@pytest.mark.one_database
def test_the_result_asks_as_often_for_three_measures_as_for_one() -> None:
    client = signed_in(make_planner())
    counts = []
    for measures in (1, 3):
        round_ = make_round(measures=measures)
        group = make_closed_group(round_, way=Way.HANDS)
        for item in round_.items.all():
            make_tally(group, item, {1: 3})
        counts.append(count_queries(client, url("result", round_.slug)))

    assert counts[0] == counts[1]


def test_who_sees_the_interim_result_is_what_the_round_says() -> None:
    round_ = make_round(measures=1, audience=Audience.VOTERS)
    group = make_open_group(round_)
    member = make_reader()
    reader = make_reader()
    make_voter(group, user=member)

    assert signed_in(member).get(url("result", round_.slug)).status_code == 200
    assert signed_in(reader).get(url("result", round_.slug)).status_code == 403
    round_.audience = Audience.PUBLIC
    round_.save()
    assert signed_in(reader).get(url("result", round_.slug)).status_code == 200


def test_the_chair_decides_a_half_step_that_waits() -> None:
    round_ = make_round(measures=1, half_step=HalfStep.CHAIR)
    item = round_.items.get()
    group = make_closed_group(round_, way=Way.HANDS)
    make_tally(group, item, {1: 1, 2: 1})
    chair, planner = signed_in(chair_of(group)), signed_in(make_planner())

    assert len(chair.get(url("result", round_.slug)).context["decisions"]) == 1
    blocked = planner.post(url("release", round_.slug), follow=True)
    assert item.number in str(next(iter(blocked.context["messages"])))
    missing = chair.post(url("chair-decision", item.pk), {})
    assert missing.context["decided"].errors
    key = f"item{item.pk}"
    chair.post(url("chair-decision", item.pk), {f"{key}-grade": "1", f"{key}-reason": "Eilt"})

    assert item.decision.grade == 1
    planner.post(url("release", round_.slug))
    round_.refresh_from_db()
    assert round_.is_released


def test_what_was_chosen_beside_other_half_steps_is_noted_too() -> None:
    round_ = make_round(measures=3, half_step=HalfStep.CHAIR)
    group = make_closed_group(round_, way=Way.HANDS)
    first, second, third = round_.items.order_by("pk")
    for item in (first, second, third):
        make_tally(group, item, {1: 1, 2: 1})
    chair = signed_in(chair_of(group))
    beside = {f"item{second.pk}-grade": "2", f"item{second.pk}-reason": "Später"}

    chair.post(url("chair-decision", first.pk), {f"item{first.pk}-grade": "1", **beside})

    decided = ChairDecision.objects.order_by("item__pk").values_list("item", "grade", "reason")
    assert list(decided) == [(first.pk, Decimal(1), ""), (second.pk, Decimal(2), "Später")]


def test_a_decision_where_nothing_waits_is_refused() -> None:
    round_ = make_round(measures=1)
    make_closed_group(round_, way=Way.HANDS)

    page = signed_in(make_planner()).post(
        url("chair-decision", round_.items.get().pk), {"grade": "1"}, follow=True
    )

    assert [message.level_tag for message in page.context["messages"]] == ["error"]
    assert not ChairDecision.objects.exists()


def test_a_result_is_released_once_after_a_question() -> None:
    round_ = make_round(measures=1)
    item = round_.items.get()
    make_tally(make_closed_group(round_, way=Way.HANDS), item, {2: 3})
    planner = signed_in(make_planner())

    planner.get(url("release", round_.slug))
    round_.refresh_from_db()
    assert not round_.is_released
    first = planner.post(url("release", round_.slug), follow=True)
    second = planner.post(url("release", round_.slug), follow=True)

    assert [message.level_tag for message in first.context["messages"]] == ["success"]
    assert [message.level_tag for message in second.context["messages"]] == ["error"]
    item.measure.refresh_from_db()
    assert item.measure.priority_degree == 2


def test_a_round_with_an_open_group_is_not_released() -> None:
    round_ = make_round(measures=1)
    make_open_group(round_, way=Way.HANDS)

    page = signed_in(make_planner()).post(url("release", round_.slug), follow=True)

    assert [message.level_tag for message in page.context["messages"]] == ["error"]
    round_.refresh_from_db()
    assert not round_.is_released


def test_a_secret_round_with_fewer_than_five_stays_hidden_and_unreleased() -> None:
    round_ = make_round(measures=1, is_secret=True)
    group = make_closed_group(round_)
    for _number in range(4):
        make_voter(group, has_voted=True)
    make_tally(group, round_.items.get(), {1: 4})
    planner = signed_in(make_planner())

    page = planner.get(url("result", round_.slug))
    planner.post(url("release", round_.slug))

    assert page.context["result"].hidden_because
    assert 'class="zp-result__row"' not in page.content.decode()
    round_.refresh_from_db()
    assert not round_.is_released


def test_a_released_round_is_not_edited_any_more() -> None:
    round_ = make_round(measures=1)
    group = make_closed_group(round_, way=Way.HANDS)
    user = make_planner()
    release(round_, by=user, now=timezone.now())
    planner = signed_in(user)

    for address in (url("round-change", round_.slug), url("group-change", group.pk)):
        answer = planner.get(address)
        assert answer["Location"] == url("round-detail", round_.slug)


def test_a_long_result_begins_with_the_table_and_pages_its_pictures() -> None:
    round_ = make_round(measures=31)
    group = make_closed_group(round_, way=Way.HANDS)
    for item in round_.items.all():
        make_tally(group, item, {1: 3})

    page = signed_in(make_planner()).get(url("result", round_.slug))

    assert len(page.context["rows"]) == 20
    text = page.content.decode()
    assert text.index('id="table"') < text.index('id="ranked"')


def test_a_group_shows_who_changed_it() -> None:
    round_ = make_round(measures=1)
    planner = make_planner(name="Ines Fröbel")
    group = add_group(round_, {"name_de": "Beirat", "way": Way.HANDS}, by=planner)
    group.opens_at = timezone.now() - timedelta(hours=1)
    group.save()
    close_group(group, by=planner, now=timezone.now())

    page = signed_in(planner).get(url("group-change", group.pk)).content.decode()

    assert "Ines Fröbel" in page


def test_personal_votes_count_in_the_result() -> None:
    round_ = make_round()
    item = make_item(round_)
    group = make_open_group(round_)
    make_marks(make_voter(group), {item: 2})
    group.closed_at = timezone.now()
    group.save()

    page = signed_in(make_planner()).get(url("result", round_.slug))

    assert page.context["rows"][0].degree == 2


def test_whoever_may_not_see_the_interim_result_does_not_get_it_by_deciding() -> None:
    round_ = make_round(measures=1, half_step=HalfStep.CHAIR)
    item = round_.items.get()
    group = make_closed_group(round_, way=Way.HANDS)
    make_tally(group, item, {1: 1, 2: 1})
    make_open_group(round_, way=Way.HANDS)
    chair = signed_in(chair_of(group))

    assert chair.get(url("result", round_.slug)).status_code == 403
    assert chair.post(url("chair-decision", item.pk), {}).status_code == 403


def test_a_row_of_another_ballot_is_not_found() -> None:
    group = make_open_group(make_round(measures=1), way=Way.HANDS)
    other = make_round(measures=1).items.get()

    page = signed_in(chair_of(group)).post(
        url("tally", group.pk), {"row": other.pk}, headers={"HX-Request": "true"}
    )

    assert page.status_code == 404


def test_nobody_is_put_on_the_list_of_a_released_round() -> None:
    group = make_closed_group(make_round(measures=1), body=make_body(), way=Way.HANDS)
    user = make_planner()
    release(group.round, by=user, now=timezone.now())

    page = signed_in(user).post(url("voters-from-body", group.pk), follow=True)

    assert [message.level_tag for message in page.context["messages"]] == ["error"]
