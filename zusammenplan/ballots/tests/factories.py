"""Plain functions that make rounds, groups, voters and their marks for tests."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from zusammenplan.ballots.actions import PersonalLink, invite_voters, save_marks
from zusammenplan.ballots.choices import Way
from zusammenplan.ballots.models import Group, Item, Proposal, Round, Tally, Voter
from zusammenplan.people.models import User
from zusammenplan.people.tests.factories import make_planner
from zusammenplan.plans.models import Measure, Plan
from zusammenplan.plans.tests.factories import make_field, make_measure, make_plan

_numbers = count(1)


def make_round(plan: Plan | None = None, *, measures: int = 0, **fields: Any) -> Round:
    """Make a round; with ``measures`` so many of them in one field are on its ballot."""
    number = next(_numbers)
    now = timezone.now()
    round_ = Round.objects.create(
        **{
            "plan": plan or make_plan(),
            "slug": f"runde-{number}",
            "title_de": f"Was soll zuerst kommen? {number}",
            "words": {"1": {"de": "zuerst", "en": "first"}, "6": {"de": "zuletzt", "en": "last"}},
            "wall_key": f"leinwand-{number}",
            "created_at": now,
            **fields,
        }
    )
    make_items(round_, measures)
    return round_


def make_items(round_: Round, number: int) -> list[Item]:
    """Put so many new measures of one field on the ballot."""
    if not number:
        return []
    field = make_field(round_.plan)
    return [make_item(round_, make_measure(round_.plan, field=field)) for _ in range(number)]


def make_item(round_: Round, measure: Measure | None = None, **fields: Any) -> Item:
    measure = measure or make_measure(round_.plan)
    return Item.objects.create(
        **{
            "round": round_,
            "measure": measure,
            "position": round_.items.count(),
            "number": measure.number,
            "title_de": measure.title_de,
            "title_en": measure.title_en,
            **fields,
        }
    )


def make_group(round_: Round | None = None, **fields: Any) -> Group:
    """Make a group that is not open yet."""
    number = next(_numbers)
    return Group.objects.create(
        **{
            "round": round_ or make_round(),
            "name_de": f"Steuerungsgruppe {number}",
            "way": Way.PERSONAL,
            "position": number,
            **fields,
        }
    )


def make_open_group(round_: Round | None = None, **fields: Any) -> Group:
    """Make a group that opened an hour ago and ends in two hours."""
    now = timezone.now()
    return make_group(
        round_,
        **{
            "opens_at": now - timedelta(hours=1),
            "closes_at": now + timedelta(hours=2),
            **fields,
        },
    )


def make_closed_group(round_: Round | None = None, **fields: Any) -> Group:
    """Make a group that opened an hour ago and was closed just now."""
    now = timezone.now()
    return make_open_group(round_, **{"closes_at": None, "closed_at": now, **fields})


def make_voter(group: Group | None = None, **fields: Any) -> Voter:
    return Voter.objects.create(
        **{
            "group": group or make_open_group(),
            "name": f"Mitglied {next(_numbers)}",
            **fields,
        }
    )


def make_link(voter: Voter, *, by: User | None = None, days: int = 7) -> str:
    """Give the voter a fresh personal link and return its token."""
    now = timezone.now()
    links: list[PersonalLink] = invite_voters(
        [voter], expires_at=now + timedelta(days=days), by=by or make_planner(), now=now
    )
    return links[0].token


def make_marks(voter: Voter, grades: Mapping[Item, int | None]) -> None:
    """Let the voter of an open group vote openly."""
    save_marks(voter, {item.pk: grade for item, grade in grades.items()}, now=timezone.now())


def make_tally(group: Group, item: Item, counts: Mapping[int, int]) -> list[Tally]:
    """Write down how many marks of each grade a group gave."""
    return Tally.objects.bulk_create(
        [
            Tally(group=group, item=item, grade=grade, count=number)
            for grade, number in counts.items()
        ]
    )


def make_proposal(round_: Round | None = None, **fields: Any) -> Proposal:
    number = next(_numbers)
    return Proposal.objects.create(
        **{
            "round": round_ or make_round(),
            "title": f"Weitere Maßnahme {number}",
            "proposed_by": f"Mitglied {number}",
            "proposed_at": timezone.now(),
            **fields,
        }
    )
