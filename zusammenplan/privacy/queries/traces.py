"""Where somebody stands in the program by name or e-mail address, and what may go of it now."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from zusammenplan.ballots.models import Proposal, Voter
from zusammenplan.core.choosing import key_in
from zusammenplan.core.models import BarrierReport
from zusammenplan.core.spellings import holds
from zusammenplan.meetings.models import Seat
from zusammenplan.people.choices import OrganisationKind
from zusammenplan.people.models import Organisation, User
from zusammenplan.plans.models import Rating, RatingRequest
from zusammenplan.privacy.choices import Outcome, Retention, outcome_of
from zusammenplan.privacy.domain import last_day
from zusammenplan.privacy.queries.due import Policy, policies


class Fate(StrEnum):
    """What becomes of a trace if somebody asks for erasure today."""

    GONE = "gone"
    CONTACT = "contact"
    STAYS = "stays"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may go, and why the rest has to stay (GDPR art. 17 para. 3)."""

    fate: Fate
    why: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """One record that names somebody."""

    mark: str
    record: Any
    what: str
    name: str
    email: str
    verdict: Verdict
    # Whether it is surely of whoever was asked for: the e-mail address is the same.
    is_sure: bool

    @property
    def kind(self) -> str:
        return self.mark.split("-")[0]

    @property
    def retention(self) -> Retention:
        return KINDS[self.kind].retention

    @property
    def is_deleted(self) -> bool:
        """Tell whether nothing of the record is needed once the name may go."""
        return outcome_of(self.retention) == Outcome.DELETE


@dataclass(frozen=True, slots=True)
class _Kind:
    """How records of a table name people, and when they may go."""

    model: type[Model]
    retention: Retention
    name: str
    email: str
    rows: Callable[[], QuerySet[Any]]
    what: Callable[[Any], str]
    ended: Callable[[Any], date | None]
    not_ended: Callable[[], str]
    # Whether nothing needs the name once the matter has ended.
    is_free: Callable[[Any], bool] = lambda _record: False
    # The account that the record is joined to, whatever address it tells.
    account: str = ""
    # Whether the address alone is somebody's.
    is_name_of_others: bool = False


def traces_of(text: str, *, at_most: int | None = None) -> list[Trace]:
    """Find records with this e-mail address, or with all these words in a name; sure ones first."""
    text = text.strip()
    if not text:
        return []
    rules = {policy.retention: policy for policy in policies(counted=False)}
    found = [
        _trace(key, kind, record, text, rules)
        for key, kind in KINDS.items()
        for record in kind.rows().filter(_says(kind, text)).order_by("pk")[:at_most]
    ]
    return sorted(found, key=lambda trace: not trace.is_sure)[:at_most]


def traces_at(marks: Iterable[str]) -> list[Trace]:
    """Give the records of these marks; a mark of nothing is passed over."""
    rules = {policy.retention: policy for policy in policies(counted=False)}
    wanted = [pair for mark in dict.fromkeys(marks) if (pair := _read(mark))]
    found = {
        key: kind.rows().in_bulk([pk for other, pk in wanted if other == key])
        for key, kind in KINDS.items()
        if any(other == key for other, _pk in wanted)
    }
    return [
        _trace(key, KINDS[key], found[key][pk], "", rules) for key, pk in wanted if pk in found[key]
    ]


def names_of(trace: Trace) -> set[str]:
    """Give every name and address that the record has or had; addresses in small letters."""
    kind = KINDS[trace.kind]
    states: list[Any] = [trace.record]
    if history := getattr(kind.model, "history", None):
        states += history.filter(id=trace.record.pk)
    names = {str(getattr(state, kind.name)) for state in states if kind.name}
    addresses = {str(getattr(state, kind.email)).lower() for state in states if kind.email}
    return (names | addresses) - {""}


def _read(mark: str) -> tuple[str, int] | None:
    key, _dash, number = mark.partition("-")
    pk = key_in(number)
    return (key, pk) if key in KINDS and pk is not None else None


def _says(kind: _Kind, text: str) -> Q:
    says = Q(pk__in=[])
    if kind.email:
        says |= Q(**{f"{kind.email}__iexact": text})
    if kind.account:
        says |= Q(**{f"{kind.account}__email__iexact": text})
    if kind.name and "@" not in text:
        words = Q()
        for word in text.split():
            words &= holds([kind.name], word)
        says |= words
    return says


def _trace(key: str, kind: _Kind, record: Any, text: str, rules: dict[Retention, Policy]) -> Trace:
    email = str(getattr(record, kind.email)) if kind.email else ""
    account = getattr(record, kind.account) if kind.account else None
    addresses = {email.lower(), account.email.lower() if account else ""} - {""}
    return Trace(
        mark=f"{key}-{record.pk}",
        record=record,
        what=kind.what(record),
        name=str(getattr(record, kind.name)) if kind.name else "",
        email=email,
        verdict=_verdict(kind, record, rules),
        is_sure=text.lower() in addresses,
    )


