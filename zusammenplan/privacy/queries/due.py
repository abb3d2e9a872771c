"""What must go: for each class the rows whose period is over."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.timezone import localdate, make_aware
from django.utils.translation import ngettext

from zusammenplan.ballots.models import Proposal, Voter
from zusammenplan.core.models import BarrierReport
from zusammenplan.meetings.models import Seat
from zusammenplan.people.models import Comment, Digest, Draft, Invitation, Task, User
from zusammenplan.plans.models import Rating, RatingRequest
from zusammenplan.privacy.choices import BEGINS, PURPOSES, Outcome, Retention, outcome_of
from zusammenplan.privacy.domain import MONTHS_A_YEAR, TERMS, over_before
from zusammenplan.privacy.models import RetentionRule

Rows = tuple[QuerySet[Any], ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A class of retention as it is in force."""

    retention: Retention
    months: int
    is_held: bool
    hold_reason: str
    due: int

    @property
    def label(self) -> str:
        return str(self.retention.label)

    @property
    def begins(self) -> str | Promise:
        return BEGINS[self.retention]

    @property
    def purpose(self) -> str | Promise:
        return PURPOSES[self.retention]

    @property
    def period(self) -> str:
        return period_text(self.months)

    @property
    def outcome(self) -> Outcome:
        return outcome_of(self.retention)


def policies(today: date | None = None, *, counted: bool = True) -> list[Policy]:
    """Give all classes in the order of the choices; with the number of what is due today."""
    rules = {rule.retention: rule for rule in RetentionRule.objects.all()}
    return [_policy(retention, rules, today or localdate(), counted) for retention in Retention]


def rule_of(retention: Retention) -> RetentionRule:
    """Give the row of a class, or one with the usual period that nobody has written yet."""
    rule = RetentionRule.objects.filter(retention=retention).first()
    return rule or RetentionRule(retention=retention, months=TERMS[retention].usual)


def _policy(
    retention: Retention,
    rules: "dict[str, RetentionRule]",
    today: date,
    counted: bool,  # noqa: FBT001 - named by its only caller
) -> Policy:
    rule = rules.get(retention)
    months = rule.months if rule else TERMS[retention].usual
    found = due(retention, over_before(today, months)) if counted else ()
    return Policy(
        retention,
        months,
        is_held=bool(rule and rule.is_held),
        hold_reason=rule.hold_reason if rule else "",
        due=sum(rows.count() for rows in found),
    )


def period_text(months: int) -> str:
    """Write a period in whole years where it is some."""
    if months % MONTHS_A_YEAR:
        return ngettext("%(number)s month", "%(number)s months", months) % {"number": months}
    years = months // MONTHS_A_YEAR
    return ngettext("%(number)s year", "%(number)s years", years) % {"number": years}


def due(retention: Retention, before: date) -> Rows:
    """Give the rows whose period began before the day, less those that nothing is left of."""
    return tuple(DUE[retention](before))


def _moment(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))


def _drafts(before: date) -> Iterator[QuerySet[Any]]:
    yield Draft.objects.filter(saved_at__lt=_moment(before))


def _mails(before: date) -> Iterator[QuerySet[Any]]:
    yield Digest.objects.filter(on__lt=before)


def _links(before: date) -> Iterator[QuerySet[Any]]:
    yield Invitation.objects.filter(expires_at__lt=_moment(before))


def _barriers(before: date) -> Iterator[QuerySet[Any]]:
    yield BarrierReport.objects.filter(answered_at__lt=_moment(before))


def _contacts(before: date) -> Iterator[QuerySet[Any]]:
    yield Seat.objects.filter(valid_to__lt=before).exclude(email="")
    yield _voters(before).exclude(email="")
    yield _requests(before).exclude(email="")


def _accounts(before: date) -> Iterator[QuerySet[Any]]:
    yield User.objects.filter(
        is_active=False, anonymised_at=None, deactivated_at__lt=_moment(before)
    )


def _tasks(before: date) -> Iterator[QuerySet[Any]]:
    yield Task.objects.filter(done_at__lt=_moment(before))


def _comments(before: date) -> Iterator[QuerySet[Any]]:
    yield Comment.objects.filter(written_at__lt=_moment(before))


def _votes(before: date) -> Iterator[QuerySet[Any]]:
    yield _voters(before).filter(anonymised_at=None)
    released = Q(round__released_at__lt=_moment(before))
    yield Proposal.objects.filter(released).exclude(proposed_by="")


def _ratings(before: date) -> Iterator[QuerySet[Any]]:
    yield _requests(before).filter(anonymised_at=None)
    closed = Q(evaluation__closed_at__lt=_moment(before))
    yield Rating.objects.filter(closed).exclude(author=None, author_name="")


def _seats(before: date) -> Iterator[QuerySet[Any]]:
    yield Seat.objects.filter(valid_to__lt=before, anonymised_at=None)


def _voters(before: date) -> QuerySet[Voter]:
    return Voter.objects.filter(group__round__released_at__lt=_moment(before))


def _requests(before: date) -> QuerySet[RatingRequest]:
    return RatingRequest.objects.filter(evaluation__closed_at__lt=_moment(before))


DUE: dict[Retention, Callable[[date], Iterator[QuerySet[Any]]]] = {
    Retention.DRAFTS: _drafts,
    Retention.MAILS: _mails,
    Retention.LINKS: _links,
    Retention.BARRIERS: _barriers,
    Retention.CONTACTS: _contacts,
    Retention.ACCOUNTS: _accounts,
    Retention.TASKS: _tasks,
    Retention.COMMENTS: _comments,
    Retention.VOTES: _votes,
    Retention.RATINGS: _ratings,
    Retention.SEATS: _seats,
}
