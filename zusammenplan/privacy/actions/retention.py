"""Say how long what is kept, and let go what is over."""

import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep, keep_unless_changed
from zusammenplan.core.locks import alone
from zusammenplan.core.public import raise_version
from zusammenplan.people.models import User
from zusammenplan.privacy.actions import names
from zusammenplan.privacy.actions.accounts import empty_account
from zusammenplan.privacy.choices import Outcome, Retention, outcome_of
from zusammenplan.privacy.domain import TERMS, over_before
from zusammenplan.privacy.models import Erasure, RetentionRule
from zusammenplan.privacy.queries.due import due, rule_of

# Few enough that nobody waits long who writes to SQLite meanwhile; an account touches many tables.
AT_ONCE, ACCOUNTS_AT_ONCE = 200, 20
# SQLite asks again after a tenth of a second whether it may write.
PAUSE = 0.12  # seconds


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


def let_go(*, now: datetime, seconds: float = math.inf) -> list[Gone]:
    """
    Let go what is over and not on hold, each class by itself.

    After so many seconds the rest stays for the next time; some rows go in any case.
    """
    until = time.monotonic() + seconds
    found = []
    for retention in Retention:
        if gone := _let_go_class(retention, now, until):
            found.append(gone)
            if time.monotonic() >= until:
                break
    return found


def _let_go_class(retention: Retention, now: datetime, until: float) -> Gone | None:
    """Let a class go, some rows at a time, so that nobody waits for long who writes meanwhile."""
    gone, logged = 0, None
    while some := _let_go_some(retention, now, logged):
        number, logged = some
        gone += number
        if time.monotonic() >= until:
            break
        if number >= ACCOUNTS_AT_ONCE:
            time.sleep(PAUSE)  # there may be more; first whoever waits
    return Gone(retention, outcome_of(retention), gone) if gone else None


@transaction.atomic
def _let_go_some(
    retention: Retention, now: datetime, logged: Erasure | None
) -> tuple[int, Erasure] | None:
    """Let some rows go, and count them in the log's one entry of this run."""
    alone(RetentionRule)  # two at once would count the same twice, or one pass over a hold
    rule = rule_of(retention)
    if rule.is_held:
        return None
    rows = _some_of(due(retention, over_before(localdate(now), rule.months)))
    if rows is None:
        return None
    outcome = outcome_of(retention)
    number = _let_go_rows(outcome, rows, now)
    if logged is None:
        return number, note_erasure(retention, outcome, number, by=None, now=now)
    Erasure.objects.filter(pk=logged.pk).update(count=F("count") + number)
    return number, logged


def _some_of(tables: Iterable[QuerySet[Any]]) -> QuerySet[Any] | None:
    """Give the first rows that there are, locked: whoever changed one meanwhile keeps it."""
    for rows in tables:
        at_once = ACCOUNTS_AT_ONCE if rows.model is User else AT_ONCE
        locked = rows.order_by("pk").only("pk").select_for_update(of=("self",))
        if keys := [row.pk for row in locked[:at_once]]:
            found: QuerySet[Any] = rows.model._default_manager.filter(pk__in=keys)
            return found
    return None


def note_erasure(
    retention: Retention,
    outcome: Outcome,
    count: int,
    *,
    by: User | None,
    now: datetime,
) -> Erasure:
    """Keep that something went, and nothing of whom it was."""
    return Erasure.objects.create(
        retention=retention, outcome=outcome, count=count, erased_at=now, erased_by=by
    )


def _let_go_rows(outcome: Outcome, rows: QuerySet[Any], now: datetime) -> int:
    if outcome == Outcome.DELETE:
        return delete_rows(rows)
    if outcome == Outcome.CONTACT:
        return names.empty_contacts(rows)
    if rows.model is not User:
        return names.empty_names(rows, now=now)
    accounts = list(rows)
    for user in accounts:
        empty_account(user, by=None, now=now)
    return len(accounts)


def delete_rows(rows: QuerySet[Any]) -> int:
    """Delete rows and what their histories keep of them, that they were deleted included."""
    keys = list(rows.values_list("pk", flat=True))
    rows.model._default_manager.filter(pk__in=keys).delete()
    if history := getattr(rows.model, "history", None):
        history.filter(id__in=keys).delete()
    return len(keys)
