"""The voter's journey: link, ballot, check, thanks, proposals; and every closed door on the way."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from zusammenplan.ballots.actions import close_group, invite_voters, release
from zusammenplan.ballots.choices import Audience, ProposalStatus, Way
from zusammenplan.ballots.models import Ballot, Item, Mark, Proposal, Round, Voter
from zusammenplan.ballots.tests.factories import (
    make_closed_group,
    make_group,
    make_item,
    make_items,
    make_link,
    make_marks,
    make_open_group,
    make_proposal,
    make_round,
    make_voter,
)
from zusammenplan.people.actions import (
    deactivate_user,
    invite,
    reactivate_user,
    revoke_invitation,
)
from zusammenplan.people.choices import InvitationPurpose
from zusammenplan.people.tests.factories import make_administrator, make_planner, make_user

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
NO_GRADES = ["0", "7", "-1", "99999999", "eins", "1.5", "", "\N{ARABIC-INDIC DIGIT ONE}"]


def url(voter: Voter, page: str = "ballot") -> str:
    return reverse(f"room:{page}", args=[voter.group.round.slug, voter.group_id])


def text(response: Any) -> str:
    """Give the page with its white space folded."""
    return re.sub(r"\s+", " ", response.content.decode())


def open_link(voter: Voter, client: Client | None = None) -> Client:
    client = client or Client()
    client.get(reverse("room:enter", args=[make_link(voter)]))
    return client


def items(voter: Voter) -> list[Item]:
    return list(voter.group.round.items.order_by("position"))


def grades(voter: Voter) -> dict[str, int | None]:
    marks = Mark.objects.filter(ballot=voter.pk).select_related("item")
    return {mark.item.title_de: mark.grade for mark in marks}


@pytest.fixture
def voter() -> Voter:
    return make_voter(make_open_group(make_round(measures=3)), name="Marit Hollenbach")


# --- the personal link --------------------------------------------------------------------


def test_a_link_leads_to_the_ballot_at_an_address_without_the_token(voter: Voter) -> None:
    token = make_link(voter)

    response = Client().get(reverse("room:enter", args=[token]))

    assert response.status_code == 302
    assert response["Location"] == url(voter)
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]


def test_the_cookie_is_signed_and_hidden_from_scripts_and_ends_with_the_link(voter: Voter) -> None:
    token = make_link(voter, days=3)
    client = Client()

    client.get(reverse("room:enter", args=[token]))

    (cookie,) = client.cookies.values()
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert abs(int(cookie["max-age"]) - 3 * 86_400) < 10
    assert cookie.value.startswith(token + ":")


def test_the_cookie_travels_only_encrypted_where_the_site_is_https(
    voter: Voter, settings: Any
) -> None:
    settings.IS_HTTPS = True
    client = open_link(voter)

    (cookie,) = client.cookies.values()
    assert cookie["secure"]


def test_a_cookie_that_somebody_wrote_by_hand_opens_nothing(voter: Voter) -> None:
    client = Client()
    client.cookies[f"zp_vote_{voter.group_id}"] = make_link(voter)

    assert client.get(url(voter)).status_code == 404


def test_a_link_may_be_opened_again_and_again(voter: Voter) -> None:
    token = make_link(voter)

    for _ in range(3):
        assert Client().get(reverse("room:enter", args=[token])).status_code == 302


@pytest.mark.parametrize("token", ["geraten", "x" * 32, "'; DROP TABLE--", "ä%00"])
def test_a_guessed_link_opens_nothing_and_says_what_to_do(token: str) -> None:
    response = Client().get(reverse("room:enter", args=[token]))

    assert response.status_code == 404
    assert 'class="zp-lead"' in text(response)


def test_an_expired_link_says_so(voter: Voter) -> None:
    now = timezone.now()
    long_ago = now - timedelta(days=9)
    link = invite_voters(
        [voter], expires_at=now - timedelta(minutes=1), by=make_planner(), now=long_ago
    )[0]

    with translation.override("en"):
        address = reverse("room:enter", args=[link.token])
    response = Client().get(address)

    assert response.status_code == 410
    assert response["Referrer-Policy"] == "no-referrer"
    assert "This link has expired" in text(response)


def test_a_withdrawn_link_says_so_and_its_cookie_opens_nothing_any_more(voter: Voter) -> None:
    token = make_link(voter)
    client = Client()
    client.get(reverse("room:enter", args=[token]))
    voter.refresh_from_db()
    assert voter.invitation
    revoke_invitation(voter.invitation, by=None, now=timezone.now())

    assert client.get(reverse("room:enter", args=[token])).status_code == 410
    assert client.get(url(voter)).status_code == 410
    refused = client.post(url(voter), {f"m{items(voter)[0].pk}": "1"}, headers=HTMX)
    assert refused.status_code == 410
    assert grades(voter) == {}


def test_somebody_whose_account_is_deactivated_votes_by_no_link(voter: Voter) -> None:
    make_administrator()
    voter.user = make_user()
    voter.save()
    token, mark = make_link(voter), {f"m{items(voter)[0].pk}": "1"}
    client = Client()
    client.get(reverse("room:enter", args=[token]))
    assert client.get(url(voter)).status_code == 200

    deactivate_user(voter.user, by=None, now=timezone.now())

    for request in (client.get, client.post):
        assert request(url(voter), mark).status_code == 404
    assert client.post(url(voter), mark, headers=HTMX).status_code == 404
    assert Client().get(reverse("room:enter", args=[token])).status_code == 404
    assert url(voter) not in text(client.get(reverse("room:ballots")))
    assert grades(voter) == {}

    reactivate_user(voter.user, by=None)
    assert client.post(url(voter), mark).status_code == 302


def test_a_new_link_replaces_the_old_one_and_finds_the_same_marks(voter: Voter) -> None:
    old = open_link(voter)
    old.post(url(voter), {f"m{items(voter)[0].pk}": "2"})

    new = open_link(voter)

    assert old.get(url(voter)).status_code == 410
    assert 'value="2" checked' in text(new.get(url(voter)))


def test_a_link_of_another_round_does_not_open_this_ballot(voter: Voter) -> None:
    other = make_voter(make_open_group(make_round(measures=1)))
    client = open_link(other)

    assert client.get(url(voter)).status_code == 404
    assert client.post(url(voter), {f"m{items(voter)[0].pk}": "1"}).status_code == 404
    assert client.get(url(other)).status_code == 200


def test_a_link_opens_its_group_only_under_its_own_round(voter: Voter) -> None:
    client = open_link(voter)
    other = make_round()

    address = reverse("room:ballot", args=[other.slug, voter.group_id])
    assert client.get(address).status_code == 404
    assert client.get(f"/stimmzettel/{other.slug}/{'9' * 40}/").status_code == 404


def test_a_link_for_an_account_is_no_ballot() -> None:
    now = timezone.now()
    _, token = invite(
        purpose=InvitationPurpose.ACCOUNT,
        expires_at=now + timedelta(days=1),
        by=None,
        now=now,
        user=make_user(),
    )

    assert Client().get(reverse("room:enter", args=[token])).status_code == 404


def test_a_link_whose_group_raises_hands_is_no_ballot() -> None:
    voter = make_voter(make_open_group(way=Way.HANDS))

    assert Client().get(reverse("room:enter", args=[make_link(voter)])).status_code == 404


def test_many_wrong_links_are_slowed_down_but_good_ones_still_open(voter: Voter) -> None:
    token = make_link(voter)
    client = Client()

    answers = {
        client.get(reverse("room:enter", args=[f"falsch-{number}"])).status_code
        for number in range(70)
    }

    assert answers == {404, 429}
    assert client.get(reverse("room:enter", args=[token])).status_code == 302


def test_somebody_signed_in_needs_no_link() -> None:
    user = make_user()
    voter = make_voter(make_open_group(make_round(measures=1)), user=user)
    client = Client()
    client.force_login(user)

    assert client.get(url(voter)).status_code == 200
    client.post(url(voter), {f"m{items(voter)[0].pk}": "3"})
    assert list(grades(voter).values()) == [3]


def test_somebody_signed_in_does_not_reach_another_ones_ballot(voter: Voter) -> None:
    client = Client()
    client.force_login(make_planner())

    for page in ("ballot", "review", "thanks", "proposal"):
        assert client.get(url(voter, page)).status_code == 404
        assert client.post(url(voter, page)).status_code in {404, 405}


def test_without_a_link_the_page_says_where_it_is_found(voter: Voter) -> None:
    response = Client().get(url(voter))

    assert response.status_code == 404
    assert reverse("account_login") in text(response)
    assert voter.group.round.title_de not in text(response)


def test_two_groups_on_one_phone_do_not_push_each_other_out(voter: Voter) -> None:
    other = make_voter(make_open_group(make_round(measures=1)))
    client = open_link(other, open_link(voter))

    assert client.get(url(voter)).status_code == 200
    assert client.get(url(other)).status_code == 200
    page = text(client.get(reverse("room:ballots")))
    assert url(voter) in page
    assert url(other) in page


def test_the_list_of_ballots_is_empty_for_a_stranger(voter: Voter) -> None:
    response = Client().get(reverse("room:ballots"))

    assert response.status_code == 200
    assert url(voter) not in text(response)


def test_the_list_shows_the_ballots_of_an_account() -> None:
    user = make_user()
    voters = [make_voter(make_open_group(), user=user), make_voter(make_group(), user=user)]
    voters.append(make_voter(make_closed_group(), user=user))
    client = Client()
    client.force_login(user)

    page = text(client.get(reverse("room:ballots")))

    assert all(url(voter) in page for voter in voters)


# --- voting -------------------------------------------------------------------------------


def test_the_whole_form_is_saved_and_leads_to_the_check(voter: Voter) -> None:
    client = open_link(voter)
    first, second, _ = items(voter)

    response = client.post(url(voter), {f"m{first.pk}": "1", f"m{second.pk}": "none"})

    assert response["Location"] == url(voter, "review")
    assert grades(voter) == {first.title_de: 1, second.title_de: None}
    page = text(client.get(url(voter, "review")))
    assert f"{url(voter)}#m{items(voter)[2].pk}" in page


def test_without_scripts_the_ballot_says_when_marks_are_saved(voter: Voter) -> None:
    page = text(open_link(voter).get(url(voter)))

    hint = page[page.index("<noscript>") : page.index("</noscript>")]
    assert "erst mit „Prüfen und abgeben“" in hint


def test_one_change_is_saved_at_once_and_answered_with_note_and_progress(voter: Voter) -> None:
    client = open_link(voter)
    first, second, _ = items(voter)

    response = client.post(url(voter), {f"m{first.pk}": "4"}, headers=HTMX)

    assert response.status_code == 200
    assert grades(voter) == {first.title_de: 4}
    assert 'hx-swap-oob="true"' in text(response)
    assert f'href="#m{second.pk}"' in text(response)
    assert "<html" not in text(response)


def test_a_mark_can_be_changed_until_the_end(voter: Voter) -> None:
    client = open_link(voter)
    first = items(voter)[0]

    for grade in ("4", "none", "2"):
        client.post(url(voter), {f"m{first.pk}": grade}, headers=HTMX)

    assert grades(voter) == {first.title_de: 2}


def test_handing_in_is_noted_and_changes_stay_possible(voter: Voter) -> None:
    client = open_link(voter)
    first, second, _ = items(voter)
    client.post(url(voter), {f"m{first.pk}": "1"})

    response = client.post(url(voter, "review"))

    assert response["Location"] == url(voter, "thanks")
    assert client.get(url(voter, "thanks")).status_code == 200
    assert Ballot.objects.get(voter=voter).handed_in_at is not None
    client.post(url(voter), {f"m{second.pk}": "5"})
    assert grades(voter) == {first.title_de: 1, second.title_de: 5}
    assert Ballot.objects.get(voter=voter).handed_in_at is not None


def test_an_empty_ballot_is_not_handed_in(voter: Voter) -> None:
    client = open_link(voter)
    client.post(url(voter), {"seen": ""})

    response = client.post(url(voter, "review"))

    assert response.status_code == 200
    voter.refresh_from_db()
    assert not voter.has_voted
    assert client.get(url(voter, "thanks"))["Location"] == url(voter)


def test_whoever_comes_back_finds_their_marks(voter: Voter) -> None:
    client = open_link(voter)
    first = items(voter)[0]
    client.post(url(voter), {f"m{first.pk}": "3"})

    page = text(open_link(voter).get(url(voter)))

    assert f'name="m{first.pk}" value="3" checked' in page


def test_an_older_tab_does_not_put_back_what_another_changed(voter: Voter) -> None:
    client = open_link(voter)
    first, second, _ = items(voter)
    client.post(url(voter), {f"m{first.pk}": "3"})
    seen = re.search(r'name="seen" value="([^"]*)"', text(client.get(url(voter))))
    assert seen
    client.post(url(voter), {f"m{first.pk}": "1"}, headers=HTMX)

    client.post(url(voter), {"seen": seen[1], f"m{first.pk}": "3", f"m{second.pk}": "2"})

    assert grades(voter) == {first.title_de: 1, second.title_de: 2}


@pytest.mark.parametrize("grade", NO_GRADES)
def test_a_grade_outside_the_scale_is_refused_and_nothing_is_lost(voter: Voter, grade: str) -> None:
    client = open_link(voter)
    first, second, _ = items(voter)

    response = client.post(url(voter), {f"m{first.pk}": grade, f"m{second.pk}": "2"})

    assert response.status_code == 422
    assert grades(voter) == {}
    assert f'name="m{second.pk}" value="2" checked' in text(response)
    part = client.post(url(voter), {f"m{first.pk}": grade}, headers=HTMX)
    assert part.status_code == 422
    assert "zp-saved--off" in text(part)


def test_a_measure_of_another_round_is_refused(voter: Voter) -> None:
    client = open_link(voter)
    (stranger,) = make_items(make_round(), 1)

    response = client.post(url(voter), {f"m{stranger.pk}": "1"})

    assert response.status_code == 409
    assert Mark.objects.count() == 0


def test_before_the_beginning_the_page_shows_what_will_be_voted_on() -> None:
    voter = make_voter(make_group(make_round(measures=2)))
    client = open_link(voter)

    page = text(client.get(url(voter)))

    assert items(voter)[0].title_de in page
    assert 'type="radio"' not in page
    assert client.post(url(voter), {f"m{items(voter)[0].pk}": "1"}).status_code == 409
    assert grades(voter) == {}


def test_after_closing_nothing_is_taken_and_the_own_marks_are_shown(voter: Voter) -> None:
    client = open_link(voter)
    first, second, _ = items(voter)
    client.post(url(voter), {f"m{first.pk}": "1"})
    close_group(voter.group, by=make_planner(), now=timezone.now())

    page = client.post(url(voter), {f"m{second.pk}": "1"})
    part = client.post(url(voter), {f"m{second.pk}": "1"}, headers=HTMX)

    assert page.status_code == part.status_code == 409
    assert grades(voter) == {first.title_de: 1}
    ended = text(client.get(url(voter)))
    assert 'class="zp-mine__grade">1<' in ended
    assert 'type="radio"' not in ended
    assert url(voter, "proposal") not in ended  # nobody proposed anything
    assert client.get(url(voter, "review"))["Location"] == url(voter)
    assert client.post(url(voter, "review"))["Location"] == url(voter)


def test_the_clock_closes_too(voter: Voter) -> None:
    client = open_link(voter)
    voter.group.closes_at = timezone.now() - timedelta(seconds=1)
    voter.group.save()

    assert client.post(url(voter), {f"m{items(voter)[0].pk}": "1"}, headers=HTMX).status_code == 409
    assert grades(voter) == {}


@pytest.mark.parametrize(
    ("audience", "is_shown"),
    [(Audience.PLANNERS, False), (Audience.VOTERS, True), (Audience.PUBLIC, True)],
)
def test_after_closing_the_result_is_shown_to_whom_it_may_be(
    audience: Audience, *, is_shown: bool
) -> None:
    voter = make_voter(make_open_group(make_round(measures=1, audience=audience)))
    make_marks(voter, {items(voter)[0]: 2})
    client = open_link(voter)
    close_group(voter.group, by=make_planner(), now=timezone.now())

    assert ("zp-prio__tile" in text(client.get(url(voter)))) is is_shown
    release(Round.objects.get(), by=make_planner(), now=timezone.now())
    assert "zp-prio__tile" in text(client.get(url(voter)))


def test_a_scale_from_ten_to_nought_runs_from_what_comes_first() -> None:
    round_ = make_round(measures=1, lowest=0, highest=10, direction="high_first", words={})
    voter = make_voter(make_open_group(round_))
    page = text(open_link(voter).get(url(voter)))

    values = re.findall(r'type="radio" name="m\d+" value="(\w+)"', page)
    assert values == [*map(str, range(10, -1, -1)), "none"]


def test_the_page_speaks_english_too(voter: Voter) -> None:
    client = open_link(voter)
    with translation.override("en"):
        address = url(voter)
    page = text(client.get(address))

    assert 'lang="en"' in page
    assert "Check and hand in" in page
    first = items(voter)[0]
    answer = client.post(address, {f"m{first.pk}": "1"}, headers=HTMX)
    assert "Saved at" in text(answer)


def test_a_vote_needs_the_csrf_token(voter: Voter) -> None:
    client = open_link(voter, Client(enforce_csrf_checks=True))

    assert client.post(url(voter), {f"m{items(voter)[0].pk}": "1"}).status_code == 403
    assert grades(voter) == {}


# --- how much it costs --------------------------------------------------------------------


def test_one_vote_of_sixteen_marks_takes_six_statements(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    voter = make_voter(make_open_group(make_round(measures=16)))
    client = open_link(voter)
    marks = {f"m{item.pk}": "2" for item in items(voter)}
    client.post(url(voter), marks)  # the first one also notes that the person has voted

    # The voter; savepoint (in operation: begin); group with items, ballot, marks; release (commit).
    with django_assert_num_queries(6):
        client.post(url(voter), marks)


def test_one_changed_mark_takes_eight_statements(
    django_assert_num_queries: DjangoAssertNumQueries, voter: Voter
) -> None:
    client = open_link(voter)
    field = f"m{items(voter)[0].pk}"
    client.post(url(voter), {field: "1"}, headers=HTMX)

    with django_assert_num_queries(8):  # besides, for the progress: marks and measures
        client.post(url(voter), {field: "2"}, headers=HTMX)


@pytest.mark.parametrize("measures", [1, 30])
def test_the_ballot_takes_five_queries_however_long_it_is(
    django_assert_num_queries: DjangoAssertNumQueries, measures: int
) -> None:
    voter = make_voter(make_open_group(make_round(measures=measures)))
    client = open_link(voter)
    client.post(url(voter), {f"m{item.pk}": "2" for item in items(voter)})

    with django_assert_num_queries(5):
        client.get(url(voter))


# --- proposals ----------------------------------------------------------------------------


def test_a_proposal_arrives_with_its_voter_and_is_listed(voter: Voter) -> None:
    client = open_link(voter)

    response = client.post(url(voter, "proposal"), {"title": "Fahrdienst zu Sitzungen"})

    assert response["Location"] == url(voter, "proposal")
    proposal = Proposal.objects.get()
    assert proposal.proposed_by == "Marit Hollenbach"
    assert proposal.group == voter.group
    assert "Fahrdienst zu Sitzungen" in text(client.get(url(voter, "proposal")))


def test_the_fate_of_each_proposal_is_told(voter: Voter) -> None:
    make_proposal(voter.group.round, status=ProposalStatus.REFUSED, reason="Steht schon unter 5.2.")
    (item,) = make_items(voter.group.round, 1)
    make_proposal(voter.group.round, status=ProposalStatus.ADMITTED, item=item)
    make_proposal(make_round(), title="Aus einer anderen Runde")

    page = text(open_link(voter).get(url(voter, "proposal")))

    assert "Steht schon unter 5.2." in page
    assert item.number in page
    assert "Aus einer anderen Runde" not in page


def test_a_proposal_without_a_title_is_refused_next_to_the_field(voter: Voter) -> None:
    response = open_link(voter).post(url(voter, "proposal"), {"title": " ", "text": "Weil."})

    assert response.status_code == 422
    assert "Weil." in text(response)
    assert "id_title_error" in text(response)


def test_a_proposal_after_closing_is_refused_and_its_text_kept(voter: Voter) -> None:
    client = open_link(voter)
    close_group(voter.group, by=make_planner(), now=timezone.now())

    response = client.post(url(voter, "proposal"), {"title": "Zu spät"})

    assert response.status_code == 409
    assert "Zu spät" in text(response)
    assert not Proposal.objects.exists()
    assert "<form" not in text(client.get(url(voter, "proposal")))


def test_a_round_that_takes_no_proposals_shows_no_way_to_them() -> None:
    voter = make_voter(make_open_group(make_round(measures=1, takes_proposals=False)))
    client = open_link(voter)

    assert url(voter, "proposal") not in text(client.get(url(voter)))
    assert client.get(url(voter, "proposal"))["Location"] == url(voter)


def test_proposals_are_limited(voter: Voter) -> None:
    client = open_link(voter)
    answers = [
        client.post(url(voter, "proposal"), {"title": f"Vorschlag {number}"}).status_code
        for number in range(21)
    ]

    assert answers == [302] * 20 + [429]


def test_the_thousandth_measure_on_a_ballot_is_named_as_its_mark_is_read() -> None:
    voter = make_voter(make_open_group(make_round()))
    make_item(voter.group.round, pk=1234)
    client = open_link(voter)

    page = text(client.get(url(voter)))
    names = set(re.findall(r'type="radio" name="(m[^"]*)"', page))
    client.post(url(voter), dict.fromkeys(names, "1"))

    assert Mark.objects.filter(ballot=voter.pk, item=1234).exists()
    assert "1.234" not in page
