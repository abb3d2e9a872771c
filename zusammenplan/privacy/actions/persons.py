"""Let go what is kept of one person who asks for it, as far as it may go (GDPR art. 17)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zusammenplan.core.locks import alone
from zusammenplan.core.public import raise_version
from zusammenplan.people.actions import LastAdministratorError
from zusammenplan.people.models import User
from zusammenplan.privacy.actions import names, remembering
from zusammenplan.privacy.actions.accounts import empty_account
from zusammenplan.privacy.actions.retention import delete_rows, note_erasure
from zusammenplan.privacy.choices import Outcome
from zusammenplan.privacy.models import RetentionRule
from zusammenplan.privacy.queries.traces import Fate, Trace, traces_at


class OwnAccountError(Exception):
    """Whoever erases must be able to see that it worked."""

    def __init__(self) -> None:
        super().__init__(
            _("You cannot erase the account with which you are signed in. Ask somebody else.")
        )


@transaction.atomic
def erase_person(marks: Iterable[str], *, by: User, now: datetime) -> list[Trace]:
    """
    Let go what may go of these records; give all of them with what became of each.

    :raises OwnAccountError: if the own account is among them
    :raises LastAdministratorError: if nobody else would be an administrator
    """
    alone(RetentionRule)  # whatever goes now is gone for whoever waits
    traces = traces_at(marks)
    if any(trace.record == by for trace in traces):
        raise OwnAccountError
    lines = remembering.lines_about(traces, now=now)
    _erase(traces, by=by, now=now)
    if lines:
        # If it cannot be written, nothing goes.
        remembering.remember(lines)
    return traces


def erase_again(*, now: datetime) -> int:
    """Erase whoever came back with a restored backup; give the number of records."""
    return sum(_erase_known(trace.mark, now) for trace in remembering.known_again())


@transaction.atomic
def _erase_known(mark: str, now: datetime) -> bool:
    """Erase one who came back; the last administrator stays, so that somebody is there to help."""
    alone(RetentionRule)
    traces = traces_at([mark])
    lines = remembering.lines_about(traces, now=now)
    try:
        with transaction.atomic():
            _erase(traces, by=None, now=now)
    except LastAdministratorError:
        return False
    remembering.remember(lines)
    return True


def _erase(traces: Sequence[Trace], *, by: User | None, now: datetime) -> None:
    # The account first: what it is linked with is parted from it and keeps its own name.
    for trace in sorted(traces, key=lambda trace: not isinstance(trace.record, User)):
        outcome = _let_go(trace, by=by, now=now)
        if outcome is not None:
            note_erasure(trace.retention, outcome, 1, by=by, now=now)
    if traces:
        raise_version()


def _let_go(trace: Trace, *, by: User | None, now: datetime) -> Outcome | None:
    rows: Any = type(trace.record)._default_manager.filter(pk=trace.record.pk)
    if trace.verdict.fate == Fate.STAYS:
        return None
    if trace.verdict.fate == Fate.CONTACT:
        names.empty_contacts(rows)
        return Outcome.CONTACT
    if trace.is_deleted:
        delete_rows(rows)
        return Outcome.DELETE
    if isinstance(trace.record, User):
        empty_account(rows.select_for_update(no_key=True).get(), by=by, now=now)
    else:
        names.empty_names(rows, now=now)
    return Outcome.NAME
