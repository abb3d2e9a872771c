"""Let go what is kept of one person who asks for it, as far as it may go (GDPR art. 17)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zusammenplan.core.models import BarrierReport
from zusammenplan.core.public import raise_version
from zusammenplan.people.models import User
from zusammenplan.privacy.actions import names, remembering
from zusammenplan.privacy.actions.accounts import empty_account
from zusammenplan.privacy.actions.retention import delete_rows, note_erasure
from zusammenplan.privacy.choices import Outcome
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
    traces = traces_at(marks)
    if any(trace.record == by for trace in traces):
        raise OwnAccountError
    _erase(traces, by=by, now=now)
    transaction.on_commit(partial(remembering.remember, traces))
    return traces


@transaction.atomic
def erase_again(*, now: datetime) -> int:
    """
    Erase whoever came back with a restored backup; give the number of records.

    :raises LastAdministratorError: if nobody else would be an administrator
    """
    back = [trace for trace in remembering.known_again() if trace.verdict.fate != Fate.STAYS]
    _erase(back, by=None, now=now)
    return len(back)


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
    if isinstance(trace.record, BarrierReport):
        delete_rows(rows)
        return Outcome.DELETE
    if isinstance(trace.record, User):
        empty_account(rows.select_for_update().get(), by=by, now=now)
    else:
        names.empty_names(rows, now=now)
    return Outcome.NAME
