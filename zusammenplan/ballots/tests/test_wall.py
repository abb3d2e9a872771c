"""The projector's page: who may see what on it, and what a poll costs."""

import gzip
import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from zusammenplan.ballots.actions import close_group, release
from zusammenplan.ballots.choices import Audience, Way
from zusammenplan.ballots.models import Group, Round
from zusammenplan.ballots.tests.factories import (
    make_group,
    make_marks,
    make_open_group,
    make_round,
    make_tally,
    make_voter,
)
from zusammenplan.people.tests.factories import make_planner

pytestmark = pytest.mark.django_db
RESULT = "zp-prio__tile"


def state_url(round_: Round) -> str:
    return reverse("room:wall-state", args=[round_.wall_key])


def text(response: Any) -> str:
    """Give the page with its white space folded."""
    return re.sub(r"\s+", " ", response.content.decode())


def show(round_: Round, query: str = "") -> str:
    caches["pages"].clear()
    return text(Client().get(state_url(round_) + query))


def make_voted_round(**fields: Any) -> tuple[Round, Group]:
    """Make a round of two measures in which two of three have voted."""
    round_ = make_round(measures=2, **fields)
    group = make_open_group(round_, name_de="Beirat")
    voters = [make_voter(group) for _ in range(3)]
    for voter in voters[:2]:
        if not round_.is_secret:
            make_marks(voter, dict.fromkeys(round_.items.all(), 2))
        else:
            voter.has_voted = True
            voter.save()
    return round_, group


def test_whoever_has_the_key_may_watch_without_signing_in() -> None:
    round_, _ = make_voted_round()

    response = Client().get(reverse("room:wall", args=[round_.wall_key]))

    assert response.status_code == 200
    assert round_.title_de in text(response)
    assert state_url(round_) in text(response)
    assert '<meta http-equiv="refresh"' in text(response)


@pytest.mark.parametrize("name", ["wall", "wall-state"])
def test_a_guessed_key_shows_nothing(name: str) -> None:
    assert Client().get(reverse(f"room:{name}", args=["geraten"])).status_code == 404


def test_participation_is_shown_as_seats() -> None:
    round_, _ = make_voted_round()

    page = show(round_)

    assert page.count('class="is-in"') == 2
    assert page.count('class="is-out"') == 1


def test_many_voters_are_shown_as_a_bar() -> None:
    round_ = make_round(measures=1)
    group = make_open_group(round_)
    for number in range(61):
        make_voter(group, has_voted=number < 30)

    page = show(round_)

    assert page.count('class="is-in"') == 1
    assert 'class="is-in" width="177"' in page


def test_seats_that_need_too_many_rows_become_bars() -> None:
    round_ = make_round(measures=1)
    for name in ("Beirat", "Kreistag"):
        group = make_open_group(round_, name_de=name)
        for _ in range(25):
            make_voter(group)

    page = show(round_)

    assert "<circle" not in page
    assert page.count('class="is-out"') == 2


@pytest.mark.parametrize(("groups", "named", "rest"), [(4, 4, ""), (7, 7, ""), (9, 6, "3")])
def test_many_groups_stand_in_words_and_the_last_are_counted(
    groups: int, named: int, rest: str
) -> None:
    round_ = make_round(measures=1)
    for number in range(groups):
        make_voter(make_open_group(round_, name_de=f"Kreis {number}"))

    caches["pages"].clear()
    page = text(Client().get("/en" + state_url(round_)))

    assert page.count("zp-beamer__group--many") == named
    assert "zp-seats" not in page
    assert (f"and {rest} more groups" in page) is bool(rest)


def test_a_long_title_sets_all_of_its_page_smaller() -> None:
    round_ = make_round(measures=8)
    first = round_.items.order_by("position")[0]
    first.title_de = "Beratung zur Pflege an einem Ort, kostenfrei und unabhängig"
    first.save()

    assert "zp-beamer__list--long" in show(round_, "?seite=1")
    assert "zp-beamer__list--long" not in show(round_, "?seite=2")


def test_hands_and_tables_are_told_in_words() -> None:
    round_ = make_round(measures=1)
    make_open_group(round_, name_de="Plenum", way=Way.HANDS, present=23)
    make_open_group(round_, name_de="Beirat", way=Way.MAJORITY)
    make_open_group(round_, name_de="Kreistag", way=Way.TABLE)

    page = show(round_)

    assert "Plenum" in page
    assert "23" in page
    assert "Beirat" in page
    assert "Kreistag" in page
    assert "zp-beamer__num" not in page


@pytest.mark.parametrize(
    ("audience", "is_shown"),
    [(Audience.PLANNERS, False), (Audience.VOTERS, True), (Audience.PUBLIC, True)],
)
def test_results_are_shown_only_to_whom_they_may_be(audience: Audience, *, is_shown: bool) -> None:
    round_, group = make_voted_round(audience=audience)

    assert (RESULT in show(round_)) is is_shown
    close_group(group, by=make_planner(), now=timezone.now())
    assert (RESULT in show(round_)) is is_shown
    release(round_, by=make_planner(), now=timezone.now())
    assert RESULT in show(round_)


def test_a_running_secret_vote_shows_participation_and_nothing_else() -> None:
    round_, _ = make_voted_round(is_secret=True, audience=Audience.PUBLIC)

    page = show(round_)

    assert RESULT not in page
    assert page.count('class="is-in"') == 2


def test_the_label_says_how_sure_the_result_is() -> None:
    round_, group = make_voted_round(audience=Audience.VOTERS)
    provisional = re.search(r'zp-beamer__sub">([^<]+)<', show(round_))
    close_group(group, by=make_planner(), now=timezone.now())
    release(round_, by=make_planner(), now=timezone.now())
    released = re.search(r'zp-beamer__sub">([^<]+)<', show(round_))

    assert provisional
    assert released
    assert provisional[1] != released[1]


