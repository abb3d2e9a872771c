"""Say how long what is kept, and let go what is over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep, keep_unless_changed
from zusammenplan.core.locks import alone
from zusammenplan.core.public import raise_version
from zusammenplan.people.models import User
from zusammenplan.privacy.actions import names
from zusammenplan.privacy.actions.accounts import empty_account
from zusammenplan.privacy.choices import Outcome, Retention
from zusammenplan.privacy.domain import TERMS, over_before
from zusammenplan.privacy.models import Erasure, RetentionRule
from zusammenplan.privacy.queries.due import Policy, due, policies, rule_of


class PeriodRefusedError(Exception):
    """The period is shorter or longer than it may be, or fixed."""

    def __init__(self, retention: Retention) -> None:
        terms = TERMS[retention]
        super().__init__(
            _("Please choose between %(least)s and %(most)s months.")
            % {"least": terms.least, "most": terms.most}
        )


class HoldWithoutReasonError(Exception):
    """A hold keeps what the law says must go; somebody will ask why."""

    def __init__(self) -> None:
        super().__init__(_("Please say why nothing of this may go."))


@dataclass(frozen=True, slots=True)
class Gone:
    """What one run let go of a class."""

    retention: Retention
    outcome: Outcome
    count: int


@transaction.atomic
def change_rule(
    retention: Retention, values: Mapping[str, Any], *, seen_version: int, by: User | None
) -> RetentionRule:
    """
    Say how long a class is kept, or put it on hold.

    :raises PeriodRefusedError: if the period is shorter or longer than it may be
    :raises HoldWithoutReasonError: if nobody says why it is on hold
    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    """
    terms = TERMS[retention]
    if not terms.least <= values["months"] <= terms.most:
        raise PeriodRefusedError(retention)
    if values["is_held"] and not values["hold_reason"].strip():
        raise HoldWithoutReasonError
    alone(RetentionRule)  # the row is written the first time
    rule = rule_of(retention)
    if rule._state.adding:
        keep(rule, by=by, deed=_("Usual period"))
    for name, value in values.items():
        setattr(rule, name, value)
    keep_unless_changed(
        rule, seen_version=seen_version, by=by, deed=_("Period changed"), fields=list(values)
    )
    # The public notice tells the periods.
    raise_version()
    return rule


def let_go(*, now: datetime, by: User | None = None) -> list[Gone]:
    """Let go everything whose period is over and that is not on hold; each class by itself."""
    today = localdate(now)
    waiting = [policy for policy in policies(today) if policy.due and not policy.is_held]
    return [gone for policy in waiting if (gone := _let_go_class(policy, today, now, by))]


@transaction.atomic
def _let_go_class(policy: Policy, today: date, now: datetime, by: User | None) -> Gone | None:
    alone(Erasure)  # two at once would count the same twice
    rows = due(policy.retention, over_before(today, policy.months))
    count = sum(_let_go_rows(policy, some, now) for some in rows)
    if not count:
        return None  # another process was faster
    note_erasure(policy.retention, policy.outcome, count, by=by, now=now)
    return Gone(policy.retention, policy.outcome, count)


def note_erasure(
    retention: Retention | None,
    outcome: Outcome,
    count: int,
    *,
    by: User | None,
    now: datetime,
) -> None:
    """Keep that something went, and nothing of whom it was."""
    Erasure.objects.create(
        retention=retention or "", outcome=outcome, count=count, erased_at=now, erased_by=by
    )


def _let_go_rows(policy: Policy, rows: QuerySet[Any], now: datetime) -> int:
    if policy.outcome == Outcome.DELETE:
        return delete_rows(rows)
    if policy.outcome == Outcome.CONTACT:
        return names.empty_contacts(rows)
    if rows.model is User:
        return sum(_empty_left_account(user, now) for user in rows.select_for_update())
    return names.empty_names(rows, now=now)


def _empty_left_account(user: User, now: datetime) -> int:
    empty_account(user, by=None, now=now)
    return 1


def delete_rows(rows: QuerySet[Any]) -> int:
    """Delete rows and what their histories keep of them."""
    model: type[Model] = rows.model
    number = 0
    for keys in names.batches(rows.values_list("pk", flat=True)):
        if history := getattr(model, "history", None):
            history.filter(id__in=keys).delete()
        found = model._default_manager.filter(pk__in=keys)
        number += found.count()
        found.delete()
    return number