def _verdict(kind: _Kind, record: Any, rules: dict[Retention, Policy]) -> Verdict:
    rule = rules[kind.retention]
    if rule.is_held:
        return Verdict(Fate.STAYS, _("On hold: %(reason)s") % {"reason": rule.hold_reason})
    if kind.is_name_of_others:
        return Verdict(Fate.CONTACT, _("The organisation keeps its name."))
    ended = kind.ended(record)
    if ended is None:
        return Verdict(Fate.STAYS, kind.not_ended())
    until = last_day(ended, rule.months)
    if kind.is_free(record) or until < localdate():
        return Verdict(Fate.GONE)
    why = _("The name stays until %(day)s, %(purpose)s.") % {
        "day": date_format(until, "DATE_FORMAT"),
        "purpose": rule.purpose,
    }
    has_address = bool(kind.email and getattr(record, kind.email))
    return Verdict(Fate.CONTACT if has_address else Fate.STAYS, why)


def _always(_record: object) -> bool:
    return True


def _today(_record: object) -> date:
    return localdate()


def _day(moment: Any) -> date | None:
    return localdate(moment) if moment else None


KINDS = {
    "user": _Kind(
        User,
        Retention.ACCOUNTS,
        "name",
        "email",
        lambda: User.objects.filter(anonymised_at=None),
        lambda user: _("Account") if user.is_active else _("Deactivated account"),
        _today,
        str,
        _always,
    ),
    "seat": _Kind(
        Seat,
        Retention.SEATS,
        "name",
        "email",
        lambda: Seat.objects.filter(anonymised_at=None).select_related("body", "user"),
        lambda seat: _("Seat in “%(body)s”") % {"body": seat.body},
        lambda seat: seat.valid_to if seat.valid_to and seat.valid_to < localdate() else None,
        lambda: _("The seat has not ended. End it first."),
        account="user",
    ),
    "voter": _Kind(
        Voter,
        Retention.VOTES,
        "name",
        "email",
        lambda: Voter.objects.filter(anonymised_at=None).select_related("group__round", "user"),
        lambda voter: _("Voter in “%(round)s”") % {"round": voter.group.round},
        lambda voter: _day(voter.group.round.released_at),
        lambda: _("The result has not been released."),
        # In a secret vote nothing joins the name to a mark, so that it proves nothing.
        lambda voter: voter.group.round.is_secret,
        account="user",
    ),
    "proposal": _Kind(
        Proposal,
        Retention.VOTES,
        "proposed_by",
        "",
        lambda: Proposal.objects.select_related("round"),
        lambda proposal: _("Proposed measure in “%(round)s”") % {"round": proposal.round},
        lambda proposal: _day(proposal.round.released_at),
        lambda: _("The result has not been released."),
    ),
    "rater": _Kind(
        RatingRequest,
        Retention.RATINGS,
        "name",
        "email",
        lambda: RatingRequest.objects.filter(anonymised_at=None).select_related(
            "evaluation", "user"
        ),
        lambda asked: _("Asked to rate in “%(evaluation)s”") % {"evaluation": asked.evaluation},
        lambda asked: _day(asked.evaluation.closed_at),
        lambda: _("The evaluation has not been closed."),
        account="user",
    ),
    "rating": _Kind(
        Rating,
        Retention.RATINGS,
        "author_name",
        "",
        lambda: Rating.objects.select_related("evaluation", "measure", "goal"),
        lambda rating: _("Rating of “%(thing)s”") % {"thing": rating.measure or rating.goal},
        lambda rating: _day(rating.evaluation.closed_at),
        lambda: _("The evaluation has not been closed."),
    ),
    "barrier": _Kind(
        BarrierReport,
        Retention.BARRIERS,
        "",
        "email",
        BarrierReport.objects.all,
        lambda report: (
            _("Report of a barrier of %(day)s")
            % {"day": date_format(localdate(report.sent_at), "DATE_FORMAT")}
        ),
        lambda report: _day(report.answered_at),
        lambda: _("The report has not been answered."),
        _always,
    ),
    "organisation": _Kind(
        Organisation,
        Retention.ACCOUNTS,
        "name",
        "email",
        lambda: Organisation.objects.filter(kind=OrganisationKind.PERSON),
        lambda _organisation: _("Private person among the organisations"),
        _today,
        str,
        _always,
    ),
    "contact": _Kind(
        Organisation,
        Retention.CONTACTS,
        "",
        "email",
        lambda: Organisation.objects.exclude(kind=OrganisationKind.PERSON).exclude(email=""),
        lambda organisation: _("Address of “%(organisation)s”") % {"organisation": organisation},
        _today,
        str,
        is_name_of_others=True,
    ),
}