def test_before_it_begins_the_wall_lists_what_will_be_voted_on() -> None:
    round_ = make_round(measures=2)
    make_group(round_)

    page = show(round_)

    assert all(item.title_de in page for item in round_.items.all())
    assert RESULT not in page


def test_an_empty_round_has_a_wall_too() -> None:
    assert "zp-beamer__top" in show(make_round())


@pytest.mark.parametrize("groups", [1, 2, 3])
def test_the_marks_of_the_groups_are_told_in_words(groups: int) -> None:
    round_ = make_round(measures=1, audience=Audience.PUBLIC)
    (item,) = round_.items.all()
    for number in range(groups):
        group = make_open_group(round_, name_de=f"Kreis {number}", way=Way.HANDS)
        make_tally(group, item, {1: 3, 6: 1})

    page = show(round_)

    label = re.search(r'role="img" aria-label="([^"]+)"', page)
    assert label
    assert all(f"Kreis {number}" in label[1] for number in range(groups))
    assert ('class="f-two"' in page) is (groups == 2)


# --- pages of seven -----------------------------------------------------------------------


def test_seven_measures_stand_on_a_page() -> None:
    round_ = make_round(measures=9)
    titles = [item.title_de for item in round_.items.order_by("position")]

    first, second, beyond = (show(round_, f"?seite={number}") for number in (1, 2, 99999))

    assert [f"</span>{title}<" in first for title in titles] == [True] * 7 + [False] * 2
    assert [f"</span>{title}<" in second for title in titles] == [False] * 7 + [True] * 2
    assert second == beyond
    assert 'aria-current="page"' in first


@pytest.mark.parametrize("page", ["", "0", "eins", "-1", "²", "1e9"])
def test_without_a_page_number_the_pages_take_turns(page: str) -> None:
    round_ = make_round(measures=9)

    asked = show(round_, f"?seite={page}")

    assert 'href="?"' not in asked
    assert re.search(r'href="\?seite=[12]">[^<]+</a> </nav>', asked)


@pytest.mark.parametrize(("moment", "first"), [(0, True), (15, False), (30, True)])
def test_a_page_stays_for_fifteen_seconds(
    moment: int, *, first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = make_round(measures=9)
    beginning = datetime(2027, 3, 1, 18, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: beginning + timedelta(seconds=moment))

    shown = f"</span>{round_.items.order_by('position')[0].title_de}<" in show(round_)

    assert shown is first


def test_a_page_that_is_held_stays_after_the_next_poll() -> None:
    round_ = make_round(measures=9)

    page = text(Client().get(reverse("room:wall", args=[round_.wall_key]) + "?seite=2"))

    assert f'hx-get="{state_url(round_)}?seite=2"' in page
    assert 'href="?"' in page


# --- what a poll costs --------------------------------------------------------------------


def test_an_unchanged_wall_is_answered_with_304_and_without_a_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    round_, _ = make_voted_round(audience=Audience.VOTERS)
    client = Client()
    etag = client.get(state_url(round_))["ETag"]

    with django_assert_num_queries(0):
        response = client.get(state_url(round_), headers={"If-None-Match": etag})

    assert response.status_code == 304
    assert response.content == b""
    assert response["ETag"] == etag
    assert response["Cache-Control"] == "private, no-cache"


def test_a_poll_of_somebody_signed_in_does_not_touch_the_session_either(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    round_, _ = make_voted_round()
    client = Client()
    client.force_login(make_planner())
    headers = {"Sec-Fetch-Dest": "empty"}
    etag = client.get(state_url(round_), headers=headers)["ETag"]

    with django_assert_num_queries(0):
        response = client.get(state_url(round_), headers={**headers, "If-None-Match": etag})

    assert response.status_code == 304
    assert "Cookie" not in response["Vary"]


def test_a_new_vote_is_seen_within_two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    round_, group = make_voted_round()
    client = Client()
    first = client.get(state_url(round_))
    voter = group.voters.get(has_voted=False)
    make_marks(voter, dict.fromkeys(round_.items.all(), 1))

    within = client.get(state_url(round_))
    later = time.monotonic() + 2.1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    after = client.get(state_url(round_), headers={"If-None-Match": first["ETag"]})

    assert within["ETag"] == first["ETag"]
    assert after.status_code == 200
    assert after["ETag"] != first["ETag"]
    assert text(after).count('class="is-in"') == 3


def test_the_answer_is_compressed_for_whom_it_may_be_under_the_same_tag() -> None:
    round_, _ = make_voted_round()
    client = Client()

    plain = client.get(state_url(round_))
    packed = client.get(state_url(round_), headers={"Accept-Encoding": "gzip, br"})

    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] == plain["ETag"]
    assert "Accept-Encoding" in packed["Vary"]


def test_both_languages_are_kept_apart() -> None:
    round_, _ = make_voted_round()

    german = Client().get(state_url(round_))
    english = Client().get("/en" + state_url(round_))

    assert "Have voted" in text(english)
    assert german["Content-Language"] == "de"
    assert english["Content-Language"] == "en"


@pytest.mark.parametrize("measures", [1, 30])
def test_making_the_wall_takes_as_many_queries_however_many_measures(
    django_assert_num_queries: DjangoAssertNumQueries, measures: int
) -> None:
    round_ = make_round(measures=measures, audience=Audience.PUBLIC)
    make_open_group(round_)

    with django_assert_num_queries(9):
        Client().get(state_url(round_))
